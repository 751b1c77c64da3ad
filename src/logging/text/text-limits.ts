// How long a text may be, whatever format makes it, and the text of one value in it.

import { repr, str } from '../../pickle/index.ts';
import { FormatError } from '../errors.ts';

/** The longest text that is made, in UTF-16 units: a width is ten bytes of a format and may ask for gigabytes. */
export const TEXT_UNITS_MAX: number = 16 * 1024 * 1024;

/** A small structure that shares its parts can print without end, so that of one value is cut sooner, and says so by `…`. */
const BOUNDED = { maxLength: 1024 * 1024 } as const;

/** `str(value)` */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  // Most values that are no text are small ints. (A zero may be -0, which is a float.)
  if (Number.isSafeInteger(value) && value !== 0) return String(value);
  return str(value, BOUNDED);
}

/** `repr(value)` */
export function reprOf(value: unknown): string {
  return repr(value, BOUNDED);
}

/** `ascii(value)`: the repr with everything beyond ASCII escaped. */
export function asciiOf(value: unknown): string {
  return reprOf(value).replace(/[^\0-\x7f]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code <= 0xff) return `\\x${code.toString(16)}`;
    return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  });
}

/** A name or a key from a format as an error shows it. */
export function shown(key: string): string {
  return repr(key.slice(0, 200));
}

/** The error of a text over TEXT_UNITS_MAX. */
export function tooLong(): FormatError {
  return new FormatError('ERR_FORMAT_LIMIT', `the text would be longer than ${TEXT_UNITS_MAX} characters`);
}
