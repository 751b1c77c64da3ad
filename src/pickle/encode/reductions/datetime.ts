// `datetime` and `zoneinfo`: packed states of four, six and ten bytes. Their `fold` needs protocol 4, as in CPython.

import { PyDate, PyDateTime, PyTime, PyTimeDelta, PyTimeZone, PyZoneInfo } from '../../values/index.ts';
import { Fresh, GlobalName, Reduction, type ReductionRow, row, unpicklable } from '../reduction.ts';
import { checkBytes, checkInt, checkText } from './check.ts';

const DATE = new GlobalName('datetime', 'date', 'static');
const TIME = new GlobalName('datetime', 'time', 'static');
const DATETIME = new GlobalName('datetime', 'datetime', 'static');
const TIMEDELTA = new GlobalName('datetime', 'timedelta', 'static');
const TIMEZONE = new GlobalName('datetime', 'timezone', 'static');
const ZONE_INFO = new GlobalName('zoneinfo', 'ZoneInfo', 'heap');
const GETATTR = new GlobalName('builtins', 'getattr', 'heap');

export const datetimeReductions: readonly ReductionRow[] = [
  row(PyDate, (value) => new Reduction(DATE, [state('a date', dateBytes(value))])),
  row(PyTime, (value, protocol) => {
    const [hour, ...rest] = timeBytes(value);
    return new Reduction(TIME, withZone(state('a time', [hour + foldBit(value, protocol), ...rest]), value.tzinfo));
  }),
  row(PyDateTime, (value, protocol) => {
    const [high, low, month, day] = dateBytes(value);
    const bytes = [high, low, month + foldBit(value, protocol), day, ...timeBytes(value)];
    return new Reduction(DATETIME, withZone(state('a datetime', bytes), value.tzinfo));
  }),
  row(PyTimeDelta, ({ days, seconds, microseconds }) => {
    const parts = [days, seconds, microseconds].map((part) => checkInt('a timedelta with a part', part));
    return new Reduction(TIMEDELTA, parts);
  }),
  row(PyTimeZone, ({ offset, name }) => {
    if (!(offset instanceof PyTimeDelta)) throw unpicklable('a timezone whose offset is no timedelta');
    return new Reduction(TIMEZONE, name === null ? [offset] : [offset, checkText('a timezone with a name', name)]);
  }),
  row(PyZoneInfo, ({ key }) => {
    // A class method: every protocol reaches it by its class. The 1 lets the reader take the zone from its cache.
    const unpickle = new Reduction(GETATTR, [ZONE_INFO, Fresh.str('_unpickle')]);
    return new Reduction(unpickle, [checkText('a ZoneInfo with a key', key), 1]);
  }),
];

function dateBytes({ year, month, day }: PyDate | PyDateTime): [number, number, number, number] {
  return [Math.floor(year / 256), year % 256, month, day];
}

function timeBytes(value: PyTime | PyDateTime): [number, number, number, number, number, number] {
  const { hour, minute, second, microsecond } = value;
  const [high, middle, low] = [Math.floor(microsecond / 65_536), (microsecond >> 8) & 0xff, microsecond & 0xff];
  return [hour, minute, second, high, middle, low];
}

/** The high bit of the hour or the month. */
function foldBit({ fold }: PyTime | PyDateTime, protocol: number): number {
  return fold === 1 && protocol > 3 ? 0x80 : 0;
}

function state(what: string, bytes: readonly number[]): Fresh {
  return Fresh.bytes(checkBytes(what, ...bytes));
}

function withZone(packed: Fresh, tzinfo: unknown): unknown[] {
  if (tzinfo === null) return [packed];
  // An inert object stays out: what its class makes is no time zone, for all that is known here.
  if (!(tzinfo instanceof PyTimeZone) && !(tzinfo instanceof PyZoneInfo))
    throw unpicklable('a tzinfo of another class');
  return [packed, tzinfo];
}
