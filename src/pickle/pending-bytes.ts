// The bytes of an opcode that no chunk holds as a whole. Knows no opcode.

/** A growing copy of bytes; what is allocated is bounded by what has come, not by what was announced. */
export class PendingBytes {
  /** The first `length` of these count. */
  bytes: Uint8Array = new Uint8Array(KEPT_BYTES);
  length = 0;

  /** Copies `chunk` from `from` up to `to`; there will be no more than `most` bytes in all. */
  append(chunk: Uint8Array, from: number, to: number, most: number): void {
    const length = this.length + to - from;
    // Stryker disable next-line EqualityOperator: one byte earlier
    if (length > this.bytes.length) {
      const grown = new Uint8Array(Math.min(most, Math.max(length, 2 * this.bytes.length)));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(chunk.subarray(from, to), this.length);
    this.length = length;
  }

  clear(): void {
    this.length = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(KEPT_BYTES);
  }
}

const KEPT_BYTES = 256;
