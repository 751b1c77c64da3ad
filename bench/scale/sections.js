// What is measured at scale, section by section: each starts the processes it needs and gives the rows of a table, and
// whether it keeps what is promised. Prints nothing.

import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../measure.js';
import { Measured } from './measured.js';
import { profileIn } from './profile.js';
import { Sender } from './sender.js';

/**
 * @import { Order } from './sender-process.js'
 *
 * @typedef {object} Options
 * @property {number} connections the most that are opened
 * @property {number} gigabytes how much flows through for the peak of memory
 * @property {number} records how many are sent for one figure, where no size makes it fewer
 * @property {number} rounds that a figure is the median of
 * @property {string} output the file that `serve --output` gets; it is emptied now and then
 *
 * @typedef {{ what: string, value: number, most: number, unit: string }} Bound what must not be more
 *
 * @typedef {object} Section
 * @property {string} title
 * @property {string[][]} rows the first is the head
 * @property {Bound[]} promises
 */

/** What Node reads from a socket at a time, at most. */
const READ = 64 * 1024;
/** No frame is larger than a block of one byte, so each is written by itself. */
const ONE = 1;
const MIXED = { corpus: /** @type {const} */ ('mixed-layouts') };
const MEGABYTE = 2 ** 20;
/** The file is emptied when it is larger. */
const OUTPUT_BYTES = 256 * MEGABYTE;

/** The cost of a record with 1, 10, 100 … connections, in blocks and one by one, and what reading alone costs. */
export async function connections(/** @type {Options} */ options) {
  const counts = powersUpTo(10, options.connections);
  const orders = [
    { frames: MIXED, block: READ, records: options.records },
    { frames: MIXED, block: ONE, records: Math.ceil(options.records / 4) },
  ];
  const subjects = [await Measured.serve(options), await Measured.sink()];
  const columns = subjects.flatMap((subject) => orders.map((order) => ({ subject, order })));
  const costs = await withSender((sender) =>
    table(options.rounds, columns, counts, async ({ subject, order }, count) => {
      const { perRecord } = await costOf(subject, sender, order, count);
      emptied(options.output);
      return perRecord;
    }),
  );
  for (const subject of subjects) await subject.stop();

  const first = costs[0] ?? [];
  const head = ['connections', 'blocks', '× one', 'singly', '× one', 'blocks, read only', 'singly, read only'];
  const rows = counts.map((count, i) => {
    const [blocks = 0, singly = 0, ...floors] = costs[i] ?? [];
    const [ofBlocks, ofSingles] = [blocks / (first[0] ?? 0), singly / (first[1] ?? 0)];
    return [
      count.toLocaleString('en'),
      blocks.toFixed(2),
      ofBlocks.toFixed(2),
      singly.toFixed(2),
      ofSingles.toFixed(2),
      ...floors.map((floor) => floor.toFixed(2)),
    ];
  });
  const most = Math.max(...costs.map((row) => (row[0] ?? 0) / (first[0] ?? 0)));
  return {
    title: 'microseconds of processor time for a record, by connections',
    rows: [head, ...rows],
    promises: [{ what: 'the cost of a record, beside one connection', value: most, most: 1.5, unit: '×' }],
  };
}

/** The cost of a frame and of a byte, by the frame's size. */
export async function sizes(/** @type {Options} */ options) {
  const largest = 2 ** 24 - 1;
  const list = [100, 1024, ...[4, 16, 64, 256].map((n) => n * 1024), MEGABYTE, 4 * MEGABYTE, largest];
  const receiver = await Measured.serve({ ...options, args: ['--max-frame', String(largest)] });
  const costs = await withSender((sender) =>
    table(options.rounds, [receiver], list, async (subject, size) => {
      const records = Math.ceil(Math.min(options.records, (128 * MEGABYTE) / size));
      const { perRecord } = await costOf(subject, sender, { frames: { size }, block: READ, records }, 1);
      emptied(options.output);
      return perRecord;
    }),
  );
  await receiver.stop();
  const rows = list.map((size, i) => {
    const [perRecord = 0] = costs[i] ?? [];
    return [size.toLocaleString('en'), perRecord.toFixed(2), ((perRecord * 1000) / size).toFixed(2)];
  });
  return {
    title: 'processor time by the size of the frames',
    rows: [['bytes of a frame', 'µs a record', 'ns a byte'], ...rows],
    promises: [],
  };
}

