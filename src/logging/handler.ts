// The base of all handlers: level, filters, formatter, the account of records, and errors that stay with their record.

import { BoundedCounter } from './bounded-counter.ts';
import { escapeLines } from './escape.ts';
import type { LogEvent } from './event/log-event.ts';
import type { LogRecord } from './event/log-record.ts';
import { Filterer } from './filter.ts';
import { Formatter } from './formatter.ts';
import { checkLevel, type Level, NOTSET } from './levels.ts';

/** The longest error text that is printed, in UTF-16 units; it may repeat what a stranger sent. */
const ERROR_UNITS_MAX = 500;

const defaultFormatter: Formatter = new Formatter();

/** Takes records to some destination. Subclasses say which, in `emit`. */
export abstract class Handler extends Filterer {
  level: number;
  formatter: Formatter | null = null;
  /** What a configuration and `getHandlerByName` call it. */
  name: string | null = null;
  /** How many records, or writes, failed, by the text of the error. */
  readonly errors: BoundedCounter = new BoundedCounter();
  /** Records that have reached the destination. With those dropped and failed: all that were handled and do not wait. */
  written = 0;
  /** Records that were lost for an error of their own: they could not be formatted, say. */
  failed = 0;
  /** Records given up for want of room or of time, by level name. */
  readonly dropped: BoundedCounter = new BoundedCounter();

  /** @throws LoggingError `ERR_LEVEL` for an unknown level, in `setLevel` too */
  constructor(level: Level = NOTSET) {
    super();
    this.level = checkLevel(level);
  }

  /** The handlers that this one hands its records to, if it is not their last stop. */
  get targets(): Iterable<Handler> {
    return [];
  }

  /** Records below this level are not for this handler. */
  setLevel(level: Level): void {
    this.level = checkLevel(level);
  }

  setFormatter(formatter: Formatter | null): void {
    this.formatter = formatter;
  }

  /** The record as text, by this handler's formatter or else the message alone. */
  format(record: LogRecord): string {
    return this.usedFormatter.format(record);
  }

  /** This handler's formatter, or else one of the message alone. */
  protected get usedFormatter(): Formatter {
    return this.formatter ?? defaultFormatter;
  }

  /** Whether a record reaches this handler's level. One without a level does: nothing says that it may be dropped. */
  accepts({ levelno }: Pick<LogEvent, 'levelno'>): boolean {
    return levelno === null || levelno >= this.level;
  }

  /** Emits an event that passes the filters. What goes wrong with it costs this event only, and is never thrown. */
  handle(event: LogEvent): void {
    try {
      const passed = this.filters.length === 0 ? event : this.filter(event);
      if (passed !== null) this.emitEvent(passed);
    } catch (error) {
      this.failed++;
      this.handleError(error, event.record());
    }
  }

  /**
   * Takes one event to its destination, and counts it as written when it is there: here, by `emit`. Handlers that can do
   * without its record say how.
   */
  protected emitEvent(event: LogEvent): void {
    this.emit(event.record());
    this.written++;
  }

  /** Takes one record to its destination; what it throws goes to handleError. */
  abstract emit(record: LogRecord): void;

  /**
   * Counts an error in `errors`, and prints it on stderr when it is the first with its text.
   * @param record the record that was lost, null when the error belongs to none
   */
  handleError(error: unknown, record: LogRecord | null): void {
    const text = shortLine(error instanceof Error ? error.message : String(error));
    if (!this.errors.add(text)) return;
    const where = record === null ? '' : shortLine(` (record of ${record.name}, ${record.pathname}:${record.lineno})`);
    try {
      process.stderr.write(`${this.constructor.name}: ${text}${where}; further errors like this are only counted\n`);
    } catch {
      // There is nowhere left to say it.
    }
  }

  /** Resolves when everything handled so far has reached its destination. */
  flush(): Promise<void> {
    return Promise.resolve();
  }

  /** Flushes, and gives back what the handler holds. */
  close(): Promise<void> {
    return this.flush();
  }
}

/** One short line that a terminal only shows. */
function shortLine(text: string): string {
  return escapeLines(text.slice(0, ERROR_UNITS_MAX));
}
