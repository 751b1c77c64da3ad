// decode/unseen-layouts: records whose like has never come before, so that nothing learned of others helps.

import assert from 'node:assert/strict';
import { RecordDecoder } from '../../dist/index.js';
import { makeLogRecord } from '../../dist/logging/index.js';
import { PickleDecoder } from '../../dist/pickle/index.js';
import { readAll } from './decode.js';

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

  let seen = 0;
  /** @param {(payload: Uint8Array) => import('../../dist/logging/index.js').LogRecord} decode */
  const pass = (decode) => () => {
    let there = 0;
    for (const { bytes, key } of frames) {
      let number = seen++;
      for (let i = key; i < key + LETTERS; i++) {
        bytes[i] = 0x61 + (number % 26);
        number = Math.floor(number / 26);
      }
      there += readAll(decode(bytes));
    }
    return there;
  };
  return {
    unit: 'records',
    count: frames.length,
    subjects: ['RecordDecoder'],
    tasks: [
      { name: 'RecordDecoder', run: pass((payload) => records.decode(payload)) },
      { name: 'PickleDecoder and makeLogRecord', run: pass(general) },
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
