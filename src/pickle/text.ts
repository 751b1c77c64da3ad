// Bytes to strings, strictly: no byte-order mark is dropped, and nothing invalid becomes a replacement character.

import { PickleError } from './errors.ts';

/**
 * How invalid UTF-8 is met, by the names of Python's error handlers: `surrogatepass` reads encoded lone surrogates
 * (what a pickled str may hold), `surrogateescape` turns each undecodable byte 0xNN into the lone surrogate U+DCNN, and
 * `strict` does neither.
 */
export type Utf8Errors = 'strict' | 'surrogatepass' | 'surrogateescape';

/** UTF-8 to a string; ERR_PICKLE_TEXT where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number, errors: Utf8Errors): string {
  // Stryker disable all: only speed tells
  if (end - start <= SHORT) {
    const ascii = decodeShortAscii(bytes, start, end);
    if (ascii !== null) return ascii;
  }
  // Stryker restore all
  try {
    return utf8.decode(bytes.subarray(start, end));
  } catch {
    return decodeUnusualUtf8(bytes, start, end, errors);
  }
}

/** ASCII to a string; ERR_PICKLE_TEXT at a byte over 127. */
export function decodeAscii(bytes: Uint8Array, start: number, end: number): string {
  for (let i = start; i < end; i++) {
    if ((bytes[i] as number) > 0x7f) throw invalid('ASCII', i - start, bytes[i] as number);
  }
  return decodeLatin1(bytes, start, end);
}

/** One character for each byte. */
export function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  // Stryker disable next-line EqualityOperator: nothing more is nothing
  for (let i = start; i < end; i += PIECE) {
    text += String.fromCharCode.apply(null, bytes.subarray(i, Math.min(i + PIECE, end)) as unknown as number[]);
  }
  return text;
}

/** The reverse of decodeLatin1, or null where the text has a character over U+00FF. */
export function encodeLatin1(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  // Stryker disable next-line EqualityOperator: an array takes nothing beyond its end
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) return null;
    bytes[i] = unit;
  }
  return bytes;
}

// Constant: a decoder that is not told to stream keeps no state.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Up to this many bytes, building a string from its codes beats a call into the engine's decoder. */
const SHORT = 96;

/** By the length of a short string: where its codes are gathered. Constant in effect: written and read within one call. */
// Stryker disable next-line ArrayDeclaration: each is as long when it has been written
const CODES: readonly number[][] = Array.from({ length: SHORT + 1 }, (_, length) => new Array<number>(length).fill(0));

/** UTF-16 units to hand to `fromCharCode` at a time: far below any engine's limit on arguments. */
const PIECE = 8192;

function decodeShortAscii(bytes: Uint8Array, start: number, end: number): string | null {
  const codes = CODES[end - start] as number[];
  let all = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    codes[i - start] = byte;
    all |= byte;
  }
  // Stryker disable next-line ConditionalExpression: only speed tells
  return all < 0x80 ? String.fromCharCode.apply(null, codes) : null;
}

/** What the engine's decoder refused: decoded here with surrogates as `errors` says, or an error at the first bad byte. */
function decodeUnusualUtf8(bytes: Uint8Array, start: number, end: number, errors: Utf8Errors): string {
  let text = '';
  let units: number[] = [];
  for (let i = start; i < end; ) {
    const size = sequenceLength(bytes, i, end, errors === 'surrogatepass');
    if (size === 0) {
      const byte = bytes[i] as number;
      if (errors !== 'surrogateescape') throw invalid('UTF-8', i - start, byte);
      units.push(0xdc00 + byte);
      i++;
    } else {
      pushCodePoint(units, bytes, i, size);
      i += size;
    }
    // Stryker disable next-line ConditionalExpression,EqualityOperator: pieces may be shorter, and a little longer
    if (units.length >= PIECE) {
      text += String.fromCharCode.apply(null, units);
      units = [];
    }
  }
  return text + String.fromCharCode.apply(null, units);
}

/** The bytes of the well-formed sequence at `i` (Unicode table 3-7), or 0 where there is none. */
function sequenceLength(bytes: Uint8Array, i: number, end: number, surrogates: boolean): number {
  const lead = bytes[i] as number;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (i + size > end) return 0;
  const second = bytes[i + 1] as number;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed && !surrogates ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let j = i + 2; j < i + size; j++) {
    if (((bytes[j] as number) & 0xc0) !== 0x80) return 0;
  }
  return size;
}

function pushCodePoint(units: number[], bytes: Uint8Array, i: number, size: number): void {
  const lead = bytes[i] as number;
  let code = size === 1 ? lead : lead & (0x7f >> size);
  for (let j = i + 1; j < i + size; j++) code = (code << 6) | ((bytes[j] as number) & 0x3f);
  if (code < 0x10000) units.push(code);
  else units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + (code & 0x3ff));
}

function invalid(encoding: string, position: number, byte: number): PickleError {
  const shown = byte.toString(16);
  return new PickleError('ERR_PICKLE_TEXT', `byte 0x${shown} at position ${position} of a string is not ${encoding}`);
}
