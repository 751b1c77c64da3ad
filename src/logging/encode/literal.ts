// Text that is the same in line after line, kept as bytes in words of four, so that it is copied a word at a time.

/** UTF-8, little-endian; the last word is filled up with zeros. */
export interface Literal {
  readonly words: Int32Array;
  /** How many bytes of the words are text. */
  readonly length: number;
}

/** Half of a surrogate pair, alone: UTF-8 has no bytes for it. */
export const LONE_SURROGATE: RegExp = /\p{Surrogate}/u;

const encoder = new TextEncoder();

/** @param text without lone surrogates */
export function literalOf(text: string): Literal {
  const bytes = encoder.encode(text);
  const words = new Int32Array(Math.ceil(bytes.length / 4));
  for (const [i, byte] of bytes.entries()) words[i >> 2] = (words[i >> 2] as number) | (byte << (8 * (i & 3)));
  return { words, length: bytes.length };
}
