// The record of one logging event: Python's LogRecord, whose attributes keep Python's names.

import { PyTuple, str } from '../../pickle/index.ts';
import { asFloat } from '../text/numbers.ts';
import { percent } from '../text/percent.ts';
import { isTrue } from '../text/python-types.ts';
import { isFloatSlot, OWN_FIELD_COUNT, slotOf } from './field-table.ts';

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

  /** The record, as every LogEvent has it: this one. */
  record(): this {
    return this;
  }

  /** There is no frame behind a record. */
  get frame(): null {
    return null;
  }

  /**
   * The value that a format's name stands for: a field, else an extra; `undefined` where there is neither. The three
   * times are floats to Python, so a whole number of them comes as a PyFloat.
   */
  get(name: string): unknown {
    const slot = slotOf(name);
    if (slot < 0) return this.extras.get(name);
    const value = this.value(slot);
    if (isFloatSlot(slot)) return asFloat(value as number);
    if (value !== null) return value;
    // Where the sender had something else than an int, that is among the extras. What a Formatter adds may be missing.
    return slot < OWN_FIELD_COUNT ? (this.extras.get(name) ?? null) : undefined;
  }

  /** The value of a field by its slot. A test holds the numbers to the field table. */
  value(slot: number): unknown {
    switch (slot) {
      case 0:
        return this.name;
      case 1:
        return this.msg;
      case 2:
        return this.args;
      case 3:
        return this.levelname;
      case 4:
        return this.levelno;
      case 5:
        return this.pathname;
      case 6:
        return this.filename;
      case 7:
        return this.module;
      case 8:
        return this.exc_info;
      case 9:
        return this.exc_text;
      case 10:
        return this.stack_info;
      case 11:
        return this.lineno;
      case 12:
        return this.funcName;
      case 13:
        return this.created;
      case 14:
        return this.msecs;
      case 15:
        return this.relativeCreated;
      case 16:
        return this.thread;
      case 17:
        return this.threadName;
      case 18:
        return this.processName;
      case 19:
        return this.process;
      case 20:
        return this.taskName;
      case 21:
        return this.message;
      case 22:
        return this.asctime;
      default:
        throw new RangeError(`no field has the slot ${slot}`);
    }
  }
}

/**
 * The arguments of a logging call as LogRecord keeps them: a single dict that is not empty stands for itself, so that
 * the message can name its items.
 */
export function normalizeArgs(args: readonly unknown[]): PyTuple | Map<unknown, unknown> {
  const [only] = args;
  return args.length === 1 && only instanceof Map && only.size > 0 ? only : PyTuple.adopt([...args]);
}
