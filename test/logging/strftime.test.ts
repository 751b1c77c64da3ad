// strftime: what CPython and glibc made of every directive, in several time zones.

import { afterEach, describe, expect, test } from 'vitest';
import { FormatError } from '../../src/logging/errors.ts';
import { gmtime, localtime } from '../../src/logging/time/calendar.ts';
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
  const differences = cases.flatMap(([zone, moment, formats, texts]) =>
    zone !== name
      ? []
      : formats.flatMap((format, index) => {
          const actual = strftime(format, localtime(moment));
          return actual === texts[index] ? [] : [{ moment, format, expected: texts[index], actual }];
        }),
  );
  expect(differences).toEqual([]);
});

test('UTC needs no time zone of the process', () => {
  process.env['TZ'] = 'Asia/Kathmandu';
  for (const [zone, moment, formats, texts] of cases) {
    if (zone === 'UTC') expect(formats.map((format) => strftime(format, gmtime(moment)))).toEqual(texts);
  }
});

test('the fraction of a second is dropped downwards', () => {
  expect(gmtime(-0.5)).toEqual(gmtime(-1));
  expect(gmtime(1.999)).toEqual(gmtime(1));
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

  test.each(['%Z', '%H %Z', '%^5Z', '%EZ', '%1024d'])('%o, when the format is read', (format) => {
    expect(codeOf(() => new TimeFormat(format))).toBe('ERR_TIME_FORMAT');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e18])('%d seconds', (seconds) => {
    expect(codeOf(() => localtime(seconds))).toBe('ERR_TIME_FORMAT');
    expect(codeOf(() => gmtime(seconds))).toBe('ERR_TIME_FORMAT');
  });
});
