// npm run bench:check [-- --write] [--filter REGEX]
// Has picklewire become slower? Runs a bounded part of the suites, and the paths from socket to file, and holds the ratios
// to the peers against those of baseline.json for the same major version of Node. Exit code: 0 well, 1 slower, 2 nothing
// to compare with.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { changeRows, changes, missing, ratiosOf, regressions } from './compare.js';
import { measurePaths, speedsOf } from './paths/measure-paths.js';
import { alignedRows } from './report.js';
import { runSuite, today } from './run-suite.js';

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
const PATHS = 'paths/mixed-layouts';
const ROUND = { fixture: 'mixed-layouts', passes: 25 };
/** The part of its speed that a task may lose: machines and versions of V8 differ by so much, a mistake costs more. */
const TOLERANCE = 0.25;
const FILE = new URL('./baseline.json', import.meta.url);
/** A minute for the suites, and about as much for the paths. */
const REQUEST = {
  rounds: 6,
  processes: 2,
  time: 60,
  warmup: 300,
  others: false,
  paths: { ...ROUND, rounds: 12, processes: 3 },
};
/** What seems slower is measured again, longer: it is only if it is so both times. */
const AGAIN = { ...REQUEST, rounds: 12, processes: 3, paths: { ...ROUND, rounds: 30, processes: 5 } };

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, filter: { type: 'string', default: '' } },
});
const wanted = new RegExp(values.filter);
const names = [...SUITES, PATHS].filter((name) => wanted.test(name));
if (names.length === 0) throw new Error(`no suite matches ${wanted}: there are ${[...SUITES, PATHS].join(', ')}`);

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
  const { python, ratios } = await measureAll(AGAIN);
  const all = {
    ...baselines,
    [major]: {
      node: process.versions.node,
      python: python === undefined ? (baseline?.python ?? null) : python,
      date: today(),
      ratios: { ...(baseline?.ratios ?? {}), ...rounded(ratios) },
    },
  };
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
  process.stdout.write(`baseline.json has ${names.length} suites of Node ${process.versions.node} now\n`);
}

/**
 * @param {Baseline} before
 * @returns {Promise<number>} the exit code
 */
async function check(before) {
  const { python, ratios } = await measureAll(REQUEST);
  process.stdout.write(`then: Node ${before.node}, CPython ${before.python}, ${before.date}\n`);
  process.stdout.write(`now:  Node ${process.versions.node}${python === undefined ? '' : `, CPython ${python}`}\n`);
  const same = python === undefined || minor(python) === minor(before.python);
  if (!same) process.stdout.write('another CPython: held against the peers in Node only\n');
  /** @param {Ratios} now */
  const against = (now) => changes(before.ratios, now).filter(({ peer }) => same || !peer.startsWith('CPython'));

  const all = against(ratios);
  for (const { suite, tasks } of missing(before.ratios, ratios)) {
    process.stdout.write(`not in baseline.json of ${suite}: ${tasks.join('; ')}\n`);
  }
  if (all.length === 0) {
    process.stderr.write('baseline.json has none of these: nothing was compared\n');
    return 2;
  }
  process.stdout.write(`\n${alignedRows(changeRows(all)).join('\n')}\n\n`);

  const slower = [];
  const suspects = regressions(all, TOLERANCE);
  for (const suite of new Set(suspects.map((each) => each.suite))) {
    const first = suspects.filter((each) => each.suite === suite).map(({ task }) => task);
    process.stdout.write(`${suite} seems slower (${first.join(', ')}), and is measured again\n`);
    const again = against((await measureOne(suite, AGAIN, first)).ratios);
    process.stdout.write(`${alignedRows(changeRows(again)).join('\n')}\n\n`);
    slower.push(...regressions(again, TOLERANCE).filter(({ task }) => first.includes(task)));
  }
  for (const { suite, task } of slower) {
    process.stderr.write(`slower by more than ${TOLERANCE * 100} % against every peer: ${task} in ${suite}\n`);
  }
  if (slower.length === 0) process.stdout.write(`nothing has become slower by more than ${TOLERANCE * 100} %\n`);
  return slower.length === 0 ? 0 : 1;
}

/**
 * @param {typeof REQUEST} request
 * @returns {Promise<{ python: string | null | undefined, ratios: Ratios }>} the version of CPython; undefined where no
 *   suite has asked for one
 */
async function measureAll(request) {
  const each = [];
  for (const name of names) each.push(await measureOne(name, request));
  return {
    python: each.find(({ python }) => python !== undefined)?.python,
    ratios: Object.assign({}, ...each.map(({ ratios }) => ratios)),
  };
}

/**
 * @param {string} name of a suite, or of the paths
 * @param {typeof REQUEST} request
 * @param {readonly string[]} [tasks] of the paths, where not all are wanted; a suite has all in each of its rounds
 * @returns {Promise<{ python?: string | null, ratios: Ratios }>}
 */
async function measureOne(name, request, tasks) {
  if (name !== PATHS) {
    const report = await runSuite(name, request);
    return { python: report.python, ratios: ratiosOf([report]) };
  }
  const wantedPath = (/** @type {string} */ path) => tasks?.includes(path) ?? true;
  const paths = await measurePaths({ ...request.paths, wanted: wantedPath });
  return { ratios: { [PATHS]: speedsOf(paths) } };
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
