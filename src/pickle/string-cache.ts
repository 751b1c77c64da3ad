// A fixed-size cache from short byte strings to strings. Log records repeat most of their text, and comparing bytes is
// cheaper than making a string of them. Sized by bench/string-cache.js.

const SLOTS = 1024;
/** Longer strings are not cached, in bytes. */
export const CACHED_BYTES = 32;
// Stryker disable next-line ArithmeticOperator: more room than is used
const SLOT_WORDS = CACHED_BYTES / 4;

/** Direct-mapped: a slot holds the last string that fell on it. Bytes are compared, so a hit is always right. */
export class StringCache {
  /** The bytes by slot, four to a word: the first four, the last four, and those between, of which the last may overlap. */
  readonly #words: Int32Array = new Int32Array(SLOTS * SLOT_WORDS);
  // Stryker disable next-line ArrayDeclaration: a slot is written before it is read
  readonly #strings: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  readonly #lengths: Uint8Array = new Uint8Array(SLOTS);
  readonly #decode: (bytes: Uint8Array, start: number, end: number) => string;

  /** `decode` makes the string of bytes that are not here yet; what it throws passes through, and nothing is kept. */
  constructor(decode: (bytes: Uint8Array, start: number, end: number) => string) {
    this.#decode = decode;
  }

  /** The string of bytes `start` to `end`, of which there must be from 1 to CACHED_BYTES. */
  get(bytes: Uint8Array, start: number, end: number): string {
    const words = this.#words;
    const length = end - start;
    const middle = bytes[start + (length >> 1)] as number;
    let first = 0;
    let last = 0;
    if (length < 4) {
      first = (bytes[start] as number) | (middle << 8) | ((bytes[end - 1] as number) << 16);
    } else {
      first = wordAt(bytes, start);
      last = wordAt(bytes, end - 4);
    }
    // Stryker disable next-line ArithmeticOperator: any hash will do; only speed tells how well it spreads
    const hash = Math.imul(first, 0x2c1b3c6d) + Math.imul(last, 0x297a2d39) + middle * 131 + length * 7;
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    let word = slot * SLOT_WORDS;
    if (this.#lengths[slot] === length && words[word] === first && words[word + 1] === last) {
      word += 2;
      let at = start + 4;
      // Stryker disable next-line ConditionalExpression,EqualityOperator,ArithmeticOperator: comparing more is harmless
      while (at < end - 4 && words[word] === wordAt(bytes, at)) {
        at += 4;
        word++;
      }
      if (at >= end - 4) return this.#strings[slot] as string;
      word = slot * SLOT_WORDS;
    }
    const text = this.#decode(bytes, start, end);
    words[word++] = first;
    words[word++] = last;
    for (let at = start + 4; at < end - 4; at += 4) words[word++] = wordAt(bytes, at);
    this.#lengths[slot] = length;
    this.#strings[slot] = text;
    return text;
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}
