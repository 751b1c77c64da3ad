// Every suite by its name, `operation/fixture`, and the corpus that it reads.

import { corpora } from '../corpora.js';
import { decode } from './decode.js';
import { format } from './format.js';
import { frame } from './frame.js';
import { json } from './json.js';
import { unseen } from './unseen.js';
import { value } from './value.js';

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
  'decode/unseen-layouts': { suite: unseen, corpus: corpora['py3.13-plain'] },
  'decode/2MB-list': { suite: value, corpus: corpora['2MB-list'] },
  'frame/64KiB-chunks': { suite: frame, corpus: corpora['py3.13-plain'] },
  'json/py3.13-plain': { suite: json, corpus: corpora['py3.13-plain'] },
  'json/mixed-layouts': { suite: json, corpus: corpora['mixed-layouts'] },
  'format/cookbook': { suite: format('cookbook'), corpus: corpora['py3.13-plain'] },
  'format/percent': { suite: format('percent'), corpus: corpora['py3.13-plain'] },
  'format/brace': { suite: format('brace'), corpus: corpora['py3.13-plain'] },
  'format/dollar': { suite: format('dollar'), corpus: corpora['py3.13-plain'] },
};
