// time.strftime in the C locale, with the flags and widths of the GNU C library.
// The rules are those of glibc's time/strftime_l.c, quirks of padding included.

import { FormatError } from '../errors.ts';
import { TEXT_UNITS_MAX, tooLong } from '../text/text-limits.ts';
import type { CalendarTime } from './calendar.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** The widest field: Python gives up on texts not much wider, and returns an empty one. */
const COLUMNS_MAX = 1023;

/** What strftime reads; an offset of null is one that the C library does not know, and prints nothing for. */
export type PrintableTime = Omit<CalendarTime, 'offset'> & { readonly offset: number | null };

/** A number, and the columns it fills by default with `fill`. */
interface NumberDirective {
  readonly kind: 'number';
  readonly digits: number;
  readonly fill?: ' ';
  readonly of: (time: PrintableTime) => number;
}

/** A name; `swap` is the case that the `#` flag gives it, `none` that no flag gives it any. */
interface TextDirective {
  readonly kind: 'text';
  readonly swap: 'upper' | 'lower' | 'none';
  readonly of: (time: PrintableTime) => string;
}

/** A format of its own. */
interface CompositeDirective {
  readonly kind: 'composite';
  readonly format: string;
}

type Directive = NumberDirective | TextDirective | CompositeDirective;

const number = (digits: number, of: NumberDirective['of']): NumberDirective => ({ kind: 'number', digits, of });
const spaced = (digits: number, of: NumberDirective['of']): NumberDirective => ({ ...number(digits, of), fill: ' ' });
const text = (swap: TextDirective['swap'], of: TextDirective['of']): TextDirective => ({ kind: 'text', swap, of });
const composite = (format: string): CompositeDirective => ({ kind: 'composite', format });

const twelve = (time: PrintableTime): number => time.hour % 12 || 12;
const dayName = (time: PrintableTime): string => DAYS[time.weekday] ?? '?';
const monthName = (time: PrintableTime): string => MONTHS[time.month - 1] ?? '?';
const halfOfDay = (time: PrintableTime): string => (time.hour < 12 ? 'AM' : 'PM');
const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;

/** The directives, but for `%%` and `%z`, which have rules of their own. */
const DIRECTIVES: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['a', text('upper', (time) => dayName(time).slice(0, 3))],
  ['A', text('upper', dayName)],
  ['b', text('upper', (time) => monthName(time).slice(0, 3))],
  ['B', text('upper', monthName)],
  ['c', composite('%a %b %e %H:%M:%S %Y')],
  ['C', number(1, (time) => Math.floor(time.year / 100))],
  ['d', number(2, (time) => time.day)],
  ['D', composite('%m/%d/%y')],
  ['e', spaced(2, (time) => time.day)],
  ['F', composite('%Y-%m-%d')],
  ['g', number(2, (time) => modulo(isoWeek(time).year, 100))],
  ['G', number(1, (time) => isoWeek(time).year)],
  ['h', text('upper', (time) => monthName(time).slice(0, 3))],
  ['H', number(2, (time) => time.hour)],
  ['I', number(2, twelve)],
  ['j', number(3, (time) => time.dayOfYear + 1)],
  ['k', spaced(2, (time) => time.hour)],
  ['l', spaced(2, twelve)],
  ['m', number(2, (time) => time.month)],
  ['M', number(2, (time) => time.minute)],
  ['n', text('upper', () => '\n')],
  ['p', text('lower', halfOfDay)],
  ['P', text('none', (time) => halfOfDay(time).toLowerCase())],
  ['r', composite('%I:%M:%S %p')],
  ['R', composite('%H:%M')],
  ['s', number(1, (time) => time.epoch)],
  ['S', number(2, (time) => time.second)],
  ['t', text('upper', () => '\t')],
  ['T', composite('%H:%M:%S')],
  ['u', number(1, (time) => time.weekday || 7)],
  ['U', number(2, (time) => Math.floor((time.dayOfYear - time.weekday + 7) / 7))],
  ['V', number(2, (time) => isoWeek(time).week)],
  ['w', number(1, (time) => time.weekday)],
  ['W', number(2, (time) => Math.floor((time.dayOfYear - modulo(time.weekday - 1, 7) + 7) / 7))],
  ['x', composite('%m/%d/%y')],
  ['X', composite('%H:%M:%S')],
  ['y', number(2, (time) => modulo(time.year, 100))],
  ['Y', number(1, (time) => time.year)],
  ['Z', text('lower', (time) => time.zone)],
]);

/** The directives that refuse a modifier: such a pair is printed as it stands. Elsewhere the C locale ignores it. */
const REFUSES: Readonly<Record<string, string>> = { E: 'aAbBdDeFgGhHIjklmMSUVwW', O: 'aAcDFxXY' };

