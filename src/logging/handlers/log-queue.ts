// A queue of records within one process, bounded in number and in bytes: what is between a QueueHandler and a QueueListener.

import type { LogRecord } from '../event/log-record.ts';
import { HELD_BYTES_MAX, recordBytes } from '../event/record-size.ts';
import { RingQueue } from '../write/ring-queue.ts';

/** Options of a LogQueue. */
export interface LogQueueOptions {
  /** Bytes that the records may take, as `recordBytes` estimates them. Default 64 MiB. */
  readonly maxBytes?: number | undefined;
}

/** Records in their order, up to a number and to a size. */
export class LogQueue {
  readonly maxsize: number;
  readonly maxBytes: number;
  /** Called when a record was put into the empty queue. */
  onRecord: (() => void) | null = null;
  readonly #records: RingQueue<LogRecord> = new RingQueue();
  #bytes = 0;

  /** @param maxsize how many records may wait; default 10,000 */
  constructor(maxsize = 10_000, { maxBytes = HELD_BYTES_MAX }: LogQueueOptions = {}) {
    this.maxsize = maxsize;
    this.maxBytes = maxBytes;
  }

  get length(): number {
    return this.#records.length;
  }

  /** Bytes that the records take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Puts a record behind the others; false where there is no room for it. */
  push(record: LogRecord): boolean {
    if (this.#records.length >= this.maxsize) return false;
    const size = recordBytes(record);
    if (this.#bytes + size > this.maxBytes) return false;
    this.#records.push(record, size);
    this.#bytes += size;
    if (this.#records.length === 1) this.onRecord?.();
    return true;
  }

  /** Takes the first record out. */
  shift(): LogRecord | undefined {
    const record = this.#records.at(0);
    if (record === undefined) return undefined;
    this.#bytes -= this.#records.sizeAt(0);
    this.#records.shift();
    return record;
  }

  /** Takes all records out. */
  clear(): void {
    this.#records.takeAll();
    this.#bytes = 0;
  }
}
