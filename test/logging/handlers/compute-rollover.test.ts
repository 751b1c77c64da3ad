// When a TimedRotatingFileHandler rolls over: units, times of the day, days of the week, and clocks that change.

import { afterEach, describe, expect, test } from 'vitest';
import {
  TimedRotatingFileHandler,
  type TimedRotatingFileHandlerOptions,
} from '../../../src/logging/handlers/timed-rotating-file-handler.ts';
import { localtime } from '../../../src/logging/time/calendar.ts';
import { readLines, zoneOf } from '../data/rotation.ts';
import { useScratch } from './scratch.ts';

const scratch = useScratch();

const HOUR = 3600;
const DAY = 24 * HOUR;
/** 2012-03-01T00:00:00Z, a Thursday. */
const START = Date.UTC(2012, 2, 1) / 1000;

function make(options: TimedRotatingFileHandlerOptions): TimedRotatingFileHandler {
  return new TimedRotatingFileHandler(scratch.path('app.log'), { utc: true, delay: true, ...options });
}

describe('when', () => {
  test.each(['X', 'W', 'W7', 'W10', 'WW', 'minute', ''])('%j is refused, and no file is made', (when) => {
    expect(() => make({ when, delay: false })).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
    expect(scratch.files()).toEqual({});
  });

  test.each([
    ['S', 1],
    ['M', 60],
    ['H', HOUR],
    ['D', DAY],
    ['MIDNIGHT', DAY],
    ['W0', 5 * DAY], // 1970 began on a Thursday
  ])('%s is first due %i seconds after 1970 began, and each further unit counts', async (when, first) => {
    const unit = when === 'W0' ? 7 * DAY : first;
    for (const interval of [1, 3]) {
      const handler = make({ when, interval });
      expect(handler.computeRollover(0)).toBe(first + unit * (interval - 1));
    }
  });

  test.each([
    [null, 0, DAY],
    [null, DAY - 1, DAY],
    [null, DAY, 2 * DAY],
    [null, DAY + HOUR, 2 * DAY],
    [12, 0, 12 * HOUR],
    [12, 12 * HOUR - 1, 12 * HOUR],
    [12, 12 * HOUR, 36 * HOUR],
    [12, 13 * HOUR, 36 * HOUR],
  ])('midnight, at %s hours, is after second %i due at second %i', (hour, from, due) => {
    const atTime = hour === null ? null : { hour, minute: 0, second: 0 };
    expect(make({ when: 'midnight', atTime }).computeRollover(from)).toBe(due);
  });

  test.each([0, 1, 2, 3, 4, 5, 6])('W%i at noon is the next such noon', (weekday) => {
    const handler = make({ when: `W${weekday}`, atTime: { hour: 12, minute: 0, second: 0 } });
    const days = (weekday - 3 + 7) % 7; // from a Thursday on
    const due = START + days * DAY + DAY / 2;
    const following = days === 0 ? due + 7 * DAY : due;
    expect([0, DAY / 2 - 1, DAY / 2, DAY / 2 + HOUR].map((from) => handler.computeRollover(START + from))).toEqual([
      due,
      due,
      following,
      following,
    ]);
  });
});

