// The record of one logging event: Python's LogRecord, whose attributes keep Python's names. Knows no wire and no handler.

import { PyFloat, PyTuple, str } from '../../pickle/index.ts';
import { percent } from '../text/percent.ts';
import { isTrue } from '../text/python-types.ts';

const NO_ARGS: PyTuple = PyTuple.of();

/** When this module was loaded, in milliseconds since 1970: what `relativeCreated` of a local record counts from. */
const START: number = Date.now();

/**
 * One logging event. A new record has the values that Python's `makeLogRecord({})` gives, created now, but for what
 * Python reads from its own process (`process`, `thread` and their names, `taskName`): that is null.
 * All fields are own data properties, made in one order, so that every record has one hidden class.
 */
export class LogRecord {
  /** The logger's name. */
  name: string | null = null;
  /** The message, or the format of one when there are `args`. */
  msg: unknown = '';
  /** What `msg` is formatted with: a PyTuple, one dict (a Map), or nothing. */
  args: unknown = NO_ARGS;
  levelname: string | null = 'Level None';
  levelno: number | bigint | null = null;
  pathname: string | null = '';
  filename: string | null = '';
  module: string | null = '';
  /** Never sent by a SocketHandler; shown by a Formatter where there is no `exc_text`. */
  exc_info: unknown = null;
  /** The traceback as text. */
  exc_text: string | null = null;
  stack_info: string | null = null;
  lineno: number | bigint | null = 0;
  funcName: string | null = null;
  /** Seconds since 1970. */
  created = 0.5; // a fraction first: V8 then keeps the three in one representation for every record
  /** The milliseconds within that second. */
  msecs = 0.5;
  /** Milliseconds since the sender loaded its logging module. */
  relativeCreated = 0.5;
  thread: number | bigint | null = null;
  threadName: string | null = null;
  processName: string | null = null;
  process: number | bigint | null = null;
  taskName: string | null = null;
  /** The formatted message, once a Formatter (here or, rarely, at the sender's) has made it. */
  message: string | null = null;
  /** The formatted time, likewise. */
  asctime: string | null = null;
  /**
   * What Python does not define, by its name at the sender's. A key that is no string stays as it is: formats, which
   * name only strings, cannot reach it, as in Python.
   */
  readonly extras: Map<unknown, unknown> = new Map();

  /**
   * `now`, in milliseconds since 1970, is the time of the event; null is for a caller that sets the three times itself,
   * and would only wait for the clock.
   */
  constructor(now: number | null = Date.now()) {
    if (now === null) return;
    this.created = now / 1000;
    this.msecs = now % 1000;
    this.relativeCreated = now - START;
  }

  /**
   * The message, formatted with `args` if there are any: `str(msg) % args`.
   * @throws FormatError as `percent` does, when the two do not fit
   */
  getMessage(): string {
    const text = typeof this.msg === 'string' ? this.msg : str(this.msg);
    return isTrue(this.args) ? percent(text, this.args) : text;
  }

  /**
   * The value that a format's name stands for: a field, else an extra; `undefined` where there is neither. The three
   * times are floats to Python, so a whole number of them comes as a PyFloat.
   */
  get(name: string): unknown {
    switch (name) {
      case 'name':
        return this.name;
      case 'msg':
        return this.msg;
      case 'args':
        return this.args;
      case 'levelname':
        return this.levelname;
      case 'levelno':
        return this.levelno ?? this.#odd(name);
      case 'pathname':
        return this.pathname;
      case 'filename':
        return this.filename;
      case 'module':
        return this.module;
      case 'exc_info':
        return this.exc_info;
      case 'exc_text':
        return this.exc_text;
      case 'stack_info':
        return this.stack_info;
      case 'lineno':
        return this.lineno ?? this.#odd(name);
      case 'funcName':
        return this.funcName;
      case 'created':
        return asFloat(this.created);
      case 'msecs':
        return asFloat(this.msecs);
      case 'relativeCreated':
        return asFloat(this.relativeCreated);
      case 'thread':
        return this.thread ?? this.#odd(name);
      case 'threadName':
        return this.threadName;
      case 'processName':
        return this.processName;
      case 'process':
        return this.process ?? this.#odd(name);
      case 'taskName':
        return this.taskName;
      case 'message':
        return this.message ?? undefined;
      case 'asctime':
        return this.asctime ?? undefined;
      default:
        return this.extras.get(name);
    }
  }

  /** The value of a field that holds ints, where the sender had something else there. */
  #odd(name: string): unknown {
    return this.extras.get(name) ?? null;
  }
}

/** A float that a format is to print as one. */
export function asFloat(value: number): number | PyFloat {
  return Number.isInteger(value) ? new PyFloat(value) : value;
}

/**
 * The arguments of a logging call as LogRecord keeps them: a single dict that is not empty stands for itself, so that
 * the message can name its items.
 */
export function normalizeArgs(args: readonly unknown[]): PyTuple | Map<unknown, unknown> {
  const [only] = args;
  return args.length === 1 && only instanceof Map && only.size > 0 ? only : PyTuple.adopt([...args]);
}
