// The `%` style of a Formatter: a format string applied to a record's fields. Knows no time and no traceback.

import { FormatError } from '../errors.ts';
import type { LogRecord } from '../log-record.ts';
import { type Lookup, PercentFormat } from './percent.ts';

/** Values for names that a record does not have. */
export type FormatDefaults = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;

/** Python's `PercentStyle.validation_pattern`: its \w and \d are those of Unicode. */
const FIELD = /%\([\p{L}\p{N}_]+\)[#0+ -]*(?:\*|\p{Nd}+)?(?:\.(?:\*|\p{Nd}+))?[diouxefgcrsa%]/iu;

/** A format in the `%` style, read once. */
export class PercentStyle {
  static readonly defaultFormat = '%(message)s';
  /** The format of `basicConfig` (Python's BASIC_FORMAT). */
  static readonly basicFormat = '%(levelname)s:%(name)s:%(message)s';

  readonly #format: PercentFormat;
  readonly #defaults: ReadonlyMap<string, unknown> | null;

  constructor(format: string | null, defaults?: FormatDefaults) {
    this.#format = new PercentFormat(format || PercentStyle.defaultFormat);
    const entries = defaults instanceof Map ? defaults : new Map(Object.entries(defaults ?? {}));
    this.#defaults = entries.size > 0 ? entries : null;
  }

  get source(): string {
    return this.#format.source;
  }

  /** Whether the format names `asctime`. */
  usesTime(): boolean {
    return this.source.includes('%(asctime)');
  }

  /** @throws FormatError `ERR_FORMAT_INVALID` when the format names no field */
  validate(): void {
    if (FIELD.test(this.source)) return;
    throw new FormatError('ERR_FORMAT_INVALID', `the format '${this.source}' has no field in the % style`);
  }

  /**
   * The format applied to a record.
   * @throws FormatError as PercentFormat.applyTo, but `ERR_FORMAT_VALUE` for a name that neither record nor defaults
   *   have, as Python turns that KeyError into a ValueError
   */
  format(record: LogRecord): string {
    const defaults = this.#defaults;
    try {
      return this.#format.applyTo(defaults === null ? record : new Overlay(record, defaults));
    } catch (error) {
      if (!(error instanceof FormatError) || error.code !== 'ERR_FORMAT_KEY') throw error;
      throw new FormatError(
        'ERR_FORMAT_VALUE',
        `the format names a field that the record does not have: ${error.message}`,
      );
    }
  }
}

/** A record in front of the defaults. A field that is None is there, and hides them. */
class Overlay implements Lookup {
  readonly #record: LogRecord;
  readonly #defaults: ReadonlyMap<string, unknown>;

  constructor(record: LogRecord, defaults: ReadonlyMap<string, unknown>) {
    this.#record = record;
    this.#defaults = defaults;
  }

  get(name: string): unknown {
    const value = this.#record.get(name);
    return value === undefined ? this.#defaults.get(name) : value;
  }
}
