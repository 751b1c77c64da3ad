// `datetime` and `zoneinfo` as a pickle makes them: packed states of ten, six and four bytes, and their ranges.

import type { AllowedGlobal } from '../globals.ts';
import { encodeLatin1 } from '../text.ts';
import {
  PyDate,
  PyDateTime,
  PyObject,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  type PyTuple,
  PyZoneInfo,
} from '../values/index.ts';
import { intArgument, intBetween, positional, refuse, textArgument } from './check.ts';

export const datetimeGlobals: readonly AllowedGlobal[] = [
  {
    module: 'datetime',
    name: 'date',
    construct: (args, kwargs) => {
      const state = packed('date', positional('date', args, kwargs, 1), 4);
      return date(state, state[2] as number);
    },
  },
  {
    module: 'datetime',
    name: 'time',
    construct: (args, kwargs) => {
      const state = packed('time', positional('time', args, kwargs, 1, 2), 6);
      // From protocol 4 on, fold is the high bit of the first byte.
      const [hour = 0] = state;
      return time(state, 0, hour & 0x7f, hour > 0x7f ? 1 : 0, zone(args));
    },
  },
  {
    module: 'datetime',
    name: 'datetime',
    construct: (args, kwargs) => {
      const state = packed('datetime', positional('datetime', args, kwargs, 1, 2), 10);
      const month = state[2] as number;
      const day = date(state, month & 0x7f);
      return new PyDateTime(day, time(state, 4, state[4] as number, month > 0x7f ? 1 : 0, zone(args)));
    },
  },
  {
    module: 'datetime',
    name: 'timedelta',
    construct: (args, kwargs) => {
      const [days, seconds, microseconds] = positional('timedelta', args, kwargs, 3);
      return new PyTimeDelta(
        intBetween('the days of a timedelta', days, -999_999_999, 999_999_999),
        intBetween('the seconds of a timedelta', seconds, 0, 86_399),
        intBetween('the microseconds of a timedelta', microseconds, 0, 999_999),
      );
    },
  },
  {
    module: 'datetime',
    name: 'timezone',
    construct: (args, kwargs) => {
      const [offset, name] = positional('timezone', args, kwargs, 1, 2);
      if (!(offset instanceof PyTimeDelta)) refuse('timezone with an offset that is no timedelta');
      if (Math.abs(offset.totalSeconds()) >= 86_400) refuse('timezone with an offset of a day or more');
      return new PyTimeZone(offset, args.length === 2 ? textArgument('the name of a timezone', name) : null);
    },
  },
  { module: 'zoneinfo', name: 'ZoneInfo' },
  {
    // Reached by `getattr(ZoneInfo, '_unpickle')`, which is how every protocol writes it: a key, and whether to cache.
    module: 'zoneinfo',
    name: 'ZoneInfo._unpickle',
    isFunction: true,
    construct: (args, kwargs) => {
      const [key, fromCache] = positional('ZoneInfo', args, kwargs, 2);
      if (typeof fromCache !== 'boolean') intArgument('ZoneInfo', fromCache);
      const name = textArgument('the key of a ZoneInfo', key);
      if (!/^[A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*$/.test(name)) refuse('ZoneInfo with a key that is none');
      return new PyZoneInfo(name);
    },
  },
];

/** A packed state: bytes, or the text that Python 2's bytes become when they are read as Latin-1. */
function packed(name: string, args: PyTuple, size: number): Uint8Array {
  const [state] = args;
  const bytes = typeof state === 'string' ? encodeLatin1(state) : state;
  if (!(bytes instanceof Uint8Array) || bytes.length !== size) refuse(`${name} with a state that is not ${size} bytes`);
  return bytes;
}

function zone(args: PyTuple): unknown {
  const [, tzinfo = null] = args;
  const known = tzinfo instanceof PyTimeZone || tzinfo instanceof PyZoneInfo;
  // A class that is not allowed is inert here; a name is no time zone.
  if (tzinfo !== null && !known && !(tzinfo instanceof PyObject)) refuse('a tzinfo that is none');
  return tzinfo;
}

function date(state: Uint8Array, month: number): PyDate {
  const year = intBetween('a year', (state[0] as number) * 256 + (state[1] as number), 1, 9999);
  intBetween('a month', month, 1, 12);
  return new PyDate(year, month, intBetween('a day', state[3], 1, daysIn(year, month)));
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Hour, minute, second and three bytes of microseconds, packed from `at` on; the hour comes without its fold bit. */
function time(state: Uint8Array, at: number, hour: number, fold: 0 | 1, tzinfo: unknown): PyTime {
  const [minute, second, high = 0, middle = 0, low = 0] = state.subarray(at + 1);
  return new PyTime(
    intBetween('an hour', hour, 0, 23),
    intBetween('a minute', minute, 0, 59),
    intBetween('a second', second, 0, 59),
    intBetween('a microsecond', high * 65_536 + middle * 256 + low, 0, 999_999),
    fold,
    tzinfo,
  );
}
