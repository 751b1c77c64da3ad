// Which collections the guard against colliding keys watches, how many keys of one bucket it lets pass, and that its
// hash is V8's: keys are found by turning `ComputeUnseededHash` and `ComputeLongHash` back, step by step.

import { describe, expect, test } from 'vitest';
import { KeyGuard } from '../../src/pickle/key-guard.ts';

/** Those of more keys than this are watched. */
const UNWATCHED = 1024;
/** The most keys of one bucket. */
const MOST = 64;
/** Buckets at first, and how many keys fit them. */
const BUCKETS = 4096;
const ROOM = 4 * BUCKETS;

/** Turns `hash ^= hash >> shift` back. */
function unshift(hash: bigint, shift: bigint, bits: number): bigint {
  let value = hash;
  for (let known = shift; known < bits; known += shift) value = hash ^ (value >> shift);
  return value;
}

/** Turns `hash *= odd` back. */
function divide(hash: bigint, odd: bigint, bits: number): bigint {
  let inverse = odd;
  for (let i = 0; i < 6; i++) inverse = BigInt.asUintN(bits, inverse * (2n - odd * inverse));
  return BigInt.asUintN(bits, hash * inverse);
}

/** The int of 32 bits with this hash. */
function intOf(hash: number): number {
  let value = unshift(BigInt(hash), 16n, 32);
  value = unshift(divide(value, 2057n, 32), 4n, 32);
  value = unshift(divide(value, 5n, 32), 12n, 32);
  return Number(BigInt.asIntN(32, divide(value + 1n, 2n ** 15n - 1n, 32)));
}

/** The 64 bits with this hash. */
function bitsOf(hash: bigint): bigint {
  let value = unshift(hash, 22n, 64);
  value = unshift(divide(value, 65n, 64), 11n, 64);
  value = unshift(divide(value, 21n, 64), 31n, 64);
  return divide(value + 1n, 2n ** 18n - 1n, 64);
}

function doubleOf(bits: bigint): number {
  return new Float64Array(BigUint64Array.of(bits).buffer)[0] as number;
}

/** Different hashes that leave the same remainder, when there are `buckets` buckets. */
function hashes(count: number, remainder = 0, buckets = BUCKETS): bigint[] {
  return Array.from({ length: count }, (_, i) => BigInt(i + 1) * BigInt(buckets) + BigInt(remainder));
}

/** The 64 bits of different hashes whose lower bits are the same, spread over all that they may be. */
function collidingBits(count: number): bigint[] {
  const factor = 0x9e3779b97f4a7n;
  return hashes(count).map((hash) => bitsOf(BigInt.asUintN(64, hash * factor)));
}

/** What the guard says of each key, put into a set one after the other. */
function verdicts(keys: readonly unknown[], set: Set<unknown> = new Set(), guard = new KeyGuard()): boolean[] {
  return keys.map((key) => guard.collide(set.add(key), key));
}

/** Ints of which each has a bucket of its own, or shares it with three others when they are many, and none the first. */
function spreadInts(count: number): number[] {
  return Array.from({ length: count }, (_, i) =>
    intOf(1 + (i % (BUCKETS - 1)) + BUCKETS * Math.floor(i / (BUCKETS - 1))),
  );
}

/** All false but the last. */
function onlyLast(count: number): boolean[] {
  return Array.from({ length: count }, (_, i) => i === count - 1);
}

const KINDS: Readonly<Record<string, readonly unknown[]>> = {
  'ints of 32 bits': hashes(MOST + 1).map((hash) => intOf(Number(hash))),
  floats: collidingBits(2 * MOST)
    .map(doubleOf)
    .filter((value) => Number.isFinite(value))
    .slice(0, MOST + 1),
  'ints of 64 bits': collidingBits(MOST + 1),
  'negative ints of 64 bits': collidingBits(MOST + 1).map((bits) => -bits),
  'ints of more than 64 bits': collidingBits(MOST + 1).map((bits, i) => bits + (BigInt(i) << 64n)),
};

describe.each(Object.entries(KINDS))('of %s', (_, keys) => {
  test('as many as chance explains may share a bucket, and not one more', () => {
    expect(new Set(keys).size).toBe(MOST + 1);
    const set = new Set<unknown>();
    const guard = new KeyGuard();
    expect(verdicts(spreadInts(UNWATCHED + 1), set, guard)).not.toContain(true);
    expect(verdicts(keys, set, guard)).toEqual(onlyLast(keys.length));
  });
});

test.each<readonly [string, (i: number) => unknown]>([
  ['ints', (i) => i],
  ['floats', (i) => i + 0.5],
  ['ints of 64 bits', (i) => 2n ** 62n + BigInt(i)],
])('%s in a row do not collide', (_, nth) => {
  const keys = Array.from({ length: 3 * UNWATCHED }, (_, i) => nth(i));
  expect(verdicts(keys)).not.toContain(true);
});

test('there are both signs among the ints of 32 bits', () => {
  expect(new Set(KINDS['ints of 32 bits']?.map((key) => Math.sign(key as number)))).toEqual(new Set([-1, 1]));
});

test('a small collection is not watched', () => {
  const keys = hashes(UNWATCHED + 1).map((hash) => intOf(Number(hash)));
  expect(verdicts(keys)).toEqual(onlyLast(keys.length));
});

test('keys that are no numbers are not counted, whether they come before the numbers or after them', () => {
  const set = new Set<unknown>();
  const guard = new KeyGuard();
  const texts = (prefix: string) => Array.from({ length: 2 * UNWATCHED }, (_, i) => `${prefix}${i}`);
  const keys = KINDS['ints of 32 bits'] as readonly unknown[];
  expect(verdicts(texts('a'), set, guard)).not.toContain(true);
  expect(verdicts(keys.slice(0, MOST), set, guard)).not.toContain(true);
  expect(verdicts(texts('b'), set, guard)).not.toContain(true);
  expect(verdicts(keys.slice(MOST), set, guard)).toEqual([true]);
});

test('a key that is there already is not counted again', () => {
  const set = new Set<unknown>(spreadInts(UNWATCHED + 1));
  const guard = new KeyGuard();
  const again = Array.from({ length: 2 * MOST }, () => intOf(BUCKETS));
  expect(verdicts(again, set, guard)).not.toContain(true);
});

test('each collection is counted by itself', () => {
  const guard = new KeyGuard();
  const keys = KINDS['ints of 32 bits'] as readonly unknown[];
  for (let i = 0; i < 3; i++) {
    const set = new Set<unknown>(spreadInts(UNWATCHED + 1));
    expect(verdicts(keys.slice(0, MOST), set, guard)).not.toContain(true);
  }
});

describe('when the buckets have no room for more keys', () => {
  // Sharing a bucket of 4096, they do not share one of 32,768.
  const keys = hashes(MOST + 1).map((hash) => intOf(Number(hash)));

  test('there are eight times as many, and keys that shared one may not any more', () => {
    const set = new Set<unknown>(spreadInts(ROOM - MOST - 1));
    expect(verdicts([intOf(1 + 9 * BUCKETS), ...keys], set)).not.toContain(true);
  });

  test('and not before', () => {
    const set = new Set<unknown>(spreadInts(ROOM - MOST - 1));
    expect(verdicts(keys, set)).toEqual(onlyLast(keys.length));
  });

  test('those that still share one are found', () => {
    const set = new Set<unknown>(spreadInts(ROOM + 1));
    const sharing = hashes(MOST + 1, 0, 8 * BUCKETS).map((hash) => intOf(Number(hash)));
    expect(verdicts(sharing, set)).toEqual(onlyLast(sharing.length));
  });
});
