// Records as text, and events as lines: Python's Formatter.

import { PyTuple } from '../pickle/index.ts';
import type { LineBuffer } from './encode/line-buffer.ts';
import type { Style } from './encode/style.ts';
import { styles } from './encode/styles.ts';
import { FormatError } from './errors.ts';
import { SLOTS } from './event/field-table.ts';
import { ABSENT, type LogEvent, TEXT } from './event/log-event.ts';
import type { LogRecord } from './event/log-record.ts';
import { setMessage, setText } from './event/plain-message.ts';
import { exceptionText } from './text/exception-text.ts';
import type { FormatDefaults } from './text/lookup.ts';
import { asFloat } from './text/numbers.ts';
import { PercentFormat } from './text/percent.ts';
import { isTrue } from './text/python-types.ts';
import { type Converter, localClock } from './time/calendar.ts';
import { SecondCache, threeDigits } from './time/second-cache.ts';
import { TimeFormat } from './time/strftime.ts';

/** Date, then milliseconds. */
const USUAL_MSEC_FORMAT = '%s,%03d';

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
  /** Whether milliseconds are shown as Python's own format does. */
  readonly #isUsualMsec: boolean;
  /** Whether times are made by code of the caller's. */
  readonly #hasOwnClock: boolean;
  /** Whether lines are written of events: not where a subclass has its say about the record. */
  readonly #isOwn: boolean;
  readonly #seconds: SecondCache = new SecondCache((second) => this.#timeFormat.apply(this.#converter(second)));

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
    this.#hasOwnClock = options.converter !== undefined;
    this.#timeFormat = new TimeFormat(datefmt || (options.defaultTimeFormat ?? '%Y-%m-%d %H:%M:%S'));
    const { defaultMsecFormat = USUAL_MSEC_FORMAT } = options;
    this.#msecFormat = datefmt || !defaultMsecFormat ? null : new PercentFormat(defaultMsecFormat);
    this.#isUsualMsec = defaultMsecFormat === USUAL_MSEC_FORMAT;
    this.#isOwn = new.target === Formatter;
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
    const text = this.#seconds.text(Math.floor(created));
    if (this.#msecFormat !== null && this.#isUsualMsec && msecs >= 0 && msecs < 1000) {
      return `${text},${threeDigits[Math.trunc(msecs)]}`;
    }
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

  /**
   * Writes what `format` gives into a line that is empty, without a terminator. A subclass has its `format` called with the
   * record, whichever of its methods are its own. One that is replaced on a Formatter that is made already is called for some
   * events only: subclass instead. Errors as of `format`.
   */
  encode(event: LogEvent, line: LineBuffer): void {
    const frame = this.#isOwn && line.isUtf8 ? event.frame : null;
    if (frame === null || !setMessage(frame)) {
      this.encodeText(event, line);
      return;
    }
    if (this.#usesTime) {
      setText(frame, ASCTIME, this.#timeText(event.created, frame.numbers[MSECS] as number));
      if (this.#hasOwnClock) line.restart();
    }
    this.#style.write(event, line);
    writeBlock(event, line, EXC_TEXT);
    writeBlock(event, line, STACK_INFO);
  }

  /**
   * Writes the text of `format`, which is made first, and then the line begun anew: what a subclass does for the text may be
   * to log, and so to write a line of its own in the same place.
   */
  protected encodeText(event: LogEvent, line: LineBuffer): void {
    const text = this.format(event.record());
    line.restart();
    line.string(text);
  }
}

const { asctime: ASCTIME, msecs: MSECS, exc_text: EXC_TEXT, stack_info: STACK_INFO } = SLOTS;

/** Writes the text of a field, if there is some, on a line of its own. */
function writeBlock(event: LogEvent, line: LineBuffer, slot: number): void {
  const { frame } = event;
  if (frame === null || frame.kinds[slot] === ABSENT) return;
  if (frame.kinds[slot] === TEXT) {
    if (frame.lengths[slot] === 0) return;
    line.newline();
    line.text(frame, slot);
    return;
  }
  const text = event.value(slot);
  if (!text) return;
  line.newline();
  line.string(String(text));
}

/** Adds a block of lines, on a line of its own. */
function appendBlock(text: string, block: string): string {
  return text.endsWith('\n') ? text + block : `${text}\n${block}`;
}
