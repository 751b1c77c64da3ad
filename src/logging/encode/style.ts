// What the three format styles of a Formatter have in common. Knows no grammar, no time and no traceback.

import { FormatError } from '../errors.ts';
import type { LogRecord } from '../event/log-record.ts';
import { type FormatDefaults, type Lookup, type RecordLookup, recordLookup } from '../text/lookup.ts';
import type { RawFormat } from './percent-raw.ts';

/** A format in one of the styles, read once. Source: `PercentStyle` and its subclasses in Python's logging. */
export interface Style {
  /** The format, or the style's default one. */
  readonly source: string;
  /** Whether the format shows `asctime`. */
  usesTime(): boolean;
  /** The same format for records that are not decoded; null where it wants them to be. */
  readonly raw: RawFormat | null;
  /** @throws FormatError `ERR_FORMAT_INVALID` for a format that Python's `validate` refuses */
  validate(): void;
  /**
   * The format applied to a record's fields.
   * @throws FormatError when format and fields do not fit; a name that neither record nor defaults have is
   *   `ERR_FORMAT_VALUE`, as Python turns that KeyError into a ValueError
   */
  format(record: LogRecord): string;
}

/** How a style is made: with a format (null or empty for its default one), and values for what a record lacks. */
export interface StyleClass {
  new (format: string | null, defaults?: FormatDefaults): Style;
  /** Shows the message alone. */
  readonly defaultFormat: string;
  /** The format of `basicConfig` (Python's BASIC_FORMAT). */
  readonly basicFormat: string;
}

/** A format of any grammar, compiled. */
interface CompiledFormat {
  readonly source: string;
  applyTo(lookup: Lookup): string;
}

/** Applies a compiled format to records. */
export abstract class RecordStyle<Format extends CompiledFormat> {
  readonly raw: RawFormat | null = null;
  protected readonly compiled: Format;
  readonly #lookup: RecordLookup;

  constructor(compiled: Format, defaults?: FormatDefaults) {
    this.compiled = compiled;
    this.#lookup = recordLookup(defaults);
  }

  get source(): string {
    return this.compiled.source;
  }

  format(record: LogRecord): string {
    try {
      return this.compiled.applyTo(this.#lookup(record));
    } catch (error) {
      if (!(error instanceof FormatError) || error.code !== 'ERR_FORMAT_KEY') throw error;
      throw new FormatError(
        'ERR_FORMAT_VALUE',
        `the format names a field that the record does not have: ${error.message}`,
      );
    }
  }
}

/** The error of a format that validation refuses. */
export function invalidFormat(why: string): FormatError {
  return new FormatError('ERR_FORMAT_INVALID', why);
}
