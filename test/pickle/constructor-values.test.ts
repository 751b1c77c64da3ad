// What constructors make of their arguments, and which they refuse, against what CPython does with the same calls
// (data/generate-constructors.py).

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { repr, str, unpickle } from '../../src/pickle/index.ts';
import { bytes, failure } from './pickles.ts';

type Row = readonly [pickle: string, repr: string | null, str: string | null];

const tables = JSON.parse(readFileSync(new URL('data/constructors.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, readonly Row[]>
>;

describe.each(Object.entries(tables))('%s', (_, rows) => {
  const [made, refused] = [rows.filter(([, text]) => text !== null), rows.filter(([, text]) => text === null)];

  test(`${made.length} calls make what they make in CPython`, () => {
    expect(made.length).toBeGreaterThan(5);
    for (const [pickle, ...texts] of made) {
      const value = unpickle(bytes(pickle), { floats: 'tagged' });
      expect([pickle, repr(value), str(value)]).toEqual([pickle, ...texts]);
    }
  });

  if (refused.length === 0) return;
  test(`${refused.length} calls are refused by both`, () => {
    for (const [pickle] of refused) {
      expect([pickle, failure(bytes(pickle), { floats: 'tagged' }).code]).toEqual([pickle, 'ERR_PICKLE_CONSTRUCTOR']);
    }
  });
});
