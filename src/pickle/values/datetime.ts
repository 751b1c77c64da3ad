// The types of Python's `datetime` and `zoneinfo` modules, to the microsecond and with their time zones.

import { type WallClock, wallClock, zoneOffset } from './time-zones.ts';

/** A `datetime.timedelta`, normalised as Python does: 0 ≤ seconds < 86,400 and 0 ≤ microseconds < 1,000,000. */
export class PyTimeDelta {
  readonly days: number;
  readonly seconds: number;
  readonly microseconds: number;

  constructor(days: number, seconds: number, microseconds: number) {
    this.days = days;
    this.seconds = seconds;
    this.microseconds = microseconds;
    Object.freeze(this);
  }

  totalSeconds(): number {
    return this.days * 86_400 + this.seconds + this.microseconds / 1e6;
  }
}

/** A `datetime.timezone`: a fixed offset, with or without a name of its own. */
export class PyTimeZone {
  readonly offset: PyTimeDelta;
  readonly name: string | null;

  constructor(offset: PyTimeDelta, name: string | null) {
    this.offset = offset;
    this.name = name;
    Object.freeze(this);
  }
}

/** A `zoneinfo.ZoneInfo`, by its key in the IANA database (`Europe/Paris`). */
export class PyZoneInfo {
  readonly key: string;
  #clock: WallClock | null | undefined;

  constructor(key: string) {
    this.key = key;
    Object.freeze(this);
  }

  /** The offset in seconds of a wall-clock reading (milliseconds, as if UTC); null when the engine lacks the zone. */
  offsetOf(wall: number, fold: 0 | 1): number | null {
    // Stryker disable next-line ConditionalExpression: only speed tells
    if (this.#clock === undefined) this.#clock = wallClock(this.key);
    return this.#clock === null ? null : zoneOffset(this.#clock, wall, fold);
  }
}

/** The zones of the IANA database that never had another offset: for these Python needs no date to tell it. */
// Stryker disable next-line Regex: no other zone has one of these within its name
const FIXED_ZONE = /^(Etc\/.+|UTC|UCT|Universal|Zulu|GMT|GMT[+-]?0|Greenwich)$/;

/** A `datetime.date`. */
export class PyDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;

  constructor(year: number, month: number, day: number) {
    this.year = year;
    this.month = month;
    this.day = day;
    Object.freeze(this);
  }

  /** Midnight UTC of this day. */
  toDate(): Date {
    return new Date(utcMilliseconds(this.year, this.month, this.day, 0, 0, 0, 0));
  }
}

/** A `datetime.time`; `tzinfo` is null, a PyTimeZone, a PyZoneInfo, or whatever inert object was pickled there. */
export class PyTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly fold: 0 | 1;
  readonly tzinfo: unknown;

  constructor(hour: number, minute: number, second: number, microsecond: number, fold: 0 | 1, tzinfo: unknown) {
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.microsecond = microsecond;
    this.fold = fold;
    this.tzinfo = tzinfo;
    Object.freeze(this);
  }

  /** What `utcoffset()` gives in Python; null where the zone needs a date, is unknown, or there is none. */
  utcOffset(): PyTimeDelta | null {
    if (this.tzinfo instanceof PyTimeZone) return this.tzinfo.offset;
    if (!(this.tzinfo instanceof PyZoneInfo) || !FIXED_ZONE.test(this.tzinfo.key)) return null;
    return timeDelta(this.tzinfo.offsetOf(0, 0));
  }
}

/** A `datetime.datetime`; `tzinfo` as in PyTime. */
export class PyDateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly fold: 0 | 1;
  readonly tzinfo: unknown;

  constructor(date: PyDate, time: PyTime) {
    this.year = date.year;
    this.month = date.month;
    this.day = date.day;
    this.hour = time.hour;
    this.minute = time.minute;
    this.second = time.second;
    this.microsecond = time.microsecond;
    this.fold = time.fold;
    this.tzinfo = time.tzinfo;
    Object.freeze(this);
  }

  /** What `utcoffset()` gives in Python; null for a naive datetime or a zone that is not known here. */
  utcOffset(): PyTimeDelta | null {
    if (this.tzinfo instanceof PyTimeZone) return this.tzinfo.offset;
    if (!(this.tzinfo instanceof PyZoneInfo)) return null;
    return timeDelta(this.tzinfo.offsetOf(this.wallMilliseconds(), this.fold));
  }

  /** The instant, to the millisecond; a naive datetime is read as UTC, since the sender's zone is not in the pickle. */
  toDate(): Date {
    return new Date(this.wallMilliseconds() - (this.utcOffset()?.totalSeconds() ?? 0) * 1000);
  }

  /** This wall-clock reading as milliseconds since 1970, as if it were UTC. */
  private wallMilliseconds(): number {
    const milliseconds = Math.floor(this.microsecond / 1000);
    return utcMilliseconds(this.year, this.month, this.day, this.hour, this.minute, this.second, milliseconds);
  }
}

function timeDelta(seconds: number | null): PyTimeDelta | null {
  if (seconds === null) return null;
  const days = Math.floor(seconds / 86_400);
  return new PyTimeDelta(days, seconds - days * 86_400, 0);
}

/** `Date.UTC` without its reading of years 0 to 99 as 1900 to 1999. */
function utcMilliseconds(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  millisecond: number,
): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second, millisecond);
}
