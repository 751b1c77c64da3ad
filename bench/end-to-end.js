// node bench/end-to-end.js [--filter REGEX] [--rounds N] [--passes N] [--fixture NAME] [--json FILE] [--markdown FILE]
// Records from a socket to a file, through whole programs: `picklewire serve` as built, and the logging cookbook's
// receiver. See README.md beside it.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { choosesCores } from './cores.js';
import { corpora } from './corpora.js';
import { memoryPeak, processorTime } from './end-to-end/process.js';
import { receivers } from './end-to-end/receivers.js';
import { Sender } from './end-to-end/sender.js';
import { median } from './measure.js';
import { alignedRows, markdownRows, writeBetweenMarks } from './report.js';
import { machineText } from './run-suite.js';

/**
 * @import { Receiver } from './end-to-end/receivers.js'
 *
 * @typedef {object} Round
 * @property {number} wall milliseconds from the first byte sent to the last one on file
 * @property {number | null} processor milliseconds of all threads of the receiver; null where the system does not say
 * @property {number | null} collecting milliseconds in the garbage collector
 *
 * @typedef {{ name: string, file: string, receiver: Receiver }} Started
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
const rounds = wholeNumber('rounds');
const passes = wholeNumber('passes');
const fixture = /** @type {keyof typeof corpora} */ (values.fixture);
if (!Object.hasOwn(corpora, fixture)) throw new Error(`there is no fixture ${fixture}`);

const corpus = corpora[fixture]();
const records = corpus.payloads.length * passes;
const folder = mkdtempSync(join(tmpdir(), 'picklewire-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const sender = new Sender(corpus.stream, passes);
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
      if (receiver !== null) started.push({ name: each.name, file, receiver });
    }
    await checkOutput(kind, started);
    const lengths = [];
    for (const each of started) lengths.push(await warmUp(each));
    const found = started.map(({ name }) => ({ kind, receiver: name, rounds: /** @type {Round[]} */ ([]) }));
    for (let round = 0; round < rounds; round++) {
      for (const [i, { file, receiver }] of started.entries()) {
        found[i]?.rounds.push(await timed(receiver, file, /** @type {number} */ (lengths[i])));
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
 * One pass through all: whoever is timed writes what the others write.
 * @param {string} kind
 * @param {readonly Started[]} started
 */
async function checkOutput(kind, started) {
  const outputs = [];
  for (const { name, file, receiver } of started) {
    await sender.sendOnce(receiver.port);
    await receiver.settled(file, corpus.payloads.length);
    const lines = readFileSync(file, 'utf8');
    outputs.push({ name, output: kind === 'text' ? lines : lines.trimEnd().split('\n').map(parse) });
  }
  for (const { name, output } of outputs) assert.deepEqual(output, outputs[0]?.output, `${name} writes something else`);
}

/** @param {string} line */
function parse(line) {
  return JSON.parse(line);
}

/**
 * The round that is not counted, in which V8 compiles what it will run.
 * @param {Started} started
 * @returns {Promise<number>} how many bytes a round writes
 */
async function warmUp({ file, receiver }) {
  const length = readFileSync(file).length * passes;
  await timed(receiver, file, length);
  return length;
}

/**
 * @param {Receiver} receiver
 * @param {string} file
 * @param {number} length bytes that the receiver is to write
 * @returns {Promise<Round>}
 */
async function timed(receiver, file, length) {
  truncateSync(file); // both append, so that the next line is its first
  const collected = await receiver.collecting();
  const used = processorTime(receiver.pid);
  const start = performance.now();
  await Promise.all([sender.send(receiver.port), receiver.wrote(file, length)]);
  const wall = performance.now() - start;
  const usedNow = processorTime(receiver.pid);
  const collectedNow = await receiver.collecting();
  return {
    wall,
    processor: used === null || usedNow === null ? null : usedNow - used,
    collecting: collected === null || collectedNow === null ? null : collectedNow - collected,
  };
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

/** @param {'rounds' | 'passes'} name */
function wholeNumber(name) {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a number, not ${values[name]}`);
  return number;
}
