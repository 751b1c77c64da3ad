// The base of the handlers that send over a network: each is what it makes of a record, and a transport for it.

import type { BackoffSettings } from '../deliver/backoff.ts';
import type { Outbox } from '../deliver/outbox.ts';
import type { LogEvent } from '../event/log-event.ts';
import type { LogRecord } from '../event/log-record.ts';
import { Handler } from '../handler.ts';

/**
 * Puts each record, as bytes, into an outbox, and never blocks. Records wait while they cannot be sent: an attempt that
 * fails is reported, and tried again after 1, 2, 4, … 30 seconds. A record counts as `written` when it was handed over.
 */
export abstract class OutboxHandler extends Handler implements BackoffSettings {
  /** Seconds from a first failed attempt to the next. */
  retryStart = 1;
  /** What each further wait is multiplied by. */
  retryFactor = 2;
  /** The longest wait, in seconds. */
  retryMax = 30;
  protected abstract readonly outbox: Outbox;

  /** Bytes that wait. */
  get pending(): number {
    return this.outbox.pending;
  }

  /** Records that wait. */
  get waiting(): number {
    return this.outbox.waiting;
  }

  /** The record as it is sent. */
  protected abstract payload(record: LogRecord): Uint8Array;

  protected override emitEvent(event: LogEvent): void {
    this.emit(event.record());
  }

  override emit(record: LogRecord): void {
    this.outbox.push(this.payload(record), String(record.levelname));
  }

  /**
   * Resolves when every record so far was handed over, or refused. Does not wait for the end of a back-off.
   * @throws the system's error when an attempt fails meanwhile; the records stay, and are tried again
   */
  override flush(): Promise<void> {
    return this.outbox.flush();
  }

  /**
   * Sends what waits and closes the connection. As in Python, a record after it opens another.
   * @throws the system's error when an attempt fails, or one that says that the time is over; the records that could not
   *   be sent are counted as dropped
   */
  override close(): Promise<void> {
    return this.outbox.close();
  }
}
