// The errors of picklewire/logging.

/**
 * Every code an error of this folder can carry. Codes are stable; messages are not.
 *
 * | code | what it says | Python raises |
 * |---|---|---|
 * | `ERR_RECORD_FIELD` | a record's field holds a value of the wrong type, or an extra has a field's name | (nothing, until it is used) |
 * | `ERR_FORMAT_KEY` | there is no value of a name, or no item of a key | KeyError |
 * | `ERR_FORMAT_INDEX` | there is no item of a number, or no value at a position | IndexError |
 * | `ERR_FORMAT_ATTRIBUTE` | a value has no attribute of a name, or none that is data | AttributeError |
 * | `ERR_FORMAT_TYPE` | an argument does not suit its conversion, or their numbers differ | TypeError |
 * | `ERR_FORMAT_VALUE` | the format is broken, or a value has no such text (`'%d' % nan`) | ValueError |
 * | `ERR_FORMAT_OVERFLOW` | a number is outside the conversion's range | OverflowError |
 * | `ERR_FORMAT_LIMIT` | the text would be longer than 16 Mi characters | MemoryError, at best |
 * | `ERR_FORMAT_STYLE` | a format style that is not known | ValueError |
 * | `ERR_FORMAT_INVALID` | a format without a single field, or otherwise refused by a Formatter | ValueError |
 * | `ERR_TIME_FORMAT` | a date format that cannot be honoured, or a time outside the calendar | (mostly nothing) |
 * | `ERR_LEVEL` | not the name or the number of a level | ValueError, TypeError |
 * | `ERR_CONFIG` | options that contradict each other or are not known; a configuration that cannot be used | ValueError |
 * | `ERR_ENCODING` | an encoding, or an error handler of encodings, that is not known | LookupError |
 * | `ERR_UNENCODABLE` | text that its encoding does not hold, where errors are `strict` | UnicodeEncodeError |
 */
export type LoggingErrorCode =
  | 'ERR_RECORD_FIELD'
  | 'ERR_FORMAT_KEY'
  | 'ERR_FORMAT_INDEX'
  | 'ERR_FORMAT_ATTRIBUTE'
  | 'ERR_FORMAT_TYPE'
  | 'ERR_FORMAT_VALUE'
  | 'ERR_FORMAT_OVERFLOW'
  | 'ERR_FORMAT_LIMIT'
  | 'ERR_FORMAT_STYLE'
  | 'ERR_FORMAT_INVALID'
  | 'ERR_TIME_FORMAT'
  | 'ERR_LEVEL'
  | 'ERR_CONFIG'
  | 'ERR_ENCODING'
  | 'ERR_UNENCODABLE';

/** Any error of this folder; `code` says which. */
export class LoggingError extends Error {
  readonly code: LoggingErrorCode;

  constructor(code: LoggingErrorCode, message: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Text could not be made: a format and its values do not fit (`ERR_FORMAT_…`, `ERR_TIME_FORMAT`). */
export class FormatError extends LoggingError {}

/** A dict could not become a LogRecord (`ERR_RECORD_FIELD`): `field` is not of the type `expected`, but `found`. */
export class LogRecordError extends LoggingError {
  readonly field: string;
  readonly expected: string;
  readonly found: string;

  constructor(field: string, expected: string, found: string) {
    super('ERR_RECORD_FIELD', `the record's ${field} must be ${expected}, not ${found}`);
    this.field = field;
    this.expected = expected;
    this.found = found;
  }
}
