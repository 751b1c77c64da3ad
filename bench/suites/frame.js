// frame/*: a stream of frames cut into chunks, as a socket gives it, back to payloads. Nothing is decoded.

import assert from 'node:assert/strict';
import { FrameReader } from '../../dist/net/index.js';

/** @import { Suite } from './index.js' */

const CHUNK = 64 * 1024;

/** @type {Suite} */
export function frame({ payloads, stream }) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  for (let at = 0; at < stream.length; at += CHUNK) chunks.push(stream.subarray(at, at + CHUNK));

  /** @type {Uint8Array[]} */
  const seen = [];
  const checked = new FrameReader({ onFrame: (bytes, start, end) => seen.push(bytes.slice(start, end)) });
  for (const chunk of chunks) checked.push(chunk);
  assert.deepEqual(seen, payloads);

  let bytes = 0;
  const reader = new FrameReader({
    onFrame: (_, start, end) => {
      bytes += end - start;
    },
  });
  const run = () => {
    for (const chunk of chunks) reader.push(chunk);
    return bytes;
  };
  // Where every frame is known before: a view of each is what a callback that wants one makes.
  const spans = payloads.map(({ byteOffset, length }) => ({ byteOffset, length }));
  let viewed = 0;
  const views = () => {
    for (const { byteOffset, length } of spans) viewed += new Uint8Array(stream.buffer, byteOffset, length).length;
    return viewed;
  };
  return {
    unit: 'frames',
    count: payloads.length,
    subjects: ['FrameReader'],
    tasks: [
      { name: 'FrameReader', run },
      { name: 'views alone', run: views, role: 'reference' },
    ],
  };
}
