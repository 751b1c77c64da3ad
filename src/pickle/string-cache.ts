// A fixed-size cache from short byte strings to strings. Log records repeat most of their text, and comparing bytes is
// cheaper than making a string of them. Sized by bench/string-cache.js.

const SLOTS = 1024;
/** Longer strings are not cached, in bytes. */
export const CACHED_BYTES = 32;

/** Direct-mapped: a slot holds the last string that fell on it. Bytes are compared, so a hit is always right. */
export class StringCache {
  readonly #bytes = new Uint8Array(SLOTS * CACHED_BYTES);
  readonly #strings: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  readonly #lengths = new Uint8Array(SLOTS);
  readonly #decode: (bytes: Uint8Array, start: number, end: number) => string;

  /** `decode` makes the string of bytes that are not here yet; what it throws passes through, and nothing is kept. */
  constructor(decode: (bytes: Uint8Array, start: number, end: number) => string) {
    this.#decode = decode;
  }

  /** The string of bytes `start` to `end`, of which there must be from 1 to CACHED_BYTES. */
  get(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    const first = bytes[start] as number;
    const middle = bytes[start + (length >> 1)] as number;
    const last = bytes[end - 1] as number;
    const slot = (length * 7 + first * 31 + middle * 131 + last * 521) & (SLOTS - 1);
    const from = slot * CACHED_BYTES;
    const known = this.#strings[slot];
    if (known !== undefined && this.#lengths[slot] === length) {
      let i = 0;
      while (i < length && this.#bytes[from + i] === bytes[start + i]) i++;
      if (i === length) return known;
    }
    const text = this.#decode(bytes, start, end);
    for (let i = 0; i < length; i++) this.#bytes[from + i] = bytes[start + i] as number;
    this.#lengths[slot] = length;
    this.#strings[slot] = text;
    return text;
  }
}
