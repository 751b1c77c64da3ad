// The cache of short strings: whatever was read before, a string is that of its own bytes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CACHED_BYTES, StringCache } from '../../src/pickle/string-cache.ts';
import { decodeLatin1 } from '../../src/pickle/text.ts';
import { checkProperty } from '../properties/check.ts';

/** Few different letters, so that many strings are nearly the same. */
const text = fc.string({ minLength: 1, maxLength: CACHED_BYTES, unit: fc.constantFrom('a', 'b', '\xff') });

test('strings that differ in any one byte, or in length, are told apart', () => {
  const cache = new StringCache(decodeLatin1);
  for (let length = 1; length <= CACHED_BYTES; length++) {
    const bytes = Buffer.alloc(length, 'a');
    for (let at = -1; at < length; at++) {
      const other = Buffer.from(bytes);
      if (at >= 0) other[at] = 0x62;
      for (const each of [bytes, other, bytes]) {
        expect(cache.get(each, 0, length)).toBe(each.toString('latin1'));
      }
    }
  }
});

test('a string is that of its bytes, whatever was read before', () => {
  const property = fc.property(fc.array(fc.tuple(text, fc.nat(3)), { maxLength: 200 }), (all) => {
    const cache = new StringCache(decodeLatin1);
    for (const [each, before] of [...all, ...all]) {
      const bytes = Buffer.from(`${'-'.repeat(before)}${each}--`, 'latin1');
      expect(cache.get(bytes, before, before + each.length)).toBe(each);
    }
  });
  checkProperty(property);
});

test('a string is the same wherever it stands', () => {
  const cache = new StringCache(decodeLatin1);
  const bytes = Buffer.alloc(2 * CACHED_BYTES, 'a');
  for (let start = 0; start <= CACHED_BYTES; start++) {
    for (let length = 1; length <= CACHED_BYTES; length++) {
      expect(cache.get(bytes, start, start + length)).toBe('a'.repeat(length));
    }
  }
});

/** Many more strings than there is room for, which differ only in what stands in the middle. */
function many(before: string, after: string): Buffer[] {
  return Array.from({ length: 5000 }, (_, i) => Buffer.from(`${before}${String(i).padStart(4, '0')}${after}`));
}

describe.each([
  ['their first bytes', many('', '')],
  ['their first bytes and not their last', many('', 'same')],
  ['their last bytes', many('same', '')],
  ['bytes between', many('same', 'same')],
  ['bytes between, before some that are the same', many('same', 'and the same')],
])('of strings that differ in %s', (_where, words) => {
  test('each is its own', () => {
    const cache = new StringCache(decodeLatin1);
    for (let time = 0; time < 2; time++) {
      const wrong = words.filter((word) => cache.get(word, 0, word.length) !== word.toString());
      expect(wrong).toEqual([]);
    }
  });
});

test('strings that begin and end alike are told apart by their length', () => {
  const cache = new StringCache(decodeLatin1);
  const read = (word: Buffer): boolean => cache.get(word, 0, word.length) === word.toString('latin1');
  const short = Buffer.from('beginend');
  for (let length = 1; length <= CACHED_BYTES - short.length; length++) {
    for (let byte = 0; byte < 256; byte++) {
      const long = Buffer.concat([Buffer.from('begi'), Buffer.alloc(length, byte), Buffer.from('nend')]);
      if (!read(long) || !read(short)) expect.fail(`${long} and ${short} are taken for the same`);
    }
  }
});

/** A cache that counts the strings it makes. */
function counting(): { cache: StringCache; read: (words: readonly Buffer[]) => number } {
  let made = 0;
  const cache = new StringCache((bytes, start, end) => {
    made++;
    return decodeLatin1(bytes, start, end);
  });
  const read = (words: readonly Buffer[]): number => {
    const before = made;
    for (const word of words) cache.get(word, 0, word.length);
    return made - before;
  };
  return { cache, read };
}

test('a string that was read before is made once', () => {
  const { read } = counting();
  const words = Array.from({ length: CACHED_BYTES }, (_, i) => Buffer.alloc(i + 1, 'levelname'));
  let made = 0;
  for (let time = 0; time < 10; time++) made += read(words);
  expect(made).toBeLessThan(2 * words.length);
});

test('a short string is made once, whatever stands around it', () => {
  for (let length = 1; length <= 4; length++) {
    const { cache, read } = counting();
    for (const around of ['abcd', 'efgh', 'ijkl']) {
      const bytes = Buffer.from(`${around}${'word'.slice(0, length)}${around}`);
      cache.get(bytes, 4, 4 + length);
    }
    expect(read([Buffer.from('word'.slice(0, length))])).toBe(0);
  }
});

test('a string takes the place of one other at most: the same ones read again cost the same again', () => {
  const { read } = counting();
  const words = Array.from({ length: 2000 }, (_, i) => Buffer.from(`${i}`.padEnd(i % 2 === 0 ? CACHED_BYTES : 8, 'x')));
  expect(read(words)).toBe(words.length);
  const again = read(words);
  expect(again).toBeLessThan(words.length);
  expect(read(words)).toBe(again);
});

test('what the decoder throws passes through, and nothing is kept of it', () => {
  let fails = true;
  const cache = new StringCache((bytes, start, end) => {
    if (fails) throw new Error('not yet');
    return decodeLatin1(bytes, start, end);
  });
  const bytes = Buffer.from('name');
  expect(() => cache.get(bytes, 0, 4)).toThrow('not yet');
  fails = false;
  expect(cache.get(bytes, 0, 4)).toBe('name');
});
