// What each kind of file must hold of a corpus, made by the library in this process, and looked at before any time is
// taken: a configuration that loses records, or writes others, is not fast.

import assert from 'node:assert/strict';
import { RecordDecoder } from '../../dist/index.js';
import { Formatter } from '../../dist/logging/index.js';

/**
 * @import { LogRecord } from '../../dist/logging/index.js'
 * @import { Corpus } from '../corpora.js'
 *
 * @typedef {ReturnType<typeof expectedOf>} Expected
 */

/** The logging cookbook's format, and the same fields in the other style, which rounds what the first one cuts. */
export const COOKBOOK = '%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s';
export const BRACE = '{relativeCreated:5.0f} {name!s:<15} {levelname!s:<8} {message}';
/** A logger of about a tenth of the records, in each corpus. */
export const SHARED_LOGGER = 'shop.cart';

/**
 * By the kind of a file: throws where it holds something else.
 * @param {Corpus} corpus
 */
export function expectedOf({ payloads, stream }) {
  const decoder = new RecordDecoder();
  const records = payloads.map((payload) => decoder.decode(payload));
  const cookbook = new Formatter(COOKBOOK, null, '%');
  const brace = new Formatter(BRACE, null, '{');
  /** @param {Formatter} formatter @param {readonly LogRecord[]} of */
  const textOf = (formatter, of) => of.map((record) => `${formatter.format(record)}\n`).join('');
  const own = records.filter(({ name }) => name === SHARED_LOGGER);
  const others = records.filter(({ name }) => name !== SHARED_LOGGER);
  assert(own.length > 0 && others.length > 0, `the corpus has no use for ${SHARED_LOGGER}`);

  /** @param {string} text */
  const same = (text) => (/** @type {Buffer} */ written) => assert.equal(written.toString(), text);
  return {
    stream: (/** @type {Buffer} */ written) => assert(written.equals(stream), 'it is not what was sent'),
    text: same(textOf(cookbook, records)),
    braceText: same(textOf(brace, records)),
    textOfLogger: same(textOf(cookbook, own)),
    textOfOthers: same(textOf(cookbook, others)),
    escapedText: (/** @type {Buffer} */ written) => {
      const lines = linesOf(written);
      assert.equal(lines.length, records.length, 'a record is not a line');
      assert.equal(lines[0], textOf(cookbook, records.slice(0, 1)).trimEnd());
    },
    json: (/** @type {Buffer} */ written) => {
      const lines = linesOf(written);
      assert.equal(lines.length, records.length, 'a record is not a line');
      for (const [i, line] of lines.entries()) {
        // Under which name, the profiles do not agree.
        assert(
          Object.values(JSON.parse(line)).includes(records[i]?.getMessage()),
          `a line without its message: ${line}`,
        );
      }
    },
  };
}

/** @param {Buffer} written */
function linesOf(written) {
  return written.toString().trimEnd().split('\n');
}
