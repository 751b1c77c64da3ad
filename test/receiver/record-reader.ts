// Frames to records by layouts alone: what is left to the decoder is null. Each is read by itself and in a chunk, and both
// must give the same.

import { isDeepStrictEqual } from 'node:util';

import type { LogRecord } from '../../src/logging/index.ts';
import { LayoutReader } from '../../src/receiver/layout-reader.ts';
import type { LayoutTree } from '../../src/receiver/layout-tree.ts';

export class RecordReader {
  readonly #reader: LayoutReader;

  constructor(tree: LayoutTree) {
    this.#reader = new LayoutReader(tree);
  }

  read(frame: Uint8Array): LogRecord | null {
    const record = this.#reader.locate(frame)?.record() ?? null;
    const inChunk = this.#reader.locate(chunkOf(frame), frame.length, 2 * frame.length)?.record() ?? null;
    const [one, other] = [record, inChunk].map((each) => each && { each, extras: [...each.extras] });
    if (!isDeepStrictEqual(one, other)) throw new Error('in a chunk, a frame is read otherwise than by itself');
    return record;
  }
}

/** A chunk in which the frame stands several times, the second time from its length on: what follows could go on with it. */
export function chunkOf(frame: Uint8Array): Uint8Array {
  return Buffer.concat(Array.from({ length: 3 + Math.ceil(4200 / (frame.length + 1)) }, () => frame));
}
