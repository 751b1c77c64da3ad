// Python's `%` operator on text, complete and with a bound on what it makes.

import { PyArray, PyByteArray, PyCounter, PyDeque, PyRange, PyTuple, repr } from '../../pickle/index.ts';
import { FormatError } from '../errors.ts';
import type { CompiledFormat, FormatPart } from './field-part.ts';
import { exponentText, fixedText, generalText } from './float-text.ts';
import type { Lookup } from './lookup.ts';
import { asDouble, asIndex, asInteger, INT_DIGITS_MAX, tooManyDigits } from './numbers.ts';
import { isOneCharacter, pad, spaces, truncate } from './padding.ts';
import { ABSENT, type Conversion, type Part, parsePercentFormat, STAR } from './percent-parse.ts';
import { isInt, typeName } from './python-types.ts';
import { asciiOf, reprOf, shown, TEXT_UNITS_MAX, textOf, tooLong } from './text-limits.ts';

const INT_END = 10n ** BigInt(INT_DIGITS_MAX);
const CODE_POINT_MAX = 0x10ffff;
const MINUS = 0x2d;

/** Python's own bound on a precision from the arguments: the largest int of C. */
const PRECISION_MAX = 2 ** 31 - 1;

/** A format string, read once, to be applied many times. */
export class PercentFormat implements CompiledFormat {
  readonly source: string;
  readonly parts: readonly FormatPart[] | null;
  readonly #parts: readonly Part[];

  constructor(source: string) {
    this.source = source;
    this.#parts = [...parsePercentFormat(source)];
    const parts = this.#parts.map(formatPart);
    this.parts = parts.every((part) => part !== null) ? parts : null;
  }

  /**
   * `source % args`.
   * @param args a PyTuple for its items, a Map for its names, or any other value for itself
   * @throws FormatError `ERR_FORMAT_KEY`, `_TYPE`, `_VALUE` or `_OVERFLOW` where Python raises that, `ERR_FORMAT_LIMIT`
   *   above TEXT_UNITS_MAX
   */
  apply(args: unknown): string {
    return join(this.source, this.#parts, Arguments.of(args));
  }

  /** `source % mapping`, for a mapping that is no value itself: a conversion without a name finds nothing. */
  applyTo(mapping: Lookup): string {
    const { parts } = this;
    if (parts === null) return join(this.source, this.#parts, new Arguments(mapping, [WHOLE], true));
    let text = '';
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as FormatPart;
      text += typeof part === 'string' ? part : part.text(mapping);
      if (text.length > TEXT_UNITS_MAX) throw tooLong();
    }
    return text;
  }
}

/** `format % args` for a format that is used once; arguments and errors as in PercentFormat.apply. */
export function percent(format: string, args: unknown): string {
  return join(format, parsePercentFormat(format), Arguments.of(args));
}

function join(source: string, parts: Iterable<Part>, args: Arguments): string {
  let text = '';
  for (const part of parts) {
    text += typeof part === 'string' ? part : convert(source, part, args);
    if (text.length > TEXT_UNITS_MAX) throw tooLong();
  }
  args.finish();
  return text;
}

/** A part of nearly all formats, prepared for what a mapping holds; null for any other. */
function formatPart(part: Part): FormatPart | null {
  if (typeof part === 'string') return part;
  const { key, type, left, precision, error, plus, blank, zero } = part;
  if (key === null || error !== null || precision !== ABSENT || part.width === STAR || part.width > TEXT_UNITS_MAX)
    return null;
  const width = Math.max(part.width, 0);
  const side = left ? 'left' : 'right';
  if (type === 's') {
    const layout = { width, text: side, int: side, float: null } as const;
    return { name: key, layout, text: (mapping) => pad(textOf(lookUp(mapping, key)), width, left) };
  }
  if (type !== 'd') return null;
  const isPlain = !(plus || blank || zero);
  return {
    name: key,
    layout: isPlain ? { width, text: null, int: side, float: left ? null : 'cut' } : null,
    text: (mapping) => padNumber(decimalText(type, lookUp(mapping, key)), '', ABSENT, part, width, left),
  };
}

/** @throws FormatError `ERR_FORMAT_KEY` where the mapping has no such value */
function lookUp(mapping: Lookup, key: string): unknown {
  const value = mapping.get(key);
  if (value === undefined) throw new FormatError('ERR_FORMAT_KEY', `there is no ${shown(key)}`);
  return value;
}

const CONVERSIONS = 'sracdiuoxXeEfFgG';

/** Stands for all that a Lookup finds, which is a dict to Python: no number, and far too much to print. */
const WHOLE: ReadonlyMap<unknown, unknown> = new Map();

/** The right operand of `%`, and which of its values have been used. */
class Arguments {
  readonly #mapping: Lookup | null;
  /** Whether values may be left over: Python asks for all of a tuple, and of nothing else that has items. */
  readonly #lenient: boolean;
  #values: readonly unknown[];
  #used = 0;

