// LineBuffer: numbers are written as the texts of JavaScript and Python that they stand for.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floatJSON } from '../../../src/logging/encode/json/room.ts';
import { LineBuffer } from '../../../src/logging/encode/line-buffer.ts';

const bytes = Buffer.alloc(1024);
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function written(write: (space: LineBuffer) => boolean): string {
  const space = new LineBuffer();
  space.begin(bytes, view, 0);
  expect(write(space)).toBe(true);
  return bytes.toString('latin1', 0, space.length);
}

test('a float is that of floatJSON, whatever its size and however many decimals it has', () => {
  const seconds = fc.integer({ min: 0, max: 2 ** 33 });
  const float = fc.oneof(
    fc.double(),
    fc.double({ min: 0.5, max: 2 ** 34, noNaN: true }),
    // As Python makes them: time.time_ns() / 1e9, and nanoseconds / 1e6.
    fc
      .tuple(seconds, fc.nat(999_999_999))
      .map(([whole, rest]) => Number(BigInt(whole) * 1_000_000_000n + BigInt(rest)) / 1e9),
    fc.maxSafeInteger().map((nanoseconds) => Math.abs(nanoseconds) / 1e6),
    fc.tuple(seconds, fc.nat(7), fc.nat(9_999_999)).map(([whole, places, rest]) => whole + rest / 10 ** places),
    // Every place between two floats of the years 2004 to 2038.
    fc
      .tuple(fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }), fc.nat(2 ** 22))
      .map(([whole, part]) => whole + part / 2 ** 22),
    // As near to one seventh decimal as to the next.
    fc
      .tuple(fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }), fc.nat(127))
      .map(([whole, part]) => whole + (2 * part + 1) / 256),
  );
  const property = fc.property(float, (value) => {
    expect(written((space) => space.float(value))).toBe(floatJSON(value));
  });
  fc.assert(property, { numRuns: 5000 });
});

test('an int is its digits, in columns', () => {
  const int = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer(),
    fc.nat(1000),
    fc.constantFrom(0, 99_999_999, 100_000_000, 10 ** 15),
  );
  const property = fc.property(int, fc.nat(30), fc.boolean(), (value, width, left) => {
    const text = String(value);
    expect(written((space) => space.int(value, width, left))).toBe(left ? text.padEnd(width) : text.padStart(width));
  });
  fc.assert(property, { numRuns: 2000 });
});
