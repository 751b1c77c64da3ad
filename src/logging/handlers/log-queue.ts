// A queue between a QueueHandler and a QueueListener of the same process. Knows neither.

import type { LogRecord } from '../event/log-record.ts';
import { RingQueue } from '../write/ring-queue.ts';

/** Records in their order, up to a number. */
export class LogQueue {
  readonly maxsize: number;
  /** Called when a record was put into the empty queue. */
  onRecord: (() => void) | null = null;
  readonly #records: RingQueue<LogRecord> = new RingQueue();

  /** @param maxsize how many records may wait; default 10,000 */
  constructor(maxsize = 10_000) {
    this.maxsize = maxsize;
  }

  get length(): number {
    return this.#records.length;
  }

  /** Puts a record behind the others; false where there is no room for it. */
  push(record: LogRecord): boolean {
    if (this.#records.length >= this.maxsize) return false;
    this.#records.push(record);
    if (this.#records.length === 1) this.onRecord?.();
    return true;
  }

  /** Takes the first record out. */
  shift(): LogRecord | undefined {
    const record = this.#records.at(0);
    if (record !== undefined) this.#records.shift();
    return record;
  }
}
