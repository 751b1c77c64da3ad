// Ints as LONG1 and LONG4 carry them: two's complement, little-endian, of any size.

import { limitReached, type PickleError } from './errors.ts';

/** `pickle.decode_long`: a number where it is safe, else a bigint. The time is linear but for BigInt's own hex reader. */
export function decodeLong(bytes: Uint8Array, start: number, end: number, maxIntDigits: number): number | bigint {
  const size = end - start;
  if (size === 0) return 0;
  const negative = (bytes[end - 1] as number) >= 0x80;
  // Stryker disable next-line ConditionalExpression,EqualityOperator: only speed tells
  if (size <= 6) return smallLong(bytes, start, end, negative);

  // Bytes that only repeat the sign carry no digits; what is left bounds the work before any of it is done.
  const filler = negative ? 0xff : 0;
  let top = end;
  // Stryker disable next-line EqualityOperator: bytes that repeat the sign may go or stay
  while (top - start > 6 && bytes[top - 1] === filler) top--;
  const certainlyFits = Math.floor((maxIntDigits * Math.log2(10)) / 8);
  // Stryker disable next-line ConditionalExpression,EqualityOperator: only the time that it spares tells
  if (top - start > certainlyFits + 2) throw tooLong(maxIntDigits);

  const hex: string[] = [];
  for (let i = top - 1; i >= start; i--) hex.push(HEX[bytes[i] as number] as string);
  let value = BigInt(`0x${hex.join('')}`);
  if (negative) value -= 1n << BigInt(8 * (top - start));
  // Stryker disable next-line ConditionalExpression,EqualityOperator,ArithmeticOperator: fewer bytes never have more digits
  if (top - start > certainlyFits && hasMoreDigits(value, maxIntDigits)) throw tooLong(maxIntDigits);
  return narrow(value);
}

/** Whether a number has more than so many decimal digits. */
export function hasMoreDigits(value: bigint, most: number): boolean {
  // Stryker disable next-line EqualityOperator: zero is its own negative
  return (value < 0n ? -value : value) >= 10n ** BigInt(most);
}

/** A bigint as a number where that is exact. */
export function narrow(value: bigint): number | bigint {
  return value >= MIN_SAFE && value <= MAX_SAFE ? Number(value) : value;
}

function smallLong(bytes: Uint8Array, start: number, end: number, negative: boolean): number {
  let value = 0;
  for (let i = end - 1; i >= start; i--) value = value * 256 + (bytes[i] as number);
  return negative ? value - 2 ** (8 * (end - start)) : value;
}

function tooLong(maxIntDigits: number): PickleError {
  return limitReached('maxIntDigits', maxIntDigits, 'digits in an int');
}

const MIN_SAFE = BigInt(Number.MIN_SAFE_INTEGER);
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
