// strftime: what CPython and glibc made of every directive, in several time zones.

import { afterEach, describe, expect, test } from 'vitest';
import { FormatError } from '../../src/logging/errors.ts';
import { gmtime, localClock, localtime } from '../../src/logging/time/calendar.ts';
import { strftime, TimeFormat } from '../../src/logging/time/strftime.ts';
import { readCases } from './data/read.ts';

type Case = readonly [zone: string, moment: number, formats: string[], texts: string[]];

const cases = readCases<Case>('strftime.jsonl');
const zones = [...new Set(cases.map(([zone]) => zone))];
const originalZone = process.env['TZ'];

afterEach(() => {
  if (originalZone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = originalZone;
});

test.each(zones)("every directive gives the C library's text in %s", (name) => {
  process.env['TZ'] = name;
  const clock = localClock();
  const differences = cases.flatMap(([zone, moment, formats, texts]) =>
    zone !== name
      ? []
      : formats.flatMap((format, index) => {
          const actual = strftime(format, clock(moment));
          return actual === texts[index] ? [] : [{ moment, format, expected: texts[index], actual }];
        }),
  );
  expect(differences).toEqual([]);
});

test('UTC needs no time zone of the process, and is called GMT as by the C library', () => {
  process.env['TZ'] = 'Asia/Kathmandu';
  for (const [zone, moment, formats, texts] of cases) {
    if (zone !== 'UTC') continue;
    const inGmt = texts.map((text) => text.replace('UTC', 'GMT').replace('utc', 'gmt'));
    expect(formats.map((format) => strftime(format, gmtime(moment)))).toEqual(inGmt);
  }
});

test('the fraction of a second is dropped downwards', () => {
  expect(gmtime(-0.5)).toEqual(gmtime(-1));
  expect(gmtime(1.999)).toEqual(gmtime(1));
});

test('the flag for other case makes the name of a zone small, and the one for capitals leaves am and pm alone', () => {
  expect(strftime('%Z %#Z %^Z %5P %^P', { ...gmtime(0), zone: 'Abc' })).toBe('Abc abc ABC    am am');
});

test('an offset that is not known prints nothing', () => {
  expect(strftime('<%z%5z>', { ...gmtime(0), offset: null })).toBe('<>');
});

test('a text over the limit is not made', () => {
  expect(() => new TimeFormat('%1023d'.repeat(17_000)).apply(gmtime(0))).toThrow(FormatError);
});

test('a format that was applied before gives the same text again', () => {
  const format = new TimeFormat('%c %j %V');
  expect(format.apply(gmtime(1e9))).toBe(format.apply(gmtime(1e9)));
});

describe('what is refused', () => {
  const codeOf = (make: () => unknown): string => {
    try {
      make();
    } catch (error) {
      if (error instanceof FormatError) return error.code;
      throw error;
    }
    return 'none';
  };

  test.each(['%1024d', '%H %1024Z', 'a\0b'])('%o, when the format is read', (format) => {
    expect(codeOf(() => new TimeFormat(format))).toBe('ERR_TIME_FORMAT');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e18])('%d seconds', (seconds) => {
    expect(codeOf(() => localtime(seconds))).toBe('ERR_TIME_FORMAT');
    expect(codeOf(() => gmtime(seconds))).toBe('ERR_TIME_FORMAT');
  });
});
