// Time zones by rule, as the TZ variable and the last line of a TZif file write them: `CET-1CEST,M3.5.0,M10.5.0/3`.
// Source: POSIX.1-2017, section 8.3, with the hours of RFC 9636, section 3.3.1.

import { fixedZone, type LocalTimeType, type TimeZone } from './time-zone.ts';

const DAY = 86_400;

const NAME = '(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)';
const TIME = String.raw`[+-]?\d{1,3}(?::\d{1,2}(?::\d{1,2})?)?`;
const DATE = String.raw`(?:J\d{1,3}|\d{1,3}|M\d{1,2}\.\d\.\d)`;
const RULE = `${DATE}(?:/${TIME})?`;
const ZONE = new RegExp(`^(${NAME})(${TIME})(?:(${NAME})(${TIME})?(?:,(${RULE}),(${RULE}))?)?$`);

/** What the United States do, for a zone that has a summer time and does not say when. */
const DEFAULT_RULES = ['M3.2.0', 'M11.1.0'] as const;

/** Reads a zone; null for a text that describes none. */
export function parsePosixZone(text: string): TimeZone | null {
  const match = ZONE.exec(text);
  if (match === null) return null;
  const [, name = '', time = '', summerName, summerTime, start = DEFAULT_RULES[0], end = DEFAULT_RULES[1]] = match;
  // West of Greenwich is positive here, and negative everywhere else.
  const standard: LocalTimeType = { offset: -seconds(time) || 0, name: unquoted(name), isdst: false };
  if (summerName === undefined) return fixedZone(standard.offset, standard.name);
  const offset = summerTime === undefined ? standard.offset + 3600 : -seconds(summerTime) || 0;
  const summer: LocalTimeType = { offset, name: unquoted(summerName), isdst: true };
  const startsAt = parseRule(start);
  const endsAt = parseRule(end);
  if (startsAt === null || endsAt === null) return null;
  return new RuleZone(standard, summer, startsAt, endsAt);
}

/** The seconds from the beginning of a year to a change, by the clock in use until then. */
type Rule = (year: number) => number;

class RuleZone implements TimeZone {
  readonly #standard: LocalTimeType;
  readonly #summer: LocalTimeType;
  readonly #start: Rule;
  readonly #end: Rule;

  constructor(standard: LocalTimeType, summer: LocalTimeType, start: Rule, end: Rule) {
    this.#standard = standard;
    this.#summer = summer;
    this.#start = start;
    this.#end = end;
  }

  at(epoch: number): LocalTimeType {
    // The GNU C library takes the year that it is in UTC, which matters to changes around New Year only.
    const year = new Date(epoch * 1000).getUTCFullYear();
    // Of the years before 1970 it finds no beginning.
    const newYear = Math.max(startOf(year), 0);
    const start = newYear + this.#start(year) - this.#standard.offset;
    const end = newYear + this.#end(year) - this.#summer.offset;
    const inSummer = start > end ? epoch < end || epoch >= start : epoch >= start && epoch < end;
    return inSummer ? this.#summer : this.#standard;
  }
}

/** `Jn`, `n` or `Mm.w.d`, with `/time` where it is not two o'clock. */
function parseRule(text: string): Rule | null {
  const [date = '', time = '2'] = text.split('/');
  const clock = seconds(time);
  const [first = 0, week = 0, weekday = 0] = date.replace(/^[JM]/, '').split('.').map(Number);
  switch (date[0]) {
    case 'J':
      if (first < 1 || first > 365) return null;
      // Days without the 29th of February, which is never one of them.
      return (year) => (first - 1 + (first >= 60 && isLeap(year) ? 1 : 0)) * DAY + clock;
    case 'M':
      if (first < 1 || first > 12 || week < 1 || week > 5 || weekday > 6) return null;
      return (year) => dayInMonth(year, first, week, weekday) * DAY + clock;
    default:
      return first > 365 ? null : () => first * DAY + clock;
  }
}

/** The day of the year, from 0, of a month's first (1) to last (5) such weekday. */
function dayInMonth(year: number, month: number, week: number, weekday: number): number {
  const first = monthStart(year, month);
  const firstWeekday = new Date(first * 1000).getUTCDay();
  let day = ((weekday - firstWeekday + 7) % 7) + (week - 1) * 7;
  if (day >= (monthStart(year, month + 1) - first) / DAY) day -= 7;
  return (first - startOf(year)) / DAY + day;
}

function startOf(year: number): number {
  return monthStart(year, 1);
}

function monthStart(year: number, month: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, 1) / 1000;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function unquoted(name: string): string {
  return name.replace(/^<|>$/g, '');
}

/** `-1:30:15` and the like. */
function seconds(time: string): number {
  const [hours = 0, minutes = 0, rest = 0] = time.replace(/^[+-]/, '').split(':').map(Number);
  return (time.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + rest);
}
