// A bounded queue between a receiver, which never waits, and a `for await` loop, which may.

import type { LogRecord } from '../logging/index.ts';

/** The records of one `for await` loop. Over its bound the newest record is dropped and counted. */
export class RecordQueue implements AsyncIterableIterator<LogRecord, undefined> {
  readonly #bound: number;
  readonly #onLeave: (queue: RecordQueue) => void;
  readonly #records: LogRecord[] = [];
  /** The first record that is still to be taken: shifting a long array for each would be quadratic. */
  #first = 0;
  #waiting: ((result: IteratorResult<LogRecord, undefined>) => void)[] = [];
  #ended = false;

  /** `onLeave` is told when the loop is left before the receiver has closed. */
  constructor(bound: number, onLeave: (queue: RecordQueue) => void) {
    this.#bound = bound;
    this.#onLeave = onLeave;
  }

  /** Takes a record; false when it had to be dropped. */
  push(record: LogRecord): boolean {
    const reader = this.#waiting.shift();
    if (reader !== undefined) {
      reader({ done: false, value: record });
      return true;
    }
    if (this.#records.length - this.#first >= this.#bound) return false;
    this.#records.push(record);
    return true;
  }

  /** No more records will come; those that wait are still handed out. */
  end(): void {
    this.#ended = true;
    for (const reader of this.#waiting.splice(0)) reader({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<LogRecord, undefined>> {
    const record = this.#records[this.#first];
    if (record !== undefined) {
      this.#first++;
      if (this.#first === this.#records.length || this.#first > TAKEN_RECORDS_MAX) {
        this.#records.splice(0, this.#first);
        this.#first = 0;
      }
      return Promise.resolve({ done: false, value: record });
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<LogRecord, undefined>> {
    this.#onLeave(this);
    this.#records.length = 0;
    this.#first = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const TAKEN_RECORDS_MAX = 1024;
