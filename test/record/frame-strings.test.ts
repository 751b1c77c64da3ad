// The strings of a frame, read four bytes at a time: each that of its own bytes, whatever stands around it or stood there.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CACHED_BYTES_MAX, FrameStrings } from '../../src/record/frame-strings.ts';
import { checkProperty } from '../properties/check.ts';

/** Few different characters, so that many strings are nearly the same; and a few that are not ASCII. */
const text = fc.string({ maxLength: CACHED_BYTES_MAX, unit: fc.constantFrom('a', 'a', 'a', 'b', '\0', 'é', '😀') });

describe('a string', () => {
  test('that differs from one before in any one byte, or in length, is told apart', () => {
    const frame = new FrameStrings();
    for (let length = 1; length <= CACHED_BYTES_MAX; length++) {
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
      const frame = new FrameStrings();
      for (const [each, start, around] of [...all, ...all]) {
        frame.bytes.fill(around);
        const length = frame.bytes.write(each, start);
        expect(frame.decode(start, length)).toBe(each);
        expect(frame.isUtf8(start, length)).toBe(true);
        if (length <= CACHED_BYTES_MAX) expect(frame.cached(start, length)).toBe(each);
      }
    });
    checkProperty(property);
  });

  test.each([
    ['a byte that is no UTF-8', 'caf\xe9'],
    ['a byte that ends a character, alone', '\x80'],
    ['half a character', 'caf\xc3'],
    ['a surrogate', 'lone \xed\xa0\x80'],
    ['an overlong form', '\xc0\x80'],
  ])('with %s is left to others, short or long', (_, bytes) => {
    const frame = new FrameStrings();
    for (const before of ['', 'x'.repeat(20), 'x'.repeat(CACHED_BYTES_MAX)]) {
      const length = frame.bytes.write(before + bytes, 0, 'latin1');
      expect(frame.isUtf8(0, length)).toBe(false);
      expect(frame.decode(0, length)).toBeNull();
      if (length <= CACHED_BYTES_MAX) expect(frame.cached(0, length)).toBeNull();
    }
  });

  test.each(['\ufeffa', 'a\ufffd', '\ufffd'])(
    'keeps a byte-order mark, and what stands for other characters',
    (text) => {
      const frame = new FrameStrings();
      const length = frame.bytes.write(text, 0);
      expect(frame.isUtf8(0, length)).toBe(true);
      expect(frame.cached(0, length)).toBe(text);
    },
  );
});

/** An ArrayBuffer whose length can change, which TypeScript knows from ES2024 on. */
function resizable(length: number, maxByteLength: number): ArrayBuffer & { resize(length: number): void } {
  return Reflect.construct(ArrayBuffer, [length, { maxByteLength }]);
}

describe('a frame', () => {
  /** Takes the bytes from `start` on of a view of some memory, and gives back the text there. */
  function taken(frame: FrameStrings, source: Uint8Array, start: number, length: number): string {
    const from = frame.take(source, start, length);
    // There is room behind it.
    frame.view.getFloat64(from + length + 56);
    return frame.bytes.toString('latin1', from, from + length);
  }

  test('is there whole, wherever it lies in memory of any size, and whatever was taken before', () => {
    const memories = [100, 4096, 4097, 10_000].map(
      (size) => Uint8Array.from({ length: size }, (_, i) => i % 251).buffer,
    );
    const place = fc.record({
      memory: fc.constantFrom(...memories),
      offset: fc.nat(99),
      start: fc.nat(10_000),
      length: fc.nat(10_000),
      behind: fc.nat(100),
    });
    const property = fc.property(fc.array(place, { maxLength: 20 }), (places) => {
      const frame = new FrameStrings();
      for (const { memory, offset, start, length, behind } of places) {
        const source = new Uint8Array(memory, offset);
        const from = start % (source.length + 1);
        const size = Math.min(length, source.length - from);
        const view = source.subarray(0, Math.min(from + size + behind, source.length));
        expect(taken(frame, view, from, size)).toBe(Buffer.from(view.subarray(from, from + size)).toString('latin1'));
      }
    });
    checkProperty(property);
  });

  test('of memory that is kept is not copied', () => {
    const frame = new FrameStrings();
    const source = new Uint8Array(5000);
    frame.take(source, 10, 20);
    const { bytes } = frame;
    frame.take(source.subarray(100, 120), 0, 20);
    expect(frame.bytes).toBe(bytes);
    expect(bytes.buffer).toBe(source.buffer);
  });

  test.each([
    ['little', new Uint8Array(4096)],
    ['so much that it is not to be kept', new Uint8Array(17 * 2 ** 20)],
    ['shared', new Uint8Array(new SharedArrayBuffer(5000))],
  ])('of memory that is %s is copied', (_, source) => {
    const frame = new FrameStrings();
    frame.take(source, 10, 20);
    expect(frame.bytes.buffer).not.toBe(source.buffer);
  });

  test('of memory that has grown or shrunk since is read as it is now', () => {
    const frame = new FrameStrings();
    const memory = resizable(5000, 20_000);
    expect(taken(frame, new Uint8Array(memory).fill(0x61), 0, 3)).toBe('aaa');
    memory.resize(20_000);
    const grown = new Uint8Array(memory);
    grown.fill(0x62, 15_000);
    expect(taken(frame, grown, 15_000, 3)).toBe('bbb');
    memory.resize(4500);
    expect(taken(frame, new Uint8Array(memory), 0, 3)).toBe('aaa');
    expect(frame.view.getUint8(0)).toBe(0x61);
  });
});
