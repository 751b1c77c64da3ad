// When a TimedRotatingFileHandler rolls over, and what it calls the files.

import { LoggingError } from '../errors.ts';
import type { CalendarTime, Converter } from '../time/calendar.ts';

const MINUTE = 60;
const HOUR: number = 60 * MINUTE;
const DAY: number = 24 * HOUR;
const WEEK: number = 7 * DAY;

/** A time of the day, such as Python's `datetime.time`. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** What a `when` stands for. */
export interface When {
  /** In capitals, as Python keeps it. */
  readonly name: string;
  /** Seconds between two rollovers when the interval is 1. */
  readonly unit: number;
  /** What is appended to a file's name, as strftime's format. */
  readonly suffix: string;
  /** What such a text looks like. */
  readonly pattern: string;
  /** Whether rollovers are at a time of the day, not some seconds after the last. */
  readonly daily: boolean;
  /** For weekly rollovers the day, 0 for Monday; else null. */
  readonly weekday: number | null;
}

const DATE = { suffix: '%Y-%m-%d', pattern: '\\d{4}-\\d{2}-\\d{2}' };
const BASE = { daily: false, weekday: null };

const WHENS: ReadonlyMap<string, When> = new Map(
  (
    [
      {
        ...BASE,
        name: 'S',
        unit: 1,
        suffix: `${DATE.suffix}_%H-%M-%S`,
        pattern: `${DATE.pattern}_\\d{2}-\\d{2}-\\d{2}`,
      },
      { ...BASE, name: 'M', unit: MINUTE, suffix: `${DATE.suffix}_%H-%M`, pattern: `${DATE.pattern}_\\d{2}-\\d{2}` },
      { ...BASE, name: 'H', unit: HOUR, suffix: `${DATE.suffix}_%H`, pattern: `${DATE.pattern}_\\d{2}` },
      { ...BASE, name: 'D', unit: DAY, ...DATE },
      { ...BASE, name: 'MIDNIGHT', unit: DAY, ...DATE, daily: true },
      ...[0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ name: `W${weekday}`, unit: WEEK, ...DATE, daily: true, weekday })),
    ] satisfies When[]
  ).map((when) => [when.name, when]),
);

/**
 * The meaning of a `when`, in small letters or capitals.
 * @throws LoggingError `ERR_CONFIG` where it has none
 */
export function parseWhen(when: string): When {
  const known = WHENS.get(when.toUpperCase());
  if (known !== undefined) return known;
  throw new LoggingError('ERR_CONFIG', `when must be S, M, H, D, midnight or W0 (Monday) to W6, not ${when}`);
}

/** Everything that a rollover time depends on but the present. */
export interface Schedule {
  readonly when: When;
  /** Seconds between two rollovers. */
  readonly interval: number;
  /** When daily and weekly rollovers are; null for midnight. */
  readonly atTime: TimeOfDay | null;
  /** Seconds since 1970 as a moment of the schedule's zone, which is UTC if `utc` says so. */
  readonly calendar: Converter;
  readonly utc: boolean;
}

/**
 * Python's `computeRollover`: the first rollover after a time, both in seconds since 1970. Where daylight saving time
 * begins or ends in between, an hour is taken off or added, as Python does it, whatever the zone's clocks do.
 */
export function computeRollover(schedule: Schedule, currentTime: number): number {
  const { when, interval, atTime, calendar, utc } = schedule;
  if (!when.daily) return currentTime + interval;

  const now = calendar(currentTime);
  const target = atTime === null ? DAY : secondsOfDay(atTime);
  let wait = target - secondsOfDay(now);
  let weekday = (now.weekday + 6) % 7;
  if (wait <= 0) {
    wait += DAY;
    weekday = (weekday + 1) % 7;
  }
  if (when.weekday !== null) wait += ((when.weekday - weekday + 7) % 7) * DAY;
  const result = currentTime + wait + interval - when.unit;
  if (utc) return result;

  const dstThen = calendar(result).isdst;
  if (now.isdst === dstThen) return result;
  if (now.isdst) return result + HOUR;
  return calendar(result - HOUR).isdst ? result - HOUR : result;
}

/**
 * The moment that a file is named after: the beginning of the interval that ends with a rollover.
 * @param rolloverAt when the interval ends
 * @param currentTime whose daylight saving time, or its absence, the name is given in
 */
export function intervalStart(schedule: Schedule, rolloverAt: number, currentTime: number): CalendarTime {
  const { interval, calendar, utc } = schedule;
  const start = rolloverAt - interval;
  const then = calendar(start);
  if (utc) return then;
  const { isdst } = calendar(currentTime);
  if (isdst === then.isdst) return then;
  return calendar(start + (isdst ? HOUR : -HOUR));
}

function secondsOfDay({ hour, minute, second }: TimeOfDay): number {
  return hour * HOUR + minute * MINUTE + second;
}
