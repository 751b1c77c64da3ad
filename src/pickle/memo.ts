// The memo: values by index, where the index is whatever the sender wrote.

import { limitReached, PickleError } from './errors.ts';
import { KeyGuard } from './key-guard.ts';

/** An index: a bigint where the text form gave one that no number can hold exactly. */
export type MemoIndex = number | bigint;

/**
 * Picklers count up from 0 (Python 2 from 1), so entries live in an array; an index far beyond the entries there are
 * goes to a map, and sizes nothing.
 */
export class Memo {
  // Stryker disable next-line ArrayDeclaration: a slot is written before it is read
  readonly #dense: unknown[] = [];
  /** How many slots of the array this pickle uses; those after it are empty, and keep their room. */
  #used = 0;
  /** The entries far beyond the array, from the first one on. */
  #sparse: Map<MemoIndex, unknown> | null = null;
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
    // Stryker disable all: only speed tells that picklers count up
    if (index === this.#used && this.#sparse === null) {
      this.#grow();
      this.#dense[this.#used++] = value;
      return;
    }
    // Stryker restore all
    // Stryker disable next-line ConditionalExpression,EqualityOperator,ArithmeticOperator: only speed tells which it is in
    if (index > this.#used + DENSE_GAP) {
      this.#setFar(index, value);
      return;
    }
    const dense = this.#dense;
    // An entry that came early moves over from the map, now that the array has grown to it.
    for (; this.#used <= index; this.#used++) dense[this.#used] = this.#take(this.#used);
    if (dense[index as number] === undefined) this.#grow();
    dense[index as number] = value;
  }

  /** The value stored there. ERR_PICKLE_MEMO where there is none. */
  get(index: MemoIndex): unknown {
    const value = index < this.#used ? this.#dense[index as number] : this.#sparse?.get(index);
    if (value === undefined) throw new PickleError('ERR_PICKLE_MEMO', `nothing is stored in the memo at ${index}`);
    return value;
  }

  clear(): void {
    // Emptying the slots keeps the array's room for the next pickle; a large one is given back.
    // Stryker disable all: only the memory in use tells
    if (this.#used > KEPT_ENTRIES) this.#dense.length = 0;
    else for (let i = 0; i < this.#used; i++) this.#dense[i] = undefined;
    // Stryker restore all
    this.#used = 0;
    this.#sparse = null;
    this.#keys.clear();
    this.#size = 0;
  }

  #grow(): void {
    if (this.#size >= this.#maxEntries) throw limitReached('maxMemo', this.#maxEntries, 'memo entries');
    this.#size++;
  }

  #setFar(index: MemoIndex, value: unknown): void {
    this.#sparse ??= new Map();
    if (!this.#sparse.has(index)) this.#grow();
    this.#sparse.set(index, value);
    this.#keys.check(this.#sparse, index);
  }

  #take(index: number): unknown {
    const value = this.#sparse?.get(index);
    this.#sparse?.delete(index);
    return value;
  }
}

/** How far past its end the array may grow at once: enough for counting from 1 and for values that were left out. */
const DENSE_GAP = 16;
const KEPT_ENTRIES = 1024;
