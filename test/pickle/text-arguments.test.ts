// The line arguments of protocol 0 against what CPython makes of the same lines (data/generate-text-arguments.py).

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { repr, unpickle } from '../../src/pickle/index.ts';
import { readInt, readLong, readPlainInt, readUnicode } from '../../src/pickle/text-arguments.ts';
import { bytes, failure, str } from './pickles.ts';

type Row = readonly [pickle: string, repr: string | null];

const rows = JSON.parse(readFileSync(new URL('data/text-arguments.json', import.meta.url), 'utf8')) as Row[];

/** Lone surrogates that make a pair: two characters in Python, one in JavaScript. */
const PAIRED = /\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}/;

describe.each([
  ['INT', 'I'],
  ['LONG', 'L'],
  ['FLOAT', 'F'],
  ['STRING', 'S'],
  ['UNICODE', 'V'],
  ['PUT and GET', 'K'],
])('%s reads its line as CPython does', (_, opcode) => {
  const table = rows.filter(([pickle]) => pickle.startsWith(opcode));
  const [good, bad] = [table.filter(([, text]) => text !== null), table.filter(([, text]) => text === null)];

  test(`${good.length} lines have the same value`, () => {
    expect(good.length).toBeGreaterThan(5);
    for (const [pickle, text] of good) {
      if (PAIRED.test(text as string)) continue;
      expect([pickle, repr(unpickle(bytes(pickle), { floats: 'tagged' }))]).toEqual([pickle, text]);
    }
  });

  test(`${bad.length} lines are errors in both`, () => {
    expect(bad.length).toBeGreaterThan(2);
    for (const [pickle] of bad) {
      const { code } = failure(bytes(pickle));
      expect([pickle, code]).toEqual([pickle, expect.stringMatching(/^ERR_PICKLE_(ARGUMENT|TEXT|MEMO)$/)]);
    }
  });
});

test.each([
  ['ascii', 'U\x01\xe9.', 'ERR_PICKLE_TEXT'],
  ['latin1', 'U\x01\xe9.', "'é'"],
  ['utf8', 'U\x02\xc3\xa9.', "'é'"],
  ['utf8', 'U\x01\xe9.', 'ERR_PICKLE_TEXT'],
  ['utf8', 'U\x03\xed\xa0\x80.', 'ERR_PICKLE_TEXT'],
  ['surrogateescape', 'U\x03\xc3\xa9\xe9.', "'é\\udce9'"],
  ['surrogateescape', 'U\x03\xed\xa0\x80.', "'\\udced\\udca0\\udc80'"],
  ['bytes', 'U\x01\xe9.', "b'\\xe9'"],
  ['bytes', "S'\\xe9'\n.", "b'\\xe9'"],
  ['latin1', "S'\\xe9'\n.", "'é'"],
  ['surrogateescape', 'T\x01\0\0\0\xe9.', "'\\udce9'"],
] as const)('a Python 2 str read as %s: %j', (strings, pickle, expected) => {
  if (expected.startsWith('ERR')) expect(failure(bytes(pickle), { strings }).code).toBe(expected);
  else expect(repr(unpickle(bytes(pickle), { strings }))).toBe(expected);
});

test('the option for Python 2 strs does not reach Python 3 text', () => {
  for (const strings of ['ascii', 'latin1', 'utf8', 'surrogateescape', 'bytes'] as const) {
    expect(unpickle(bytes(`(${str('a')}\x8c\x02\xc3\xa9V\xe9\nt.`), { strings })).toEqual(['a', 'é', 'é']);
  }
});

test('a line of UNICODE means the same in an array of its own, with nothing after it', () => {
  for (const [pickle, text] of rows.filter(([row]) => row.startsWith('V'))) {
    const line = bytes(pickle.slice(1, pickle.indexOf('\n')));
    const read = () => readUnicode(line, 0, line.length);
    if (text === null) expect(read).toThrow(expect.objectContaining({ code: 'ERR_PICKLE_TEXT' }));
    else expect([pickle, read()]).toEqual([pickle, unpickle(bytes(pickle))]);
  }
});

test.each([
  ["S'\\x4'", 'ARGUMENT', 'a STRING argument has \\x without two hex digits'],
  ["S'\\xg1'", 'ARGUMENT', 'a STRING argument has \\x without two hex digits'],
  ["S'\\'", 'ARGUMENT', 'a STRING argument ends in a backslash'],
  ["S'a", 'ARGUMENT', 'a STRING argument is not quoted'],
  ['V\\u004', 'TEXT', 'a UNICODE argument has a bad \\u escape'],
  ['V\\U0001f60', 'TEXT', 'a UNICODE argument has a bad \\U escape'],
  ['V\\U00110000', 'TEXT', 'a UNICODE argument has a bad \\U escape'],
])('%j is refused, and said why', (line, code, reason) => {
  expect(failure(bytes(`${line}\n.`), { strings: 'latin1' })).toMatchObject({ code: `ERR_PICKLE_${code}`, reason });
});

describe('what is read of INT and LONG without a look at their grammar', () => {
  const DIGITS = '1234567890123456';
  const around = ['', '0', '9', '/', ':', '_', '-', '+', ' ', 'L', 'x', '.', '\r', '\n'];
  const lines = [1, 2, 5, 13, 14, 15, 16].flatMap((length) => {
    const digits = DIGITS.slice(0, length);
    return around.flatMap((other) => [other + digits, digits + other, `${digits}${other}L`, `1${other}${digits}0`]);
  });

  /** The value, and what is left of the data; null where it is for the grammar. */
  function plain(opcode: number, text: string, end: number): [value: number, rest: string] | null {
    const span = { next: -1 };
    const value = readPlainInt(opcode, bytes(`-${text}`), 1, 1 + end, span);
    return value < 0 ? null : [value, text.slice(span.next - 1)];
  }

  test.each([
    ['INT', 0x49, readInt, /^[1-9][0-9]{0,14}$/],
    ['LONG', 0x4c, readLong, /^[1-9][0-9]{0,14}L$/],
  ] as const)('of %s is what the grammar would read, and all that are plain are', (_, opcode, read, isPlain) => {
    for (const line of lines) {
      const first = line.split('\n', 1)[0] as string;
      const data = bytes(first);
      const expected = isPlain.test(first)
        ? [read(data, 0, data.length, 100), `${line}\n9.`.slice(first.length + 1)]
        : null;
      expect([line, plain(opcode, `${line}\n9.`, line.length + 3)]).toEqual([line, expected]);
      // Not with its newline, or more, out of reach.
      for (let end = 0; end <= first.length; end++)
        expect([line, end, plain(opcode, line, end)]).toEqual([line, end, null]);
    }
  });
});
