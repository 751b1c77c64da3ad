// Takes records out of a queue and gives them to handlers, some in each turn of the event loop.

import type { LogRecord } from '../event/log-record.ts';
import type { Handler } from '../handler.ts';
import type { LogQueue } from './log-queue.ts';

/** Options of a QueueListener. */
export interface QueueListenerOptions {
  /** Whether a record below a handler's level is kept from it. Default false, as in Python. */
  readonly respectHandlerLevel?: boolean;
}

/** Records that are handled in one turn of the event loop, so that sockets are read in between. */
const BATCH_RECORDS_MIN = 100;

/** Gives the records of a queue to handlers: after `start`, some in each turn of the event loop. */
export class QueueListener {
  readonly queue: LogQueue;
  readonly handlers: readonly Handler[];
  readonly respectHandlerLevel: boolean;
  #turn: NodeJS.Immediate | null = null;
  readonly #onRecord = (): void => this.#schedule();

  constructor(queue: LogQueue, handlers: readonly Handler[], options: QueueListenerOptions = {}) {
    this.queue = queue;
    this.handlers = handlers;
    this.respectHandlerLevel = options.respectHandlerLevel ?? false;
  }

  /** Handles the records that are in the queue and those that come. A queue has one listener: the last one started. */
  start(): void {
    this.queue.onRecord = this.#onRecord;
    if (this.queue.length > 0) this.#schedule();
  }

  /** What the handlers get for a record: here, the record. For subclasses to override. */
  prepare(record: LogRecord): LogRecord {
    return record;
  }

  /** Gives a record to the handlers. */
  handle(record: LogRecord): void {
    const prepared = this.prepare(record);
    for (const handler of this.handlers) {
      if (!this.respectHandlerLevel || handler.accepts(prepared)) handler.handle(prepared);
    }
  }

  /** Handles what is in the queue now, and resolves when the handlers have flushed it. */
  async flush(): Promise<void> {
    this.#handleUpTo(this.queue.length);
    await Promise.all(this.handlers.map((handler) => handler.flush()));
  }

  /** Handles what is in the queue, before it returns, and nothing that comes later. A second call does nothing. */
  async stop(): Promise<void> {
    if (this.queue.onRecord !== this.#onRecord) return;
    this.queue.onRecord = null;
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#turn = null;
    this.#handleUpTo(this.queue.length);
  }

  #schedule(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = null;
      // Half of what is there, at least: records come by the thousands in one turn.
      this.#handleUpTo(Math.max(BATCH_RECORDS_MIN, this.queue.length >> 1));
      if (this.queue.length > 0) this.#schedule();
    });
  }

  #handleUpTo(count: number): void {
    for (let left = count; left > 0; left--) {
      const record = this.queue.shift();
      if (record === undefined) return;
      this.handle(record);
    }
  }
}
