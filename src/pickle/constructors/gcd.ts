// The greatest common divisor of large ints, by Lehmer's algorithm (Knuth, TAOCP volume 2, 4.5.2, algorithm L): Euclid's
// steps are taken on the leading bits, and a few dozen of them at a time on the ints themselves. Knows no pickle.

/** The greatest common divisor of two ints, `a` positive and `b` not negative. The time is quadratic in their digits. */
export function gcd(a: bigint, b: bigint): bigint {
  let [larger, smaller] = a < b ? [b, a] : [a, b];
  let shift = Math.max(0, larger.toString(16).length * 4 - LEADING_BITS);
  while (smaller !== 0n) {
    let leading = Number(larger >> BigInt(shift));
    for (; shift > 0 && leading < LEAST_LEADING; leading = Number(larger >> BigInt(shift))) {
      shift = Math.max(0, shift - SHIFT_STEP);
    }
    if (shift === 0) return BigInt(smallGcd(leading, Number(smaller)));
    const [p, q, r, s] = commonSteps(leading, Number(smaller >> BigInt(shift)));
    [larger, smaller] =
      q === 0
        ? [smaller, larger % smaller]
        : [BigInt(p) * larger + BigInt(q) * smaller, BigInt(r) * larger + BigInt(s) * smaller];
  }
  return larger;
}

/**
 * The steps of Euclid's algorithm that all pairs of ints with these leading bits have in common, as the matrix
 * (p, q; r, s) that takes a pair to the one after those steps. `q` is 0 where there are none.
 */
function commonSteps(leadingA: number, leadingB: number): [p: number, q: number, r: number, s: number] {
  let [x, y] = [leadingA, leadingB];
  let [p, q, r, s] = [1, 0, 0, 1];
  while (y + r !== 0 && y + s !== 0) {
    // The quotients of the two extremes: of whatever lies below the leading bits, nothing and all ones.
    const quotient = Math.floor((x + p) / (y + r));
    if (quotient !== Math.floor((x + q) / (y + s))) break;
    [p, r] = [r, p - quotient * r];
    [q, s] = [s, q - quotient * s];
    [x, y] = [y, x - quotient * y];
  }
  return [p, q, r, s];
}

function smallGcd(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** So many leading bits that their sums and quotients are exact in a double. */
const LEADING_BITS = 52;
const SHIFT_STEP = 8;
const LEAST_LEADING = 2 ** (LEADING_BITS - SHIFT_STEP);
