// Pickles made here are CPython 3.13's, byte for byte.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { op } from '../../src/pickle/encode/op.ts';
import { opcodes, pickle, unpickle } from '../../src/pickle/index.ts';
import { exceptionNames } from '../../src/pickle/values/exception-names.ts';
import { readJson } from '../fixtures.ts';
import { encodeValues } from './encode-values.ts';

const PROTOCOLS = [0, 1, 2, 3, 4, 5];

interface Row {
  readonly name: string;
  /** By protocol: base64, or length and SHA-256. */
  readonly pickles: readonly string[];
}

const rows = JSON.parse(readFileSync(new URL('./data/encode.json', import.meta.url), 'utf8')) as readonly Row[];
const values = encodeValues(exceptionNames);

function brief(data: Uint8Array): string {
  const hash = createHash('sha256').update(data).digest('hex');
  return data.length <= 400 ? Buffer.from(data).toString('base64') : `${data.length} ${hash}`;
}

test('the opcodes are those of the table', () => {
  const table = new Map(opcodes.map(({ name, code }) => [name, code]));
  for (const [name, code] of Object.entries(op)) expect([name, code]).toEqual([name, table.get(name)]);
});

describe.each(PROTOCOLS)('protocol %i', (protocol) => {
  test(`${rows.length} values are pickled to the bytes of CPython`, () => {
    const wrong = rows.filter(({ name, pickles }) => {
      expect(values.has(name)).toBe(true);
      return brief(pickle(values.get(name), { protocol })) !== pickles[protocol];
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('what CPython pickled, decoded and pickled again, is what it was', () => {
    const fixtures = readJson<{ expr: string; protocols: Record<string, string> }[]>('repr.json');
    let count = 0;
    for (const { expr, protocols } of fixtures) {
      const original = protocols[protocol];
      // By design: paths name another module, whether a zone came from a cache is not kept, groups are left out.
      if (original === undefined || /Path\(|no_cache|ExceptionGroup/.test(expr)) continue;
      const value = unpickle(Buffer.from(original, 'base64'), { floats: 'tagged' });
      expect([expr, Buffer.from(pickle(value, { protocol })).toString('base64')]).toEqual([expr, original]);
      count++;
    }
    expect(count).toBeGreaterThan(600);
  });
});

test('without a protocol, it is the one that Python 3.13 takes', () => {
  expect(pickle([1])).toEqual(pickle([1], { protocol: 4 }));
});
