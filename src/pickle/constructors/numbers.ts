// `Decimal`, `Fraction` and `UUID` as a pickle makes them, every digit checked.

import type { AllowedGlobal, ConstructContext } from '../globals.ts';
import { narrow } from '../long.ts';
import { PyDecimal, PyFraction, type PyTuple, PyUUID } from '../values/index.ts';
import { intArgument, isInt, positional, refuse, textArgument } from './check.ts';
import { gcd } from './gcd.ts';

export const numberGlobals: readonly AllowedGlobal[] = [
  {
    module: 'decimal',
    name: 'Decimal',
    construct: (args, kwargs) => {
      const [text] = positional('Decimal', args, kwargs, 1);
      return new PyDecimal(decimalText(textArgument('Decimal', text)));
    },
  },
  {
    module: 'fractions',
    name: 'Fraction',
    construct: (args, kwargs, context) => fraction(positional('Fraction', args, kwargs, 1, 2), context),
  },
  {
    module: 'uuid',
    name: 'UUID',
    needsState: true,
    construct: (args, kwargs) => {
      positional('UUID', args, kwargs, 0);
      return new PyUUID('');
    },
    setState: (instance, state) => {
      const int = state instanceof Map ? state.get('int') : undefined;
      if (!(instance instanceof PyUUID) || !isInt(int)) refuse('a UUID with no int');
      const value = BigInt(int);
      if (value < 0n || value >= 1n << 128n) refuse('a UUID whose int has more than 128 bits');
      const hex = value.toString(16).padStart(32, '0');
      instance.text = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    },
  },
];

/** More digits than Python reads or prints of an int are refused. */
const MOST_DIGITS = 4300;

const DECIMAL = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,18}))?$/;
const DECIMAL_SPECIAL = /^([+-]?)(?:(inf(?:inity)?)|(s?nan)(\d*))$/i;

/** What `str(Decimal(text))` gives: the scientific string of the General Decimal Arithmetic specification. */
function decimalText(text: string): string {
  if (text.length > MOST_DIGITS + 32) refuse('a Decimal of too many digits');
  const special = DECIMAL_SPECIAL.exec(text);
  if (special !== null) {
    const sign = special[1] === '-' ? '-' : '';
    if (special[2] !== undefined) return `${sign}Infinity`;
    const name = special[3]?.length === 4 ? 'sNaN' : 'NaN';
    return sign + name + (special[4] ?? '').replace(/^0+/, '');
  }
  const parts = DECIMAL.exec(text) ?? refuse('a Decimal of something that is no number');
  const [, sign = '', whole = '', behind = '', only = '', power = '0'] = parts;
  const fraction = behind + only;
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  const exponent = Number(power) - fraction.length;
  return (sign === '-' ? '-' : '') + scientific(digits, exponent);
}

/** The digits times ten to the exponent, with an `E` only where the specification puts one. */
function scientific(digits: string, exponent: number): string {
  const leftOfPoint = exponent + digits.length;
  if (exponent <= 0 && leftOfPoint > -6) {
    if (exponent === 0) return digits;
    const padded = digits.padStart(digits.length + Math.max(0, 1 - leftOfPoint), '0');
    const point = padded.length + exponent;
    return `${padded.slice(0, point)}.${padded.slice(point)}`;
  }
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  const power = leftOfPoint - 1;
  return `${mantissa}E${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}

/** Two ints from Python 3.11 on; before, the text of `str(fraction)`. */
function fraction(args: PyTuple, context: ConstructContext): PyFraction {
  const [first, second] = args;
  if (args.length === 2) {
    return lowestTerms(BigInt(intArgument('Fraction', first)), BigInt(intArgument('Fraction', second)), context);
  }
  const parts = FRACTION.exec(textArgument('Fraction', first)) ?? refuse('a Fraction of other text than its own');
  return lowestTerms(BigInt(parts[1] as string), BigInt(parts[2] ?? '1'), context);
}

/** As many digits as Python reads of an int. */
const FRACTION = new RegExp(`^(-?\\d{1,${MOST_DIGITS}})(?:/(\\d{1,${MOST_DIGITS}}))?$`);

/** Pickled fractions are in lowest terms; that they are is checked at a cost that the pickle's bytes must cover. */
function lowestTerms(numerator: bigint, denominator: bigint, context: ConstructContext): PyFraction {
  const bytes = (numerator.toString(16).length + denominator.toString(16).length) / 2;
  context.charge(bytes + bytes ** 2 / BYTES_SQUARED_PER_STEP);
  if (denominator <= 0n) refuse('a Fraction whose denominator is not positive');
  if (gcd(denominator, numerator < 0n ? -numerator : numerator) !== 1n)
    refuse('a Fraction that is not in lowest terms');
  return new PyFraction(narrow(numerator), narrow(denominator));
}

/** `gcd` is quadratic: two ints of 4,300 digits must cost no more than a pickle of their own bytes may. */
const BYTES_SQUARED_PER_STEP = 2048;
