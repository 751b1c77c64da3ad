// Decoded values as numbers: what Python's __index__, __int__ and __float__ make of them.

import { PyDecimal, PyFloat, PyFraction, PyIPAddress, PyUUID } from '../../pickle/index.ts';
import { FormatError } from '../errors.ts';
import { addressNumber } from './address-number.ts';
import { isInt } from './python-types.ts';

/** The most decimal digits that Python turns into text (`sys.int_info.default_max_str_digits`). */
export const INT_DIGITS_MAX = 4300;

/** `operator.index(value)`: the int that a value is, or `undefined` where Python raises TypeError. */
export function asIndex(value: unknown): number | bigint | undefined {
  if (!isInt(value)) return undefined;
  return typeof value === 'boolean' ? Number(value) : value;
}

/**
 * `int(value)` of a number: fractions are cut off. `undefined` where Python's `%d` raises TypeError.
 * @throws FormatError `ERR_FORMAT_VALUE` for nan, and for more than 4300 digits, `ERR_FORMAT_OVERFLOW` for infinity
 */
export function asInteger(value: unknown): number | bigint | undefined {
  if (typeof value === 'number') return wholePart(value);
  if (value instanceof PyFloat) return wholePart(value.value);
  if (value instanceof PyDecimal) return decimalWholePart(value);
  if (value instanceof PyFraction) return BigInt(value.numerator) / BigInt(value.denominator);
  if (value instanceof PyUUID) return BigInt(`0x${value.text.replaceAll('-', '')}`);
  if (value instanceof PyIPAddress && !value.name.endsWith('Network')) return addressNumber(value);
  return asIndex(value);
}

/**
 * `float(value)` of a number; `undefined` where Python's `%f` raises TypeError.
 * @throws FormatError `ERR_FORMAT_OVERFLOW` for an int beyond the doubles, `ERR_FORMAT_VALUE` for a signalling nan
 */
export function asDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyFraction) return inRange(ratio(BigInt(value.numerator), BigInt(value.denominator)));
  if (value instanceof PyDecimal) {
    if (value.text.includes('sNaN')) throw new FormatError('ERR_FORMAT_VALUE', 'a signalling nan is no float');
    return value.toNumber();
  }
  const index = asIndex(value);
  return index === undefined ? undefined : inRange(Number(index));
}

function inRange(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new FormatError('ERR_FORMAT_OVERFLOW', 'the number is too large for a float');
}

function wholePart(value: number): number | bigint {
  if (Number.isNaN(value)) throw new FormatError('ERR_FORMAT_VALUE', 'nan has no integer value');
  if (!Number.isFinite(value)) throw new FormatError('ERR_FORMAT_OVERFLOW', 'infinity has no integer value');
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole : BigInt(whole);
}

function decimalWholePart({ text }: PyDecimal): bigint {
  const match = /^(-?)(\d*)\.?(\d*)(?:E([+-]?\d+))?$/i.exec(text);
  if (match === null) return BigInt(wholePart(/inf/i.test(text) ? Number.POSITIVE_INFINITY : Number.NaN));
  const [, sign = '', before = '', after = '', power = '0'] = match;
  const point = before.length + Number(power); // how many of the digits stand before the decimal point
  if (point > INT_DIGITS_MAX && /[1-9]/.test(before + after)) throw tooManyDigits();
  const whole = BigInt(
    (before + after).padEnd(Math.min(point, INT_DIGITS_MAX), '0').slice(0, Math.max(point, 0)) || '0',
  );
  return sign === '' ? whole : -whole;
}

/** The error of an integer that Python would not print. */
export function tooManyDigits(): FormatError {
  return new FormatError('ERR_FORMAT_VALUE', `an integer of more than ${INT_DIGITS_MAX} digits is not printed`);
}

/** The double nearest to numerator / denominator: 64 bits or more of quotient, the last of them marking a remainder. */
function ratio(numerator: bigint, denominator: bigint): number {
  if (numerator < 0n) return -ratio(-numerator, denominator);
  const shift = 64 + bitLength(denominator) - bitLength(numerator);
  const scaled = shift > 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift > 0 ? denominator : denominator << BigInt(-shift);
  const quotient = scaled / divisor;
  const sticky = scaled % divisor === 0n ? quotient : quotient | 1n;
  // Two steps, since one power of two may lie outside the doubles where the product does not.
  const half = Math.trunc(shift / 2);
  return Number(sticky) * 2 ** -half * 2 ** (half - shift);
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(16).length * 4;
}

/** A float that a format is to print as one. */
export function asFloat(value: number): number | PyFloat {
  return Number.isInteger(value) ? new PyFloat(value) : value;
}
