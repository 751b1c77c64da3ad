// The arguments of protocol 0, which are lines of text: numbers as Python's int() and float() read them, and the escapes
// of STRING and UNICODE. Each takes the line's bytes without its newline.

import { limitReached, PickleError, quoted } from './errors.ts';
import { hasMoreDigits, narrow } from './long.ts';
import { decodeLatin1 } from './text.ts';

/** INT: `00` and `01` are booleans, anything else is read by `int(line, 0)`. */
export function readInt(
  bytes: Uint8Array,
  start: number,
  end: number,
  maxIntDigits: number,
): number | bigint | boolean {
  if (end - start === 2 && bytes[start] === ZERO) {
    if (bytes[start + 1] === ZERO) return false;
    if (bytes[start + 1] === ZERO + 1) return true;
  }
  return readNumber(bytes, start, end, LITERAL, maxIntDigits);
}

/** LONG: as INT, without the booleans and with an `L` at the end or none. */
export function readLong(bytes: Uint8Array, start: number, end: number, maxIntDigits: number): number | bigint {
  // Stryker disable next-line ConditionalExpression,EqualityOperator: an empty line is no number either way
  const digitsEnd = end > start && bytes[end - 1] === LETTER_L ? end - 1 : end;
  return readNumber(bytes, start, digitsEnd, LITERAL, maxIntDigits);
}

/**
 * INT (0x49) and LONG where the line is up to fifteen digits, the first no 0, and for LONG an `L`; `span.next` is after
 * its newline. Else -1: it is another line, or not all there before `end`.
 */
