// Control characters made visible: nothing that a terminal acts on is left, and everything else stays.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EscapingFormatter, escapeControls, escapeLines } from '../../src/logging/escape.ts';
import { makeLogRecord } from '../../src/logging/event/make-log-record.ts';
import { Formatter } from '../../src/logging/formatter.ts';
import { checkProperty } from '../properties/check.ts';

test.each<[text: string, controls: string, lines: string]>([
  ['plain', 'plain', 'plain'],
  ['größe 😀 \ud800 C:\\new', 'größe 😀 \ud800 C:\\new', 'größe 😀 \ud800 C:\\new'],
  ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m', '\\x1b[31mred\\x1b[0m'],
  ['\x9b31m \x07 \x00 \x7f \x0b', '\\x9b31m \\x07 \\x00 \\x7f \\x0b', '\\x9b31m \\x07 \\x00 \\x7f \\x0b'],
  ['a\tb\nc', 'a\tb\nc', 'a\tb\\nc'],
  ['over\rwritten', 'over\\rwritten', 'over\\rwritten'],
  ['\x85\u2028\u2029', '\\x85\u2028\u2029', '\\x85\\u2028\\u2029'],
])('%j', (text, controls, lines) => {
  expect(escapeControls(text)).toBe(controls);
  expect(escapeLines(text)).toBe(lines);
});

/** The 65 control characters of Unicode. */
const CONTROLS = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).filter((c) => /\p{Cc}/u.test(c));

test('of the 65 control characters a tab and a line feed are left, and in lines the tab alone', () => {
  expect(CONTROLS).toHaveLength(65);
  expect(CONTROLS.filter((control) => escapeControls(control) === control)).toEqual(['\t', '\n']);
  expect(CONTROLS.filter((control) => escapeLines(control) === control)).toEqual(['\t']);
});

const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...CONTROLS, '\u2028', '\\', 'n'), fc.string({ unit: 'binary' })),
});

describe('whatever the text is', () => {
  test('escaping again changes nothing, and a reader that cuts at any line end sees one line', () => {
    checkProperty(
      fc.property(text, (made) => {
        const [controls, lines] = [escapeControls(made), escapeLines(made)];
        expect([escapeControls(controls), escapeLines(lines), escapeControls(lines)]).toEqual([controls, lines, lines]);
        expect(lines.replaceAll('\t', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('EscapingFormatter', () => {
  const record = makeLogRecord(
    new Map<string, unknown>([
      ['name', 'app\x1b'],
      ['msg', 'got it\nINFO root fine'],
      ['exc_text', 'Traceback\nValueError: \x9b'],
    ]),
  );

  test('escapes the whole text of another Formatter: fields, message, traceback and the format’s own line ends', () => {
    const inner = new Formatter('%(name)s:\n%(message)s');
    expect(new EscapingFormatter(inner).format(record)).toBe(
      'app\\x1b:\\ngot it\\nINFO root fine\\nTraceback\\nValueError: \\x9b',
    );
    expect(new EscapingFormatter(inner, escapeControls).format(record)).toBe(
      'app\\x1b:\ngot it\nINFO root fine\nTraceback\nValueError: \\x9b',
    );
  });

  test('leaves the record as it is', () => {
    new EscapingFormatter(new Formatter()).format(record);
    expect([record.name, record.exc_text]).toEqual(['app\x1b', 'Traceback\nValueError: \x9b']);
  });
});
