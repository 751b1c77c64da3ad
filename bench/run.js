// npm run bench -- [--filter REGEX] [--rounds N] [--processes N] [--json FILE] [--from FILE] [--compare FILE]
//   [--markdown FILE] [--svg FILE]
// Runs the suites, each in processes of its own, and prints or writes what they report; see README.md beside it.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { decodeChart } from './chart.js';
import { changeRows, changes, ratiosOf } from './compare.js';
import { wholeNumber } from './options.js';
import { alignedRows, markdownTable, plainTable, writeBetweenMarks } from './report.js';
import { readRun, runOf, runSuite, writeRun } from './run-suite.js';
import { suites } from './suites/index.js';

/** @import { Run } from './run-suite.js' */

/** How long each task runs in each round, in milliseconds. */
const ROUND_TIME = 150;

const { values } = parseArgs({
  options: {
    filter: { type: 'string', default: '' },
    rounds: { type: 'string', default: '11' },
    processes: { type: 'string', default: '3' },
    json: { type: 'string' },
    from: { type: 'string' },
    compare: { type: 'string' },
    markdown: { type: 'string' },
    svg: { type: 'string' },
  },
});

const wanted = new RegExp(values.filter);
const run = values.from === undefined ? await measured() : shown(values.from);
process.stdout.write(`${run.machine}; ${run.date}; medians of ${run.rounds} rounds\n`);

if (values.json !== undefined) writeRun(values.json, run);
if (values.markdown !== undefined) {
  const tables = [`${run.machine}; medians of ${run.rounds} rounds.`, ...run.reports.map(markdownTable)].join('\n\n');
  writeBetweenMarks(values.markdown, `bench on Node ${run.node.split('.')[0]}`, tables);
}
if (values.svg !== undefined) writeFileSync(values.svg, decodeChart(run));
if (values.compare !== undefined) compareWith(readRun(values.compare));

/** @returns {Promise<Run>} */
async function measured() {
  const rounds = wholeNumber('--rounds', values.rounds);
  const processes = wholeNumber('--processes', values.processes);
  const reports = [];
  for (const name of Object.keys(suites).filter((suite) => wanted.test(suite))) {
    const report = await runSuite(name, { rounds, processes, time: ROUND_TIME });
    reports.push(report);
    process.stdout.write(`${plainTable(report)}\n\n`);
  }
  if (reports.length === 0) throw new Error(`no suite matches ${wanted}: there are ${Object.keys(suites).join(', ')}`);
  return runOf(reports, rounds);
}

/** @param {string} file */
function shown(file) {
  const earlier = readRun(file);
  const reports = earlier.reports.filter(({ suite }) => wanted.test(suite));
  for (const report of reports) process.stdout.write(`${plainTable(report)}\n\n`);
  return { ...earlier, reports };
}

/** @param {Run} before */
function compareWith(before) {
  const all = changes(ratiosOf(before.reports), ratiosOf(run.reports));
  const lines = [
    `then: ${before.machine}; ${before.date}; medians of ${before.rounds} rounds`,
    ...alignedRows(changeRows(all)),
    'how many times as fast as the peer; the spread has the middle half of the rounds, and where the two do not overlap,',
    'the last column says so',
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}
