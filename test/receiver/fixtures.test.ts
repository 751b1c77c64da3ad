// Every frame of every Python, decoded and written to a file, against what a Python receiver wrote.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FileHandler, Formatter, type LogRecord } from '../../src/logging/index.ts';
import { RecordDecoder } from '../../src/record/index.ts';
import { fixturePythons, readExpected, readFormats, readPayloads } from '../fixtures.ts';

let folder: string;
const zone = process.env['TZ'];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'picklewire-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/**
 * A deviation (docs/deviations.md): Python writes the bytes of a Python 2 str that is no UTF-8 as they came; here each
 * is written as the escape of the lone surrogate that it was read as, so that the file is UTF-8.
 */
function escapeForeignBytes(expected: Uint8Array): string {
  const text = Buffer.from(expected).toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let escaped = '';
  for (let at = 0; at < expected.length; ) {
    const size = [1, 2, 3, 4].find((length) => {
      const piece = Buffer.from(expected.subarray(at, at + length)).toString('utf8');
      return piece !== '\ufffd' && !piece.includes('\ufffd');
    });
    if (size === undefined) escaped += `\\udc${(expected[at] as number).toString(16)}`;
    else escaped += Buffer.from(expected.subarray(at, at + size)).toString('utf8');
    at += size ?? 1;
  }
  return escaped;
}

describe.each(fixturePythons())('records of Python %s', (python) => {
  const decoder = new RecordDecoder();
  const cases = readPayloads(python);
  const payloads = new Map(cases.map(({ case: { name }, payload }) => [name, payload]));
  // Instances of classes that are not here print in a form of our own, where Python, which has them, prints theirs.
  const inert = new Set(cases.filter((row) => row.case.inert === true).map((row) => row.case.name));
  const record = (name: string): LogRecord => decoder.decode(payloads.get(name) as Uint8Array);

  test('all decode, none is lost', () => {
    for (const name of payloads.keys()) expect(() => record(name), name).not.toThrow();
  });

  test.each(readFormats())('are written as $text', async ({ text, format, datefmt, zone: timeZone }) => {
    const rows = readExpected(python, text).filter((row) => text !== 'extras' || !inert.has(row.case));
    if (timeZone !== null) process.env['TZ'] = timeZone;
    const formatter = new Formatter(format, datefmt ?? undefined);
    const handler = new FileHandler(join(folder, `${python}-${text}.txt`));
    handler.setFormatter(formatter);

    const wrong: { case: string; expected: string; actual: string }[] = [];
    for (const row of rows) {
      const actual = `${formatter.format(record(row.case))}\n`;
      const expected = escapeForeignBytes(row.expected);
      handler.handle(record(row.case));
      if (toBackslashes(actual) !== expected) wrong.push({ case: row.case, expected, actual });
    }
    await handler.close();

    expect(wrong).toEqual([]);
    const whole = rows.map((row) => escapeForeignBytes(row.expected)).join('');
    expect(readFileSync(handler.baseFilename, 'utf8')).toBe(whole);
    expect(rows.length).toBeGreaterThan(0);
  });
});

function toBackslashes(text: string): string {
  return text.replace(/\p{Surrogate}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}