  static of(args: unknown): Arguments {
    if (args instanceof PyTuple) return new Arguments(null, args, false);
    if (args instanceof Map) return new Arguments(new DictLookup(args), [args], true);
    return new Arguments(null, [args], hasItems(args));
  }

  constructor(mapping: Lookup | null, values: readonly unknown[], lenient: boolean) {
    this.#mapping = mapping;
    this.#values = values;
    this.#lenient = lenient;
  }

  /** Where names are looked up. */
  mapping(): Lookup {
    if (this.#mapping !== null) return this.#mapping;
    const why = this.#lenient ? 'has no names' : 'is no mapping';
    throw new FormatError('ERR_FORMAT_TYPE', `the format names a value, and what it is applied to ${why}`);
  }

  /** Makes the value of a name the only one there is. */
  select(mapping: Lookup, key: string): void {
    this.#values = [lookUp(mapping, key)];
    this.#used = 0;
  }

  next(): unknown {
    if (this.#used < this.#values.length) return this.#values[this.#used++];
    throw new FormatError('ERR_FORMAT_TYPE', 'the format has more conversions than there are arguments');
  }

  finish(): void {
    if (this.#lenient || this.#used >= this.#values.length) return;
    throw new FormatError('ERR_FORMAT_TYPE', 'there are more arguments than the format has conversions');
  }
}

/** The items of a dict by name; a Counter has zero of what it does not hold. */
class DictLookup implements Lookup {
  readonly #dict: ReadonlyMap<unknown, unknown>;

  constructor(dict: ReadonlyMap<unknown, unknown>) {
    this.#dict = dict;
  }

  get(name: string): unknown {
    if (this.#dict.has(name)) return this.#dict.get(name);
    return this.#dict instanceof PyCounter ? 0 : undefined;
  }
}

/** Whether a value can be subscripted, though not by name (PyMapping_Check in CPython). */
function hasItems(value: unknown): boolean {
  if (value instanceof PyByteArray || value instanceof PyRange || value instanceof PyArray) return true;
  return (Array.isArray(value) && !(value instanceof PyDeque)) || value instanceof Uint8Array;
}

/** The text of one conversion: unicode_format_arg_format in CPython's Objects/unicodeobject.c. */
function convert(source: string, conversion: Conversion, args: Arguments): string {
  const mapping = conversion.named ? args.mapping() : null;
  if (mapping !== null && conversion.key !== null) args.select(mapping, conversion.key);
  let { left, width, precision } = conversion;
  if (width === STAR) {
    width = starArgument(args.next(), Number.MAX_SAFE_INTEGER);
    if (width < 0) {
      left = true;
      width = -width;
    }
  }
  if (precision === STAR) precision = Math.max(starArgument(args.next(), PRECISION_MAX), 0);
  if (conversion.error !== null) throw conversion.error;
  const value = args.next();
  if (width > TEXT_UNITS_MAX || precision > TEXT_UNITS_MAX) throw tooLong();
  if (value === WHOLE && CONVERSIONS.includes(conversion.type)) {
    throw new FormatError('ERR_FORMAT_TYPE', `the conversion %${conversion.type} needs a name, as in %(name)s`);
  }

  switch (conversion.type) {
    case 's':
      return pad(truncated(textOf(value), precision), width, left);
    case 'r':
      return pad(truncated(reprOf(value), precision), width, left);
    case 'a':
      return pad(truncated(asciiOf(value), precision), width, left);
    case 'c':
      return pad(characterText(value), width, left);
    case 'd':
    case 'i':
    case 'u':
      return padNumber(decimalText(conversion.type, value), '', precision, conversion, width, left);
    case 'o':
      return padNumber(radixText('o', value, 8), '0o', precision, conversion, width, left);
    case 'x':
      return padNumber(radixText('x', value, 16), '0x', precision, conversion, width, left);
    case 'X':
      return padNumber(radixText('X', value, 16).toUpperCase(), '0X', precision, conversion, width, left);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return padNumber(floatText(conversion, value, precision), '', ABSENT, conversion, width, left);
    default:
      throw new FormatError('ERR_FORMAT_VALUE', unknownConversion(source, conversion));
  }
}

function truncated(text: string, precision: number): string {
  return precision === ABSENT ? text : truncate(text, precision);
}

function starArgument(value: unknown, most: number): number {
  if (!isInt(value)) throw new FormatError('ERR_FORMAT_TYPE', `* takes an int, not ${typeName(value)}`);
  const number = Number(value);
  if (number > most || number < -most - 1)
    throw new FormatError('ERR_FORMAT_OVERFLOW', 'the number for * is too large');
  return number;
}

function unknownConversion(source: string, { type, offset }: Conversion): string {
  const index = [...source.slice(0, offset)].length;
  const code = type.codePointAt(0)?.toString(16);
  return `there is no conversion ${repr(type)} (0x${code}), found at index ${index}`;
}

/** Puts sign, prefix and zeros before the digits of a number, and spaces around it. ASCII only. */
function padNumber(
  number: string,
  prefix: string,
  minimumDigits: number,
  { plus, blank, alternate, zero }: Conversion,
  width: number,
  left: boolean,
): string {
  const negative = number.charCodeAt(0) === MINUS;
  const sign = negative ? '-' : plus ? '+' : blank ? ' ' : '';
  const head = alternate ? sign + prefix : sign;
  const unsigned = negative ? number.slice(1) : number;
  const digits = unsigned.length < minimumDigits ? unsigned.padStart(minimumDigits, '0') : unsigned;
  const missing = width - head.length - digits.length;
  if (missing <= 0) return head + digits;
  if (left) return head + digits + spaces(missing);
  return zero ? head + digits.padStart(missing + digits.length, '0') : spaces(missing) + head + digits;
}

function decimalText(type: string, value: unknown): string {
  const integer = asInteger(value);
  if (integer === undefined) throw wrongType(type, 'a real number', value);
  if (typeof integer === 'bigint' && (integer >= INT_END || integer <= -INT_END)) throw tooManyDigits();
  return String(integer);
}

function radixText(type: string, value: unknown, radix: number): string {
  const integer = asIndex(value);
  if (integer === undefined) throw wrongType(type, 'an int', value);
  return integer.toString(radix);
}

function floatText({ type, alternate }: Conversion, value: unknown, precision: number): string {
  const number = asDouble(value);
  if (number === undefined) throw wrongType(type, 'a real number', value);
  const lower = type.toLowerCase();
  const text = Number.isFinite(number)
    ? finiteText(Math.abs(number), lower, precision === ABSENT ? 6 : precision, alternate)
    : Number.isNaN(number)
      ? 'nan'
      : 'inf';
  const signed = number < 0 || Object.is(number, -0) ? `-${text}` : text;
  return type === lower ? signed : signed.toUpperCase();
}

function finiteText(magnitude: number, type: string, precision: number, alternate: boolean): string {
  const text =
    type === 'f'
      ? fixedText(magnitude, precision)
      : type === 'e'
        ? exponentText(magnitude, precision)
        : generalText(magnitude, precision, alternate);
  // '#' asks for a decimal point even where no digit follows it.
  return alternate && !text.includes('.') ? text.replace(/^\d+/, '$&.') : text;
}

function characterText(value: unknown): string {
  if (typeof value === 'string') {
    if (isOneCharacter(value)) return value;
    throw new FormatError('ERR_FORMAT_TYPE', '%c takes an int or one character, not a longer or an empty text');
  }
  const code = asIndex(value);
  if (code === undefined) throw wrongType('c', 'an int or one character', value);
  if (code >= 0 && code <= CODE_POINT_MAX) return String.fromCodePoint(Number(code));
  throw new FormatError('ERR_FORMAT_OVERFLOW', 'the number for %c is no code point');
}

function wrongType(type: string, wanted: string, value: unknown): FormatError {
  return new FormatError('ERR_FORMAT_TYPE', `%${type} takes ${wanted}, not ${typeName(value)}`);
}
