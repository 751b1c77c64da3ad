// Time zones: rules, TZif files made here, and what TZ makes of them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { localtime } from '../../src/logging/time/calendar.ts';
import { readLocalZone } from '../../src/logging/time/local-zone.ts';
import { parsePosixZone } from '../../src/logging/time/posix-zone.ts';
import { strftime } from '../../src/logging/time/strftime.ts';
import type { TimeZone } from '../../src/logging/time/time-zone.ts';
import { parseTzif } from '../../src/logging/time/tzif.ts';
import { checkProperty } from '../properties/check.ts';

const show = (epoch: number, zone: TimeZone | null): string =>
  zone === null ? 'no zone' : strftime('%F %T %z %Z', localtime(epoch, zone));

const utc = (text: string): number => Date.parse(`${text}Z`) / 1000;

describe('rules', () => {
  test.each([
    ['UTC0', '2024-07-01T00:00:00', '2024-07-01 00:00:00 +0000 UTC'],
    ['CET-1CEST,M3.5.0,M10.5.0/3', '2024-03-31T00:59:59', '2024-03-31 01:59:59 +0100 CET'],
    ['CET-1CEST,M3.5.0,M10.5.0/3', '2024-03-31T01:00:00', '2024-03-31 03:00:00 +0200 CEST'],
    ['CET-1CEST,M3.5.0,M10.5.0/3', '2024-10-27T00:59:59', '2024-10-27 02:59:59 +0200 CEST'],
    ['CET-1CEST,M3.5.0,M10.5.0/3', '2024-10-27T01:00:00', '2024-10-27 02:00:00 +0100 CET'],
    ['EST5EDT', '2024-03-10T07:00:00', '2024-03-10 03:00:00 -0400 EDT'],
    ['EST5EDT', '2024-11-03T06:00:00', '2024-11-03 01:00:00 -0500 EST'],
    ['NZST-12NZDT,M9.5.0,M4.1.0/3', '2024-01-01T00:00:00', '2024-01-01 13:00:00 +1300 NZDT'],
    ['NZST-12NZDT,M9.5.0,M4.1.0/3', '2024-06-01T00:00:00', '2024-06-01 12:00:00 +1200 NZST'],
    ['<-03>3<-02>,M3.5.0/-2,M10.5.0/-1', '2024-03-31T01:00:00', '2024-03-30 23:00:00 -0200 -02'],
    ['IST-2IDT,J60,J300', '2024-02-29T23:59:59', '2024-03-01 01:59:59 +0200 IST'],
    ['IST-2IDT,J60,J300', '2024-03-01T00:00:00', '2024-03-01 03:00:00 +0300 IDT'],
    ['IST-2IDT,59,300', '2024-02-29T00:00:00', '2024-02-29 03:00:00 +0300 IDT'],
    ['XXX-3:30:15', '2024-01-01T00:00:00', '2024-01-01 03:30:15 +0330 XXX'],
    ['AAA3BBB2:30,M1.1.0,M12.5.0', '2024-06-01T00:00:00', '2024-05-31 21:30:00 -0230 BBB'],
  ])('%s at %s UTC: %s', (rule, moment, text) => {
    expect(show(utc(moment), parsePosixZone(rule))).toBe(text);
  });

  test.each([
    '',
    'A0',
    'UTC',
    'Europe/Berlin',
    'CET-1CEST,M13.1.0,M10.5.0',
    'CET-1CEST,M3.6.0,M10.5.0',
    'CET-1CEST,M3.5.7,M10.5.0',
    'AAA3BBB,J0,J1',
    'AAA3BBB,366,1',
    'AAA3BBB,J1',
    'UTC0 ',
  ])('%o is none', (rule) => {
    expect(parsePosixZone(rule)).toBeNull();
  });
});

interface Contents {
  readonly version: number;
  readonly transitions: readonly (readonly [epoch: number, type: number])[];
  readonly types: readonly (readonly [offset: number, summer: 0 | 1, nameAt: number])[];
  readonly names: string;
  readonly footer?: string;
}

function block({ version, transitions, types, names }: Contents, timeSize: 4 | 8): Buffer {
  const header = Buffer.alloc(44);
  header.write('TZif');
  header[4] = version === 1 ? 0 : 0x30 + version;
  for (const [at, count] of [
    [32, transitions.length],
    [36, types.length],
    [40, names.length],
  ] as const) {
    header.writeUInt32BE(count, at);
  }
  const times = transitions.map(([epoch]) => {
    const time = Buffer.alloc(timeSize);
    if (timeSize === 4) time.writeInt32BE(epoch);
    else time.writeBigInt64BE(BigInt(epoch));
    return time;
  });
  const typeRows = types.map(([offset, summer, nameAt]) => {
    const row = Buffer.alloc(6);
    row.writeInt32BE(offset);
    return Buffer.concat([row.subarray(0, 4), Buffer.of(summer, nameAt)]);
  });
  const indexes = Buffer.from(transitions.map(([, type]) => type));
  return Buffer.concat([header, ...times, indexes, ...typeRows, Buffer.from(names, 'latin1')]);
}

function tzif(contents: Contents): Buffer {
  if (contents.version === 1) return block(contents, 4);
  const empty: Contents = { ...contents, transitions: [], types: [[0, 0, 0]], names: '\0' };
  return Buffer.concat([block(empty, 4), block(contents, 8), Buffer.from(`\n${contents.footer ?? ''}\n`)]);
}

