// Moments as calendar fields, like C's struct tm. Knows no format.

import { FormatError } from '../errors.ts';

/** A moment in some time zone, as Python's `time.struct_time`. */
export interface CalendarTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
  /** 0 to 59. */
  readonly second: number;
  /** 0 (Sunday) to 6, as C counts. */
  readonly weekday: number;
  /** 0 to 365. */
  readonly dayOfYear: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  /** Whole seconds since 1970. */
  readonly epoch: number;
}

const DAY = 86_400_000;

/**
 * `time.localtime(seconds)`: a moment in this process's time zone, whose fraction of a second is dropped downwards.
 * @param seconds since 1970
 * @throws FormatError `ERR_TIME_FORMAT` for nan and for years beyond JavaScript's (±271,821)
 */
export function localtime(seconds: number): CalendarTime {
  const date = toDate(seconds);
  const year = date.getFullYear();
  const midnight = utc(year, date.getMonth(), date.getDate());
  const wall = midnight + ((date.getHours() * 60 + date.getMinutes()) * 60 + date.getSeconds()) * 1000;
  return {
    year,
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
    weekday: date.getDay(),
    dayOfYear: (midnight - utc(year, 0, 1)) / DAY,
    offset: (wall - date.getTime()) / 1000,
    epoch: date.getTime() / 1000,
  };
}

/** `time.gmtime(seconds)`: a moment in UTC. Argument and errors as in localtime. */
export function gmtime(seconds: number): CalendarTime {
  const date = toDate(seconds);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
    dayOfYear: Math.floor((date.getTime() - utc(year, 0, 1)) / DAY),
    offset: 0,
    epoch: date.getTime() / 1000,
  };
}

function toDate(seconds: number): Date {
  const date = new Date(Math.floor(seconds) * 1000);
  if (!Number.isNaN(date.getTime())) return date;
  throw new FormatError('ERR_TIME_FORMAT', `${seconds} seconds since 1970 is no moment of the calendar`);
}

/** `Date.UTC` without its reading of years 0 to 99 as 1900 to 1999. */
function utc(year: number, monthIndex: number, day: number): number {
  return new Date(0).setUTCFullYear(year, monthIndex, day);
}
