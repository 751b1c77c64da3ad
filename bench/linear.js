// Is decoding linear? The time per byte of pickles from 1 KB to 64 MB, of each shape, whole and in chunks of one byte; and
// beside each shape its floor: the same JavaScript value made without decoding anything, by push, set and one native call
// for a string. What grows with the size there too is the memory's and the garbage collector's, and not the decoder's.
// Time is the processor's, the garbage collector's threads included, so that what else runs here counts for little.
// node bench/linear.js [MOST_MEGABYTES] [--markdown FILE]
// 64 MB unless told otherwise; one-byte chunks up to a sixteenth of that.

import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Unpickler, unpickle } from '../dist/pickle/index.js';
import { median, processorTime } from './measure.js';
import { alignedRows, markdownRows, writeBetweenMarks } from './report.js';
import { machineText, today } from './run-suite.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { markdown: { type: 'string' } } });

const LEAST = 1024;
const MOST = Number(positionals[0] ?? 64) * 2 ** 20;
const REPEATS = 3;
/** Small inputs are decoded again and again, to so many bytes: what a collection of garbage leaves behind counts less so. */
const BYTES_WHOLE = 2 ** 21;
const BYTES_IN_CHUNKS = 2 ** 18;
/** So that V8 has compiled what it will: the milliseconds that each row begins with, and what they decode. */
const WARMUP = 400;
const WARMUP_SIZE = 2 ** 14;

// What is measured is time, so nothing but the bytes may be bounded.
const limits = {
  maxObjects: Number.POSITIVE_INFINITY,
  maxDepth: Number.POSITIVE_INFINITY,
  maxStack: Number.POSITIVE_INFINITY,
  maxLineBytes: Number.POSITIVE_INFINITY,
};

const STOP = Buffer.from('.');
/** Of the str in each level of the nested lists. */
const NESTED_TEXT = 56;
/** A level of them: a list, its str with a length before it, and the APPENDs of both. */
const NESTED_LEVEL = 64;
/** An entry of the dict: a str of six characters, with a length before it, and None. */
const ENTRY = 12;
const ENTRY_TEXT = 6;

/**
 * @typedef {object} Shape
 * @property {(size: number) => Buffer} bytes about `size` of them
 * @property {(bytes: Buffer, size: number) => unknown} floor what they decode to, made of what is known about them
 */

/** @type {Readonly<Record<string, Shape>>} */
const SHAPES = {
  string: {
    bytes: (size) => Buffer.concat([Buffer.from([0x58]), uint4(size), Buffer.alloc(size, 'a'), STOP]),
    floor: (bytes, size) => bytes.toString('latin1', 5, 5 + size),
  },
  'text line': {
    bytes: (size) => Buffer.concat([Buffer.from('V'), Buffer.alloc(size, 'a'), Buffer.from('\n.')]),
    floor: (bytes, size) => bytes.toString('latin1', 1, 1 + size),
  },
  list: {
    bytes: (size) => Buffer.concat([Buffer.from(']('), Buffer.alloc(size, 'N'), Buffer.from('e.')]),
    floor: (_, size) => {
      const list = [];
      for (let i = 0; i < size; i++) list.push(null);
      return list;
    },
  },
  // A list in a list, each with a str before it: few objects for the bytes, so that 64 MB stay within a heap.
  'nested lists': {
    bytes: (size) => {
      const levels = Math.floor(size / NESTED_LEVEL);
      const level = Buffer.concat([
        Buffer.from(']X'),
        uint4(NESTED_TEXT),
        Buffer.alloc(NESTED_TEXT, 'a'),
        Buffer.from('a'),
      ]);
      return Buffer.concat([Buffer.alloc(levels * level.length, level), Buffer.alloc(levels - 1, 'a'), STOP]);
    },
    floor: (bytes, size) => {
      /** @type {unknown[]} */
      const outermost = [];
      let list = outermost;
      for (let level = Math.floor(size / NESTED_LEVEL); level > 0; level--) {
        list.push(bytes.toString('latin1', 6, 6 + NESTED_TEXT));
        if (level > 1) {
          /** @type {unknown[]} */
          const inner = [];
          list.push(inner);
          list = inner;
        }
      }
      return outermost;
    },
  },
  dict: {
    bytes: (size) => {
      const count = Math.floor(size / ENTRY);
      const entries = Buffer.alloc(count * ENTRY, 'N');
      for (let i = 0; i < count; i++) {
        entries.write(`X\x06\0\0\0${i.toString(36).padStart(ENTRY_TEXT, '0')}`, i * ENTRY, 'latin1');
      }
      return Buffer.concat([Buffer.from('}('), entries, Buffer.from('u.')]);
    },
    floor: (bytes, size) => {
      const dict = new Map();
      const end = 2 + Math.floor(size / ENTRY) * ENTRY;
      for (let at = 2 + 5; at < end; at += ENTRY) dict.set(bytes.toString('latin1', at, at + ENTRY_TEXT), null);
      return dict;
    },
  },
};

