// The format specification mini-language: what stands behind the colon of a field, read.
// The order of its parts and what is an error are those of CPython's Python/formatter_unicode.c.

import { FormatError } from '../errors.ts';
import { scanNumber } from './digits.ts';
import { shown, TEXT_UNITS_MAX, tooLong } from './text-limits.ts';

/** A width or a precision that the specification does not give. */
export const ABSENT = -1;

/** Python's own bound on a number in a specification: the largest ssize_t. */
const NUMBER_MAX = 2n ** 63n - 1n;

/** `[[fill]align][sign][z][#][0][width][grouping][.precision][type]` */
export interface FormatSpec {
  /** The character that fills up to the width: the one given, or `0` with a `0` before the width, or a space. */
  readonly fill: string;
  /** Empty where it is not given. */
  readonly align: '' | '<' | '>' | '=' | '^';
  /** Whether a `0` stands before the width. */
  readonly zero: boolean;
  /** Whether the zeros that fill a number up to the width are digits of it, and grouped with them. */
  readonly digitsFill: boolean;
  readonly sign: '' | '-' | '+' | ' ';
  /** `z`: a number that is rounded to zero has no minus sign. */
  readonly noNegativeZero: boolean;
  readonly alternate: boolean;
  /** Characters, or ABSENT. */
  readonly width: number;
  readonly grouping: '' | ',' | '_';
  /** Digits or characters, or ABSENT. */
  readonly precision: number;
  /** One character, empty where it is not given. */
  readonly type: string;
}

/** A specification as it is written. What it means depends on its value: some classes have a grammar of their own. */
export class Specification {
  readonly text: string;
  #parser: ((text: string) => unknown) | null = null;
  #parsed: unknown;

  constructor(text: string) {
    this.text = text;
  }

  /** The specification in the grammar of a parser, read once as long as its values want the same one. */
  as<T>(parser: (text: string) => T): T {
    if (this.#parser !== parser) {
      this.#parsed = parser(this.text);
      this.#parser = parser;
    }
    return this.#parsed as T;
  }
}

/**
 * Reads a specification for texts, ints, floats and complex numbers.
 * @throws FormatError `ERR_FORMAT_VALUE`
 */
export function parseSpec(text: string): FormatSpec {
  const first = characterLength(text);
  let fill: string | null = null;
  let align: FormatSpec['align'] = '';
  let at = 0;
  if (isAlign(text[first])) {
    fill = text.slice(0, first);
    align = text[first];
    at = first + 1;
  } else if (isAlign(text[0])) {
    align = text[0];
    at = 1;
  }
  const take = (characters: string): string => {
    const next = text[at] ?? '';
    if (next === '' || !characters.includes(next)) return '';
    at += 1;
    return next;
  };
  const number = (): number => {
    const { value, end } = scanNumber(text, at);
    if (value > NUMBER_MAX) throw invalid('a number in it has too many digits');
    const given = end > at;
    at = end;
    return given ? Number(value) : ABSENT;
  };

  const sign = take('+- ') as FormatSpec['sign'];
  const noNegativeZero = take('z') !== '';
  const alternate = take('#') !== '';
  const zero = take('0') !== '';
  const width = number();
  const grouping = (take(',') || take('_')) as FormatSpec['grouping'];
  if (grouping !== '' && take(',_') !== '') throw invalid('it groups digits in two ways');
  let precision = ABSENT;
  if (take('.') !== '') {
    precision = number();
    if (precision === ABSENT) throw invalid('its precision is missing');
  }
  const type = text.slice(at);
  if (type.length > characterLength(type)) throw invalid(`${shown(type)} is no type`);
  fill ??= zero ? '0' : ' ';
  const digitsFill = fill === '0' && (align === '=' || (align === '' && zero));
  return { fill, align, zero, digitsFill, sign, noNegativeZero, alternate, width, grouping, precision, type };
}

function isAlign(character: string | undefined): character is '<' | '>' | '=' | '^' {
  return character === '<' || character === '>' || character === '=' || character === '^';
}

/** The UTF-16 units of a text's first character. */
function characterLength(text: string): number {
  return (text.codePointAt(0) ?? 0) > 0xffff ? 2 : Math.min(text.length, 1);
}

/** The same for a class whose grammar is a regular expression, from its named groups. */
export function specOf(groups: Readonly<Record<string, string | undefined>>): FormatSpec {
  const number = (digits: string | undefined): number =>
    digits === undefined ? ABSENT : Number(scanNumber(digits, 0).value);
  const zero = groups['zero'] !== undefined;
  return {
    fill: groups['fill'] ?? (zero ? '0' : ' '),
    align: (groups['align'] ?? '') as FormatSpec['align'],
    zero,
    digitsFill: zero,
    sign: (groups['sign'] ?? '') as FormatSpec['sign'],
    noNegativeZero: groups['z'] !== undefined,
    alternate: groups['alternate'] !== undefined,
    width: number(groups['width']),
    grouping: (groups['grouping'] ?? '') as FormatSpec['grouping'],
    precision: number(groups['precision']),
    type: groups['type'] ?? '',
  };
}

/** @throws FormatError `ERR_FORMAT_VALUE` for a grouping that does not go with the type */
export function checkGrouping({ grouping }: FormatSpec, type: string): void {
  if (grouping === '' || 'defgEG%F'.includes(type)) return;
  if (grouping === '_' && 'boxX'.includes(type)) return;
  throw invalid(`'${grouping}' does not go with type ${shown(type)}`);
}

/** @throws FormatError `ERR_FORMAT_LIMIT` for a width or a precision beyond any text that is made */
export function checkSize({ width, precision }: FormatSpec): void {
  if (width > TEXT_UNITS_MAX || precision > TEXT_UNITS_MAX) throw tooLong();
}

/** The error of a specification that is broken, or not for the value at hand. */
export function invalid(why: string): FormatError {
  return new FormatError('ERR_FORMAT_VALUE', `the format specification is invalid: ${why}`);
}

/** The error of a type that a value has no text in. */
export function unknownType(type: string, of: string): FormatError {
  return invalid(`there is no type ${shown(type)} for ${of}`);
}
