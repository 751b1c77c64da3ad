// Runs suites in processes of their own and makes reports of what they measured. Prints nothing.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median, speedRatio } from './measure.js';

/**
 * @import { Request, Timed } from './suite-process.js'
 *
 * @typedef {object} Report
 * @property {string} suite
 * @property {string} unit
 * @property {number} bytesPerUnit
 * @property {string[]} subjects
 * @property {string[]} unable
 * @property {string | null} python
 * @property {Row[]} rows
 *
 * @typedef {object} Row
 * @property {string} task
 * @property {'own' | 'reference' | 'other'} role
 * @property {number} perSecond median of the rounds, in units per second
 * @property {number[]} ratios how many times as fast each subject is as this task: medians of the rounds' ratios
 * @property {number[]} rounds milliseconds for a pass
 *
 * @typedef {object} Run what a file of `--json` holds
 * @property {string} node
 * @property {string | null} python
 * @property {string} machine what the numbers were measured on, in words
 * @property {string} date the day, as YYYY-MM-DD
 * @property {number} rounds
 * @property {Report[]} reports
 */

/** All else here has one thread: so that a second core, free or not, does not count for V8's garbage collector alone. */
const ONE_CORE = '--single-threaded-gc';

/**
 * The rounds are shared out among so many processes, one after the other: what V8 happened to optimise in one of them
 * is part of the spread then, and not of the result.
 * @param {string} suite
 * @param {Request & { processes: number }} request
 * @returns {Promise<Report>}
 */
export async function runSuite(suite, { processes, rounds, ...request }) {
  /** @type {Timed[]} */
  const parts = [];
  for (let left = rounds; left > 0; ) {
    const share = Math.ceil(left / Math.max(1, processes - parts.length));
    parts.push(await timedIn(suite, { ...request, rounds: share }));
    left -= share;
  }
  const [first] = parts;
  if (first === undefined) throw new RangeError('there must be a round');
  const tasks = first.tasks.map(({ task, role }, i) => ({
    task,
    role,
    rounds: parts.flatMap((part) => part.tasks[i]?.rounds ?? []),
  }));
  const subjects = tasks.filter(({ task }) => first.subjects.includes(task));
  const { unit, bytesPerUnit, unable, python } = first;
  return {
    suite,
    unit,
    bytesPerUnit,
    subjects: first.subjects,
    unable,
    python,
    rows: tasks.map((task) => ({
      ...task,
      perSecond: (first.count / median(task.rounds)) * 1000,
      ratios: subjects.map((subject) => speedRatio(subject, task)),
    })),
  };
}

/**
 * @param {string} suite
 * @param {Request} request
 * @returns {Promise<Timed>}
 */
async function timedIn(suite, request) {
  const script = fileURLToPath(new URL('./suite-process.js', import.meta.url));
  const child = fork(script, [suite, JSON.stringify(request)], { execArgv: [...process.execArgv, ONE_CORE] });
  const timed = new Promise((resolve) => child.once('message', resolve));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${suite} failed`);
  return timed;
}

/**
 * @param {Report[]} reports
 * @param {number} rounds
 * @returns {Run}
 */
export function runOf(reports, rounds) {
  const python = reports[0]?.python ?? null;
  const peer = python === null ? 'no Python found' : `CPython ${python}`;
  return { node: process.versions.node, python, machine: machineText(peer), date: today(), rounds, reports };
}

/** @param {string} [peer] that took part beside Node */
export function machineText(peer) {
  const processors = cpus();
  return [
    `Node ${process.versions.node}`,
    ...(peer === undefined ? [] : [peer]),
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}`,
    `${process.platform} ${process.arch}`,
  ].join(', ');
}

/** The day, as YYYY-MM-DD. */
export function today() {
  return new Date().toISOString().slice(0, 10);
}

/** @param {string} file as `writeRun` made it @returns {Run} */
export function readRun(file) {
  const run = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(run.reports) || typeof run.node !== 'string') {
    throw new Error(`${file} is no result of npm run bench -- --json FILE`);
  }
  return run;
}

/** @param {string} file @param {Run} run */
export function writeRun(file, run) {
  writeFileSync(file, `${JSON.stringify(run, null, 1)}\n`);
}