/** @param {number} value */
function uint4(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** @param {Uint8Array} bytes */
function whole(bytes) {
  return unpickle(bytes, { limits });
}

/** @param {Uint8Array} bytes */
function byteByByte(bytes) {
  const unpickler = new Unpickler({ limits });
  let values = 0;
  for (let i = 0; i < bytes.length; i++) values += unpickler.push(bytes.subarray(i, i + 1)).length;
  unpickler.end();
  if (values !== 1) throw new Error(`${values} values instead of one`);
}

setFlagsFromString('--expose-gc');
/** What one measurement leaves behind is collected before the next. @type {() => void} */
const collect = runInNewContext('gc');

/**
 * @param {(bytes: Buffer, size: number) => unknown} run
 * @param {Buffer} bytes
 * @param {number} size
 * @param {number} least bytes to a repeat
 * @returns {number} nanoseconds for each of them
 */
function nanosecondsPerByte(run, bytes, size, least) {
  const passes = Math.max(1, Math.floor(least / bytes.length));
  const times = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    collect();
    const start = processorTime();
    for (let pass = 0; pass < passes; pass++) run(bytes, size);
    times.push(((processorTime() - start) * 1e6) / (passes * bytes.length));
  }
  return median(times);
}

/** @param {number} most @returns {number[]} by fours, and `most` in any case */
function sizesUpTo(most) {
  const sizes = [];
  for (let size = LEAST; size < most; size *= 4) sizes.push(size);
  return [...sizes, most];
}

/** @param {number} size */
function sizeText(size) {
  return size < 2 ** 20 ? `${size / 2 ** 10} KB` : `${size / 2 ** 20} MB`;
}

/**
 * @param {string} label
 * @param {readonly number[]} sizes
 * @param {(size: number) => Buffer} make
 * @param {(bytes: Buffer, size: number) => unknown} run
 * @param {number} least bytes to a repeat
 * @returns {string[]}
 */
function row(label, sizes, make, run, least) {
  const warm = make(WARMUP_SIZE);
  for (const start = processorTime(); processorTime() - start < WARMUP; ) run(warm, WARMUP_SIZE);
  return [label, ...sizes.map((size) => nanosecondsPerByte(run, make(size), size, least).toFixed(2))];
}

/**
 * @param {string} how
 * @param {readonly number[]} sizes
 * @param {string[][]} rows
 * @returns {string[][]} with the head
 */
function printed(how, sizes, rows) {
  const table = [[how, ...sizes.map(sizeText)], ...rows];
  console.log(`${alignedRows(table).join('\n')}\n`);
  return table;
}

const shapes = Object.entries(SHAPES);
const sizes = sizesUpTo(MOST);
const fewer = sizesUpTo(MOST / 16);
console.log('nanoseconds of processor time per byte\n');
const tables = [
  printed(
    'whole',
    sizes,
    shapes.flatMap(([label, { bytes, floor }]) => [
      row(label, sizes, bytes, whole, BYTES_WHOLE),
      row(`floor of ${label}`, sizes, bytes, floor, BYTES_WHOLE),
    ]),
  ),
  printed(
    '1-byte chunks',
    fewer,
    shapes.map(([label, { bytes }]) => row(label, fewer, bytes, byteByByte, BYTES_IN_CHUNKS)),
  ),
];
const where = `${machineText()}; ${today()}; medians of ${REPEATS}`;
console.log(where);
if (values.markdown !== undefined) {
  const text = [`${where}.`, ...tables.map((table) => markdownRows(table).join('\n'))].join('\n\n');
  writeBetweenMarks(values.markdown, 'linear', text);
}