/** The cost of a record where so many layouts come by turns: each in a process of its own, which has learned nothing. */
export async function layouts(/** @type {Options} */ options) {
  const counts = [1, 4, 16, 64, 256, 1000];
  const rows = await withSender(async (sender) => {
    const rows = [];
    for (const count of counts) {
      const receiver = await Measured.serve(options);
      const order = { frames: { layouts: count }, block: READ, records: options.records };
      const [cost] = (
        await table(options.rounds, [receiver], [1], async () => {
          const { perRecord } = await costOf(receiver, sender, order, 1);
          emptied(options.output);
          return perRecord;
        })
      )[0] ?? [0];
      await receiver.stop();
      rows.push([count.toLocaleString('en'), (cost ?? 0).toFixed(2)]);
    }
    return rows;
  });
  return {
    title: 'processor time by the number of layouts that come by turns',
    rows: [['layouts', 'µs a record'], ...rows],
    promises: [],
  };
}

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

/** Where the time goes while records come in blocks on one connection. */
export async function profile(/** @type {Options} */ options) {
  const folder = mkdtempSync(join(tmpdir(), 'picklewire-profile-'));
  const receiver = await Measured.serve({ ...options, execArgv: ['--cpu-prof', `--cpu-prof-dir=${folder}`] });
  await withSender((sender) =>
    costOf(receiver, sender, { frames: MIXED, block: READ, records: options.records * 4 }, 1),
  );
  await receiver.stop();
  emptied(options.output);
  const lists = profileIn(folder);
  rmSync(folder, { recursive: true });
  const rows = lists.flatMap((list) => [
    ['', ''],
    ...list.map(([name, share]) => [name, `${(share * 100).toFixed(1)} %`]),
  ]);
  return { title: 'where the time goes, by part and by function', rows: [['', 'of the time'], ...rows], promises: [] };
}

/**
 * Sends and waits until all is handled and written. Connections are opened before, and closed after, what is counted.
 * @param {Measured} subject
 * @param {Sender} sender
 * @param {Order} order
 * @param {number} count of connections
 * @returns {Promise<{ perRecord: number }>} microseconds of processor time
 */
async function costOf(subject, sender, order, count) {
  await sender.open(subject.port, count);
  await subject.atRest();
  const before = await subject.usage();
  const { count: counted, line } = await subject.progress();
  const sent = await sender.send(order);
  await subject.until(counted + (line.includes('bytes') ? sent.bytes : sent.records));
  await subject.atRest();
  const after = await subject.usage();
  await sender.close();
  return { perRecord: ((after.processor - before.processor) * 1000) / sent.records };
}

/**
 * Every figure once in each round, after a round that is not counted.
 * @template Column
 * @template Row
 * @param {number} rounds
 * @param {readonly Column[]} columns
 * @param {readonly Row[]} rows
 * @param {(column: Column, row: Row) => Promise<number>} figure
 * @returns {Promise<number[][]>} by row and column, the medians
 */
async function table(rounds, columns, rows, figure) {
  /** @type {number[][][]} */
  const figures = rows.map(() => columns.map(() => []));
  for (let round = -1; round < rounds; round++) {
    for (const [i, row] of rows.entries()) {
      for (const [j, column] of columns.entries()) {
        const value = await figure(column, row);
        if (round >= 0) figures[i]?.[j]?.push(value);
      }
    }
  }
  return figures.map((row) => row.map(median));
}

/**
 * @template Result
 * @param {(sender: Sender) => Promise<Result>} run
 * @returns {Promise<Result>}
 */
async function withSender(run) {
  const sender = new Sender();
  try {
    return await run(sender);
  } finally {
    sender.stop();
  }
}

/** @param {string} file what `serve` appends to; a device, say, stays as it is */
function emptied(file) {
  const { size } = statSync(file);
  if (size > OUTPUT_BYTES) truncateSync(file);
}

/** @param {number} base @param {number} most @returns {number[]} */
function powersUpTo(base, most) {
  const powers = [];
  for (let power = 1; power < most; power *= base) powers.push(power);
  return [...powers, most];
}
