// The cache of short strings: whatever was read before, a string is that of its own bytes.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CACHED_BYTES, StringCache } from '../../src/pickle/string-cache.ts';
import { decodeLatin1 } from '../../src/pickle/text.ts';

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
  fc.assert(property);
});

test('a string that was read before is made once', () => {
  let made = 0;
  const cache = new StringCache((bytes, start, end) => {
    made++;
    return decodeLatin1(bytes, start, end);
  });
  const words = Array.from({ length: CACHED_BYTES }, (_, i) => Buffer.alloc(i + 1, 'levelname'));
  for (let time = 0; time < 10; time++) for (const word of words) cache.get(word, 0, word.length);
  expect(made).toBeLessThan(2 * words.length);
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
