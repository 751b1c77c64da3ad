// Names and values as a URL's query: urllib's quote_plus and urlencode.

import { str } from '../../pickle/index.ts';
import { textEncoding } from '../encode/text-encoding.ts';

/** RFC 3986's unreserved characters, which stand for themselves. */
const UNRESERVED = /[A-Za-z0-9_.~-]/;

/** What each byte becomes. */
const QUOTED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (character === ' ') return '+';
  return UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

const utf8 = textEncoding('utf-8', 'backslashreplace');

/** Python's `urllib.parse.quote_plus`, of text or of bytes. Lone surrogates are escaped, where Python raises. */
export function quotePlus(value: string | Uint8Array): string {
  const bytes = typeof value === 'string' ? utf8.encode(utf8.prepare(value)) : value;
  let text = '';
  for (const byte of bytes) text += QUOTED[byte];
  return text;
}

/** Python's `urllib.parse.urlencode` of a dict's items: bytes as they are, everything else by its `str()`. */
export function urlencode(items: Iterable<readonly [unknown, unknown]>): string {
  return Array.from(items, ([name, value]) => `${quote(name)}=${quote(value)}`).join('&');
}

function quote(value: unknown): string {
  return quotePlus(value instanceof Uint8Array ? value : str(value));
}
