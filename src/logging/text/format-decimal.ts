// Decimals by a format specification, which has a grammar and rules of its own.
// Source: dec_format in CPython's Modules/_decimal/_decimal.c, and `__format__` in Lib/_pydecimal.py.

import type { PyDecimal } from '../../pickle/index.ts';
import { ABSENT, checkSize, type FormatSpec, invalid, specOf } from './format-spec.ts';
import { layOut, type NumberText } from './number-layout.ts';
import { TEXT_UNITS_MAX, tooLong } from './text-limits.ts';

/** CPython reads a specification by the first of these that matches: that of libmpdec, and that of Lib/_pydecimal.py. */
const GRAMMARS: readonly RegExp[] = [
  /^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<zero>0)?(?<width>[1-9][0-9]*)?(?<grouping>,)?(?:\.(?<precision>[0-9]+))?(?<type>[eEfFgGnN%])?$/su,
  /^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<z>z)?(?<alternate>#)?(?<zero>0)?(?<width>(?!0)\p{Nd}+)?(?<grouping>,)?(?:\.(?<precision>0|(?!0)\p{Nd}+))?(?<type>[eEfFgGn%])?$/su,
];

const LONE_SURROGATE = /\p{Cs}/u;

/** @throws FormatError `ERR_FORMAT_VALUE` */
export function parseDecimalSpec(text: string): FormatSpec {
  if (LONE_SURROGATE.test(text)) throw invalid('a lone surrogate has no UTF-8');
  // C reads up to a NUL, unless that is the character that fills.
  const end = text.indexOf('\0', 1);
  const groups = (GRAMMARS[0]?.exec(end < 0 ? text : text.slice(0, end)) ?? GRAMMARS[1]?.exec(text))?.groups;
  if (groups === undefined) throw invalid('it is none for a Decimal');
  const spec = specOf(groups);
  if (spec.zero && spec.align !== '') throw invalid('zeros before the width are an alignment of their own');
  if (spec.grouping !== '' && spec.type.toLowerCase() === 'n') throw invalid('n has a grouping of its own');
  return spec;
}

/** A finite number: `digits` × 10^`exponent`, which may lie far beyond the safe integers. */
interface Finite {
  readonly digits: string;
  readonly exponent: bigint;
}

/** @throws FormatError `ERR_FORMAT_LIMIT` */
export function formatDecimal({ text }: PyDecimal, spec: FormatSpec): string {
  checkSize(spec);
  const negative = text.startsWith('-');
  const magnitude = negative ? text.slice(1) : text;
  const number = finiteOf(magnitude);
  const percent = spec.type === '%' ? '%' : '';
  if (number === null) {
    // Zeros do not fill up what is no number.
    const plain: FormatSpec = spec.zero ? { ...spec, zero: false, fill: ' ' } : spec;
    return layOut({ negative, digits: '', rest: magnitude + percent }, plain);
  }
  const rounded = round(number, spec);
  const isZero = /^0+$/.test(rounded.digits);
  const { digits, rest } = place(rounded, isZero, spec);
  return layOut({ negative: negative && !(isZero && spec.noNegativeZero), digits, rest: rest + percent }, spec);
}

/** What is rounded how: `e`, `f` or `g`. */
function kindOf({ type }: FormatSpec): string {
  return type === '%' ? 'f' : type === '' ? 'g' : type.toLowerCase().replace('n', 'g');
}

/** Reads the text of Python's `str()`; null for infinities and NaNs. */
function finiteOf(text: string): Finite | null {
  const match = /^(\d*)\.?(\d*)(?:E([+-]\d+))?$/.exec(text);
  if (match === null) return null;
  const [, whole = '', fraction = '', power = '0'] = match;
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  return { digits, exponent: BigInt(power) - BigInt(fraction.length) };
}

function round(number: Finite, spec: FormatSpec): Finite {
  const { precision } = spec;
  const isZero = /^0+$/.test(number.digits);
  switch (kindOf(spec)) {
    case 'e':
      return precision === ABSENT || isZero ? number : toDigits(number, precision + 1);
    case 'g': {
      const most = Math.max(precision, 1);
      return precision === ABSENT || number.digits.length <= most ? number : toDigits(number, most);
    }
    default: {
      const shifted = spec.type === '%' ? { ...number, exponent: number.exponent + 2n } : number;
      if (precision !== ABSENT) return rescale(shifted, BigInt(-precision));
      return isZero && shifted.exponent > 0n ? { ...shifted, exponent: 0n } : shifted;
    }
  }
}

/** A number that is not zero, rounded to a number of digits. */
function toDigits(number: Finite, count: number): Finite {
  const exponent = number.exponent + BigInt(number.digits.length - count);
  const rescaled = rescale(number, exponent);
  return rescaled.digits.length > count ? rescale(rescaled, exponent + 1n) : rescaled;
}

/** A number with another exponent, rounded half to even. */
function rescale({ digits, exponent }: Finite, target: bigint): Finite {
  if (/^0+$/.test(digits)) return { digits, exponent: target };
  const added = exponent - target;
  if (added > BigInt(TEXT_UNITS_MAX)) throw tooLong();
  if (added >= 0n) return { digits: digits + '0'.repeat(Number(added)), exponent: target };
  if (-added > BigInt(digits.length)) return { digits: '0', exponent: target };
  const kept = digits.length + Number(added);
  const quotient = BigInt(digits.slice(0, kept) || '0');
  const dropped = digits.slice(kept);
  const tie = /^50*$/.test(dropped);
  const up = tie ? quotient % 2n === 1n : dropped >= '5';
  return { digits: String(up ? quotient + 1n : quotient), exponent: target };
}

/** Puts the point between the digits, and an exponent behind them. */
function place({ digits, exponent }: Finite, isZero: boolean, spec: FormatSpec): Pick<NumberText, 'digits' | 'rest'> {
  const kind = kindOf(spec);
  const beforePoint = exponent + BigInt(digits.length);
  let point = 1n;
  if (kind === 'f' || (kind === 'g' && exponent <= 0n && beforePoint > -6n)) point = beforePoint;
  else if (kind === 'e' && isZero && spec.precision !== ABSENT) point = BigInt(1 - spec.precision);
  if (point > BigInt(TEXT_UNITS_MAX) || -point > BigInt(TEXT_UNITS_MAX)) throw tooLong();
  const at = Number(point);
  const whole = at > 0 ? digits.slice(0, at).padEnd(at, '0') : '0';
  const fraction = at > 0 ? digits.slice(at) : '0'.repeat(-at) + digits;
  const power = beforePoint - point;
  const letter = spec.type === '' || spec.type === spec.type.toUpperCase() ? 'E' : 'e';
  const power10 = power === 0n && kind !== 'e' ? '' : `${letter}${power < 0n ? '' : '+'}${power}`;
  return { digits: whole, rest: (fraction !== '' || spec.alternate ? `.${fraction}` : '') + power10 };
}
