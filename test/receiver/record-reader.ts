// Frames to records by layouts alone: what is left to the decoder is null.

import type { LogRecord } from '../../src/logging/index.ts';
import { LayoutReader } from '../../src/receiver/layout-reader.ts';
import type { LayoutTree } from '../../src/receiver/layout-tree.ts';

export class RecordReader {
  readonly #reader: LayoutReader;

  constructor(tree: LayoutTree) {
    this.#reader = new LayoutReader(tree);
  }

  read(frame: Uint8Array): LogRecord | null {
    return this.#reader.locate(frame)?.record() ?? null;
  }
}
