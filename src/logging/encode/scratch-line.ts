// A line that goes nowhere: written to be read as text.

import { Buffer } from 'node:buffer';
import { LineBuffer } from './line-buffer.ts';
import { type LineBytes, type LineMemory, OVERRUN_BYTES } from './line-bytes.ts';
import { textEncoding } from './text-encoding.ts';

/** Memory of more bytes is not kept for the next line. */
const KEPT_BYTES_MAX = 64 * 1024;
const KEPT_BYTES_MIN = 1024;

export class ScratchLine implements LineMemory {
  readonly #line: LineBuffer = new LineBuffer(this, textEncoding('utf-8', 'backslashreplace'));
  #bytes: Buffer = Buffer.allocUnsafeSlow(KEPT_BYTES_MIN + OVERRUN_BYTES);

  /** The line, empty. */
  open(): LineBuffer {
    this.begin(this.#line);
    return this.#line;
  }

  begin(line: LineBytes): void {
    if (this.#bytes.length > KEPT_BYTES_MAX) this.#bytes = Buffer.allocUnsafeSlow(KEPT_BYTES_MAX);
    line.begin(this.#bytes, viewOf(this.#bytes), 0);
  }

  enlarge(line: LineBytes, size: number): void {
    this.#bytes = Buffer.allocUnsafeSlow(size + OVERRUN_BYTES);
    line.move(this.#bytes, viewOf(this.#bytes), 0);
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