/** Flags, width, modifier, and the directive itself, which is missing at the end of a format. */
const FIELD = /%([-_0^#]*)(\d*)([EO]?)(.?)/gsu;

interface Field {
  /** `-`, `_` or `0`, the last one given; empty for the directive's own. */
  readonly padding: string;
  readonly upper: boolean;
  readonly swap: boolean;
  /** Columns; 0 where the format gives none. */
  readonly width: number;
}

type Part = string | ((time: PrintableTime) => string);

/** A date format, read once, to be applied many times. */
export class TimeFormat {
  readonly source: string;
  readonly #parts: readonly Part[];

  /**
   * @param source what Python's `time.strftime` takes; unknown directives stand for themselves
   * @throws FormatError `ERR_TIME_FORMAT` for a width over 1023, and for a NUL, which Python refuses too
   */
  constructor(source: string) {
    this.source = source;
    this.#parts = parse(source);
  }

  /**
   * The text of a moment.
   * @throws FormatError `ERR_FORMAT_LIMIT` above TEXT_UNITS_MAX
   */
  apply(time: PrintableTime): string {
    let result = '';
    for (const part of this.#parts) {
      result += typeof part === 'string' ? part : part(time);
      if (result.length > TEXT_UNITS_MAX) throw tooLong();
    }
    return result;
  }
}

/** `time.strftime(format, time)` for a format that is used once; errors as in TimeFormat. */
export function strftime(format: string, time: PrintableTime): string {
  return new TimeFormat(format).apply(time);
}

function parse(source: string): Part[] {
  if (source.includes('\0')) throw new FormatError('ERR_TIME_FORMAT', 'a date format holds a NUL');
  const parts: Part[] = [];
  let end = 0;
  for (const match of source.matchAll(FIELD)) {
    const [whole, flags = '', width = '', modifier = '', type = ''] = match;
    if (match.index > end) parts.push(source.slice(end, match.index));
    end = match.index + whole.length;
    const field: Field = {
      padding: flags.replace(/[^-_0]/g, '').slice(-1),
      upper: flags.includes('^'),
      swap: flags.includes('#'),
      width: Number(width),
    };
    if (field.width > COLUMNS_MAX)
      throw new FormatError('ERR_TIME_FORMAT', `${whole} is wider than ${COLUMNS_MAX} columns`);
    const refused = modifier !== '' && type !== '' && REFUSES[modifier]?.includes(type) === true;
    // Of the directives that refuse a modifier, glibc lets `#` change the case of these two all the same.
    const swapped = field.swap && 'bh'.includes(type);
    parts.push(refused ? asItStands(whole, swapped ? { ...field, upper: true } : field) : compile(whole, type, field));
  }
  if (end < source.length) parts.push(source.slice(end));
  return parts;
}

function compile(whole: string, type: string, field: Field): Part {
  if (type === '%') return padText('%', field);
  if (type === 'z') return (time) => (time.offset === null ? '' : offsetText(time.offset, field));
  const directive = DIRECTIVES.get(type);
  switch (directive?.kind) {
    case undefined:
      return asItStands(whole, field);
    case 'number': {
      // glibc lets %s fill its width as a text does.
      const digits = type === 's' ? 1 : Math.max(directive.digits, field.width);
      return (time) => numberText(directive.of(time), digits, directive.fill, field);
    }
    case 'text':
      return (time) => padText(changeCase(directive.of(time), directive.swap, field), field);
    case 'composite': {
      const inner = new TimeFormat(directive.format);
      return (time) => padText(changeCase(inner.apply(time), null, field), field);
    }
  }
}

/** A directive that is none is printed as it stands, but for its width and capitals. */
function asItStands(whole: string, field: Field): string {
  return padText(field.upper ? whole.toUpperCase() : whole, field);
}

function changeCase(value: string, swap: TextDirective['swap'] | null, { upper, swap: swapped }: Field): string {
  if (swap === 'none') return value;
  if (swapped && swap === 'lower') return value.toLowerCase();
  return upper || (swapped && swap === 'upper') ? value.toUpperCase() : value;
}

/** Fills up to the field's width on the left, whatever the text. */
function padText(value: string, { padding, width }: Field): string {
  return value.padStart(width, padding === '0' ? '0' : ' ');
}

/** Fills with zeros or spaces up to a number of digits, a sign counting as one. */
function numberText(value: number, digits: number, fill: ' ' | undefined, field: Field): string {
  const { padding } = field;
  const plain = String(value);
  if (padding === '-') return padText(plain, field);
  if (padding === '_' || (fill === ' ' && padding !== '0')) return padText(plain.padStart(digits), field);
  const zeros = value < 0 ? `-${plain.slice(1).padStart(digits - 1, '0')}` : plain.padStart(digits, '0');
  return padText(zeros, field);
}

/** `+hhmm`, the sign and the digits each filled up to the field's width. */
function offsetText(offset: number, field: Field): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  const hoursAndMinutes = Math.floor(minutes / 60) * 100 + (minutes % 60);
  const digits = numberText(hoursAndMinutes, Math.max(4, field.width), undefined, field);
  return padText(offset < 0 ? '-' : '+', field) + digits;
}

/** The week of ISO 8601, which belongs to the year that has its Thursday. */
function isoWeek({ year, dayOfYear, weekday }: PrintableTime): { year: number; week: number } {
  const thursday = dayOfYear + 4 - (weekday || 7);
  if (thursday < 0) return { year: year - 1, week: Math.floor((thursday + daysIn(year - 1)) / 7) + 1 };
  if (thursday >= daysIn(year)) return { year: year + 1, week: 1 };
  return { year, week: Math.floor(thursday / 7) + 1 };
}

function daysIn(year: number): number {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 366 : 365;
}
