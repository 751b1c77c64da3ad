// The section of scale in which connections come and go: whether all arrives, and whether memory returns. Prints nothing.

import { Measured } from './measured.js';
import { emptied, MIXED, ONE, withSender } from './section.js';

/** @import { Options } from './section.js' */

/** Of the connections, the part that sends; the rest is idle. And what each of these sends in a round. */
const BUSY = 1 / 10;
const RECORDS = 100;
/** How many connections with one record come in a round, for each that stays open: 24,000 for 10,000. */
const STORM = 2.4;

/**
 * Megabytes by which memory may have grown from the first round to the last. Of the heap after garbage collection, so
 * much is some tens of bytes for each connection that came and went: whatever was kept of one would be more. Resident
 * memory has in it what V8 and malloc keep for later, which goes up and down by more than that from round to round.
 */
const HEAP = 2;
const RESIDENT = 32;

/** Idle connections, busy ones, and a storm of connections of one record each, as loguru's recipe makes them. */
export async function storm(/** @type {Options} */ options) {
  const busy = Math.max(1, Math.round(options.connections * BUSY));
  const idle = options.connections - busy;
  const receiver = await Measured.serve(options);
  /** @type {{ seconds: number, connections: number, memory: NodeJS.MemoryUsage }[]} */
  const rounds = [];
  await withSender((resting) =>
    withSender((sending) =>
      withSender(async (coming) => {
        await resting.open(receiver.port, idle);
        await sending.open(receiver.port, busy);
        // The kernel lets them connect before they are accepted, and counted.
        await receiver.atRest();
        for (let round = 0; round <= options.rounds; round++) {
          const before = await receiver.progress();
          const began = performance.now();
          const [sent, came] = await Promise.all([
            sending.send({ frames: MIXED, block: ONE, records: busy * RECORDS }),
            coming.storm(receiver.port, Math.round(options.connections * STORM)),
          ]);
          await receiver.until(before.count + sent.records + came.records);
          const seconds = (performance.now() - began) / 1000;
          await receiver.atRest();
          const connections = (await receiver.progress()).connections - before.connections;
          if (connections !== came.connections)
            throw new Error(`of ${came.connections} connections ${connections} came`);
          rounds.push({ seconds, connections, memory: (await receiver.usage({ collect: true })).memory });
          emptied(options.output);
        }
      }),
    ),
  );
  await receiver.stop();
  const [first, last] = [rounds[0]?.memory, rounds.at(-1)?.memory];
  const grown = (/** @type {'rss' | 'heapUsed'} */ kind) => ((last?.[kind] ?? 0) - (first?.[kind] ?? 0)) / 1e6;
  const [ofIdle, ofBusy] = [idle, busy].map((count) => count.toLocaleString('en'));
  return {
    title: `${ofIdle} idle connections, ${ofBusy} with ${RECORDS} records each, and a storm of connections with one`,
    rows: [
      ['round', 'connections', 'of them a second', 'records', 'MB resident', 'heap', 'external'],
      ...rounds.map(({ seconds, connections, memory }, round) => [
        `${round + 1}`,
        connections.toLocaleString('en'),
        Math.round(connections / seconds).toLocaleString('en'),
        (connections + busy * RECORDS).toLocaleString('en'),
        ...[memory.rss, memory.heapUsed, memory.external].map((bytes) => (bytes / 1e6).toFixed(1)),
      ]),
    ],
    promises: [
      { what: 'heap, beside the first storm', value: grown('heapUsed'), most: HEAP, unit: 'MB' },
      { what: 'resident memory, beside the first storm', value: grown('rss'), most: RESIDENT, unit: 'MB' },
    ],
  };
}
