// decode/unseen-layouts: records whose like has never come before, so that nothing learned of others helps.

import assert from 'node:assert/strict';
import { RecordDecoder } from '../../dist/index.js';
import { makeLogRecord } from '../../dist/logging/index.js';
import { PickleDecoder } from '../../dist/pickle/index.js';
import { readAll } from '../read-all.js';

/** @import { Suite } from './index.js' */

/** The key of each record's last entry ends in so many letters, which are others in each pass. */
const KEY = 'unseen_';
const LETTERS = 10;

/** @type {Suite} */
export function unseen({ payloads }) {
  const records = new RecordDecoder();
  const pickles = new PickleDecoder({ unknownGlobals: 'inert', floats: 'tagged', strings: 'surrogateescape' });
  /** @param {Uint8Array} payload */
  const general = (payload) => makeLogRecord(/** @type {Map<unknown, unknown>} */ (pickles.decode(payload)));

  const frames = payloads.map(withUnseenKey);
  for (const frame of frames) assert.deepEqual(records.decode(frame.bytes), general(frame.bytes));
  const texts = payloads.map((payload) => jsonWithUnseenKey(new PickleDecoder().decode(payload)));

  let seen = 0;
  /**
   * @template {Uint8Array} Bytes
   * @param {readonly { bytes: Bytes, key: number }[]} inputs
   * @param {(bytes: Bytes) => unknown} decode
   */
  const pass = (inputs, decode) => () => {
    let last;
    for (const { bytes, key } of inputs) {
      let number = seen++;
      for (let i = key; i < key + LETTERS; i++) {
        bytes[i] = 0x61 + (number % 26);
        number = Math.floor(number / 26);
      }
      last = decode(bytes);
    }
    return last;
  };
  return {
    unit: 'records',
    count: frames.length,
    subjects: ['RecordDecoder'],
    tasks: [
      { name: 'RecordDecoder', run: pass(frames, (payload) => readAll(records.decode(payload))) },
      { name: 'PickleDecoder and makeLogRecord', run: pass(frames, (payload) => readAll(general(payload))) },
      { name: 'JSON.parse', run: pass(texts, (text) => JSON.parse(text.toString())), role: 'reference' },
    ],
  };
}

/**
 * The record with one more entry, a None whose key is at the offset `key`.
 * @param {Uint8Array} payload
 */
function withUnseenKey(payload) {
  const entry = Buffer.concat([
    Buffer.of(0x58, KEY.length + LETTERS, 0, 0, 0),
    Buffer.from(KEY),
    Buffer.alloc(LETTERS),
    Buffer.from('N'),
  ]);
  const end = payload.length - 2;
  return {
    bytes: new Uint8Array(Buffer.concat([payload.subarray(0, end), entry, payload.subarray(end)])),
    key: end + 5 + KEY.length,
  };
}

/**
 * The same record, and the same key, as JSON.
 * @param {unknown} dict
 */
function jsonWithUnseenKey(dict) {
  const fields = Object.fromEntries(/** @type {Map<string, unknown>} */ (dict));
  const bytes = Buffer.from(JSON.stringify({ ...fields, [KEY + 'a'.repeat(LETTERS)]: null }));
  return { bytes, key: bytes.lastIndexOf(KEY) + KEY.length };
}
