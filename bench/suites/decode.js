// decode/*: payloads to dicts and to records, against CPython, npm's unpicklers, and JSON.parse of the same records.

import assert from 'node:assert/strict';
import { RecordDecoder } from '../../dist/index.js';
import { PickleDecoder, PyFloat } from '../../dist/pickle/index.js';
import { npmPeers } from '../peers/npm.js';
import { readAll } from '../read-all.js';

/**
 * @import { Task } from '../measure.js'
 * @import { Suite } from './index.js'
 */

/** @type {Suite} */
export function decode({ payloads }, python) {
  const pickles = new PickleDecoder();
  const records = new RecordDecoder();
  /** @param {Uint8Array} payload */
  const toMap = (payload) => /** @type {Map<string, unknown>} */ (pickles.decode(payload));
  /** @param {Uint8Array} payload */
  const toRecord = (payload) => readAll(records.decode(payload));

  const expected = payloads.map((payload) => Object.fromEntries(toMap(payload)));
  if (python !== null) assert.deepEqual(expected, python.dicts);
  for (const [i, dict] of expected.entries()) {
    const record = records.decode(at(payloads, i));
    for (const [name, value] of Object.entries(dict)) assert.deepEqual(untagged(record.get(name)), value);
  }

  const json = expected.map((dict) => Buffer.from(JSON.stringify(dict)));
  /** @param {Buffer} text */
  const parse = (text) => JSON.parse(text.toString());
  assert.deepEqual(json.map(parse), expected);

  /** @type {Task[]} */
  const tasks = [
    { name: 'PickleDecoder', run: () => each(payloads, toMap) },
    { name: 'RecordDecoder', run: () => each(payloads, toRecord) },
    { name: 'JSON.parse', run: () => each(json, parse), role: 'reference' },
  ];
  const unable = [];
  for (const [name, loads] of Object.entries(npmPeers)) {
    try {
      assert.deepEqual(payloads.map(loads), expected);
      tasks.push({ name, run: () => each(payloads, loads), role: 'other' });
    } catch {
      unable.push(name);
    }
  }
  const agreeing = Object.keys(npmPeers).length - unable.length + (python === null ? 0 : 1);
  assert(agreeing > 0, 'no other decoder agrees with PickleDecoder');
  if (python !== null) {
    tasks.push({ name: 'CPython pickle.loads', run: python.task('loads'), role: 'reference' });
    tasks.push({ name: 'CPython makeLogRecord', run: python.task('record'), role: 'other' });
    tasks.push({ name: 'CPython pickle._loads', run: python.task('_loads'), role: 'other' });
  }
  return { unit: 'records', count: payloads.length, subjects: ['PickleDecoder', 'RecordDecoder'], tasks, unable };
}

/**
 * @template Input
 * @param {readonly Input[]} inputs
 * @param {(input: Input) => unknown} run
 */
export function each(inputs, run) {
  let last;
  for (let i = 0; i < inputs.length; i++) last = run(at(inputs, i));
  return last;
}

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {number} index
 */
function at(items, index) {
  return /** @type {Item} */ (items[index]);
}

/** @param {unknown} value */
function untagged(value) {
  return value instanceof PyFloat ? value.value : value;
}
