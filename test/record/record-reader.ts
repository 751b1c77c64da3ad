// Frames to records by templates alone: what is left to the decoder is null. Each is read at once, and located by itself and
// in a chunk, and all must give the same.

import { isDeepStrictEqual } from 'node:util';

import type { LogRecord } from '../../src/logging/index.ts';
import { learnTemplate } from '../../src/record/template/template-learner.ts';
import { TemplateMatcher } from '../../src/record/template/template-matcher.ts';
import { TemplateTrie } from '../../src/record/template/template-trie.ts';

/** The templates of these frames. */
export function treeOf(frames: readonly Uint8Array[]): TemplateTrie {
  const tree = new TemplateTrie();
  for (const frame of frames) {
    const template = learnTemplate(frame);
    if (template !== null) tree.add(frame, template);
  }
  return tree;
}

export class RecordReader {
  readonly #reader: TemplateMatcher;

  constructor(tree: TemplateTrie) {
    this.#reader = new TemplateMatcher(tree);
  }

  read(frame: Uint8Array): LogRecord | null {
    const record = this.#reader.read(frame);
    const located = this.#reader.locate(frame)?.record() ?? null;
    const inChunk = this.#reader.locate(chunkOf(frame), frame.length, 2 * frame.length)?.record() ?? null;
    const [one, ...others] = [record, located, inChunk].map((each) => each && { each, extras: [...each.extras] });
    for (const other of others) {
      if (!isDeepStrictEqual(one, other)) throw new Error('a frame that is located is read otherwise than at once');
    }
    return record;
  }
}

/** A chunk in which the frame stands several times, the second time from its length on: what follows could go on with it. */
export function chunkOf(frame: Uint8Array): Uint8Array {
  return Buffer.concat(Array.from({ length: 3 + Math.ceil(4200 / (frame.length + 1)) }, () => frame));
}
