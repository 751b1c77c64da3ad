// The frames that the suites read, from bench/corpus. Knows nothing of how they are decoded.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { pickle } from '../dist/pickle/index.js';

/**
 * @typedef {object} Corpus
 * @property {Uint8Array} stream frames as they travel: a 4-byte length and a pickle, one after the other
 * @property {readonly Uint8Array[]} payloads the pickles in it; plain views, as FrameReader hands them on
 */

/** By the fixture's name, as in `decode/<name>`. */
export const corpora = {
  'py3.13-plain': () => corpusOf(read('py3.13-plain')),
  'mixed-layouts': () => corpusOf(mixed()),
  'all-unique': () => corpusOf(read('py3.13-all-unique')),
  protocol4: () => corpusOf(read('py3.13-protocol4')),
  '2MB-list': () => corpusOf([frameOf(rows())]),
};

/**
 * @param {string} name
 * @returns {Corpus}
 */
export function corpusNamed(name) {
  const make = Object.entries(corpora).find(([each]) => each === name)?.[1];
  if (make === undefined) throw new Error(`there is no fixture ${name}: there are ${Object.keys(corpora).join(', ')}`);
  return make();
}

/** Three senders at once: 3.13 (plain, with extras, with a traceback), 3.8 and 2.7, in a fixed order. */
function mixed() {
  const varied = read('py3.13-varied');
  const [old, older] = [read('py3.8-plain'), read('py2.7-plain')];
  return varied.flatMap((frame, i) => [frame, /** @type {Buffer} */ ((i % 2 === 0 ? old : older)[i >> 1])]);
}

/** A table: ints of all sizes, floats, text that is new in each row and text that is not, None, bools, and a list. */
function rows() {
  return Array.from({ length: 24_000 }, (_, i) => [
    i,
    (i * 2654435761) % 2 ** 31,
    Math.sqrt(i + 0.5),
    `item ${i} of the catalogue`,
    ['new', 'used', 'sold'][i % 3],
    i % 5 === 0 ? null : i % 2 === 0,
    [i % 100, (i % 7) + 0.5],
  ]);
}

/** @param {unknown} value */
function frameOf(value) {
  const payload = pickle(value, { protocol: 4 });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length);
  return Buffer.concat([length, payload]);
}

/** @param {string} name */
function read(name) {
  const stream = gunzipSync(readFileSync(new URL(`./corpus/${name}.bin.gz`, import.meta.url)));
  const frames = [];
  for (let at = 0; at < stream.length; ) {
    const end = at + 4 + stream.readUInt32BE(at);
    frames.push(stream.subarray(at, end));
    at = end;
  }
  return frames;
}

/**
 * @param {readonly Buffer[]} frames
 * @returns {Corpus}
 */
function corpusOf(frames) {
  const stream = new Uint8Array(Buffer.concat(frames));
  let end = 0;
  const payloads = frames.map(({ length }) => {
    end += length;
    return stream.subarray(end - length + 4, end);
  });
  return { payloads, stream };
}
