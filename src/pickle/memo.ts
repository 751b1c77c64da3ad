// The memo: values by index, where the index is whatever the sender wrote.

import { limitReached, PickleError } from './errors.ts';
import { KeyGuard } from './key-spread.ts';

/** An index: a bigint where the text form gave one that no number can hold exactly. */
export type MemoIndex = number | bigint;

/**
 * Picklers count up from 0 (Python 2 from 1), so entries live in an array; an index far beyond the entries there are
 * goes to a map, and sizes nothing.
 */
export class Memo {
  readonly #dense: unknown[] = [];
  /** How many slots of the array this pickle uses; those after it are empty, and keep their room. */
  #used = 0;
  readonly #sparse: Map<MemoIndex, unknown> = new Map();
  readonly #keys: KeyGuard = new KeyGuard();
  readonly #maxEntries: number;
  #size = 0;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  /** How many indexes are in use: where MEMOIZE stores, as in CPython. */
  get size(): number {
    return this.#size;
  }

  /** Stores a value, which is never undefined. ERR_PICKLE_LIMIT over the most entries allowed. */
  set(index: MemoIndex, value: unknown): void {
    const dense = this.#dense;
    if (index === this.#used && this.#sparse.size === 0) {
      this.#grow();
      dense[this.#used++] = value;
    } else if (index < this.#used) {
      if (dense[index as number] === undefined) this.#grow();
      dense[index as number] = value;
    } else if (index <= this.#used + DENSE_GAP) {
      if (!this.#sparse.has(index)) this.#grow();
      for (; this.#used < index; this.#used++) dense[this.#used] = this.#take(this.#used);
      dense[this.#used++] = value;
      this.#sparse.delete(index);
    } else {
      if (!this.#sparse.has(index)) this.#grow();
      this.#sparse.set(index, value);
      this.#keys.check(this.#sparse, index);
    }
  }

  /** The value stored there. ERR_PICKLE_MEMO where there is none. */
  get(index: MemoIndex): unknown {
    const value = index < this.#used ? this.#dense[index as number] : this.#sparse.get(index);
    if (value === undefined) throw new PickleError('ERR_PICKLE_MEMO', `nothing is stored in the memo at ${index}`);
    return value;
  }

  clear(): void {
    // Emptying the slots keeps the array's room for the next pickle; a large one is given back.
    if (this.#used > KEPT_ENTRIES) this.#dense.length = 0;
    else for (let i = 0; i < this.#used; i++) this.#dense[i] = undefined;
    this.#used = 0;
    if (this.#sparse.size > 0) {
      this.#sparse.clear();
      this.#keys.clear();
    }
    this.#size = 0;
  }

  #grow(): void {
    if (this.#size >= this.#maxEntries) throw limitReached('maxMemo', this.#maxEntries, 'memo entries');
    this.#size++;
  }

  /** Moves an entry that came early out of the map, now that the array has grown to it. */
  #take(index: number): unknown {
    if (this.#sparse.size === 0) return undefined;
    const value = this.#sparse.get(index);
    this.#sparse.delete(index);
    return value;
  }
}

/** How far past its end the array may grow at once: enough for counting from 1 and for values that were left out. */
const DENSE_GAP = 16;
const KEPT_ENTRIES = 1024;
