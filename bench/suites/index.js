// Every suite by its name, `operation/fixture`, and the corpus that it reads.

import { corpora } from '../corpora.js';
import { decode } from './decode.js';
import { format } from './format.js';
import { frame } from './frame.js';

/**
 * A suite first checks that all its tasks give the right answer, and throws where one of picklewire's does not.
 * @typedef {(corpus: import('../corpora.js').Corpus, python: import('../peers/cpython.js').CPython | null) => Case} Suite
 *
 * @typedef {object} Case
 * @property {string} unit what is counted
 * @property {number} count how many of them one pass goes through
 * @property {string[]} subjects the names of picklewire's own tasks, which all others are compared with
 * @property {import('../measure.js').Task[]} tasks
 * @property {string[]} [unable] peers that cannot read this input, or read it wrong
 */

/** @type {Readonly<Record<string, { suite: Suite, corpus: () => import('../corpora.js').Corpus }>>} */
export const suites = {
  'decode/py3.13-plain': { suite: decode, corpus: corpora['py3.13-plain'] },
  'decode/mixed-layouts': { suite: decode, corpus: corpora['mixed-layouts'] },
  'decode/all-unique': { suite: decode, corpus: corpora['all-unique'] },
  'decode/protocol4': { suite: decode, corpus: corpora.protocol4 },
  'frame/64KiB-chunks': { suite: frame, corpus: corpora['py3.13-plain'] },
  'format/cookbook': { suite: format, corpus: corpora['py3.13-plain'] },
};
