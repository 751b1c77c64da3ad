// npm run bench:check [-- --write] [--filter REGEX]
// Has picklewire become slower? Runs a bounded part of the suites and holds the ratios to the peers against those of
// baseline.json for the same major version of Node. Exit code: 0 well, 1 slower, 2 nothing to compare with.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { changeRows, changes, ratiosOf, regressions } from './compare.js';
import { alignedRows } from './report.js';
import { runOf, runSuite } from './run-suite.js';

/**
 * @import { Ratios } from './compare.js'
 *
 * @typedef {object} Baseline
 * @property {string} node
 * @property {string | null} python
 * @property {string} date
 * @property {Ratios} ratios
 */

const SUITES = [
  'decode/py3.13-plain',
  'decode/mixed-layouts',
  'decode/all-unique',
  'decode/protocol4',
  'decode/unseen-layouts',
  'decode/2MB-list',
  'frame/64KiB-chunks',
  'json/py3.13-plain',
  'format/cookbook',
  'format/percent',
];
/** The part of its speed that a task may lose: machines and versions of V8 differ by so much, a mistake costs more. */
const TOLERANCE = 0.25;
const FILE = new URL('./baseline.json', import.meta.url);
/** About a minute in all. */
const REQUEST = { rounds: 6, processes: 2, time: 60, warmup: 300, others: false };
/** What seems slower is measured again, longer: it is only if it is so both times. */
const AGAIN = { ...REQUEST, rounds: 12, processes: 3 };

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, filter: { type: 'string', default: '' } },
});
const wanted = new RegExp(values.filter);
const names = SUITES.filter((name) => wanted.test(name));
if (names.length === 0) throw new Error(`no suite matches ${wanted}: there are ${SUITES.join(', ')}`);

/** @type {Record<string, Baseline>} */
const baselines = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
const major = process.versions.node.split('.')[0] ?? '';
const baseline = baselines[major];

if (values.write) {
  await write();
} else if (baseline === undefined) {
  process.stderr.write(`baseline.json has nothing for Node ${major}: npm run bench:check -- --write adds it\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await check(baseline);
}

async function write() {
  const reports = [];
  for (const name of names) reports.push(await runSuite(name, AGAIN));
  const { node, python, date } = runOf(reports, AGAIN.rounds);
  const ratios = { ...(baseline?.ratios ?? {}), ...rounded(ratiosOf(reports)) };
  const all = { ...baselines, [major]: { node, python, date, ratios } };
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
  process.stdout.write(`baseline.json has ${names.length} suites of Node ${node} now\n`);
}

/**
 * @param {Baseline} before
 * @returns {Promise<number>} the exit code
 */
async function check(before) {
  const reports = [];
  for (const name of names) reports.push(await runSuite(name, REQUEST));
  const { node, python } = runOf(reports, REQUEST.rounds);
  process.stdout.write(`then: Node ${before.node}, CPython ${before.python}, ${before.date}\n`);
  process.stdout.write(`now:  Node ${node}, CPython ${python}\n`);
  const same = minor(python) === minor(before.python);
  if (!same) process.stdout.write('another CPython: held against the peers in Node only\n');
  /** @param {Ratios} now */
  const against = (now) => changes(before.ratios, now).filter(({ peer }) => same || !peer.startsWith('CPython'));

  const all = against(ratiosOf(reports));
  process.stdout.write(`\n${alignedRows(changeRows(all)).join('\n')}\n\n`);
  if (all.length === 0) {
    process.stderr.write('baseline.json has none of these: nothing was compared\n');
    return 2;
  }

  const slower = [];
  const suspects = regressions(all, TOLERANCE);
  for (const suite of new Set(suspects.map((each) => each.suite))) {
    process.stdout.write(`${suite} seems slower, and is measured again\n`);
    const again = against(ratiosOf([await runSuite(suite, AGAIN)]));
    process.stdout.write(`${alignedRows(changeRows(again)).join('\n')}\n\n`);
    const first = suspects.filter((each) => each.suite === suite).map(({ task }) => task);
    slower.push(...regressions(again, TOLERANCE).filter(({ task }) => first.includes(task)));
  }
  for (const { suite, task } of slower) {
    process.stderr.write(`slower by more than ${TOLERANCE * 100} % against every peer: ${task} in ${suite}\n`);
  }
  if (slower.length === 0) process.stdout.write(`nothing has become slower by more than ${TOLERANCE * 100} %\n`);
  return slower.length === 0 ? 0 : 1;
}

/** @param {string | null} version as 3.13.1 */
function minor(version) {
  return version?.split('.').slice(0, 2).join('.');
}

/**
 * To three digits.
 * @param {Ratios} ratios
 * @returns {Ratios}
 */
function rounded(ratios) {
  return JSON.parse(JSON.stringify(ratios), (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(3)) : value,
  );
}
