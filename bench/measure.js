// Tasks timed by turns: every task once in each round, so that what else the machine does meets all of them alike.
// Knows no suite and prints nothing.

import { Bench } from 'tinybench';

/**
 * @typedef {object} Task
 * @property {string} name
 * @property {() => unknown} run one pass over the suite's input, or for a child process a promise of tinybench's
 *   `overriddenDuration`
 *
 * @typedef {object} Measured
 * @property {string} name
 * @property {number[]} rounds the median duration of a pass in each round, in milliseconds
 */

/**
 * @param {readonly Task[]} tasks
 * @param {{ rounds: number, time: number }} options `time`: how long each task runs in each round, in milliseconds
 * @returns {Promise<Measured[]>}
 */
export async function measure(tasks, { rounds, time }) {
  const measured = tasks.map(({ name }) => ({ name, rounds: /** @type {number[]} */ ([]) }));
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({
      time,
      iterations: 3,
      warmup: round === 0,
      warmupTime: 500,
      warmupIterations: 3,
      throws: true,
    });
    for (const { name, run } of tasks) bench.add(name, run);
    await bench.run();
    for (const [i, { result }] of bench.tasks.entries()) {
      if (!('latency' in result)) throw new Error(`${bench.tasks[i]?.name} was not measured`);
      measured[i]?.rounds.push(result.latency.p50);
    }
  }
  return measured;
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const [low, high] = sorted.length % 2 === 1 ? [sorted[half], sorted[half]] : [sorted[half - 1], sorted[half]];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return (low + high) / 2;
}

/**
 * How many times as fast `task` is as `peer`: the median of the ratios that the rounds give.
 * @param {Measured} task
 * @param {Measured} peer
 */
export function speedRatio(task, peer) {
  return median(task.rounds.map((duration, round) => /** @type {number} */ (peer.rounds[round]) / duration));
}
