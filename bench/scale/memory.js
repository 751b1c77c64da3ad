// Sections of scale that measure memory: of idle connections, and while gigabytes flow. Prints nothing.

import { Measured } from './measured.js';
import { costOf, emptied, MIXED, ONE, READ, withSender } from './section.js';

/** @import { Options } from './section.js' */

/** The memory of a connection that sends nothing: never did, or has sent one record. The kernel's is not in it. */
export async function idle(/** @type {Options} */ options) {
  const rows = [];
  const promises = [];
  for (const [label, records] of /** @type {const} */ ([
    ['nothing sent', 0],
    ['one record sent', options.connections],
  ])) {
    const receiver = await Measured.serve(options);
    const [before, after] = await withSender(async (sender) => {
      // A little first, for what is needed only once. More would leave room in the heap, for connections to fill unseen.
      await costOf(receiver, sender, { frames: MIXED, block: ONE, records: 100 }, 10);
      const { count, connections } = await receiver.progress();
      const before = await receiver.usage({ collect: true });
      await sender.open(receiver.port, options.connections);
      if (records > 0) {
        const sent = await sender.send({ frames: MIXED, block: ONE, records });
        await receiver.until(count + sent.records);
      }
      await receiver.atRest();
      const open = (await receiver.progress()).connections - connections;
      if (open !== options.connections) throw new Error(`${open} connections were accepted, of ${options.connections}`);
      return [before, await receiver.usage({ collect: true })];
    });
    await receiver.stop();
    emptied(options.output);
    const each = (/** @type {'rss' | 'heapUsed' | 'external'} */ kind) =>
      (after.memory[kind] - before.memory[kind]) / options.connections / 1000;
    const resident = each('rss');
    rows.push([label, ...[resident, each('heapUsed'), each('external')].map((kilobytes) => kilobytes.toFixed(1))]);
    promises.push({ what: `memory of an idle connection, ${label}`, value: resident, most: 30, unit: 'kB' });
  }
  return {
    title: `memory of a connection, of ${options.connections.toLocaleString('en')} idle ones, in kB`,
    rows: [['', 'resident', 'of it in the heap', 'external'], ...rows],
    promises,
  };
}

/** The peak of memory while gigabytes flow through eight connections; `heap kept` is what is left of them at the end. */
export async function flow(/** @type {Options} */ options) {
  const receiver = await Measured.serve(options);
  const start = await receiver.usage();
  const began = performance.now();
  const sent = await withSender(async (sender) => {
    await sender.open(receiver.port, 8);
    const total = { records: 0, bytes: 0, heap: 0, external: 0 };
    while (total.bytes < options.gigabytes * 1e9) {
      const { records, bytes } = await sender.send({ frames: MIXED, block: READ, records: 100_000 });
      total.records += records;
      total.bytes += bytes;
      const { memory } = await receiver.usage();
      total.heap = Math.max(total.heap, memory.heapTotal);
      total.external = Math.max(total.external, memory.external);
      emptied(options.output);
    }
    await receiver.until(total.records);
    await receiver.atRest();
    return total;
  });
  const seconds = (performance.now() - began) / 1000;
  const end = await receiver.usage();
  const { memory: kept } = await receiver.usage({ collect: true });
  await receiver.stop();
  emptied(options.output);
  const peak = end.peak / 1e6;
  return {
    title: `${options.gigabytes} GB through eight connections`,
    rows: [
      [
        'records',
        'records/s',
        'µs a record',
        'MB at first',
        'at most',
        'heap, as seen',
        'external, as seen',
        'heap kept',
      ],
      [
        sent.records.toLocaleString('en'),
        Number((sent.records / seconds).toPrecision(3)).toLocaleString('en'),
        (((end.processor - start.processor) * 1000) / sent.records).toFixed(2),
        (start.memory.rss / 1e6).toFixed(0),
        peak.toFixed(0),
        (sent.heap / 1e6).toFixed(0),
        (sent.external / 1e6).toFixed(0),
        (kept.heapUsed / 1e6).toFixed(0),
      ],
    ],
    promises: [{ what: 'memory resident at most', value: peak, most: 200, unit: 'MB' }],
  };
}
