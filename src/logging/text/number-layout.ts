// The text of a number in its column: sign, prefix, grouped digits, padding.
// Source: calc_number_widths and fill_number in CPython's Python/formatter_unicode.c.

import { checkSize, type FormatSpec } from './format-spec.ts';
import { characters } from './padding.ts';

/** A number without its sign, in pieces. */
export interface NumberText {
  readonly negative: boolean;
  /** `0x` and the like. */
  readonly prefix?: string;
  /** The digits before the point, which are grouped; none for `inf`, `nan` and characters. */
  readonly digits: string;
  /** The point and what follows it, or what stands in the place of digits. */
  readonly rest: string;
}

/** A text of digits, point and exponent, of any sign. */
export function splitNumber(text: string, negative: boolean): NumberText {
  let end = 0;
  while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
  return { negative, digits: text.slice(0, end), rest: text.slice(end) };
}

/**
 * @param groupSize how many digits stand between separators
 * @throws FormatError `ERR_FORMAT_LIMIT`
 */
export function layOut({ negative, prefix = '', digits, rest }: NumberText, spec: FormatSpec, groupSize = 3): string {
  checkSize(spec);
  const { width, fill, sign, digitsFill } = spec;
  const side = spec.align || (spec.zero ? '=' : '>');
  const head = (negative ? '-' : sign === '-' ? '' : sign) + prefix;
  const least = digitsFill ? width - head.length - rest.length : 0;
  const body = (digits === '' ? '' : grouped(digits, least, spec.grouping, groupSize)) + rest;
  const missing = width - head.length - characters(body);
  if (missing <= 0) return head + body;
  if (side === '=') return head + fill.repeat(missing) + body;
  const left = side === '>' ? missing : side === '^' ? missing >> 1 : 0;
  return fill.repeat(left) + head + body + fill.repeat(missing - left);
}

/** Digits with a separator between groups, and zeros before them up to `least` characters, or one more. */
function grouped(digits: string, least: number, separator: string, groupSize: number): string {
  if (separator === '') return digits.padStart(least, '0');
  // With n digits the text has n + floor((n - 1) / groupSize) characters; a separator never stands first.
  const filled = Math.floor((least * groupSize) / (groupSize + 1)) + 1;
  const wholeGroups = Math.ceil(digits.length / groupSize) * groupSize;
  const significant = digits.padStart(Math.min(filled, wholeGroups), '0');
  const groups: string[] = [];
  let end = significant.length;
  for (; end > groupSize; end -= groupSize) groups.push(significant.slice(end - groupSize, end));
  groups.push(significant.slice(0, end));
  const text = groups.reverse().join(separator);
  const zeros = filled - significant.length;
  if (zeros <= 0) return text;
  // Groups of zeros alone may be millions.
  const whole = `${'0'.repeat(groupSize)}${separator}`.repeat(Math.floor(zeros / groupSize));
  const rest = zeros % groupSize;
  return (rest === 0 ? '' : '0'.repeat(rest) + separator) + whole + text;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
