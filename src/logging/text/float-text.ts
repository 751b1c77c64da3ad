// Decimal text of a double, rounded as C's printf rounds: half to even on the double's exact value.
// Digits come from exact BigInt arithmetic; toFixed is exact too, but for ties, which it rounds away from zero.

/** No double has more significant digits than 767 or more decimals than 1074; past these there are only zeros. */
const DIGITS_MAX = 1100;

/**
 * `%f` of a finite number that is not negative.
 * @param precision the number of decimals
 */
export function fixedText(value: number, precision: number): string {
  if (precision <= 100 && value < 1e21 && !isTie(value, precision)) return value.toFixed(precision);
  const decimals = Math.min(precision, DIGITS_MAX);
  const digits = roundedMultiple(value, decimals)
    .toString()
    .padStart(decimals + 1, '0');
  if (precision === 0) return digits;
  const point = digits.length - decimals;
  return `${digits.slice(0, point)}.${digits.slice(point)}${'0'.repeat(precision - decimals)}`;
}

/**
 * `%e` of a finite number that is not negative: one digit, `precision` decimals, and an exponent of two digits or more.
 */
export function exponentText(value: number, precision: number): string {
  const { digits, exponent } = significantDigits(value, precision + 1);
  return joinExponent(digits, exponent);
}

/**
 * `%g` of a finite number that is not negative.
 * @param precision the number of significant digits, 0 meaning 1
 * @param alternate keeps trailing zeros (`%#g`)
 * @param room how many of the digits may stand before the point without an exponent: all of them
 */
export function generalText(
  value: number,
  precision: number,
  alternate: boolean,
  room: number = Math.max(precision, 1),
): string {
  const { digits: all, exponent } = significantDigits(value, Math.max(precision, 1));
  const digits = alternate ? all : all.replace(/(?<!^)0+$/, '');
  if (exponent < -4 || exponent >= room) return joinExponent(digits, exponent);
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Whether `value` lies midway between two decimals: then it is an odd multiple of 2^-(precision + 1). */
function isTie(value: number, precision: number): boolean {
  return (value * 2 ** (precision + 1)) % 2 === 1;
}

/** The leading `count` digits of a number, rounded, and the power of ten of the first one. */
function significantDigits(value: number, count: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  const kept = Math.min(count, DIGITS_MAX);
  // The shortest digits that name this double have its magnitude, or the one above when they were rounded up to it.
  const text = value.toExponential();
  let exponent = Number(text.slice(text.indexOf('e') + 1));
  for (;;) {
    const digits = roundedMultiple(value, kept - 1 - exponent).toString();
    if (digits.length === kept) return { digits: digits + '0'.repeat(count - kept), exponent };
    exponent += digits.length > kept ? 1 : -1;
  }
}

/** `value` × 10^`power`, rounded half to even. */
function roundedMultiple(value: number, power: number): bigint {
  const { mantissa, exponent } = binaryParts(value);
  const numerator = mantissa * 2n ** BigInt(Math.max(exponent, 0)) * 10n ** BigInt(Math.max(power, 0));
  const denominator = 2n ** BigInt(Math.max(-exponent, 0)) * 10n ** BigInt(Math.max(-power, 0));
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

/** A double as mantissa × 2^exponent (IEEE 754 binary64). */
function binaryParts(value: number): { mantissa: bigint; exponent: number } {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0] ?? 0n;
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const biased = Number((bits >> 52n) & 0x7ffn);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** `d.ddde±xx` */
function joinExponent(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits.charAt(0)}.${digits.slice(1)}` : digits;
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${power}`;
}
