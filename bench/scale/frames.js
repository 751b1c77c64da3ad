// Frames for the measurements of scale: of the corpora, of any size, of any number of layouts.

import { PickleDecoder, pickle } from '../../dist/pickle/index.js';
import { corpora } from '../corpora.js';

/**
 * Which frames: a corpus by its name, frames of so many bytes (the length before them not counted), or records of so
 * many layouts by turns.
 * @typedef {{ corpus: keyof typeof corpora } | { size: number } | { layouts: number }} Frames
 *
 * @typedef {{ bytes: Buffer, records: number }} Block frames as they travel, to be sent in one write
 */

/** Of a size, so many frames with different messages; of layouts, so many records at least. */
const MESSAGES = 8;
const RECORDS = 1000;

/** All that fits in a hundred bytes; the other fields of the record are a LogRecord's own defaults. */
const SMALLEST = new Map(Object.entries({ name: 'a', levelname: 'INFO', levelno: 20, msg: '' }));

/**
 * The frames by turns, as many to a block as fit in `size` bytes, and one at least.
 * @param {Frames} which
 * @param {number} size
 * @returns {Block[]}
 */
export function blocksOf(which, size) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {Buffer[]} */
  let frames = [];
  let length = 0;
  const cut = () => {
    if (frames.length > 0) blocks.push({ bytes: Buffer.concat(frames), records: frames.length });
    frames = [];
    length = 0;
  };
  for (const payload of payloadsOf(which)) {
    const frame = Buffer.alloc(4 + payload.length);
    frame.writeUInt32BE(payload.length);
    frame.set(payload, 4);
    if (length + frame.length > size) cut();
    frames.push(frame);
    length += frame.length;
  }
  cut();
  return blocks;
}

/**
 * @param {Frames} which
 * @returns {readonly Uint8Array[]}
 */
function payloadsOf(which) {
  if ('corpus' in which) return corpora[which.corpus]().payloads;
  const { payloads } = corpora['py3.13-plain']();
  if ('size' in which) return Array.from({ length: MESSAGES }, (_, i) => payloadOfSize(which.size, i, payloads[0]));
  return Array.from({ length: Math.max(which.layouts, RECORDS) }, (_, i) => {
    const payload = /** @type {Uint8Array} */ (payloads[i % payloads.length]);
    return withKey(payload, `layout_${String(i % which.layouts).padStart(6, '0')}`);
  });
}

/**
 * A record whose message is so long that the pickle has so many bytes.
 * @param {number} size
 * @param {number} number which goes into the message
 * @param {Uint8Array | undefined} model
 */
function payloadOfSize(size, number, model) {
  const whole = /** @type {Map<unknown, unknown>} */ (
    new PickleDecoder({ floats: 'tagged' }).decode(model ?? Buffer.of())
  );
  for (const fields of [whole, SMALLEST]) {
    const room = size - pickle(new Map([...fields, ['msg', '']]), { protocol: 1 }).length;
    if (room < 1) continue;
    const message = `${number} ${'message '.repeat(Math.ceil(room / 8))}`.slice(0, room);
    return pickle(new Map([...fields, ['msg', message]]), { protocol: 1 });
  }
  throw new RangeError(`no record fits in ${size} bytes`);
}

/**
 * The record with one more entry at the end, a None: before its SETITEMS and STOP.
 * @param {Uint8Array} payload
 * @param {string} key in ASCII
 */
function withKey(payload, key) {
  const end = payload.length - 2;
  const entry = Buffer.from(`X${String.fromCharCode(key.length)}\0\0\0${key}N`, 'latin1');
  return Buffer.concat([payload.subarray(0, end), entry, payload.subarray(end)]);
}
