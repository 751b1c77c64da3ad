// Strings to bytes, in the two encodings that pickles have for text. Lone surrogates are kept in both.

/** UTF-8 with lone surrogates encoded like other characters, which is what Python calls `surrogatepass`. */
export function encodeUtf8(text: string): Uint8Array {
  if (!LONE_SURROGATE.test(text)) return utf8.encode(text);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const { index } of text.matchAll(LONE_SURROGATES)) {
    const unit = text.charCodeAt(index);
    pieces.push(
      utf8.encode(text.slice(from, index)),
      Uint8Array.of(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)),
    );
    from = index + 1;
  }
  pieces.push(utf8.encode(text.slice(from)));
  return joined(pieces);
}

/**
 * Python's `raw-unicode-escape` as protocol 0 has it: one byte up to U+00FF, `\uXXXX` or `\UXXXXXXXX` beyond, and
 * escapes for what would break the line or the reading of it: backslash, NUL, LF, CR and SUB.
 */
export function encodeRawUnicodeEscape(text: string): Uint8Array {
  const escaped = text.replace(NEEDS_ESCAPE, (character) => {
    const code = character.codePointAt(0) as number;
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  });
  const bytes = new Uint8Array(escaped.length);
  for (let i = 0; i < escaped.length; i++) bytes[i] = escaped.charCodeAt(i);
  return bytes;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

// Constant: an encoder keeps no state.
const utf8 = new TextEncoder();

const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stand in a line
const NEEDS_ESCAPE = /[\\\0\n\r\x1a]|[^\0-\xff]/gu;
