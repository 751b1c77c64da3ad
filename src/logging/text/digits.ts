// Decimal digits of all scripts, as Python's formats read their numbers.

const DECIMAL = /^\p{Nd}$/u;

/** More digits than these are not read: no number of a format may be as large. */
const DIGITS_MAX = 20;

/** A number and where the text goes on behind it; `end` is `start` where there is none. */
export interface ScannedNumber {
  /** Beyond 20 digits only known to be too large. */
  readonly value: bigint;
  readonly end: number;
}

/** The digits from `start` on, of any script, as a number. */
export function scanNumber(text: string, start: number): ScannedNumber {
  let digits = '';
  let end = start;
  for (let code = text.codePointAt(end); code !== undefined; code = text.codePointAt(end)) {
    const digit = digitValue(code);
    if (digit < 0) break;
    if (digits.length <= DIGITS_MAX && (digit > 0 || digits !== '')) digits += digit;
    end += code > 0xffff ? 2 : 1;
  }
  return { value: BigInt(digits), end };
}

/** 0 to 9, or -1 for what is no decimal digit. Source: `Py_UNICODE_TODECIMAL`. */
function digitValue(code: number): number {
  if (code < 0x80) return code >= 0x30 && code <= 0x39 ? code - 0x30 : -1;
  if (!DECIMAL.test(String.fromCodePoint(code))) return -1;
  // The digits of a script stand in order, from zero on; where two sets of them adjoin, their length is still ten.
  let first = code;
  while (DECIMAL.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}
