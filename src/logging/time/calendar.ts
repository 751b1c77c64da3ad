// Moments as calendar fields, like C's struct tm.

import { FormatError } from '../errors.ts';
import { readLocalZone } from './local-zone.ts';
import type { LocalTimeType, TimeZone } from './time-zone.ts';

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
  /** The abbreviation of the time zone. */
  readonly zone: string;
  /** Whether it is daylight saving time. */
  readonly isdst: boolean;
  /** Whole seconds since 1970. */
  readonly epoch: number;
}

/** Seconds since 1970 to calendar fields: `time.localtime`, `time.gmtime`, or another clock. */
export type Converter = (seconds: number) => CalendarTime;

const DAY = 86_400_000;

const GMT: LocalTimeType = { offset: 0, name: 'GMT', isdst: false };

/**
 * `time.localtime(seconds)`: a moment in this process's time zone, whose fraction of a second is dropped downwards.
 * @param seconds since 1970
 * @param zone read at each call (see readLocalZone) where it is not given
 * @throws FormatError `ERR_TIME_FORMAT` for nan and for years beyond JavaScript's (±271,821)
 */
export function localtime(seconds: number, zone: TimeZone = readLocalZone()): CalendarTime {
  const epoch = wholeSeconds(seconds);
  return calendarOf(epoch, zone.at(epoch));
}

/** `localtime` with the time zone that the process has when it is called first. */
export function localClock(): Converter {
  let zone: TimeZone | null = null;
  return (seconds) => {
    zone ??= readLocalZone();
    return localtime(seconds, zone);
  };
}

/** `time.gmtime(seconds)`: a moment in UTC, which the C library calls GMT. Argument and errors as in localtime. */
export function gmtime(seconds: number): CalendarTime {
  return calendarOf(wholeSeconds(seconds), GMT);
}

/** The fields of a moment where the clock is set so. */
export function calendarOf(epoch: number, { offset, name, isdst }: LocalTimeType): CalendarTime {
  const date = new Date((epoch + offset) * 1000);
  if (Number.isNaN(date.getTime())) throw noMoment(epoch);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
    // `Date.UTC` would read years 0 to 99 as 1900 to 1999.
    dayOfYear: Math.floor((date.getTime() - new Date(0).setUTCFullYear(year, 0, 1)) / DAY),
    offset,
    zone: name,
    isdst,
    epoch,
  };
}

function wholeSeconds(seconds: number): number {
  const epoch = Math.floor(seconds);
  if (Number.isNaN(new Date(epoch * 1000).getTime())) throw noMoment(seconds);
  return epoch;
}

function noMoment(seconds: number): FormatError {
  return new FormatError('ERR_TIME_FORMAT', `${seconds} seconds since 1970 is no moment of the calendar`);
}
