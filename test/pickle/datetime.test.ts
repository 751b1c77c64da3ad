// The offsets and instants of datetimes, times and dates against those of CPython and its zoneinfo
// (data/generate-datetimes.py): around every change of a zone's clock, in years that Date reads as others, and before 1970.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PyDate, PyDateTime, PyTime, PyTimeDelta, PyTimeZone, PyZoneInfo } from '../../src/pickle/index.ts';

type Zone = string | readonly [days: number, seconds: number, microseconds: number] | null;
type Row = readonly [zone: Zone, fields: number[], fold: 0 | 1, offset: number | null, instant: number | null];

const rows = JSON.parse(readFileSync(new URL('data/datetimes.json', import.meta.url), 'utf8')) as Row[];

function zoneOf(zone: Zone): PyZoneInfo | PyTimeZone | null {
  if (zone === null) return null;
  return typeof zone === 'string' ? new PyZoneInfo(zone) : new PyTimeZone(new PyTimeDelta(...zone), null);
}

function made([zone, fields, fold]: Row): PyDate | PyTime | PyDateTime {
  const [hour = 0, minute = 0, second = 0, microsecond = 0] = fields.slice(fields.length === 4 ? 0 : 3);
  const time = new PyTime(hour, minute, second, microsecond, fold, zoneOf(zone));
  if (fields.length === 4) return time;
  const [year = 0, month = 0, day = 0] = fields;
  const date = new PyDate(year, month, day);
  return fields.length === 3 ? date : new PyDateTime(date, time);
}

describe.each([
  ['date', 3, PyDate],
  ['time', 4, PyTime],
  ['datetime', 7, PyDateTime],
])('a %s', (_, fields, kind) => {
  const table = rows.filter((row) => row[1].length === fields).map((row) => ({ row, value: made(row) }));

  test('has the offset that it has in Python', () => {
    expect(table.length).toBeGreaterThan(5);
    for (const { row, value } of table) {
      expect(value).toBeInstanceOf(kind);
      if (value instanceof PyDate) continue;
      const offset = value.utcOffset();
      expect([row, offset?.totalSeconds() ?? null]).toEqual([row, row[3]]);
    }
  });

  test('is the instant that it is in Python', () => {
    for (const { row, value } of table) {
      if (!(value instanceof PyTime)) expect([row, value.toDate().getTime()]).toEqual([row, row[4]]);
    }
  });
});

test('an offset is normalised as a timedelta is', () => {
  const { days, seconds, microseconds } = new PyDateTime(
    new PyDate(2024, 1, 1),
    new PyTime(0, 0, 0, 0, 0, new PyZoneInfo('America/New_York')),
  ).utcOffset() as PyTimeDelta;
  expect([days, seconds, microseconds]).toEqual([-1, 19 * 3600, 0]);
});

test('a zone that is not known here has no offset, and its readings are taken for UTC', () => {
  for (const tzinfo of [new PyZoneInfo('Mars/Olympus_Mons'), { key: 'Europe/Paris' }]) {
    const time = new PyTime(12, 0, 0, 0, 0, tzinfo);
    const moment = new PyDateTime(new PyDate(2024, 7, 1), time);
    expect([time.utcOffset(), moment.utcOffset()]).toEqual([null, null]);
    expect(moment.toDate()).toEqual(new Date('2024-07-01T12:00:00Z'));
  }
});
