// Records as text: Python's Formatter. Knows no handler and no stream.

import { PyTuple } from '../pickle/index.ts';
import type { Style } from './encode/style.ts';
import { styles } from './encode/styles.ts';
import { FormatError } from './errors.ts';
import { asFloat, type LogRecord } from './event/log-record.ts';
import { CONTENTS, hasPlainMessage, type RawLine, type RawRecord, SLOTS } from './event/raw-record.ts';
import { exceptionText } from './text/exception-text.ts';
import type { FormatDefaults } from './text/lookup.ts';
import { PercentFormat } from './text/percent.ts';
import { isTrue } from './text/python-types.ts';
import { type Converter, localClock } from './time/calendar.ts';
import { TimeFormat } from './time/strftime.ts';

/** What Python sets as attributes of a Formatter or of its class. */
export interface FormatterOptions {
  /** Values for names that a record does not have. */
  readonly defaults?: FormatDefaults;
  /** Local time by default, in the zone that the process has when the Formatter first shows a time; or `gmtime`. */
  readonly converter?: Converter;
  /** The date format when there is no `datefmt`. Default `%Y-%m-%d %H:%M:%S`. */
  readonly defaultTimeFormat?: string;
  /** Joins that time and the milliseconds; null for no milliseconds. Default `%s,%03d`. */
  readonly defaultMsecFormat?: string | null;
}

/** Turns records into text as Python's `logging.Formatter` does. */
export class Formatter {
  readonly datefmt: string | null;
  readonly #style: Style;
  readonly #usesTime: boolean;
  readonly #converter: Converter;
  readonly #timeFormat: TimeFormat;
  /** Null where milliseconds are not shown. */
  readonly #msecFormat: PercentFormat | null;
  /** The last second formatted and its text: most records share it with the one before, and a calendar is slow. */
  #second: number = Number.NaN;
  #secondText = '';

  /**
   * @param fmt the format of a line; null or empty for the message alone
   * @param datefmt the format of `asctime`; null or empty for the default one, which shows milliseconds
   * @param style `%`, `{` (str.format) or `$` (string.Template)
   * @param validate whether a format without a field is refused, or one that Python's own check finds broken
   * @throws FormatError `ERR_FORMAT_STYLE`, `ERR_FORMAT_INVALID`, `ERR_TIME_FORMAT`
   */
  constructor(
    fmt: string | null = null,
    datefmt: string | null = null,
    style = '%',
    validate = true,
    options: FormatterOptions = {},
  ) {
    const StyleClass = styles.get(style);
    if (StyleClass === undefined) {
      throw new FormatError(
        'ERR_FORMAT_STYLE',
        `the format style must be one of ${[...styles.keys()].join(' ')}, not ${style}`,
      );
    }
    this.#style = new StyleClass(fmt, options.defaults);
    if (validate) this.#style.validate();
    this.#usesTime = this.#style.usesTime();
    this.datefmt = datefmt;
    this.#converter = options.converter ?? localClock();
    this.#timeFormat = new TimeFormat(datefmt || (options.defaultTimeFormat ?? '%Y-%m-%d %H:%M:%S'));
    const { defaultMsecFormat = '%s,%03d' } = options;
    this.#msecFormat = datefmt || !defaultMsecFormat ? null : new PercentFormat(defaultMsecFormat);
  }

  /** Whether the format shows `asctime`. */
  usesTime(): boolean {
    return this.#usesTime;
  }

  /**
   * The record's creation time as text.
   * @param datefmt a date format to use instead of this Formatter's own
   * @throws FormatError `ERR_TIME_FORMAT` for a time outside the calendar
   */
  formatTime(record: LogRecord, datefmt?: string): string {
    if (datefmt) return new TimeFormat(datefmt).apply(this.#converter(record.created));
    return this.#timeText(record.created, record.msecs);
  }

  #timeText(created: number, msecs: number): string {
    const second = Math.floor(created);
    if (second !== this.#second) {
      this.#secondText = this.#timeFormat.apply(this.#converter(second));
      this.#second = second;
    }
    const text = this.#secondText;
    return this.#msecFormat === null ? text : this.#msecFormat.apply(PyTuple.of<unknown>(text, asFloat(msecs)));
  }

  /** The format applied to the record's fields, `message` and `asctime` being set already. Errors as in `format`. */
  formatMessage(record: LogRecord): string {
    return this.#style.format(record);
  }

  /** The text printed for `exc_info`, where the record has no `exc_text`; for subclasses to override. */
  formatException(excInfo: unknown): string {
    return exceptionText(excInfo);
  }

  /** The text printed for `stack_info`; for subclasses to override. */
  formatStack(stackInfo: string): string {
    return stackInfo;
  }

  /**
   * The record as text: the line, then the traceback and the stack if there are any. Sets the record's `message`,
   * where the format shows it `asctime`, and where it has only an `exc_info` its `exc_text`, as Python does.
   * @throws FormatError when message and arguments, or format and fields, do not fit
   */
  format(record: LogRecord): string {
    record.message = record.getMessage();
    if (this.usesTime()) record.asctime = this.formatTime(record);
    let text = this.formatMessage(record);
    if (!record.exc_text && isTrue(record.exc_info)) record.exc_text = this.formatException(record.exc_info);
    if (record.exc_text) text = appendBlock(text, record.exc_text);
    if (record.stack_info) text = appendBlock(text, this.formatStack(record.stack_info));
    return text;
  }

  /** Whether `formatRaw` ever writes a line: not where a subclass, or somebody else, has put other methods in place. */
  get writesRaw(): boolean {
    return (
      this.#style.raw !== null &&
      this.format === ownFormat &&
      this.formatTime === ownFormatTime &&
      this.formatMessage === ownFormatMessage &&
      this.formatStack === ownFormatStack &&
      this.usesTime === ownUsesTime
    );
  }

  /**
   * Writes what `format` gives for a record that is not decoded, or says false: then the record is to be decoded, and what
   * was written is worth nothing.
   */
  formatRaw(raw: RawRecord, line: RawLine): boolean {
    const write = this.#style.raw;
    if (write === null || !this.writesRaw || !hasPlainMessage(raw)) return false;
    const asctime = this.#usesTime ? this.#rawTime(raw) : '';
    return (
      asctime !== null &&
      write(raw, line, asctime) &&
      writeBlock(raw, line, SLOTS.exc_text) &&
      writeBlock(raw, line, SLOTS.stack_info)
    );
  }

  /** Null where `formatTime` throws. */
  #rawTime({ created, numbers }: RawRecord): string | null {
    try {
      return this.#timeText(created, numbers[SLOTS.msecs] as number);
    } catch {
      // It throws again where the record's handler hears of it.
      return null;
    }
  }
}

const {
  format: ownFormat,
  formatTime: ownFormatTime,
  formatMessage: ownFormatMessage,
  formatStack: ownFormatStack,
  usesTime: ownUsesTime,
} = Formatter.prototype;

/** The same as `appendBlock` of a slot, if there is something in it. */
function writeBlock(raw: RawRecord, line: RawLine, slot: number): boolean {
  if (raw.contents[slot] !== CONTENTS.text) return raw.contents[slot] === CONTENTS.nothing;
  return raw.lengths[slot] === 0 || (line.newline() && line.text(raw, slot));
}

/** Adds a block of lines, on a line of its own. */
function appendBlock(text: string, block: string): string {
  return text.endsWith('\n') ? text + block : `${text}\n${block}`;
}
