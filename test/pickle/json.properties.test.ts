// Laws of toJSON(): its text is JSON, within its bound, and what the mapping keeps can be read back from it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  PickleError,
  PyByteArray,
  PyComplex,
  PyFrozenSet,
  PyGlobal,
  PyRange,
  PySlice,
  unpickle,
} from '../../src/pickle/index.ts';
import { toJSON } from '../../src/pickle/json/json.ts';
import { readJson } from '../fixtures.ts';
import { checkProperty } from '../properties/check.ts';

/** Reads the mapping backwards, as far as it keeps the type: what a reader of the JSON would do. */
function revive(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(revive);
  const [[tag, content] = ['', null]] = Object.entries(json) as [string, unknown][];
  const items = (): unknown[] => (content as unknown[]).map(revive);
  const text = content as string;
  const decoded = (): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
  switch (tag) {
    case '$int':
      return BigInt(text);
    case '$float':
      return Number(text.replace('inf', 'Infinity').replace('nan', 'NaN'));
    case '$bytes':
      return decoded();
    case '$bytearray':
      return new PyByteArray(decoded());
    case '$set':
      return new Set(items());
    case '$frozenset':
      return new PyFrozenSet(items());
    case '$complex':
      return new PyComplex(...(items() as [number, number]));
    case '$range':
      return new PyRange(...(items() as [number, number, number]));
    case '$slice':
      return new PySlice(...(items() as [unknown, unknown, unknown]));
    case '$global':
      return new PyGlobal(...(text.split(':') as [string, string]));
    case '$dict':
      return new Map(items() as [unknown, unknown][]);
    default:
      return new Map(Object.entries(json).map(([key, value]) => [key.replace(/^\$\$/, '$'), revive(value)]));
  }
}

describe('laws', () => {
  const int = fc.oneof(
    fc.maxSafeInteger(),
    fc.bigInt().filter((value) => !Number.isSafeInteger(Number(value))),
  );
  const key = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('$', '$set', '$$', '$ref', 'toJSON', 'then'));
  const scalar = fc.oneof(
    fc.constantFrom<unknown>(null, true, false, new PyGlobal('m.n', 'A.b')),
    fc.string({ unit: 'binary' }),
    int,
    fc.double(),
    fc.uint8Array(),
    fc.uint8Array().map((bytes) => new PyByteArray(bytes)),
    fc.tuple(fc.double(), fc.double()).map(([real, imag]) => new PyComplex(real, imag)),
    fc.tuple(int, int, int).map(([start, stop, step]) => new PyRange(start, stop, step)),
  );
  const { value: kept } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.array(tie('value')),
      // Keys that are array indexes would come back from JSON.parse in another order; Maps are compared in order.
      fc
        .array(
          fc.tuple(
            key.filter((text) => !/^\d+$/.test(text)),
            tie('value'),
          ),
        )
        .map((entries) => new Map(entries)),
      fc
        .array(fc.tuple(tie('value'), tie('value')), { minLength: 1 })
        .map((entries) => new Map([[0, 0], ...entries] as [unknown, unknown][])),
      fc.array(tie('value')).map((items) => new Set(items)),
      fc.array(tie('value')).map((items) => new PyFrozenSet(items)),
      fc.tuple(tie('value'), tie('value'), tie('value')).map((parts) => new PySlice(...parts)),
    ),
  }));

  test('what the mapping keeps can be read back from the JSON as it was', () => {
    checkProperty(
      fc.property(kept, (value) => {
        expect(revive(JSON.parse(toJSON(value)))).toStrictEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  const fixtures = readJson<{ protocols: Record<string, string> }[]>('repr.json').map(({ protocols }) => {
    return unpickle(Buffer.from(Object.values(protocols)[0] as string, 'base64'), { floats: 'tagged' });
  });

  test('the JSON of every fixture is valid', () => {
    for (const value of fixtures) expect(() => JSON.parse(toJSON(value)) as unknown).not.toThrow();
  });

  test('JSON is valid and within its bound, or there is an error instead, and the bound is exact', () => {
    checkProperty(
      fc.property(
        fc.oneof(kept, fc.constantFrom(...fixtures)),
        fc.nat({ max: 1000 }).map((n) => n / 1000),
        (value, part) => {
          const full = toJSON(value);
          const maxLength = Math.floor(part * full.length);
          expect(toJSON(value, { maxLength: full.length })).toBe(full);
          if (maxLength < full.length) expect(() => toJSON(value, { maxLength })).toThrow(PickleError);
        },
      ),
      { numRuns: 300 },
    );
  });
});
