// npm run bench -- [--filter REGEX] [--rounds N] [--json FILE] [--markdown FILE]
// Runs the suites, each in its own process, and prints or writes what they report. See README.md beside it.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine, markdownTable, plainTable, writeBetweenMarks } from './report.js';
import { suites } from './suites/index.js';

/** @import { Report } from './suite-process.js' */

/** How long each task runs in each round, in milliseconds. */
const ROUND_TIME = 150;

/** All else here has one thread: so that a second core, free or not, does not count for V8's garbage collector alone. */
const ONE_CORE = '--single-threaded-gc';

const { values } = parseArgs({
  options: {
    filter: { type: 'string', default: '' },
    rounds: { type: 'string', default: '11' },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
});

const wanted = new RegExp(values.filter);
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a number, not ${values.rounds}`);
const options = JSON.stringify({ rounds, time: ROUND_TIME });
const reports = [];
for (const name of Object.keys(suites).filter((suite) => wanted.test(suite))) {
  const report = await runSuite(name);
  reports.push(report);
  process.stdout.write(`${plainTable(report)}\n\n`);
}
if (reports.length === 0) throw new Error(`no suite matches ${wanted}: there are ${Object.keys(suites).join(', ')}`);

process.stdout.write(`${machine(reports)}; medians of ${rounds} rounds\n`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine: machine(reports), reports }, null, 1)}\n`);
}
if (values.markdown !== undefined) {
  const tables = [`${machine(reports)}; medians of ${rounds} rounds.`, ...reports.map(markdownTable)].join('\n\n');
  writeBetweenMarks(values.markdown, `bench on Node ${process.versions.node.split('.')[0]}`, tables);
}

/**
 * @param {string} name
 * @returns {Promise<Report>}
 */
async function runSuite(name) {
  const script = fileURLToPath(new URL('./suite-process.js', import.meta.url));
  const child = fork(script, [name, options], { execArgv: [...process.execArgv, ONE_CORE] });
  const report = new Promise((resolve) => child.once('message', resolve));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${name} failed`);
  return report;
}
