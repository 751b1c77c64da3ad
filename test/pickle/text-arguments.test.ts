// The line arguments of protocol 0 against what CPython makes of the same lines (data/generate-text-arguments.py).

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { repr, unpickle } from '../../src/pickle/index.ts';
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
