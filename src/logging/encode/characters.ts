// Characters (code points) and bytes of text: what a word of four bytes has that matters to a line.

const HIGH_BITS = 0x80808080 | 0;

/** By the number of bytes that count in a word: the bits of those. */
export const WORD_MASKS: readonly number[] = [0, 0xff, 0xffff, 0xffffff];

const SURROGATE = /[\ud800-\udfff]/;

/** How many characters a string has, as Python counts them. */
export function countCharacters(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (const _character of text) count++;
  return count;
}

/** How many characters a text has that is UTF-8. */
export function charactersIn(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if (((bytes[i] as number) & 0xc0) !== 0x80) count++;
  return count;
}

/** Whether all four bytes of a word are ASCII. */
export function isAsciiWord(word: number): boolean {
  return (word & HIGH_BITS) === 0;
}
