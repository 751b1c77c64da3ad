// What was written before, and the opcodes that number it and refer to it.

import { op } from './op.ts';
import type { PickleWriter } from './writer.ts';

/** The memo of one pickle: objects by identity, strings by value. */
export class WrittenMemo {
  readonly #out: PickleWriter;
  readonly #protocol: number;
  readonly #indexes: Map<unknown, number> = new Map();
  #count = 0;

  constructor(out: PickleWriter, protocol: number) {
    this.#out = out;
    this.#protocol = protocol;
  }

  /** How many values can be found again. */
  get size(): number {
    return this.#indexes.size;
  }

  has(value: unknown): boolean {
    return this.#indexes.has(value);
  }

  /** Refers to a value that was written before; false where it was not. */
  get(value: unknown): boolean {
    const index = this.#indexes.get(value);
    if (index === undefined) return false;
    if (this.#protocol === 0) this.#out.line(op.GET, String(index));
    else if (index <= 0xff) this.#out.uint1(op.BINGET, index);
    else this.#out.int4(op.LONG_BINGET, index);
    return true;
  }

  /** Numbers the value just written; `identity` is what it is found by again, null for nothing. */
  put(identity: unknown): void {
    const index = this.#count++;
    if (identity !== null) this.#indexes.set(identity, index);
    if (this.#protocol >= 4) this.#out.code(op.MEMOIZE);
    else if (this.#protocol === 0) this.#out.line(op.PUT, String(index));
    else if (index <= 0xff) this.#out.uint1(op.BINPUT, index);
    else this.#out.int4(op.LONG_BINPUT, index);
  }
}
