// The strings of a frame, read four bytes at a time: each that of its own bytes, whatever stands around it or stood there.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CACHED_BYTES, FrameText } from '../../src/receiver/frame-text.ts';

/** Few different characters, so that many strings are nearly the same; and a few that are not ASCII. */
const text = fc.string({ maxLength: CACHED_BYTES, unit: fc.constantFrom('a', 'a', 'a', 'b', '\0', 'é', '😀') });

describe('a string', () => {
  test('that differs from one before in any one byte, or in length, is told apart', () => {
    const frame = new FrameText();
    for (let length = 1; length <= CACHED_BYTES; length++) {
      for (let at = -1; at < length; at++) {
        frame.bytes.fill('a', 0, length);
        if (at >= 0) frame.bytes[at] = 0x62;
        for (let time = 0; time < 2; time++) {
          expect(frame.cached(0, length)).toBe(frame.bytes.toString('latin1', 0, length));
        }
      }
    }
  });

  test('is that of its bytes, whatever stands around it or was read before', () => {
    const property = fc.property(fc.array(fc.tuple(text, fc.nat(5), fc.nat(255)), { maxLength: 100 }), (all) => {
      const frame = new FrameText();
      for (const [each, start, around] of [...all, ...all]) {
        frame.bytes.fill(around);
        const length = frame.bytes.write(each, start);
        expect(frame.decode(start, length)).toBe(each);
        expect(frame.isUtf8(start, length)).toBe(true);
        if (length <= CACHED_BYTES) expect(frame.cached(start, length)).toBe(each);
      }
    });
    fc.assert(property);
  });

  test.each([
    ['a byte that is no UTF-8', 'caf\xe9'],
    ['a byte that ends a character, alone', '\x80'],
    ['half a character', 'caf\xc3'],
    ['a surrogate', 'lone \xed\xa0\x80'],
    ['an overlong form', '\xc0\x80'],
  ])('with %s is left to others, short or long', (_, bytes) => {
    const frame = new FrameText();
    for (const before of ['', 'x'.repeat(20), 'x'.repeat(CACHED_BYTES)]) {
      const length = frame.bytes.write(before + bytes, 0, 'latin1');
      expect(frame.isUtf8(0, length)).toBe(false);
      expect(frame.decode(0, length)).toBeNull();
      if (length <= CACHED_BYTES) expect(frame.cached(0, length)).toBeNull();
    }
  });

  test.each(['\ufeffa', 'a\ufffd', '\ufffd'])(
    'keeps a byte-order mark, and what stands for other characters',
    (text) => {
      const frame = new FrameText();
      const length = frame.bytes.write(text, 0);
      expect(frame.isUtf8(0, length)).toBe(true);
      expect(frame.cached(0, length)).toBe(text);
    },
  );
});
