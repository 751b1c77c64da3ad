// What the three format styles of a Formatter have in common: a format, compiled once to the steps of a line.

import { FormatError } from '../errors.ts';
import type { LogEvent } from '../event/log-event.ts';
import type { CompiledFormat } from '../text/field-part.ts';
import { type FormatDefaults, type Lookup, withDefaults } from '../text/lookup.ts';
import { TEXT_UNITS_MAX } from '../text/text-limits.ts';
import type { LineBuffer } from './line-buffer.ts';
import { LineStep } from './line-step.ts';
import { LONE_SURROGATE } from './literal.ts';

/** A format in one of the styles, read once. Source: `PercentStyle` and its subclasses in Python's logging. */
export interface Style {
  /** The format, or the style's default one. */
  readonly source: string;
  /** Whether the format shows `asctime`. */
  usesTime(): boolean;
  /** @throws FormatError `ERR_FORMAT_INVALID` for a format that Python's `validate` refuses */
  validate(): void;
  /**
   * The format applied to the fields of a record or of another event.
   * @throws FormatError when format and fields do not fit; a name that neither record nor defaults have is
   *   `ERR_FORMAT_VALUE`, as Python turns that KeyError into a ValueError
   */
  format(event: Lookup): string;
  /** Writes what `format` gives. Errors as of `format`. */
  write(event: LogEvent, line: LineBuffer): void;
}

/** How a style is made: with a format (null or empty for its default one), and values for what a record lacks. */
export interface StyleClass {
  new (format: string | null, defaults?: FormatDefaults): Style;
  /** Shows the message alone. */
  readonly defaultFormat: string;
  /** The format of `basicConfig` (Python's BASIC_FORMAT). */
  readonly basicFormat: string;
}

/** Applies a compiled format to events. */
export abstract class RecordStyle<Format extends CompiledFormat> {
  protected readonly compiled: Format;
  readonly #defaults: ReadonlyMap<string, unknown>;
  /** Null where the format is only to be had as text. */
  readonly #steps: readonly LineStep[] | null;

  constructor(compiled: Format, defaults: FormatDefaults = {}) {
    this.compiled = compiled;
    this.#defaults = defaults instanceof Map ? defaults : new Map(Object.entries(defaults));
    const parts = LONE_SURROGATE.test(compiled.source) ? null : compiled.parts;
    this.#steps = parts === null ? null : parts.map((part) => new LineStep(part));
  }

  get source(): string {
    return this.compiled.source;
  }

  format(event: Lookup): string {
    try {
      return this.compiled.applyTo(this.#lookup(event));
    } catch (error) {
      throw missingField(error);
    }
  }

  write(event: LogEvent, line: LineBuffer): void {
    const steps = this.#steps;
    if (steps === null) {
      line.string(this.format(event));
      return;
    }
    const { frame } = event;
    const lookup = this.#lookup(event);
    const place = line.length;
    try {
      for (let i = 0; i < steps.length; i++) {
        (steps[i] as LineStep).write(frame, lookup, line);
        // Of fewer bytes, no text is too long; of more, its UTF-16 units decide.
        if (line.length - place > TEXT_UNITS_MAX) {
          line.truncate(place);
          line.string(this.format(event));
          return;
        }
      }
    } catch (error) {
      throw missingField(error);
    }
  }

  #lookup(event: Lookup): Lookup {
    return this.#defaults.size === 0 ? event : withDefaults(event, this.#defaults);
  }
}

/** Says of a name that was not found what Python says of it. */
function missingField(error: unknown): unknown {
  if (!(error instanceof FormatError) || error.code !== 'ERR_FORMAT_KEY') return error;
  return new FormatError(
    'ERR_FORMAT_VALUE',
    `the format names a field that the record does not have: ${error.message}`,
  );
}

/** The error of a format that validation refuses. */
export function invalidFormat(why: string): FormatError {
  return new FormatError('ERR_FORMAT_INVALID', why);
}
