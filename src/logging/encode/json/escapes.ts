// What a JSON string has in place of characters that it must not, or should not, have: as `quote` escapes them, in bytes.

import { quote } from './quote.ts';

const HIGH_BITS = 0x80808080 | 0;

/** No escape has more bytes than `\\u1234`; room for two words is to be had for each. */
export const ESCAPE_BYTES_MAX = 8;

/** An escape as two words, little-endian. */
export interface JsonEscape {
  readonly first: number;
  readonly second: number;
  /** Bytes of the words that count. */
  readonly length: number;
  /** Bytes of UTF-8 that it stands for. */
  readonly taken: number;
}

/** By code: the escape of an ASCII character, or null where it is itself. */
export const ASCII_ESCAPES: readonly (JsonEscape | null)[] = Array.from({ length: 0x80 }, (_, code) => escapeFor(code));
/** Of U+0080 to U+009F, which are C2 80 to C2 9F. */
const C1_ESCAPES = Array.from({ length: 0x20 }, (_, i) => escapeFor(0x80 + i));
/** Of U+2028 and U+2029, which are E2 80 A8 and E2 80 A9. */
const SEPARATOR_ESCAPES = [escapeFor(0x2028), escapeFor(0x2029)];

function escapeFor(code: number): JsonEscape | null {
  const character = String.fromCharCode(code);
  const escaped = quote(character).slice(1, -1);
  if (escaped === character) return null;
  const bytes = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < escaped.length; i++) bytes.setUint8(i, escaped.charCodeAt(i));
  const taken = code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
  return { first: bytes.getInt32(0, true), second: bytes.getInt32(4, true), length: escaped.length, taken };
}

/** The escape of the character that begins at `at`, in text that is UTF-8; null where the byte there is itself. */
export function escapeOf(view: DataView, at: number): JsonEscape | null {
  const byte = view.getUint8(at);
  if (byte < 0x80) return ASCII_ESCAPES[byte] as JsonEscape | null;
  if (byte === 0xc2) return C1_ESCAPES[view.getUint8(at + 1) - 0x80] ?? null;
  if (byte === 0xe2 && view.getUint8(at + 1) === 0x80) return SEPARATOR_ESCAPES[view.getUint8(at + 2) - 0xa8] ?? null;
  return null;
}

/** The highest bit of each byte that JSON escapes, or that is not ASCII; bytes above the first of them may be said to be. */
export function specialIn(word: number): number {
  // In ASCII no byte has its highest bit; these have it where the byte is below a blank, a quote, a backslash or DEL.
  const special =
    (word - 0x20202020) |
    ((word ^ 0x22222222) - 0x01010101) |
    ((word ^ 0x5c5c5c5c) - 0x01010101) |
    (word + 0x01010101) |
    word;
  return special & HIGH_BITS;
}
