// Ints by a format specification.
// Source: format_long_internal in CPython's Python/formatter_unicode.c.

import { FormatError } from '../errors.ts';
import { formatFloat } from './format-float.ts';
import { ABSENT, checkGrouping, type FormatSpec, invalid, unknownType } from './format-spec.ts';
import { layOut } from './number-layout.ts';
import { asDouble, INT_DIGITS_MAX, tooManyDigits } from './numbers.ts';

const INT_END = 10n ** BigInt(INT_DIGITS_MAX);
const CODE_POINT_MAX = 0x10ffff;

const RADIX: Readonly<Record<string, number>> = { b: 2, o: 8, d: 10, n: 10, x: 16, X: 16 };

/** @throws FormatError `ERR_FORMAT_VALUE`, `ERR_FORMAT_OVERFLOW`, `ERR_FORMAT_LIMIT` */
export function formatInt(value: number | bigint, spec: FormatSpec): string {
  const type = spec.type || 'd';
  checkGrouping(spec, type);
  if ('eEfFgG%'.includes(type)) return formatFloat(asDouble(value) as number, spec);
  const radix = RADIX[type];
  if (radix === undefined && type !== 'c') throw unknownType(type, 'int');
  if (spec.precision !== ABSENT) throw invalid('an int has no precision');
  if (spec.noNegativeZero) throw invalid('an int has no negative zero');
  if (radix === undefined) return formatCharacter(value, spec);
  return formatDigits(value, spec, type, radix);
}

function formatDigits(value: number | bigint, spec: FormatSpec, type: string, radix: number): string {
  const negative = value < 0;
  const magnitude = negative ? -value : value;
  if (radix === 10 && magnitude >= INT_END) throw tooManyDigits();
  const text = magnitude.toString(radix);
  const digits = type === 'X' ? text.toUpperCase() : text;
  const prefix = spec.alternate && radix !== 10 ? `0${type}` : '';
  return layOut({ negative, prefix, digits, rest: '' }, spec, radix === 10 ? 3 : 4);
}

function formatCharacter(value: number | bigint, spec: FormatSpec): string {
  if (spec.sign !== '') throw invalid('a character has no sign');
  if (spec.alternate) throw invalid('a character has no alternate form');
  if (value < 0 || value > CODE_POINT_MAX) {
    throw new FormatError('ERR_FORMAT_OVERFLOW', 'the number for a character is no code point');
  }
  return layOut({ negative: false, digits: '', rest: String.fromCodePoint(Number(value)) }, spec);
}