const island: Contents = {
  version: 2,
  transitions: [
    [utc('1900-01-01T00:00:00'), 1],
    [utc('2000-01-01T00:00:00'), 2],
    [utc('2010-01-01T00:00:00'), 1],
  ],
  types: [
    [1234, 0, 0],
    [3600, 0, 4],
    [7200, 1, 8],
  ],
  names: 'LMT\0IST\0IDT\0',
  footer: 'IST-1IDT,M3.5.0,M10.5.0/3',
};

describe('TZif files', () => {
  test.each([
    ['1899-12-31T23:59:59', '+0020 LMT'],
    ['1900-01-01T00:00:00', '+0100 IST'],
    ['1999-12-31T23:59:59', '+0100 IST'],
    ['2000-01-01T00:00:00', '+0200 IDT'],
    ['2009-12-31T23:59:59', '+0200 IDT'],
    ['2010-01-01T00:00:00', '+0100 IST'],
    ['2024-07-01T00:00:00', '+0200 IDT'],
  ])('at %s the clock is at %s', (moment, expected) => {
    expect(strftime('%z %Z', localtime(utc(moment), parseTzif(tzif(island)) as TimeZone))).toBe(expected);
  });

  test('of version 1 have 32-bit times and no rule', () => {
    const recent = { ...island, version: 1, transitions: island.transitions.slice(1) };
    const zone = parseTzif(tzif(recent));
    expect(show(utc('2024-07-01T00:00:00'), zone)).toBe('2024-07-01 01:00:00 +0100 IST');
    expect(show(utc('2005-07-01T00:00:00'), zone)).toBe('2005-07-01 02:00:00 +0200 IDT');
  });

  test('without a rule keep the last type', () => {
    expect(show(utc('2024-07-01T00:00:00'), parseTzif(tzif({ ...island, footer: '' })))).toMatch(/\+0100 IST$/);
  });

  test('begin with the first type that is no summer time', () => {
    const summerFirst: Contents = {
      ...island,
      types: [
        [7200, 1, 8],
        [3600, 0, 4],
        [7200, 1, 8],
      ],
    };
    expect(show(utc('1800-01-01T00:00:00'), parseTzif(tzif(summerFirst)))).toMatch(/\+0100 IST$/);
  });

  test('that are cut off anywhere are none', () => {
    const whole = tzif(island);
    for (let length = 0; length < whole.length - 1; length++) expect(parseTzif(whole.subarray(0, length))).toBeNull();
  });

  test.each([
    ['no types', { ...island, types: [] }],
    ['a transition to a type that is not there', { ...island, transitions: [[0, 9]] as [number, number][] }],
  ])('with %s are none', (_, contents) => {
    expect(parseTzif(tzif(contents))).toBeNull();
  });

  test('that announce more than they hold are none, and nothing is made of the announcement', () => {
    const bytes = tzif({ ...island, version: 1, transitions: [] });
    bytes.writeUInt32BE(0xffff_ffff, 32);
    expect(parseTzif(bytes)).toBeNull();
  });

  test('with any bytes changed give a zone or none', () => {
    const whole = tzif(island);
    checkProperty(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }), (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, byte] of changes) bytes[at] = byte;
        parseTzif(bytes)?.at(1e9);
      }),
      { numRuns: 500 },
    );
  });
});

describe('TZ', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zones-'));
  mkdirSync(join(folder, 'Test'));
  writeFileSync(join(folder, 'Test/Island'), tzif(island));
  writeFileSync(join(folder, 'EST5EDT'), tzif({ ...island, footer: 'XST-1' }));
  writeFileSync(join(folder, 'broken'), 'TZif');
  afterAll(() => rmSync(folder, { recursive: true }));
  const summer = utc('2024-07-01T00:00:00');

  const originalZone = process.env['TZ'];
  afterEach(() => {
    if (originalZone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = originalZone;
  });

  test.each([
    ['Test/Island', '+0200 IDT'],
    [':Test/Island', '+0200 IDT'],
    [join(folder, 'Test/Island'), '+0200 IDT'],
    [`:${join(folder, 'Test/Island')}`, '+0200 IDT'],
    ['EST5EDT', '+0100 XST'],
    ['EST5EDT,M3.2.0,M11.1.0', '-0400 EDT'],
    [':UTC-3', '+0300 UTC'],
    ['', '+0000 UTC'],
    ['Foo/Bar', '+0000 Foo'],
    ['Test', '+0000 Test'],
    ['broken', '+0000 broken'],
  ])('%o with zone files', (TZ, expected) => {
    expect(strftime('%z %Z', localtime(summer, readLocalZone({ TZ, TZDIR: folder })))).toBe(expected);
  });

  test("without zone files a name stands for the zone of JavaScript's clock, and a rule for itself", () => {
    const nowhere = { TZDIR: join(folder, 'gone') };
    process.env['TZ'] = 'Asia/Kolkata';
    expect(readLocalZone({ ...nowhere, TZ: 'Test/Island' }).at(summer)).toEqual({
      offset: 19800,
      name: 'GMT+5:30',
      isdst: false,
    });
    expect(readLocalZone({ ...nowhere, TZ: 'UTC-3' }).at(0)).toEqual({ offset: 10800, name: 'UTC', isdst: false });
  });
});
