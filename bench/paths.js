// node bench/paths.js [--filter REGEX] [--rounds N] [--processes N] [--passes N] [--fixture NAME] [--json FILE] [--markdown FILE]
// What each configuration costs in processor time for a record, from socket to file, beside what it is held against in
// the same run; see README.md beside it. Exit code 1 when one costs more than it must.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { choosesCores } from './cores.js';
import { corpusNamed } from './corpora.js';
import { median } from './measure.js';
import { wholeNumber } from './options.js';
import { costOf, measurePaths } from './paths/measure-paths.js';
import { alignedRows, markdownRows, writeBetweenMarks } from './report.js';
import { machineText, today } from './run-suite.js';

/** @import { Path } from './paths/measure-paths.js' */

const { values } = parseArgs({
  options: {
    filter: { type: 'string', default: '' },
    rounds: { type: 'string', default: '27' },
    processes: { type: 'string', default: '3' },
    passes: { type: 'string', default: '25' },
    fixture: { type: 'string', default: 'mixed-layouts' },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
});
const { fixture } = values;
const rounds = wholeNumber('--rounds', values.rounds);
const processes = wholeNumber('--processes', values.processes);
const passes = wholeNumber('--passes', values.passes);
const wanted = new RegExp(values.filter);
const paths = await measurePaths({ fixture, rounds, processes, passes, wanted: (name) => wanted.test(name) });
if (paths.length === 0) throw new Error(`no configuration matches ${wanted}`);

const { payloads, stream } = corpusNamed(fixture);
const records = payloads.length * passes;
const heading = `paths/${fixture} (records of ${Math.round(stream.length / payloads.length)} bytes)`;
const about =
  `${machineText()}; ${today()}; medians of ${rounds} rounds of ${records.toLocaleString('en')} records` +
  (choosesCores ? ', sender and receivers on a core each' : '');
const rows = [
  ['configuration', 'µs of processor', 'held against', 'ratio', 'spread', 'must', 'aim', 'ok?'],
  ...paths.map(row),
];
process.stdout.write(`${[heading, ...alignedRows(rows).map((line) => `  ${line}`)].join('\n')}\n\n${about}\n`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine: about, fixture, records, paths }, null, 1)}\n`);
}
if (values.markdown !== undefined) {
  const mark = `paths on Node ${process.versions.node.split('.')[0]}`;
  writeBetweenMarks(values.markdown, mark, [`${about}.`, '', `**${heading}**`, '', ...markdownRows(rows)].join('\n'));
}

/** @param {Path} path */
function row(path) {
  const [cost, { bound }] = [costOf(path, paths), path];
  const own = [path.name, median(path.rounds).toFixed(2)];
  if (cost === null || bound === null) return [...own, '–', '–', '–', '–', '–', ''];
  const kept = cost.ratio <= bound.must;
  if (!kept) process.exitCode = 1;
  return [
    ...own,
    bound.against,
    `${cost.ratio.toFixed(2)} ×`,
    `${cost.low.toFixed(2)}–${cost.high.toFixed(2)}`,
    bound.must.toFixed(2),
    bound.aim.toFixed(2),
    kept ? (cost.ratio <= bound.aim ? 'aim' : 'must') : 'NO',
  ];
}
