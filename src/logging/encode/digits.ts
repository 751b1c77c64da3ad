// Numbers as decimal digits, written into bytes from their end.

import { type Literal, literalOf } from './literal.ts';

const ZERO = 0x30;

/** The digits of 00 to 99. */
const PAIRS: Uint8Array = Uint8Array.from({ length: 200 }, (_, i) => `${(i >> 1) + 100}`.charCodeAt(1 + (i & 1)));

/** Writes the last `count` digits of an int below 2**31, zeros in front included, so that they end at a place. */
export function writeDigits(bytes: Uint8Array, value: number, end: number, count: number): void {
  let left = value;
  let at = end;
  let more = count;
  for (; more >= 2; more -= 2) {
    const hundreds = (left / 100) | 0;
    const pair = 2 * (left - hundreds * 100);
    bytes[--at] = PAIRS[pair + 1] as number;
    bytes[--at] = PAIRS[pair] as number;
    left = hundreds;
  }
  if (more === 1) bytes[--at] = ZERO + (left % 10);
}

/** How many decimal digits an int has that is less than 10**8. */
export function digitsOf(value: number): number {
  if (value < 10_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4;
  return value < 1_000_000 ? (value < 100_000 ? 5 : 6) : value < 10_000_000 ? 7 : 8;
}

/** A power of two. */
const KEPT_INTS = 64;

/** Long ints that come again and again, as threads' idents and the seconds of times do: the digits of the last few. */
export class LongInts {
  readonly #values: Float64Array = new Float64Array(KEPT_INTS).fill(Number.NaN);
  readonly #seen: Float64Array = new Float64Array(KEPT_INTS).fill(Number.NaN);
  readonly #digits: Literal[] = new Array<Literal>(KEPT_INTS).fill(literalOf(''));

  /** The digits of an int that came before; null for one that is new, as times are all the time. */
  digits(value: number): Literal | null {
    // Idents are multiples of a page, and of little else: so all bits have a say.
    const low = value | 0;
    const place = Math.imul(low ^ (low >>> 16), 0x9e3779b1) >>> 26;
    if (this.#values[place] === value) return this.#digits[place] as Literal;
    if (this.#seen[place] !== value) {
      this.#seen[place] = value;
      return null;
    }
    this.#values[place] = value;
    this.#digits[place] = literalOf(String(value));
    return this.#digits[place];
  }
}

/** How many bits of `decimalsOf` are the number of places. */
export const PLACES_BITS = 4;
export const PLACES: number = (1 << PLACES_BITS) - 1;

const TWO_TO_30 = 2 ** 30;
const TWO_TO_33 = 2 ** 33;

/**
 * The decimals behind the point of a float as Python prints it, without zeros at their end, and above them in the bits how
 * many there are: `decimals << 4 | places`. Negative where that takes more than a product: the float is to be printed by
 * those who know all.
 */
export function decimalsOf(value: number): number {
  if (!(value >= 1 && value < TWO_TO_33) || Number.isInteger(value)) return -1;
  const whole = Math.floor(value);
  // Floats below 2**33 lie closer together than millionths: where one is a millionth's, it is no shorter decimal's.
  const millionths = Math.round(value * 1e6);
  if (millionths / 1e6 === value) return trimmed(millionths - whole * 1e6, 6);
  // From 2004 to 2038 the seconds since 1970 are multiples of 2**-22: each is nearest to some seventh decimal, by an
  // exact product, and is that, unless it is as near to another.
  if (value >= TWO_TO_30 && value < 2 * TWO_TO_30) {
    const place = (value - whole) * 1e7;
    const nearest = Math.round(place);
    if (Math.abs(place - nearest) < 0.5 && nearest < 1e7) return trimmed(nearest, 7);
  }
  return -1;
}

/** Without the zeros at their end. */
function trimmed(decimals: number, count: number): number {
  let left = decimals | 0;
  let places = count;
  for (let tenth = (left / 10) | 0; left === tenth * 10; tenth = (left / 10) | 0) {
    left = tenth;
    places--;
  }
  return (left << PLACES_BITS) | places;
}