describe('where daylight saving time is from 2012-03-11 02:00 to 2012-11-04 02:00', () => {
  const [transitions] = readLines('rollover.jsonl') as [Parameters<typeof zoneOf>[0]];
  const eastern = zoneOf(transitions, 'EST+05EDT,M3.2.0,M11.1.0');

  /** `11-04 01:30` of 2012; with `*` the second time that the clock shows it. */
  function moment(text: string): number {
    const [month, day, hour, minute, second = 0] = (text.match(/\d+/g) ?? []).map(Number) as [
      number,
      number,
      number,
      number,
    ];
    const wall = Date.UTC(2012, month - 1, day, hour, minute, second) / 1000;
    const shown = [4, 5].map((offset) => wall + offset * HOUR).filter((each) => eastern(each).offset === wall - each);
    return (text.endsWith('*') ? shown.at(-1) : shown[0]) ?? Number.NaN;
  }

  /** when, interval, atTime, and what is due after what. */
  const TABLE: readonly (readonly [string, number, string | null, readonly string[]])[] = [
    [
      'midnight',
      1,
      null,
      [
        '03-10 23:59:59 -> 03-11 00:00',
        '03-11 00:00 -> 03-12 00:00',
        '03-11 01:00 -> 03-12 00:00',
        '11-03 23:59:59 -> 11-04 00:00',
        '11-04 00:00 -> 11-05 00:00',
        '11-04 01:00 -> 11-05 00:00',
      ],
    ],
    [
      'midnight',
      1,
      '12:00',
      [
        '03-10 11:59:59 -> 03-10 12:00',
        '03-10 12:00 -> 03-11 12:00',
        '03-10 13:00 -> 03-11 12:00',
        '11-03 11:59:59 -> 11-03 12:00',
        '11-03 12:00 -> 11-04 12:00',
        '11-03 13:00 -> 11-04 12:00',
      ],
    ],
    [
      'midnight',
      1,
      '02:00', // which 03-11 does not have
      [
        '03-10 01:59:59 -> 03-10 02:00',
        '03-10 02:00 -> 03-11 03:00',
        '03-10 03:00 -> 03-11 03:00',
        '03-11 01:59:59 -> 03-11 03:00',
        '03-11 03:00 -> 03-12 02:00',
        '03-11 04:00 -> 03-12 02:00',
        '11-03 02:00 -> 11-04 02:00',
        '11-04 01:59:59 -> 11-04 02:00',
        '11-04 01:59:59* -> 11-04 02:00',
        '11-04 02:00 -> 11-05 02:00',
        '11-04 03:00 -> 11-05 02:00',
      ],
    ],
    [
      'midnight',
      1,
      '02:30',
      [
        '03-10 02:29:59 -> 03-10 02:30',
        '03-10 02:30 -> 03-11 03:30',
        '03-11 01:59:59 -> 03-11 03:30',
        '03-11 03:00 -> 03-12 02:30',
        '03-11 03:30 -> 03-12 02:30',
        '11-03 02:30 -> 11-04 02:30',
      ],
    ],
    [
      'midnight',
      1,
      '01:30', // which 11-04 has twice
      [
        '03-11 01:29:59 -> 03-11 01:30',
        '03-11 01:30 -> 03-12 01:30',
        '03-11 03:30 -> 03-12 01:30',
        '11-04 01:00 -> 11-04 01:30',
        '11-04 01:30 -> 11-05 01:30',
        '11-04 01:59:59 -> 11-05 01:30',
        '11-04 01:00* -> 11-04 01:30*',
        '11-04 01:29:59* -> 11-04 01:30*',
        '11-04 01:30* -> 11-05 01:30',
        '11-04 02:30 -> 11-05 01:30',
      ],
    ],
    [
      'midnight',
      3,
      null,
      ['03-08 23:59:59 -> 03-11 00:00', '03-09 00:00 -> 03-12 00:00', '11-03 23:59:59 -> 11-06 00:00'],
    ],
    [
      'midnight',
      3,
      '12:00',
      ['03-08 12:00 -> 03-11 12:00', '03-10 11:59:59 -> 03-12 12:00', '11-01 13:00 -> 11-04 12:00'],
    ],
    ['W6', 1, null, ['03-04 23:59:59 -> 03-05 00:00', '03-05 00:00 -> 03-12 00:00', '10-29 01:00 -> 11-05 00:00']],
    ['W6', 1, '00:00', ['03-10 23:59:59 -> 03-11 00:00', '03-11 00:00 -> 03-18 00:00', '11-04 01:00 -> 11-11 00:00']],
    ['W6', 1, '02:00', ['03-04 02:00 -> 03-11 03:00', '03-11 01:59:59 -> 03-11 03:00', '03-11 03:00 -> 03-18 02:00']],
    [
      'W6',
      1,
      '01:30',
      ['11-04 01:00* -> 11-04 01:30*', '11-04 01:30 -> 11-11 01:30', '11-04 01:59:59* -> 11-11 01:30'],
    ],
    ['W6', 3, null, ['02-19 23:59:59 -> 03-05 00:00', '03-05 00:00 -> 03-26 00:00', '10-14 23:59:59 -> 10-29 00:00']],
    ['W6', 3, '12:00', ['02-19 12:00 -> 03-11 12:00', '03-04 11:59:59 -> 03-18 12:00', '10-14 13:00 -> 11-04 12:00']],
  ];

  test.each(TABLE)('%s, interval %i, at %s', (when, interval, at, rows) => {
    const [hour, minute] = (at ?? '').split(':').map(Number) as [number, number];
    const atTime = at === null ? null : { hour, minute, second: 0 };
    const handler = make({ when, interval, atTime, utc: false, localtime: eastern });
    for (const row of rows) {
      const [from, due] = row.split(' -> ').map(moment) as [number, number];
      expect([row, handler.computeRollover(from) - due]).toEqual([row, 0]);
    }
  });
});

describe('the local time zone', () => {
  const former = process.env['TZ'];

  afterEach(() => {
    if (former === undefined) delete process.env['TZ'];
    else process.env['TZ'] = former;
  });

  test.each(['America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'CET-1CEST,M3.5.0,M10.5.0/3'])(
    'is %s when TZ says so: every day of a year ends at its midnight',
    (zone) => {
      process.env['TZ'] = zone;
      const handler = make({ when: 'midnight', utc: false });
      for (let time = START; time < START + 366 * DAY; time += DAY) {
        const due = handler.computeRollover(time);
        const { hour, minute, second } = localtime(due);
        expect([time, hour, minute, second, due - time <= 25 * HOUR]).toEqual([time, 0, 0, 0, true]);
      }
    },
  );
});
