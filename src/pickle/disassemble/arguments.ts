// Opcode arguments as text, the way `pickletools` reads and prints them: not in every point as `pickle` reads them.

import { lineEnd, readUint } from '../arguments.ts';
import { PickleError } from '../errors.ts';
import { decodeLong } from '../long.ts';
import type { ArgumentKind } from '../opcodes.ts';
import { floatRepr } from '../repr/float-repr.ts';
import { Output } from '../repr/output.ts';
import { writeByteArray, writeBytes, writeText } from '../repr/text.ts';
import { decodeAscii, decodeLatin1, decodeUtf8 } from '../text.ts';
import { readFloat, readMemoIndex, readString, readUnicode } from '../text-arguments.ts';

/** Python reads and prints no int of more decimal digits (`sys.get_int_max_str_digits`). */
export const MAX_INT_DIGITS = 4300;

/**
 * The repr() of an argument that lies in `bytes` from `from` to `to`, as `locateArgument` says. ERR_PICKLE_ARGUMENT,
 * ERR_PICKLE_TEXT, ERR_PICKLE_MEMO or ERR_PICKLE_LIMIT (`maxIntDigits`) where the reader of that name in `pickletools`
 * raises, or where Python cannot print the int.
 */
export function argumentText(kind: ArgumentKind, bytes: Uint8Array, from: number, to: number): string {
  switch (kind) {
    case 'floatnl':
      return floatRepr(readFloat(bytes, from, to));
    case 'float8':
      return floatRepr(new DataView(bytes.buffer, bytes.byteOffset + from, 8).getFloat64(0));
    case 'bytes1':
    case 'bytes4':
    case 'bytes8':
      return written(writeBytes, bytes.subarray(from, to));
    case 'bytearray8':
      return written(writeByteArray, bytes.subarray(from, to));
    case 'string1':
    case 'string4':
      return written(writeText, decodeLatin1(bytes, from, to));
    case 'unicodestring1':
    case 'unicodestring4':
    case 'unicodestring8':
      return written(writeText, decodeUtf8(bytes, from, to, 'surrogatepass'));
    case 'unicodestringnl':
      return written(writeText, readUnicode(bytes, from, to));
    case 'stringnl':
      return written(writeText, readQuoted(bytes, from, to));
    case 'stringnl_noescape':
      return written(writeText, readEscaped(bytes, from, to));
    case 'stringnl_noescape_pair': {
      const newline = lineEnd(bytes, from, to);
      const module = readEscaped(bytes, from, newline);
      return written(writeText, `${module} ${readEscaped(bytes, newline + 1, to)}`);
    }
    default: {
      const value = intArgument(kind, bytes, from, to);
      if (typeof value === 'boolean') return value ? 'True' : 'False';
      return String(value);
    }
  }
}

/** The argument of an opcode that takes an int, such as a memo index; of text, `00` and `01` are booleans. */
export function intArgument(
  kind: ArgumentKind,
  bytes: Uint8Array,
  from: number,
  to: number,
): number | bigint | boolean {
  switch (kind) {
    case 'int4':
      return readUint(bytes, from, 4) | 0;
    case 'uint8':
      return readUint8(bytes, from);
    case 'long1':
    case 'long4':
      return decodeLong(bytes, from, to, MAX_INT_DIGITS);
    case 'decimalnl_short':
      if (to - from === 2 && bytes[from] === ZERO && bytes[from + 1] === ZERO) return false;
      if (to - from === 2 && bytes[from] === ZERO && bytes[from + 1] === ZERO + 1) return true;
      return readDecimal(bytes, from, to);
    case 'decimalnl_long':
      return readDecimal(bytes, from, to > from && bytes[to - 1] === LETTER_L ? to - 1 : to);
    default:
      return readUint(bytes, from, to - from);
  }
}

function written<T>(write: (out: Output, value: T) => void, value: T): string {
  const out = new Output(Number.POSITIVE_INFINITY);
  write(out, value);
  return out.end();
}

function readUint8(bytes: Uint8Array, from: number): number | bigint {
  const value = readUint(bytes, from, 8);
  if (Number.isSafeInteger(value)) return value;
  return (BigInt(readUint(bytes, from + 4, 4)) << 32n) | BigInt(readUint(bytes, from, 4));
}

/** `int(line)`, in base 10: what pickletools reads INT and LONG with, where pickle lets a prefix choose the base. */
function readDecimal(bytes: Uint8Array, from: number, to: number): number | bigint {
  let start = from;
  while (start < to && isSpace(bytes[start] as number)) start++;
  const negative = bytes[start] === MINUS && start + 1 < to && isDigit(bytes[start + 1] as number);
  // A memo index is the one number that pickle too reads in base 10, but it has no sign.
  const magnitude = readMemoIndex(bytes, negative ? start + 1 : from, to, MAX_INT_DIGITS);
  if (!negative) return magnitude;
  return typeof magnitude === 'bigint' ? -magnitude : 0 - magnitude;
}

/** The quotes may be one and the same character: `read_stringnl` takes a lone quote for an empty string. */
function readQuoted(bytes: Uint8Array, from: number, to: number): string {
  const quote = bytes[from];
  if (from === to || (quote !== APOSTROPHE && quote !== QUOTE) || bytes[to - 1] !== quote) {
    throw new PickleError('ERR_PICKLE_ARGUMENT', 'a STRING argument is not quoted');
  }
  return readEscaped(bytes, from + 1, Math.max(from + 1, to - 1));
}

/** ASCII with the escapes of STRING, which pickletools undoes in the names of globals and in persistent ids as well. */
function readEscaped(bytes: Uint8Array, from: number, to: number): string {
  const literal = new Uint8Array(to - from + 2).fill(APOSTROPHE);
  literal.set(bytes.subarray(from, to), 1);
  const text = readString(literal, 0, literal.length);
  return decodeAscii(text, 0, text.length);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

const ZERO = 0x30;
const MINUS = 0x2d;
const LETTER_L = 0x4c;
const APOSTROPHE = 0x27;
const QUOTE = 0x22;
