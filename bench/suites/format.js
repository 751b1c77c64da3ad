// format/*: records, decoded before, to lines of text.

import assert from 'node:assert/strict';
import { RecordDecoder } from '../../dist/index.js';
import { Formatter } from '../../dist/logging/index.js';

/**
 * @import { Task } from '../measure.js'
 * @import { Suite } from './index.js'
 */

/** By name: the style, and the format that peers/cpython.py has under the same name. */
const FORMATS = {
  cookbook: ['%', '%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s'],
  percent: ['%', '%(asctime)s [%(process)d] %(levelname)-8s %(name)s:%(lineno)d %(message)s'],
  brace: ['{', '{asctime} [{process:d}] {levelname:<8} {name}:{lineno:d} {message}'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: so the fields of the style look
  dollar: ['$', '$asctime [$process] $levelname ${name}:$lineno $message'],
};

/**
 * @param {keyof typeof FORMATS} name
 * @returns {Suite}
 */
export function format(name) {
  const [style, text] = FORMATS[name];
  return ({ payloads }, python) => {
    const decoder = new RecordDecoder();
    const records = payloads.map((payload) => decoder.decode(payload));
    const formatter = new Formatter(text, null, style);
    const run = () => {
      let length = 0;
      // As text for a file is: made whole, where V8 may keep it in pieces.
      for (const record of records) length += Buffer.byteLength(formatter.format(record));
      return length;
    };
    /** @type {Task[]} */
    const tasks = [{ name: 'Formatter', run }];
    if (python !== null) {
      assert.deepEqual(
        records.map((record) => formatter.format(record)),
        python.lines[`format/${name}`],
      );
      tasks.push({ name: 'CPython Formatter', run: python.task(`format/${name}`), role: 'reference' });
    }
    return { unit: 'records', count: records.length, subjects: ['Formatter'], tasks };
  };
}
