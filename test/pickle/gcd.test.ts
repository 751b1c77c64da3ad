// The greatest common divisor against Euclid's own steps.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gcd } from '../../src/pickle/constructors/gcd.ts';
import { checkProperty } from '../properties/check.ts';

function euclid(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

const positive = fc.bigInt({ min: 1n, max: 2n ** 700n });
/** A pair with these partial quotients: small ones as in most pairs, a large one now and then. */
const pair = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.bigInt(1n, 9n) }, fc.bigInt(1n, 2n ** 200n)), { maxLength: 300 })
  .map((quotients) => quotients.reduce<[bigint, bigint]>(([x, y], quotient) => [x * quotient + y, x], [1n, 0n]));

test('it is what Euclid finds, for any two ints', () => {
  checkProperty(
    fc.property(positive, fc.bigInt(0n, 2n ** 700n), positive, (a, b, common) => {
      expect(gcd(a * common, b * common)).toBe(euclid(a * common, b * common));
    }),
  );
});

test('it is 1 for ints that have no divisor in common, and the divisor where they have one', () => {
  checkProperty(
    fc.property(pair, positive, ([a, b], common) => {
      expect([gcd(a, b), gcd(a * common, b * common)]).toEqual([1n, common]);
    }),
  );
});

test.each([
  [1n, 0n, 1n],
  [7n, 0n, 7n],
  [2n ** 52n, 2n ** 51n, 2n ** 51n],
  [2n ** 53n - 1n, 2n ** 53n, 1n],
  [2n ** 4000n, 6n, 2n],
  [6n, 2n ** 4000n, 2n],
  [3n ** 3000n, 3n ** 2999n, 3n ** 2999n],
  [2n ** 2000n - 1n, 2n ** 2000n, 1n],
])('of %s and %s', (a, b, expected) => {
  expect(gcd(a, b)).toBe(expected);
});
