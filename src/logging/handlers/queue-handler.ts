// Records into a queue, from which others are to handle them.

import type { LogEvent } from '../event/log-event.ts';
import type { LogRecord } from '../event/log-record.ts';
import { copyRecord } from '../event/record-dict.ts';
import { Handler } from '../handler.ts';
import type { QueueListener } from './queue-listener.ts';

/** Where records go: a LogQueue, an array, or anything else that takes them. */
export interface RecordTaker {
  /** Takes a record; the result `false`, and no other, says that it did not. */
  push(record: LogRecord): unknown;
}

/**
 * Puts records into a queue, from which a QueueListener gives them to slower handlers: what they cost is not paid where
 * the records come from. The queue is one of this process. A record's values do not all survive `postMessage`; to
 * another thread or process, send records with a SocketHandler.
 */
export class QueueHandler extends Handler {
  readonly queue: RecordTaker;
  /** Who takes the records out, if that is known here: `flush` and `close` wait for it then. */
  listener: QueueListener | null = null;

  constructor(queue: RecordTaker) {
    super();
    this.queue = queue;
  }

  override get targets(): Iterable<Handler> {
    return this.listener?.handlers ?? [];
  }

  /**
   * What is put into the queue: a copy of the record with its text, as this handler formats it, for message. What that
   * text has in it (arguments, traceback, stack) is gone from the copy. For subclasses to override.
   */
  prepare(record: LogRecord): LogRecord {
    const text = this.format(record);
    const prepared = copyRecord(record);
    prepared.message = text;
    prepared.msg = text;
    prepared.args = null;
    prepared.exc_info = null;
    prepared.exc_text = null;
    prepared.stack_info = null;
    return prepared;
  }

  protected override emitEvent(event: LogEvent): void {
    this.emit(event.record());
  }

  /** A record has reached its destination when it is in the queue. */
  override emit(record: LogRecord): void {
    if (this.queue.push(this.prepare(record)) === false) this.dropped.add(String(record.levelname));
    else this.written++;
  }

  /** Where there is a listener, resolves when its handlers have flushed every record in the queue. */
  override async flush(): Promise<void> {
    await this.listener?.flush();
  }

  /** Where there is a listener, stops it; that handles what is in the queue first. (Python leaves that to its user.) */
  override async close(): Promise<void> {
    await this.listener?.stop();
  }
}
