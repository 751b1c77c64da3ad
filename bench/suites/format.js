// format/*: records, decoded before, to lines of text.

import assert from 'node:assert/strict';
import { RecordDecoder } from '../../dist/index.js';
import { Formatter } from '../../dist/logging/index.js';

/**
 * @import { Task } from '../measure.js'
 * @import { Suite } from './index.js'
 */

const COOKBOOK = '%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s';

/** @type {Suite} */
export function format({ payloads }, python) {
  const decoder = new RecordDecoder();
  const records = payloads.map((payload) => decoder.decode(payload));
  const formatter = new Formatter(COOKBOOK);
  const run = () => {
    let length = 0;
    for (const record of records) length += formatter.format(record).length;
    return length;
  };
  /** @type {Task[]} */
  const tasks = [{ name: 'Formatter', run }];
  if (python !== null) {
    assert.deepEqual(
      records.map((record) => formatter.format(record)),
      python.lines,
    );
    tasks.push({ name: 'CPython Formatter', run: python.task('format') });
  }
  return { unit: 'records', count: records.length, subjects: ['Formatter'], tasks };
}