export function readPlainInt(
  opcode: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  span: { next: number },
): number {
  const stop = Math.min(end, start + PLAIN_DIGITS);
  let value = 0;
  let i = start;
  for (; i < stop; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (i === start || bytes[start] === ZERO) return -1;
  if (opcode === 0x4c && bytes[i++] !== LETTER_L) return -1;
  if (i >= end || bytes[i] !== NEWLINE) return -1;
  span.next = i + 1;
  return value;
}

/** The index of GET and PUT, read by `int(line)`; a negative one is ERR_PICKLE_MEMO. */
export function readMemoIndex(bytes: Uint8Array, start: number, end: number, maxIntDigits: number): number | bigint {
  const index = readNumber(bytes, start, end, DECIMAL, maxIntDigits);
  if (index < 0) throw new PickleError('ERR_PICKLE_MEMO', `a memo index is negative: ${index}`);
  return index;
}

/** FLOAT, read by `float(line)`. */
export function readFloat(bytes: Uint8Array, start: number, end: number): number {
  const text = trimmed(bytes, start, end);
  if (isDecimal(text)) return Number(text.replaceAll('_', ''));
  const special = FLOAT_NAME.exec(text);
  if (special === null) throw new PickleError('ERR_PICKLE_ARGUMENT', `not a float: ${quoted(text)}`);
  const value = (special[2] as string).toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
  return special[1] === '-' ? -value : value;
}

/** STRING: a quoted literal, unescaped as `codecs.escape_decode` does; its bytes, in an array of their own. */
export function readString(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const quote = bytes[start];
  if (end - start < 2 || quote !== bytes[end - 1] || (quote !== 0x22 && quote !== 0x27)) {
    throw new PickleError('ERR_PICKLE_ARGUMENT', 'a STRING argument is not quoted');
  }
  // Stryker disable next-line ArithmeticOperator: more room than is used
  const out = new Uint8Array(end - start - 2);
  let length = 0;
  for (let i = start + 1; i < end - 1; i++) {
    const byte = bytes[i] as number;
    if (byte !== BACKSLASH) {
      out[length++] = byte;
      continue;
    }
    if (++i === end - 1) throw new PickleError('ERR_PICKLE_ARGUMENT', 'a STRING argument ends in a backslash');
    const escaped = bytes[i] as number;
    const plain = ESCAPES.get(escaped);
    if (plain !== undefined) {
      out[length++] = plain;
    } else if (escaped >= ZERO && escaped <= ZERO + 7) {
      let value = escaped - ZERO;
      // The quote at the end is no digit.
      for (let digits = 1; digits < 3 && isOctal(bytes[i + 1] as number); digits++) {
        value = value * 8 + (bytes[++i] as number) - ZERO;
      }
      out[length++] = value & 0xff;
    } else if (escaped === LETTER_X) {
      const value = hexValue(bytes, i + 1, i + 3, end);
      if (value < 0) throw new PickleError('ERR_PICKLE_ARGUMENT', 'a STRING argument has \\x without two hex digits');
      out[length++] = value;
      i += 2;
    } else {
      out[length++] = BACKSLASH;
      out[length++] = escaped;
    }
  }
  return out.slice(0, length);
}

/** UNICODE: Python's raw-unicode-escape, which is Latin-1 with `\uXXXX` and `\UXXXXXXXX`. */
export function readUnicode(bytes: Uint8Array, start: number, end: number): string {
  const pieces: string[] = [];
  let plainFrom = start;
  // Stryker disable next-line EqualityOperator: the newline is no backslash
  for (let i = start; i < end; i++) {
    if (bytes[i] !== BACKSLASH) continue;
    // A backslash takes the byte after it along, so the second of two escapes nothing.
    const at = i++;
    const size = bytes[i] === LETTER_U ? 4 : bytes[i] === CAPITAL_U ? 8 : 0;
    if (size === 0) continue;
    const code = hexValue(bytes, i + 1, i + 1 + size, end);
    if (code < 0 || code > 0x10ffff) {
      throw new PickleError('ERR_PICKLE_TEXT', `a UNICODE argument has a bad \\${size === 4 ? 'u' : 'U'} escape`);
    }
    pieces.push(decodeLatin1(bytes, plainFrom, at), String.fromCodePoint(code));
    i += size;
    plainFrom = i + 1;
  }
  pieces.push(decodeLatin1(bytes, plainFrom, end));
  return pieces.join('');
}

/** `int()` of ASCII text. Up to fifteen plain digits are summed up; the rest goes by the grammar. */
function readNumber(
  bytes: Uint8Array,
  start: number,
  end: number,
  grammar: RegExp,
  maxIntDigits: number,
): number | bigint {
  const first = bytes[start] as number;
  if (end - start <= PLAIN_DIGITS && first > ZERO) {
    let value = 0;
    let i = start;
    // Stryker disable next-line EqualityOperator: the newline is no digit
    for (; i < end; i++) {
      const digit = (bytes[i] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (i === end && i > start) return value;
  }
  const text = trimmed(bytes, start, end);
  // A sign, a base, and a `_` before each digit: nothing longer is an int within the limit, and no grammar reads it.
  if (text.length > 2 * maxIntDigits + 3) throw tooLong(maxIntDigits);
  const parts = grammar.exec(text);
  if (parts === null) throw new PickleError('ERR_PICKLE_ARGUMENT', `not an int: ${quoted(text)}`);
  const digits = (parts[2] as string).replaceAll('_', '');
  if (digits.length > maxIntDigits) throw tooLong(maxIntDigits);
  const magnitude = BigInt(digits);
  // Only hex has fewer digits than the decimal text of the same number.
  // Stryker disable next-line ConditionalExpression,EqualityOperator: only the time that it spares tells
  if (digits.length > maxIntDigits * HEX_PER_DECIMAL && hasMoreDigits(magnitude, maxIntDigits)) {
    throw tooLong(maxIntDigits);
  }
  return narrow(parts[1] === '-' ? -magnitude : magnitude);
}

function tooLong(maxIntDigits: number): PickleError {
  return limitReached('maxIntDigits', maxIntDigits, 'digits in an int');
}

/**
 * Whether text is a decimal number as `float()` takes it. Read by hand: of lines this long, a regular expression would
 * overflow the engine's stack, or try every way of cutting the digits in two.
 */
function isDecimal(text: string): boolean {
  const start = afterSign(text, 0);
  const whole = afterDigits(text, start);
  const fraction = text[whole] === '.' ? afterDigits(text, whole + 1) : whole;
  if (whole === start && fraction <= start + 1) return false;
  if (fraction === text.length) return true;
  const power = afterSign(text, fraction + 1);
  const end = afterDigits(text, power);
  return (text[fraction] === 'e' || text[fraction] === 'E') && end > power && end === text.length;
}

function afterSign(text: string, at: number): number {
  return text[at] === '+' || text[at] === '-' ? at + 1 : at;
}

/** The end of the digits that start at `at`; a single `_` may stand between two. */
function afterDigits(text: string, at: number): number {
  let i = at;
  while (isDigit(text, i) || (i > at && text[i] === '_' && isDigit(text, i + 1))) i++;
  return i;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= ZERO + 9;
}

/** The text without the white space around it, as `int()` and `float()` take it. */
function trimmed(bytes: Uint8Array, start: number, end: number): string {
  let from = start;
  let to = end;
  // Stryker disable ConditionalExpression,EqualityOperator: of nothing but white space nothing is left either way
  while (from < to && isSpace(bytes[from] as number)) from++;
  while (to > from && isSpace(bytes[to - 1] as number)) to--;
  // Stryker restore ConditionalExpression,EqualityOperator
  return decodeLatin1(bytes, from, to);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** The number that hex digits from `start` to `stop` stand for, or -1 where they are not all there before `end`. */
function hexValue(bytes: Uint8Array, start: number, stop: number, end: number): number {
  if (stop > end) return -1;
  const value = decodeLatin1(bytes, start, stop);
  return /^[0-9a-fA-F]+$/.test(value) ? Number.parseInt(value, 16) : -1;
}

function isOctal(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 7;
}

/** So many digits are a safe integer. */
const PLAIN_DIGITS = 15;
const HEX_PER_DECIMAL = Math.log(10) / Math.log(16);
const ZERO = 0x30;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
const LETTER_L = 0x4c;
const LETTER_U = 0x75;
const CAPITAL_U = 0x55;
const LETTER_X = 0x78;

/** Backslash, quotes and the letters of `codecs.escape_decode`. */
const ESCAPES: ReadonlyMap<number, number> = new Map([
  [BACKSLASH, BACKSLASH],
  [0x27, 0x27],
  [0x22, 0x22],
  [0x61, 0x07],
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x76, 0x0b],
]);

const DECIMAL = /^([+-]?)([0-9](?:_?[0-9])*)$/;
const LITERAL = /^([+-]?)(0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?0)*|[1-9](?:_?[0-9])*)$/;
const FLOAT_NAME = /^([+-]?)(inf(?:inity)?|nan)$/i;
