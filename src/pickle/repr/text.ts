// How Python quotes and escapes str, bytes and bytearray. Knows the output, and no other value.

import type { Output } from './output.ts';
import { isPrintable } from './printable.ts';

/** Text that stands in quotes as it is: printable ASCII without an apostrophe or a backslash. */
const PLAIN = /^[ -&(-[\]-~]*$/;

/**
 * The characters to look at one by one. Large printable blocks are left out for speed: Latin, Greek, Cyrillic, Hebrew
 * and Arabic letters, general and CJK punctuation, kana and CJK ideographs, Hangul.
 */
const SUSPECT =
  /[^ -&(-[\]-~\u00a1-\u00ac\u00ae-\u0377\u0400-\u052f\u05d0-\u05ea\u061d-\u06dc\u2010-\u2027\u2030-\u205e\u3001-\u303f\u3041-\u3096\u3099-\u30ff\u4e00-\ua48c\uac00-\ud7a3]/gu;

/** UTF-16 units, or bytes, that are escaped in one go, so that little is escaped that there is no room for. */
const CHUNK = 4096;

/** Writes `repr(text)`: in apostrophes, unless there are some inside and no quotation marks. Source: `unicode_repr`. */
export function writeText(out: Output, text: string): void {
  if (PLAIN.test(text)) {
    out.write(`'${text}'`);
    return;
  }
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  out.write(quote);
  for (let start = 0; start < text.length && !out.full; ) {
    let end = start + CHUNK;
    if (isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    out.write(text.slice(start, end).replace(SUSPECT, (char) => (char === quote ? `\\${char}` : escaped(char))));
    start = end;
  }
  out.write(quote);
}

/** Writes `repr()` of bytes: as text, but ASCII only, one `\xNN` for each other byte. Source: `PyBytes_Repr`. */
export function writeBytes(out: Output, bytes: Uint8Array): void {
  const quote = bytesQuote(bytes);
  writeBytesWithin(out, bytes, quote, quote);
}

/** Writes `repr()` of a bytearray, which escapes apostrophes in either sort of quotes. Source: `bytearray_repr`. */
export function writeByteArray(out: Output, bytes: Uint8Array): void {
  out.write('bytearray(');
  writeBytesWithin(out, bytes, bytesQuote(bytes), "'");
  out.write(')');
}

/** A name that comes from the wire, without line ends or other control characters that could forge output. */
export function escapedName(name: string): string {
  return name.replace(SUSPECT, escaped);
}

function writeBytesWithin(out: Output, bytes: Uint8Array, quote: string, escapedQuote: string): void {
  out.write(`b${quote}`);
  for (let start = 0; start < bytes.length && !out.full; start += CHUNK) {
    const latin1 = String.fromCharCode(...bytes.subarray(start, start + CHUNK));
    out.write(
      latin1.replace(/[^ -&(-[\]-~]/g, (char) => {
        if (char === "'") return char === escapedQuote ? "\\'" : char;
        // Latin-1 letters are printable, but no part of a bytes literal.
        return char >= '\x7f' ? hex('\\x', char.charCodeAt(0), 2) : escaped(char);
      }),
    );
  }
  out.write(quote);
}

function bytesQuote(bytes: Uint8Array): string {
  return bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
}

/** One character as it stands in a literal, but for quotes: a backslash doubled, what is not printable by its number. */
function escaped(char: string): string {
  if (char === '\\') return '\\\\';
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  if (char === '\t') return '\\t';
  const code = char.codePointAt(0) as number;
  return isPrintable(code) ? char : escapedCodePoint(code);
}

/** `\xNN`, `\uNNNN` or `\UNNNNNNNN`, whichever is the first that holds the code point. */
export function escapedCodePoint(code: number): string {
  if (code <= 0xff) return hex('\\x', code, 2);
  return code <= 0xffff ? hex('\\u', code, 4) : hex('\\U', code, 8);
}

function hex(prefix: string, code: number, digits: number): string {
  return prefix + code.toString(16).padStart(digits, '0');
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
