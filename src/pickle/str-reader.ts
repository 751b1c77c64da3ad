// Reads the UTF-8 of Python strs, the short ones through a cache.

import { CACHED_BYTES, StringCache } from './string-cache.ts';
import { decodeUtf8 } from './text.ts';

/** Short strings before a decoder gets a cache: one small pickle has not enough of them to be worth its room. */
const UNCACHED_STRINGS = 32;

/** Reads strs as pickles hold them, lone surrogates included; ERR_PICKLE_TEXT for what is no such text. */
export class StrReader {
  #cache: StringCache | null = null;
  #shortStrings = 0;

  read(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    if (length <= CACHED_BYTES) {
      if (this.#cache !== null) return this.#cache.get(bytes, start, end);
      if (++this.#shortStrings > UNCACHED_STRINGS) this.#cache = new StringCache(decode);
    }
    return decode(bytes, start, end);
  }
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return decodeUtf8(bytes, start, end, 'surrogatepass');
}
