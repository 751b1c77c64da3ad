// Sections of scale that measure processor time: by connections, sizes and layouts, and where it goes. Prints nothing.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../measure.js';
import { Measured } from './measured.js';
import { profileIn } from './profile.js';
import { costOf, emptied, MEGABYTE, MIXED, ONE, READ, withSender } from './section.js';

/** @import { Options } from './section.js' */

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

/** @param {number} base @param {number} most @returns {number[]} */
function powersUpTo(base, most) {
  const powers = [];
  for (let power = 1; power < most; power *= base) powers.push(power);
  return [...powers, most];
}
