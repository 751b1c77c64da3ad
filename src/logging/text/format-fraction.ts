// Fractions by a format specification, which has two grammars of its own.
// Source: Lib/fractions.py of Python 3.13.

import type { PyFraction } from '../../pickle/index.ts';
import { ABSENT, checkSize, type FormatSpec, invalid, specOf } from './format-spec.ts';
import { layOut } from './number-layout.ts';
import { INT_DIGITS_MAX, tooManyDigits } from './numbers.ts';

const GENERAL =
  /^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>#)?(?<width>0|[1-9][0-9]*)?(?<grouping>[,_])?$/su;

const FLOAT =
  /^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<z>z)?(?<alternate>#)?(?<zero>0(?=[0-9]))?(?<width>0|[1-9][0-9]*)?(?<grouping>[,_])?(?:\.(?<precision>0|[1-9][0-9]*))?(?<type>[eEfFgG%])$/su;

/** @throws FormatError `ERR_FORMAT_VALUE` */
export function parseFractionSpec(text: string): FormatSpec {
  const groups = (GENERAL.exec(text) ?? FLOAT.exec(text))?.groups;
  if (groups === undefined) throw invalid('it is none for a Fraction');
  const spec = specOf(groups);
  if (spec.zero && spec.align !== '') throw invalid('zeros before the width are an alignment of their own');
  return spec;
}

/** @throws FormatError `ERR_FORMAT_VALUE` for more digits than Python prints, `ERR_FORMAT_LIMIT` */
export function formatFraction(value: PyFraction, spec: FormatSpec): string {
  checkSize(spec);
  const numerator = BigInt(value.numerator);
  const denominator = BigInt(value.denominator);
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  return spec.type === ''
    ? formatGeneral(negative, magnitude, denominator, spec)
    : formatFloatStyle(negative, magnitude, denominator, spec);
}

function formatGeneral(negative: boolean, numerator: bigint, denominator: bigint, spec: FormatSpec): string {
  const part = (value: bigint): string =>
    layOut({ negative: false, digits: digitsOf(value), rest: '' }, { ...spec, sign: '', width: ABSENT });
  const shown = denominator > 1n || spec.alternate;
  const body = shown ? `${part(numerator)}/${part(denominator)}` : part(numerator);
  return layOut({ negative, digits: '', rest: body }, spec);
}

function formatFloatStyle(negative: boolean, numerator: bigint, denominator: bigint, spec: FormatSpec): string {
  const precision = spec.precision === ABSENT ? 6 : spec.precision;
  const type = spec.type.toLowerCase();
  let significand: bigint;
  /** Digits behind the point. */
  let decimals = precision;
  let suffix = type === '%' ? '%' : '';
  if (type === 'f' || type === '%') {
    significand = roundedTo(numerator, denominator, type === '%' ? precision + 2 : precision);
  } else {
    const figures = type === 'g' ? Math.max(precision, 1) : precision + 1;
    const rounded = toFigures(numerator, denominator, figures);
    significand = rounded.significand;
    const scientific = type === 'e' || rounded.exponent > 0 || rounded.exponent + figures <= -4;
    decimals = scientific ? figures - 1 : -rounded.exponent;
    if (scientific) suffix = exponentText(rounded.exponent + decimals, spec.type !== type);
  }
  const digits = digitsOf(significand).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  let fraction = digits.slice(point);
  if (type === 'g' && !spec.alternate) fraction = fraction.replace(/0+$/, '');
  const rest = (fraction !== '' || spec.alternate ? `.${fraction}` : '') + suffix;
  const hidesSign = spec.noNegativeZero && significand === 0n && (type === 'f' || type === '%');
  return layOut({ negative: negative && !hidesSign, digits: digits.slice(0, point), rest }, spec);
}

function exponentText(exponent: number, upper: boolean): string {
  return `${upper ? 'E' : 'e'}${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** numerator / denominator × 10^`power`, rounded half to even; an integer that Python would not print is not made. */
function roundedTo(numerator: bigint, denominator: bigint, power: number): bigint {
  const digits = String(numerator).length - String(denominator).length + power;
  if (numerator !== 0n && digits > INT_DIGITS_MAX + 1) throw tooManyDigits();
  if (numerator === 0n || digits < -1) return 0n;
  const dividend = power > 0 ? numerator * 10n ** BigInt(power) : numerator;
  const divisor = power < 0 ? denominator * 10n ** BigInt(-power) : denominator;
  const quotient = dividend / divisor;
  const twice = (dividend % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

/** The significant digits asked for, and the power of ten that they are multiples of. */
function toFigures(
  numerator: bigint,
  denominator: bigint,
  figures: number,
): { readonly significand: bigint; readonly exponent: number } {
  if (numerator === 0n) return { significand: 0n, exponent: 1 - figures };
  const [above, below] = [digitsOf(numerator), digitsOf(denominator)];
  const exponent = above.length - below.length + (below <= above ? 1 : 0) - figures;
  const significand = roundedTo(numerator, denominator, -exponent);
  if (String(significand).length === figures + 1) return { significand: significand / 10n, exponent: exponent + 1 };
  return { significand, exponent };
}

function digitsOf(value: bigint): string {
  const text = String(value);
  if (text.length > INT_DIGITS_MAX) throw tooManyDigits();
  return text;
}
