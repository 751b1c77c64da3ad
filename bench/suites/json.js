// json/*: records, decoded before, to lines of JSON.

import assert from 'node:assert/strict';
import { RecordDecoder } from '../../dist/index.js';
import { JsonFormatter, jsonProfiles } from '../../dist/logging/index.js';

/**
 * @import { Task } from '../measure.js'
 * @import { Suite } from './index.js'
 */

/** @type {Suite} */
export function json({ payloads }, python) {
  const decoder = new RecordDecoder();
  const records = payloads.map((payload) => decoder.decode(payload));
  const formatters = jsonProfiles.map((profile) => ({ profile, formatter: new JsonFormatter({ profile }) }));

  /** @type {Task[]} */
  const tasks = formatters.map(({ profile, formatter }) => ({
    name: profile,
    run: () => {
      let length = 0;
      // As text for a file is: made whole, where V8 may keep it in pieces.
      for (const record of records) length += Buffer.byteLength(formatter.format(record));
      return length;
    },
  }));
  for (const { formatter } of formatters) for (const record of records) JSON.parse(formatter.format(record));
  // Of an object that has nothing but the line's fields: what JSON costs where no record is looked at.
  const objects = records.map((record) => JSON.parse(new JsonFormatter().format(record)));
  const stringify = () => {
    let length = 0;
    for (const object of objects) length += Buffer.byteLength(JSON.stringify(object));
    return length;
  };
  tasks.push({ name: 'JSON.stringify', run: stringify, role: 'reference' });
  if (python !== null) {
    const formatter = new JsonFormatter();
    assert.deepEqual(
      records.map((record) => formatter.format(record)),
      python.lines['json'],
    );
    tasks.push({ name: 'CPython json.dumps', run: python.task('json'), role: 'reference' });
  }
  return { unit: 'records', count: records.length, subjects: ['python', 'pino'], tasks };
}
