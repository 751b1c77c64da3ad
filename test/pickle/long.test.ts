// Ints in two's complement, at every size and sign, with bytes that only repeat the sign and without.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLong, hasMoreDigits, narrow } from '../../src/pickle/long.ts';
import { checkProperty } from '../properties/check.ts';

/** The shortest bytes of an int, and so many more that repeat its sign; others stand around them. */
function write(value: bigint, more: number): Uint8Array {
  const bytes: number[] = [0x80];
  let rest = value;
  do {
    bytes.push(Number(BigInt.asUintN(8, rest)));
    rest >>= 8n;
  } while (!(rest === (value < 0n ? -1n : 0n) && (bytes.at(-1) as number) >= 0x80 === value < 0n));
  for (let i = 0; i < more; i++) bytes.push(value < 0n ? 0xff : 0);
  return Uint8Array.from([...bytes, 0x80]);
}

function decode(bytes: Uint8Array): number | bigint {
  return decodeLong(bytes, 1, bytes.length - 1, 100);
}

function check(value: bigint): void {
  const expected = Number.isSafeInteger(Number(value)) ? Number(value) : value;
  for (let more = 0; more < 9; more++)
    expect([value, more, decode(write(value, more))]).toEqual([value, more, expected]);
}

test('an int around each power of two is a number where that is exact, else a bigint', () => {
  for (let bits = 0n; bits < 80n; bits++) {
    for (const near of [-1n, 0n, 1n]) {
      check((1n << bits) + near);
      check(-(1n << bits) + near);
    }
  }
});

test('an int of any size is what its bytes say', () => {
  checkProperty(fc.property(fc.bigInt({ min: -(10n ** 99n), max: 10n ** 99n }), check));
});

test('no bytes are zero, whatever stands before them', () => {
  for (const before of [0, 0x7f, 0x80, 0xff]) expect(decodeLong(Uint8Array.of(before), 1, 1, 100)).toBe(0);
});

test('digits are counted without the sign', () => {
  for (const [value, digits] of [
    [0n, 1],
    [9n, 1],
    [10n, 2],
    [99n, 2],
    [100n, 3],
  ] as const) {
    for (const each of [value, -value]) {
      expect(hasMoreDigits(each, digits)).toBe(false);
      expect(hasMoreDigits(each, digits - 1)).toBe(value !== 0n);
    }
  }
});

test('a bigint that is safe as a number is one', () => {
  const safe = BigInt(Number.MAX_SAFE_INTEGER);
  expect([safe, -safe, safe + 1n, -safe - 1n].map((value) => typeof narrow(value))).toEqual([
    'number',
    'number',
    'bigint',
    'bigint',
  ]);
});
