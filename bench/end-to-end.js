// node bench/end-to-end.js [--filter REGEX] [--rounds N] [--passes N] [--fixture NAME] [--json FILE] [--markdown FILE]
// Records from a socket to a file, through whole programs: `picklewire serve` as built, the logging cookbook's receiver,
// and a bare copy of the bytes. See README.md beside it.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { choosesCores } from './cores.js';
import { corpusNamed } from './corpora.js';
import { memoryPeak } from './end-to-end/process.js';
import { receivers } from './end-to-end/receivers.js';
import { temporaryFolder, timeRound, writtenTo } from './end-to-end/round.js';
import { Sender } from './end-to-end/sender.js';
import { median } from './measure.js';
import { wholeNumber } from './options.js';
import { alignedRows, markdownRows, writeBetweenMarks } from './report.js';
import { machineText } from './run-suite.js';

/**
 * @import { Receiver } from './end-to-end/receivers.js'
 * @import { Output, Round } from './end-to-end/round.js'
 *
 * @typedef {{ name: string, copies: boolean, file: string, receiver: Receiver }} Started
 *
 * @typedef {object} Measured
 * @property {string} kind what is written
 * @property {string} receiver
 * @property {Round[]} rounds
 * @property {number | null} peak the most memory that the receiver had resident, in bytes
 */

const { values } = parseArgs({
  options: {
    filter: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
    passes: { type: 'string', default: '500' },
    fixture: { type: 'string', default: 'mixed-layouts' },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
});
const rounds = wholeNumber('--rounds', values.rounds);
const passes = wholeNumber('--passes', values.passes);
const { fixture } = values;
const corpus = corpusNamed(fixture);
const records = corpus.payloads.length * passes;
const folder = temporaryFolder();
const sender = new Sender(corpus.stream);
/** @type {Measured[]} */
const measured = [];
let python = null;
try {
  for (const kind of ['text', 'json']) {
    const found = await measureKind(kind);
    python ??= found.python;
    measured.push(...found.measured);
  }
} finally {
  sender.close();
}
if (measured.length === 0) throw new Error(`no receiver matches ${values.filter}`);

const heading = `end-to-end/${fixture} (records of ${Math.round(corpus.stream.length / corpus.payloads.length)} bytes)`;
const about =
  `${machineText(python === null ? undefined : `CPython ${python}`)}; medians of ${rounds} rounds of ${records.toLocaleString('en')} records` +
  (choosesCores ? ', sender and receiver on a core each' : '');
const rows = table();
process.stdout.write(`${[heading, ...alignedRows(rows).map((line) => `  ${line}`)].join('\n')}\n\n${about}\n`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine: about, fixture, records, measured }, null, 1)}\n`);
}
if (values.markdown !== undefined) {
  const mark = `end-to-end on Node ${process.versions.node.split('.')[0]}`;
  writeBetweenMarks(values.markdown, mark, [`${about}.`, '', `**${heading}**`, '', ...markdownRows(rows)].join('\n'));
}

/**
 * All receivers of one kind by turns: each gets all records once in each round.
 * @param {string} kind
 * @returns {Promise<{ measured: Measured[], python: string | null }>}
 */
async function measureKind(kind) {
  const wanted = receivers(kind).filter(({ name }) => new RegExp(values.filter).test(`${kind}/${name}`));
  /** @type {Started[]} */
  const started = [];
  try {
    for (const [i, each] of wanted.entries()) {
      const file = join(folder, `${kind}-${i}`);
      const receiver = await each.start(file);
      if (receiver !== null) started.push({ name: each.name, copies: each.copies === true, file, receiver });
    }
    const outputs = await checkedOutputs(kind, started);
    // The round that is not counted, in which V8 compiles what it will run.
    for (const { output, receiver } of outputs) await timeRound(sender, receiver, [output], passes);
    const found = started.map(({ name }) => ({ kind, receiver: name, rounds: /** @type {Round[]} */ ([]) }));
    for (let round = 0; round < rounds; round++) {
      for (const [i, { output, receiver }] of outputs.entries()) {
        found[i]?.rounds.push(await timeRound(sender, receiver, [output], passes));
      }
    }
    return {
      measured: found.map((each, i) => ({ ...each, peak: memoryPeak(started[i]?.receiver.pid ?? 0) })),
      python: started.find(({ receiver }) => receiver.python !== null)?.receiver.python ?? null,
    };
  } finally {
    for (const { receiver } of started) receiver.close();
  }
}

/**
 * One pass through all: whoever is timed writes what the others write, or else what was sent.
 * @param {string} kind
 * @param {readonly Started[]} started
 * @returns {Promise<{ receiver: Receiver, output: Output }[]>} with what each writes in a pass
 */
async function checkedOutputs(kind, started) {
  const outputs = [];
  const all = [];
  for (const { name, copies, file, receiver } of started) {
    await sender.send(receiver.port, 1);
    const [written = Buffer.alloc(0)] = await writtenTo(receiver, [file]);
    outputs.push({ receiver, output: { file, length: written.length } });
    if (copies) {
      assert(written.equals(corpus.stream), `${name} writes something else`);
      continue;
    }
    const lines = written.toString();
    all.push({ name, output: kind === 'text' ? lines : lines.trimEnd().split('\n').map(parse) });
  }
  for (const { name, output } of all) assert.deepEqual(output, all[0]?.output, `${name} writes something else`);
  return outputs;
}

/** @param {string} line */
function parse(line) {
  return JSON.parse(line);
}

/** @returns {string[][]} */
function table() {
  const head = ['', 'records/s', 'µs of processor', 'in GC', 'peak', 'picklewire is', 'by processor'];
  const body = measured.map(({ kind, receiver, rounds: own, peak }) => {
    const subject = measured.find((each) => each.kind === kind)?.rounds ?? [];
    const ratio = (/** @type {(round: Round) => number | null} */ of) => ratioOf(own.map(of), subject.map(of));
    const processor = medianOf(own.map((round) => round.processor));
    const collecting = medianOf(own.map((round) => part(round.collecting, round.wall)));
    return [
      `${kind}: ${receiver}`,
      Number(((records / median(own.map(({ wall }) => wall))) * 1000).toPrecision(3)).toLocaleString('en'),
      processor === null ? '–' : ((processor * 1000) / records).toFixed(2),
      collecting === null ? '–' : `${(collecting * 100).toFixed(0)} %`,
      peak === null ? '–' : `${Math.round(peak / 2 ** 20)} MiB`,
      ratio(({ wall }) => wall),
      ratio((round) => round.processor),
    ];
  });
  return [head, ...body];
}

/**
 * @param {readonly (number | null)[]} own
 * @param {readonly (number | null)[]} subject
 */
function ratioOf(own, subject) {
  const ratio = medianOf(own.map((value, round) => part(value, subject[round] ?? null)));
  return ratio === null ? '–' : `${ratio.toFixed(2)} ×`;
}

/**
 * @param {number | null} value
 * @param {number | null} whole
 */
function part(value, whole) {
  return value === null || whole === null ? null : value / whole;
}

/** @param {readonly (number | null)[]} found */
function medianOf(found) {
  const known = found.filter((value) => value !== null);
  return known.length === found.length && known.length > 0 ? median(known) : null;
}
