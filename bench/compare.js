// Two measurements of the same tasks, as ratios to the same peers. Absolute numbers are never compared: they are the
// machine's. Runs nothing and reads no file.

import { speedSpread } from './measure.js';

/**
 * @import { Report, Row } from './run-suite.js'
 *
 * @typedef {{ ratio: number, low: number, high: number }} Spread times as fast as a peer: the median of the rounds, and
 *   the bounds of their middle half
 *
 * @typedef {Record<string, Record<string, Record<string, Spread>>>} Ratios by suite, picklewire's task, and peer
 *
 * @typedef {object} Change
 * @property {string} suite
 * @property {string} task
 * @property {string} peer
 * @property {Spread} then
 * @property {Spread} now
 * @property {number} change 1 where nothing changed, 2 for twice as fast
 * @property {boolean} beyondNoise the middle halves of the rounds do not overlap
 */

/**
 * Each of picklewire's tasks against each reference of its suite.
 * @param {readonly Report[]} reports
 * @returns {Ratios}
 */
export function ratiosOf(reports) {
  return Object.fromEntries(
    reports.map(({ suite, rows }) => {
      const references = rows.filter(({ role }) => role === 'reference');
      /** @param {Row} own */
      const against = (own) => Object.fromEntries(references.map((peer) => [peer.task, speedSpread(own, peer)]));
      return [suite, Object.fromEntries(rows.filter(isOwn).map((own) => [own.task, against(own)]))];
    }),
  );
}

/** @param {Row} row */
function isOwn({ role }) {
  return role === 'own';
}

/**
 * What both have, in the order of `now`.
 * @param {Ratios} then
 * @param {Ratios} now
 * @returns {Change[]}
 */
export function changes(then, now) {
  return Object.entries(now).flatMap(([suite, tasks]) =>
    Object.entries(tasks).flatMap(([task, peers]) =>
      Object.entries(peers).flatMap(([peer, spread]) => {
        const before = then[suite]?.[task]?.[peer];
        return before === undefined ? [] : [changeOf({ suite, task, peer }, before, spread)];
      }),
    ),
  );
}

/**
 * The tasks of `now` that `then` has nothing of.
 * @param {Ratios} then
 * @param {Ratios} now
 * @returns {{ suite: string, tasks: string[] }[]}
 */
export function missing(then, now) {
  return Object.entries(now).flatMap(([suite, own]) => {
    const tasks = Object.keys(own).filter((task) => then[suite]?.[task] === undefined);
    return tasks.length === 0 ? [] : [{ suite, tasks }];
  });
}

/**
 * @param {{ suite: string, task: string, peer: string }} what
 * @param {Spread} then
 * @param {Spread} now
 * @returns {Change}
 */
function changeOf(what, then, now) {
  const beyondNoise = now.low > then.high || now.high < then.low;
  return { ...what, then, now, change: now.ratio / then.ratio, beyondNoise };
}

/**
 * The tasks that are slower than `tolerance` allows against every peer they can be held against. One peer alone may
 * have become faster itself, or have been disturbed.
 * @param {readonly Change[]} all
 * @param {number} tolerance the part of its speed that a task may lose
 * @returns {{ suite: string, task: string }[]}
 */
export function regressions(all, tolerance) {
  /** @type {Map<string, Change[]>} */
  const byTask = new Map();
  for (const one of all) {
    const key = JSON.stringify([one.suite, one.task]);
    byTask.set(key, [...(byTask.get(key) ?? []), one]);
  }
  return [...byTask.values()]
    .filter((of) => of.every(({ change }) => change < 1 - tolerance))
    .flatMap(([first]) => (first === undefined ? [] : [{ suite: first.suite, task: first.task }]));
}

/**
 * @param {readonly Change[]} all
 * @returns {string[][]} rows of a table, the first its head
 */
export function changeRows(all) {
  const head = ['task', 'held against', 'then', 'spread', 'now', 'spread', 'change', ''];
  return [
    head,
    ...all.map(({ suite, task, peer, then, now, change, beyondNoise }) => [
      `${suite} ${task}`,
      peer,
      ...shown(then),
      ...shown(now),
      `${change >= 1 ? '+' : '−'}${(Math.abs(change - 1) * 100).toFixed(0)} %`,
      beyondNoise ? (change > 1 ? 'faster' : 'slower') : '',
    ]),
  ];
}

/** @param {Spread} spread */
function shown({ ratio, low, high }) {
  return [`${ratio.toFixed(2)} ×`, `${low.toFixed(2)}–${high.toFixed(2)}`];
}
