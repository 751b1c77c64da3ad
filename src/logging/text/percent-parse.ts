// The grammar of Python's `%` operator: a format string as a list of parts.
// The order of checks is that of unicode_format_arg_parse in CPython's Objects/unicodeobject.c.

import { FormatError } from '../errors.ts';

/** A width or precision that comes from the arguments (`*`). */
export const STAR = -2;

/** A width or precision that the format does not give. */
export const ABSENT = -1;

/** One conversion, `%(key)-08.3f` say. */
export interface Conversion {
  /** Whether it opens a parenthesis, and so asks for a mapping. */
  readonly named: boolean;
  /** The name in parentheses, `null` where there is none or its parenthesis stays open. */
  readonly key: string | null;
  readonly left: boolean;
  readonly plus: boolean;
  readonly blank: boolean;
  readonly alternate: boolean;
  readonly zero: boolean;
  /** Columns, ABSENT or STAR. */
  readonly width: number;
  /** Digits or characters, ABSENT or STAR. */
  readonly precision: number;
  /** The conversion's character, not checked yet: Python complains only when its turn comes. */
  readonly type: string;
  /** Where `type` stands in the format, in UTF-16 units. */
  readonly offset: number;
  /** A syntax error, raised once the key has been looked up, as Python does; nothing after it is read. */
  readonly error: FormatError | null;
}

/** Literal text or a conversion. */
export type Part = string | Conversion;

/** Python's own bounds: the largest ssize_t and the largest int of C. */
const COLUMNS_MAX = 2 ** 63 - 1;
const PRECISION_MAX = 2 ** 31 - 1;

/**
 * Splits a format, part by part, in time linear in its length. A syntax error comes as the last part, since Python
 * writes (and may fail in) what precedes it.
 */
export function* parsePercentFormat(format: string): Generator<Part, void, undefined> {
  let position = 0;
  for (;;) {
    const percent = format.indexOf('%', position);
    if (percent < 0) break;
    if (percent > position) yield format.slice(position, percent);
    if (format[percent + 1] === '%') {
      yield '%'; // with anything in between, Python 3.13 takes it for an unknown conversion
      position = percent + 2;
      continue;
    }
    const scanner = new ConversionScanner(format, percent + 1);
    const conversion = scanner.scan();
    yield conversion;
    if (conversion.error !== null) return;
    position = scanner.position;
  }
  if (position < format.length) yield format.slice(position);
}

/** Reads one conversion, from behind its `%`. */
class ConversionScanner {
  readonly #format: string;
  position: number;
  #error: FormatError | null = null;

  constructor(format: string, position: number) {
    this.#format = format;
    this.position = position;
  }

  scan(): Conversion {
    const named = this.#next() === '(';
    const key = named ? this.#key() : null;
    const flags = this.#flags();
    const width = this.#number('width', COLUMNS_MAX);
    let precision = ABSENT;
    if (this.#error === null && this.#next() === '.') {
      this.position += 1;
      precision = this.#number('precision', PRECISION_MAX);
      if (precision === ABSENT) precision = 0;
    }
    if ('hlL'.includes(this.#next() ?? '?')) this.position += 1;
    const offset = this.position;
    const type = this.#character();
    return {
      named,
      key,
      left: flags.includes('-'),
      plus: flags.includes('+'),
      blank: flags.includes(' '),
      alternate: flags.includes('#'),
      zero: flags.includes('0'),
      width,
      precision,
      type,
      offset,
      error: this.#error,
    };
  }

  #next(): string | undefined {
    return this.#format[this.position];
  }

  /** The name up to the parenthesis that closes it; parentheses nest. */
  #key(): string | null {
    const start = this.position + 1;
    let depth = 1;
    for (let at = start; at < this.#format.length; at++) {
      const character = this.#format[at];
      if (character === '(') depth += 1;
      else if (character === ')') depth -= 1;
      if (depth > 0) continue;
      this.position = at + 1;
      return this.#format.slice(start, at);
    }
    this.position = this.#format.length;
    this.#fail('the format ends inside a key');
    return null;
  }

  #flags(): string {
    const start = this.position;
    while ('-+ #0'.includes(this.#next() ?? '?')) this.position += 1;
    return this.#format.slice(start, this.position);
  }

  #number(what: string, maximum: number): number {
    if (this.#next() === '*') {
      this.position += 1;
      return STAR;
    }
    const start = this.position;
    while (isDigit(this.#format.charCodeAt(this.position))) this.position += 1;
    if (this.position === start) return ABSENT;
    const number = Number(this.#format.slice(start, this.position));
    if (number > maximum) this.#fail(`the ${what} is too big`);
    return number;
  }

  #character(): string {
    const code = this.#format.codePointAt(this.position);
    if (code === undefined) {
      this.#fail('the format ends inside a conversion');
      return '';
    }
    const character = String.fromCodePoint(code);
    this.position += character.length;
    return character;
  }

  #fail(message: string): void {
    this.#error ??= new FormatError('ERR_FORMAT_VALUE', message);
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
