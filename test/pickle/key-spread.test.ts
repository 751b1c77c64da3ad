import { describe, expect, test } from 'vitest';
import { disassemble, scan, unpickle } from '../../src/pickle/index.ts';
import { failure } from './pickles.ts';

/** BININT, or LONG1 for what does not fit. */
function int(value: bigint): number[] {
  if (value >= -(2n ** 31n) && value < 2n ** 31n) {
    return [0x4a, ...[0n, 8n, 16n, 24n].map((shift) => Number((value >> shift) & 0xffn))];
  }
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn));
  return [0x8a, bytes.length + 1, ...bytes, 0];
}

/** The 32-bit ints whose V8 hash is a multiple of 2^16: each step of `ComputeUnseededHash`, turned back. */
function colliding(count: number): bigint[] {
  const inverseOf2057 = inverse(2057);
  const found: bigint[] = [];
  for (let i = 0; found.length < count; i++) {
    let hash = (i << 16) >>> 0;
    hash ^= hash >>> 16;
    hash = Math.imul(hash, inverseOf2057) >>> 0;
    hash = unshift(hash, 4);
    hash = Math.imul(hash, inverse(5)) >>> 0; // it was added to four times itself
    hash = unshift(hash, 12);
    // ~key + (key << 15) = hash has one solution: key * (2^15 - 1) = hash + 1
    hash = Math.imul(hash + 1, inverse(2 ** 15 - 1)) >>> 0;
    found.push(BigInt(hash | 0));
  }
  return found;
}

function unshift(hash: number, bits: number): number {
  let value = hash;
  for (let shift = bits; shift < 32; shift += bits) value = hash ^ (value >>> bits);
  return value >>> 0;
}

/** The inverse of an odd number modulo 2^32. */
function inverse(odd: number): number {
  let x = odd;
  for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(odd, x));
  return x >>> 0;
}

const COUNT = 20_000;
const hostile: readonly (readonly [string, readonly bigint[]])[] = [
  ['ints of 32 bits', colliding(COUNT)],
  ['ints of one low word', Array.from({ length: COUNT }, (_, i) => (BigInt(i + 1) << 64n) + 5n)],
];

const shapes: readonly (readonly [string, (ints: readonly bigint[]) => number[]])[] = [
  ['keys of one SETITEMS', (ints) => [0x7d, 0x28, ...ints.flatMap((key) => [...int(key), 0x4e]), 0x75, 0x2e]],
  ['keys set one by one', (ints) => [0x7d, ...ints.flatMap((key) => [...int(key), 0x4e, 0x73]), 0x2e]],
  ['members of a set', (ints) => [0x8f, 0x28, ...ints.flatMap(int), 0x90, 0x2e]],
  ['members of a frozenset', (ints) => [0x28, ...ints.flatMap(int), 0x91, 0x2e]],
  [
    'members of a set from a list',
    (ints) => [...Buffer.from('c__builtin__\nset\n(('), ...ints.flatMap(int), ...Buffer.from('ltR.')],
  ],
];

describe.each(hostile)('%s that collide are refused', (_name, ints) => {
  test.each(shapes)('as %s', (_shape, pickleOf) => {
    expect(failure(Uint8Array.from(pickleOf(ints)))).toMatchObject({
      code: 'ERR_PICKLE_LIMIT',
      limit: 'hashCollisions',
    });
  });
});

describe('memo indexes that collide', () => {
  const indexes = colliding(2 * COUNT).filter((index) => index > 0n);
  const stores = [0x4e, ...indexes.flatMap((index) => [0x72, ...int(index).slice(1)])];

  test('are refused by the decoder and the disassembler', () => {
    const bytes = Uint8Array.from([...stores, 0x2e]);
    const limit = { code: 'ERR_PICKLE_LIMIT', limit: 'hashCollisions' };
    expect(failure(bytes)).toMatchObject(limit);
    expect(() => disassemble(bytes)).toThrow(expect.objectContaining(limit));
  });

  test('make a scan give up its memo, and say so where a name is read from it', () => {
    const named = Buffer.from('0Vos\np7\n0g7\nVsystem\n\x93.', 'latin1');
    const { globals, truncated } = scan(Uint8Array.from([...stores, ...named]));
    expect(globals).toMatchObject([{ name: 'system', module: null, allowed: false }]);
    expect(truncated).toBe(true);
  });
});

test.each<readonly [string, (i: number) => bigint]>([
  ['in a row', (i) => BigInt(i)],
  ['a page apart', (i) => BigInt(i) * 4096n],
  ['negative', (i) => BigInt(-i)],
  ['of 64 bits', (i) => 2n ** 62n + BigInt(i) * 1_000_003n],
])('ints %s are keys like any others', (_name, nth) => {
  const ints = Array.from({ length: 60_000 }, (_, i) => nth(i));
  const positive = ints.map((value) => (value < 0n && value < -(2n ** 31n) ? -value : value));
  const value = unpickle(Uint8Array.from(shapes[0]?.[1](positive) ?? [])) as Map<unknown, unknown>;
  expect(value.size).toBe(60_000);
});

test('a key that is set again and again is one key', () => {
  const keys = Array.from({ length: 2000 }, (_, i) => BigInt(i));
  const again = Array.from({ length: 2000 }, () => 7n);
  const value = unpickle(Uint8Array.from(shapes[1]?.[1]([...keys, ...again]) ?? [])) as Map<unknown, unknown>;
  expect(value.size).toBe(2000);
});
