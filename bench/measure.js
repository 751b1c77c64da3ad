// Tasks timed by turns: every task once in each round, so that what else the machine does meets all of them alike. Time
// is the processor's: on a machine that does other work, a clock on the wall would be kinder to short passes than to
// long ones, which are interrupted more often.

import { Bench } from 'tinybench';

/**
 * @typedef {object} Task
 * @property {string} name
 * @property {() => unknown} run one pass over the suite's input, or for a child process a promise of tinybench's
 *   `overriddenDuration`
 * @property {'own' | 'reference' | 'other'} [role] picklewire's own (the default); what those are held against from run
 *   to run; or a peer that is only shown beside them
 *
 * @typedef {object} Measured
 * @property {string} name
 * @property {number[]} rounds the median duration of a pass in each round, in milliseconds
 */

/**
 * @param {readonly Task[]} tasks
 * @param {{ rounds: number, time: number, warmup?: number }} options milliseconds: `time` each task in each round,
 *   `warmup` (500) each task before the first one
 * @returns {Promise<Measured[]>}
 */
export async function measure(tasks, { rounds, time, warmup = 500 }) {
  const measured = tasks.map(({ name }) => ({ name, rounds: /** @type {number[]} */ ([]) }));
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({
      time,
      iterations: 3,
      warmup: round === 0,
      warmupTime: warmup,
      warmupIterations: 3,
      throws: true,
      now: processorTime,
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

/** What this process has used of processors so far, all its threads together, in milliseconds. */
export function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * The value that `part` of all are below, between two of them in proportion.
 * @param {readonly number[]} values
 * @param {number} part from 0 to 1
 */
export function quantile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return low + (high - low) * (at % 1);
}

/**
 * How many times as fast `task` is as `peer`: the median of the ratios that the rounds give.
 * @param {Pick<Measured, 'rounds'>} task
 * @param {Pick<Measured, 'rounds'>} peer
 */
export function speedRatio(task, peer) {
  return speedSpread(task, peer).ratio;
}

/**
 * The same with its spread: between `low` and `high` lies the middle half of the rounds.
 * @param {Pick<Measured, 'rounds'>} task
 * @param {Pick<Measured, 'rounds'>} peer
 */
export function speedSpread(task, peer) {
  const ratios = task.rounds.map((duration, round) => /** @type {number} */ (peer.rounds[round]) / duration);
  return { ratio: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) };
}
