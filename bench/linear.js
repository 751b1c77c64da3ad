// Is decoding linear? The time per byte of pickles from 1 KB to 64 MB, of each shape, whole and in chunks of one byte.
// node bench/linear.js [MOST_MEGABYTES]: 64 unless told otherwise; one-byte chunks up to a sixteenth of that.

import { performance } from 'node:perf_hooks';
import { Unpickler, unpickle } from '../dist/pickle/index.js';
import { median } from './measure.js';

const MOST = Number(process.argv[2] ?? 64) * 2 ** 20;
const REPEATS = 3;

// What is measured is time, so nothing but the bytes may be bounded.
const limits = {
  maxObjects: Number.POSITIVE_INFINITY,
  maxDepth: Number.POSITIVE_INFINITY,
  maxStack: Number.POSITIVE_INFINITY,
  maxLineBytes: Number.POSITIVE_INFINITY,
};

/** Bytes of about `size`, by shape. @type {Record<string, (size: number) => Uint8Array>} */
const SHAPES = {
  string: (size) => Buffer.concat([Buffer.from([0x58]), uint4(size), Buffer.alloc(size, 'a'), STOP]),
  'text line': (size) => Buffer.concat([Buffer.from('V'), Buffer.alloc(size, 'a'), Buffer.from('\n.')]),
  list: (size) => Buffer.concat([Buffer.from(']('), Buffer.alloc(size, 'N'), Buffer.from('e.')]),
  // A list in a list, each with a str of 56 characters before it: 64 bytes a level, so that 64 MB stay within a heap.
  'nested lists': (size) => {
    const levels = Math.floor(size / 64);
    const level = Buffer.concat([Buffer.from(']X\x38\0\0\0', 'latin1'), Buffer.alloc(56, 'a'), Buffer.from('a')]);
    return Buffer.concat([Buffer.alloc(levels * level.length, level), Buffer.alloc(levels - 1, 'a'), STOP]);
  },
  dict: (size) => {
    // Each entry: a str of six characters, and None.
    const count = Math.floor(size / 12);
    const entries = Buffer.alloc(count * 12, 'N');
    for (let i = 0; i < count; i++) entries.write(`X\x06\0\0\0${i.toString(36).padStart(6, '0')}`, i * 12, 'latin1');
    return Buffer.concat([Buffer.from('}('), entries, Buffer.from('u.')]);
  },
};
const STOP = Buffer.from('.');

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

/** @param {(bytes: Uint8Array) => unknown} decode @param {Uint8Array} bytes nanoseconds for each of them */
function nanosecondsPerByte(decode, bytes) {
  const passes = Math.max(1, Math.floor(2 ** 17 / bytes.length));
  const times = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const start = performance.now();
    for (let pass = 0; pass < passes; pass++) decode(bytes);
    times.push(((performance.now() - start) * 1e6) / (passes * bytes.length));
  }
  return median(times);
}

for (const [how, decode, most] of /** @type {const} */ ([
  ['whole', whole, MOST],
  ['1-byte chunks', byteByByte, MOST / 16],
])) {
  console.log(`\n${how}: nanoseconds per byte`);
  const sizes = [];
  for (let size = 1024; size <= most; size *= 8) sizes.push(size);
  console.log(['shape'.padEnd(14), ...sizes.map((size) => `${size / 1024} KB`.padStart(10))].join(''));
  for (const [shape, make] of Object.entries(SHAPES)) {
    nanosecondsPerByte(decode, make(4096));
    const row = sizes.map((size) => nanosecondsPerByte(decode, make(size)).toFixed(2).padStart(10));
    console.log([shape.padEnd(14), ...row].join(''));
  }
}
