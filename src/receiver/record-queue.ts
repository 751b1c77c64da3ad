// A bounded queue between a receiver, which never waits, and a `for await` loop, which may.

import { LogQueue, type LogRecord } from '../logging/index.ts';

/** The records of one `for await` loop. Over its bound, in number or in bytes, the newest record is dropped and counted. */
export class RecordQueue implements AsyncIterableIterator<LogRecord, undefined> {
  readonly #records: LogQueue;
  readonly #onLeave: (queue: RecordQueue) => void;
  #waiting: ((result: IteratorResult<LogRecord, undefined>) => void)[] = [];
  #ended = false;

  /**
   * @param bound how many records may wait
   * @param onLeave told when the loop is left before the receiver has closed
   * @param maxBytes bytes that they may take; default 64 MiB
   */
  constructor(bound: number, onLeave: (queue: RecordQueue) => void, maxBytes?: number) {
    this.#records = new LogQueue(bound, { maxBytes });
    this.#onLeave = onLeave;
  }

  /** Takes a record; false when it had to be dropped. */
  push(record: LogRecord): boolean {
    const reader = this.#waiting.shift();
    if (reader === undefined) return this.#records.push(record);
    reader({ done: false, value: record });
    return true;
  }

  /** No more records will come; those that wait are still handed out. */
  end(): void {
    this.#ended = true;
    for (const reader of this.#waiting.splice(0)) reader({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<LogRecord, undefined>> {
    const record = this.#records.shift();
    if (record !== undefined) return Promise.resolve({ done: false, value: record });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<LogRecord, undefined>> {
    this.#onLeave(this);
    this.#records.clear();
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
