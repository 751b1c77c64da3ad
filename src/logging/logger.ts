// A logger: a name in the tree, its level and its handlers.

import { LoggingError } from './errors.ts';
import { isRecordField } from './event/field-table.ts';
import type { LogEvent } from './event/log-event.ts';
import { LogRecord, normalizeArgs } from './event/log-record.ts';
import { Filterer } from './filter.ts';
import type { Handler } from './handler.ts';
import { CRITICAL, DEBUG, ERROR, INFO, type Level, type LevelTable, NOTSET, WARNING } from './levels.ts';

/** What a record can have besides its message. */
export interface RecordOptions {
  /** The error that the record is about. */
  readonly excInfo?: unknown;
  /** Values that formats can name, by their names. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The tree that a logger stands in, as a Manager keeps it. */
export interface LoggerTree {
  readonly root: Logger;
  readonly levels: LevelTable;
  /** Levels up to this one are logged by no logger. */
  readonly disable: number;
  /** Gets what finds no handler. */
  readonly lastResort: Handler | null;
  getLogger(name?: string | null): Logger;
  parentOf(logger: Logger): Logger | null;
  childrenOf(logger: Logger): Set<Logger>;
}

/** One channel of logging. Loggers are made by `Manager.getLogger`, never directly. */
export class Logger extends Filterer {
  readonly name: string;
  readonly manager: LoggerTree;
  level: number;
  /** Whether records go on to the handlers of the loggers above. */
  propagate = true;
  disabled = false;
  readonly handlers: Handler[] = [];

  constructor(name: string, manager: LoggerTree, level: number = NOTSET) {
    super();
    this.name = name;
    this.manager = manager;
    this.level = level;
  }

  /** The nearest logger above, null for the root. */
  get parent(): Logger | null {
    return this.manager.parentOf(this);
  }

  /** @throws LoggingError `ERR_LEVEL` for an unknown level */
  setLevel(level: Level): void {
    this.level = this.manager.levels.checkLevel(level);
  }

  /** The first level that is set, from here upwards. */
  getEffectiveLevel(): number {
    for (let logger: Logger | null = this; logger !== null; logger = logger.parent) {
      if (logger.level !== NOTSET) return logger.level;
    }
    return NOTSET;
  }

  /** Whether `log` at this level does anything. Records from elsewhere are not asked: see `handle`. */
  isEnabledFor(level: number): boolean {
    return !this.disabled && level > this.manager.disable && level >= this.getEffectiveLevel();
  }

  getChild(suffix: string): Logger {
    return this.manager.getLogger(this === this.manager.root ? suffix : `${this.name}.${suffix}`);
  }

  /** The loggers one name below this one. */
  getChildren(): Set<Logger> {
    return this.manager.childrenOf(this);
  }

  addHandler(handler: Handler): void {
    if (!this.handlers.includes(handler)) this.handlers.push(handler);
  }

  removeHandler(handler: Handler): void {
    const index = this.handlers.indexOf(handler);
    if (index >= 0) this.handlers.splice(index, 1);
  }

  /** Whether a record handled here would find a handler. */
  hasHandlers(): boolean {
    for (let logger: Logger | null = this; logger !== null; logger = logger.propagate ? logger.parent : null) {
      if (logger.handlers.length > 0) return true;
    }
    return false;
  }

  /** Hands an event that passes the filters to the handlers, whatever its level and the logger's: only theirs apply. */
  handle(event: LogEvent): void {
    if (this.disabled) return;
    const passed = this.filters.length === 0 ? event : this.filter(event);
    if (passed !== null) this.callHandlers(passed);
  }

  /** Hands an event to every handler from here upwards whose level it reaches; to the last resort if there is none. */
  callHandlers(event: LogEvent): void {
    let found = false;
    for (let logger: Logger | null = this; logger !== null; logger = logger.propagate ? logger.parent : null) {
      for (const handler of logger.handlers) {
        found = true;
        if (handler.accepts(event)) handler.handle(event);
      }
    }
    const { lastResort } = this.manager;
    if (!found && lastResort?.accepts(event)) lastResort.handle(event);
  }

  debug(msg: unknown, ...args: readonly unknown[]): void {
    this.log(DEBUG, msg, ...args);
  }

  info(msg: unknown, ...args: readonly unknown[]): void {
    this.log(INFO, msg, ...args);
  }

  warning(msg: unknown, ...args: readonly unknown[]): void {
    this.log(WARNING, msg, ...args);
  }

  error(msg: unknown, ...args: readonly unknown[]): void {
    this.log(ERROR, msg, ...args);
  }

  critical(msg: unknown, ...args: readonly unknown[]): void {
    this.log(CRITICAL, msg, ...args);
  }

  /**
   * Logs at ERROR with an error, whose stack a Formatter prints below the message. JavaScript does not say which error
   * is being handled, as Python does: it must be given.
   */
  exception(error: unknown, msg: unknown, ...args: readonly unknown[]): void {
    if (this.isEnabledFor(ERROR)) this.handle(this.makeRecord(ERROR, msg, args, { excInfo: error }));
  }

  /**
   * Logs `msg % args` from this process, at a level by number. A single Map as argument is a dict, whose items the
   * message can name.
   * @throws LoggingError `ERR_LEVEL` for a level that is no integer
   */
  log(level: number, msg: unknown, ...args: readonly unknown[]): void {
    if (!Number.isInteger(level)) throw new LoggingError('ERR_LEVEL', `the level must be an integer, not ${level}`);
    if (this.isEnabledFor(level)) this.handle(this.makeRecord(level, msg, args));
  }

  /**
   * A record of this process, for `handle`. Where the call stands is not looked up, and JavaScript has no thread or
   * task to name.
   * @throws LoggingError `ERR_RECORD_FIELD` for an extra with the name of one of the record's own fields
   */
  makeRecord(level: number, msg: unknown, args: readonly unknown[], options: RecordOptions = {}): LogRecord {
    const record = new LogRecord();
    record.name = this.name;
    record.msg = msg;
    record.args = normalizeArgs(args);
    record.levelno = level;
    record.levelname = this.manager.levels.getLevelName(level);
    record.pathname = '(unknown file)';
    record.filename = '(unknown file)';
    record.module = '(unknown file)';
    record.funcName = '(unknown function)';
    record.process = process.pid;
    record.exc_info = options.excInfo ?? null;
    for (const [name, value] of Object.entries(options.extra ?? {})) {
      if (isRecordField(name))
        throw new LoggingError('ERR_RECORD_FIELD', `an extra must not replace the field ${name}`);
      record.extras.set(name, value);
    }
    return record;
  }
}
