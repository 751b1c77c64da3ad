// decode/2MB-list: one large pickle of plain values, against CPython, npm's unpicklers, and JSON.parse of the same.

import assert from 'node:assert/strict';
import { PickleDecoder } from '../../dist/pickle/index.js';
import { npmPeers } from '../peers/npm.js';

/**
 * @import { Task } from '../measure.js'
 * @import { Suite } from './index.js'
 */

/** @type {Suite} */
export function value({ payloads: [payload] }, python) {
  assert(payload);
  const decoder = new PickleDecoder();
  const expected = decoder.decode(payload);
  const json = Buffer.from(JSON.stringify(expected));
  assert.deepEqual(JSON.parse(json.toString()), expected);
  if (python !== null) assert.deepEqual(python.dicts, [expected]);

  /** @type {Task[]} */
  const tasks = [
    { name: 'PickleDecoder', run: () => decoder.decode(payload) },
    { name: 'JSON.parse', run: () => JSON.parse(json.toString()), role: 'reference' },
  ];
  const unable = [];
  for (const [name, loads] of Object.entries(npmPeers)) {
    try {
      assert.deepEqual(loads(payload), expected);
      tasks.push({ name, run: () => loads(payload), role: 'other' });
    } catch {
      unable.push(name);
    }
  }
  if (python !== null) {
    tasks.push({ name: 'CPython pickle.loads', run: python.task('loads'), role: 'reference' });
    tasks.push({ name: 'CPython pickle._loads', run: python.task('_loads'), role: 'other' });
  }
  return { unit: 'lists', count: 1, subjects: ['PickleDecoder'], tasks, unable };
}
