// Records held in memory until there is reason to hand them on.

import { LoggingError } from '../errors.ts';
import type { LogEvent } from '../event/log-event.ts';
import type { LogRecord } from '../event/log-record.ts';
import { HELD_BYTES_MAX, recordBytes } from '../event/record-size.ts';
import { Handler } from '../handler.ts';
import { checkLevel, ERROR, type Level } from '../levels.ts';

/** Options of a BufferingHandler. */
export interface BufferingHandlerOptions {
  /** Bytes of records, as `recordBytes` estimates them, that make the buffer full, too. Default 64 MiB. */
  readonly maxBytes?: number | undefined;
}

/** Python's BufferingHandler: keeps records until `shouldFlush`, and then does without them. Subclasses do better. */
export class BufferingHandler extends Handler {
  /** How many records make the buffer full. */
  readonly capacity: number;
  readonly maxBytes: number;
  protected buffer: LogRecord[] = [];
  /** Of the records in the buffer, while there are any. */
  #bytes = 0;

  /** @throws LoggingError `ERR_CONFIG` for a capacity that is no integer */
  constructor(capacity: number, { maxBytes = HELD_BYTES_MAX }: BufferingHandlerOptions = {}) {
    super();
    if (!Number.isSafeInteger(capacity)) {
      throw new LoggingError('ERR_CONFIG', `the capacity must be an integer, not ${capacity}`);
    }
    this.capacity = capacity;
    this.maxBytes = maxBytes;
  }

  /** Bytes that the records in the buffer take. */
  get bytes(): number {
    return this.buffer.length === 0 ? 0 : this.#bytes;
  }

  /** Whether the buffer is to be emptied, a record having been added to it. It is in any case when it has too many bytes. */
  shouldFlush(_record: LogRecord): boolean {
    return this.buffer.length >= this.capacity;
  }

  protected override emitEvent(event: LogEvent): void {
    this.emit(event.record());
  }

  override emit(record: LogRecord): void {
    this.#bytes = this.bytes + recordBytes(record);
    this.buffer.push(record);
    if (this.shouldFlush(record) || this.#bytes >= this.maxBytes) this.empty();
  }

  /** Empties the buffer. */
  override async flush(): Promise<void> {
    this.empty();
  }

  /** Takes the records out of the buffer; subclasses put them somewhere, before this returns. */
  protected empty(): void {
    this.written += this.buffer.length;
    this.buffer = [];
  }
}

/** Options of a MemoryHandler. */
export interface MemoryHandlerOptions extends BufferingHandlerOptions {
  /** A record of this level or above is handed on at once, with all before it. Default ERROR. */
  readonly flushLevel?: Level;
  /** Who gets the records. Until there is one, what comes when the buffer is full is dropped and counted. */
  readonly target?: Handler | null;
  /** Whether `close` hands on what is left. Default true. */
  readonly flushOnClose?: boolean;
}

/** Hands records on to another handler: all at once when they are many, or when one of them is grave. */
export class MemoryHandler extends BufferingHandler {
  readonly flushLevel: number;
  readonly flushOnClose: boolean;
  #target: Handler | null;

  /** @throws LoggingError `ERR_CONFIG` for a capacity that is no integer, `ERR_LEVEL` for an unknown level */
  constructor(capacity: number, options: MemoryHandlerOptions = {}) {
    super(capacity, options);
    const { flushLevel = ERROR, target = null, flushOnClose = true } = options;
    this.flushLevel = checkLevel(flushLevel);
    this.flushOnClose = flushOnClose;
    this.#target = target;
  }

  get target(): Handler | null {
    return this.#target;
  }

  override get targets(): Iterable<Handler> {
    return this.#target === null ? [] : [this.#target];
  }

  setTarget(target: Handler | null): void {
    this.#target = target;
  }

  /** True too for a record without a level: nothing says that it may wait. */
  override shouldFlush(record: LogRecord): boolean {
    return super.shouldFlush(record) || record.levelno === null || record.levelno >= this.flushLevel;
  }

  override emit(record: LogRecord): void {
    const isFull = this.buffer.length >= this.capacity || this.bytes + recordBytes(record) > this.maxBytes;
    if (this.#target === null && isFull) this.#drop(record);
    else super.emit(record);
  }

  /** Hands on what is in the buffer, where there is a target, and resolves when that has flushed it. */
  override async flush(): Promise<void> {
    this.empty();
    await this.#target?.flush();
  }

  /** Hands on what is in the buffer, unless it is not to, and forgets the target, which is not closed. */
  override async close(): Promise<void> {
    const target = this.#target;
    if (this.flushOnClose) {
      this.empty();
      for (const record of this.buffer) this.#drop(record);
    }
    this.buffer = [];
    this.#target = null;
    if (this.flushOnClose) await target?.flush();
  }

  protected override empty(): void {
    const target = this.#target;
    if (target === null) return;
    const records = this.buffer;
    super.empty();
    for (const record of records) target.handle(record);
  }

  #drop(record: LogRecord): void {
    this.dropped.add(String(record.levelname));
  }
}
