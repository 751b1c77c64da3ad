// The stack and memo of a scan, which hold what is known of values. Both are bounded: what they have no room for is
// counted, and known to be lost. Knows no opcode.

import type { PickleErrorCode } from '../errors.ts';
import { KeyGuard } from '../key-guard.ts';
import type { MemoIndex } from '../memo.ts';
import { type Items, LOST, MOST_ITEMS, UNKNOWN, type Value } from './values.ts';

export const NO_ITEMS: Items = { values: [], cut: false };
const LOST_ITEMS: Items = { values: [LOST], cut: true };

/** Whom to tell of what a pickle machine would stop at, and of a mark that there was no room for. */
export interface Observer {
  problem(code: PickleErrorCode, message: string): void;
  lost(): void;
}

export class ScanStack {
  readonly #values: Value[] = [];
  readonly #marks: number[] = [];
  #height = 0;
  /** No value at or below the topmost mark can be taken. */
  #fence = 0;
  /** Set when there was no room for a mark: from then on, any value could be anywhere. */
  #isLost = false;
  readonly #most: number;
  readonly #observer: Observer;

  constructor(most: number, observer: Observer) {
    this.#most = most;
    this.#observer = observer;
  }

  /** Whether no value can be taken. */
  get isEmpty(): boolean {
    return !this.#isLost && this.#height <= this.#fence;
  }

  push(value: Value): void {
    if (this.#isLost) return;
    if (this.#height < this.#most) this.#values[this.#height] = value;
    this.#height++;
  }

  /** The value on top, or UNKNOWN and a problem. */
  top(): Value {
    if (this.isEmpty) {
      this.#tooFew();
      return UNKNOWN;
    }
    return this.#at(this.#height - 1);
  }

  pop(): Value {
    const value = this.top();
    if (!this.isEmpty) this.#height--;
    return value;
  }

  /** Takes so many values off, as far as they are there. */
  take(count: number): Items {
    if (this.#isLost) return LOST_ITEMS;
    if (this.#height - this.#fence < count) this.#tooFew();
    return this.#takeFrom(Math.max(this.#fence, this.#height - count));
  }

  mark(): void {
    if (this.#marks.length >= this.#most) {
      this.#isLost = true;
      this.#observer.lost();
    } else {
      this.#marks.push(this.#height);
      this.#fence = this.#height;
    }
  }

  /** Takes the topmost mark off, and all that is above it. */
  takeToMark(): Items {
    if (this.#isLost) return LOST_ITEMS;
    const mark = this.#marks.pop();
    if (mark === undefined) {
      this.#observer.problem('ERR_PICKLE_MARK', 'there is no mark on the stack');
      return NO_ITEMS;
    }
    this.#fence = this.#marks.at(-1) ?? 0;
    return this.#takeFrom(mark);
  }

  /** POP: takes the value on top off, or the mark. */
  drop(): void {
    if (this.isEmpty && this.#marks.length > 0) this.takeToMark();
    else this.pop();
  }

  clear(): void {
    this.#values.length = 0;
    this.#marks.length = 0;
    this.#height = 0;
    this.#fence = 0;
    this.#isLost = false;
  }

  #takeFrom(height: number): Items {
    const end = Math.min(this.#height, height + MOST_ITEMS);
    const values: Value[] = [];
    for (let i = height; i < end; i++) values.push(this.#at(i));
    const cut = this.#height > end;
    this.#height = height;
    return { values, cut };
  }

  #at(index: number): Value {
    return this.#isLost ? LOST : (this.#values[index] ?? LOST);
  }

  #tooFew(): void {
    this.#observer.problem('ERR_PICKLE_STACK', 'too few values on the stack above the topmost mark');
  }
}

export class ScanMemo {
  readonly #values: Map<MemoIndex, Value> = new Map();
  readonly #keys: KeyGuard = new KeyGuard();
  readonly #most: number;
  #isClosed = false;
  #hasLost = false;
  /** Indexes from here on may have been stored to without being seen. */
  #doubtfulFrom: number;

  constructor(most: number) {
    this.#most = most;
    this.#doubtfulFrom = most;
  }

  store(index: MemoIndex, value: Value): void {
    if (!this.#isClosed && (this.#values.size < this.#most || this.#values.has(index))) {
      this.#values.set(index, value);
      this.#isClosed = this.#keys.collide(this.#values, index);
      // Indexes chosen to collide: from here on nothing is stored, and nothing is known.
      if (this.#isClosed) this.storeSomewhere();
    } else {
      this.#hasLost = true;
    }
  }

  /** MEMOIZE: the index is the number of indexes in use. Once that is not known any more, nothing is stored. */
  storeNext(value: Value): void {
    if (!this.#isClosed && this.#values.size < this.#most) this.#values.set(this.#values.size, value);
    else this.#hasLost = true;
  }

  /** Stores at an index that is not known: from now on, anything may be anywhere. */
  storeSomewhere(): void {
    this.#hasLost = true;
    this.#doubtfulFrom = Number.NEGATIVE_INFINITY;
  }

  /** What is stored there; LOST where it may be something that was lost; undefined for nothing. */
  load(index: MemoIndex): Value | undefined {
    const value = this.#values.get(index);
    if (!this.#hasLost || (value !== undefined && index < this.#doubtfulFrom)) return value;
    return LOST;
  }

  clear(): void {
    this.#values.clear();
    this.#keys.clear();
    this.#isClosed = false;
    this.#hasLost = false;
    this.#doubtfulFrom = this.#most;
  }
}
