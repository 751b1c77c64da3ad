// Formatters of the three styles: what CPython made of thousands of random formats, records, date formats and zones.

import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { CODES, difference, type FormatterCase, parseFormatterCases } from './data/formatter-cases.ts';

const tables: readonly (readonly [style: string, file: string])[] = [
  ['%', 'formatters-percent.jsonl'],
  ['{', 'formatters-brace.jsonl'],
  ['$', 'formatters-dollar.jsonl'],
];

const originalZone = process.env['TZ'];

afterEach(() => {
  if (originalZone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = originalZone;
});

/** The zones that are rules need no file. */
const hasZoneFiles = existsSync('/usr/share/zoneinfo/Europe/Berlin');
if (!hasZoneFiles) process.stderr.write('skipped: formatters in named time zones need the files of the system\n');
const NAMED = /^(?:UTC|:?\/?(?:[A-Za-z_]+\/)+[A-Za-z_]+)$/;

function readTable(file: string): FormatterCase[] {
  const cases = parseFormatterCases(readFileSync(new URL(`data/${file}`, import.meta.url), 'utf8'));
  return cases.filter((each) => hasZoneFiles || !NAMED.test(each.zone));
}

describe.each(tables)('the %s style', (style, file) => {
  const cases = readTable(file);

  test(`accepts what CPython accepts, and gives its text or its kind of error, in ${cases.length} cases`, () => {
    expect(cases.map((each) => difference(style, each)).filter((line) => line !== null)).toEqual([]);
  });

  test('has in its table texts and errors, of formats that are accepted and of others', () => {
    for (const accepted of [true, false]) {
      for (const isText of [true, false]) {
        const found = cases.filter((each) => each.accepted === accepted && (each.text !== null) === isText);
        expect(found.length).toBeGreaterThan(cases.length / 20);
      }
    }
  });
});

test('the tables have every kind of error that a format can raise, and the time in many zones', () => {
  const cases = tables.flatMap(([, file]) => readTable(file));
  const raised = new Set(cases.map(({ exception }) => exception).filter((exception) => exception !== null));
  expect([...raised].every((exception) => exception in CODES)).toBe(true);
  expect(raised.size).toBeGreaterThanOrEqual(4);
  expect(new Set(cases.map(({ zone }) => zone)).size).toBeGreaterThanOrEqual(hasZoneFiles ? 20 : 10);
  if (hasZoneFiles) expect(cases.length).toBeGreaterThanOrEqual(5000);
});
