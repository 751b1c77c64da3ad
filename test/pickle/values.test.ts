// What decodes to what: each value of fixtures/repr.json by every protocol; and how results hold together and stand alone.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as pickle from '../../src/pickle/index.ts';
import { PyByteArray, PyFrozenSet, PyTuple, repr, type UnpickleOptions, unpickle } from '../../src/pickle/index.ts';
import { bytes, call, global, str } from './pickles.ts';

function decode(text: string, options: UnpickleOptions = {}): unknown {
  return unpickle(bytes(`${text}.`), options);
}

interface Fixture {
  readonly expr: string;
  readonly protocols: Readonly<Record<string, string>>;
  readonly repr: string;
  readonly str: string;
}

const fixtures = JSON.parse(
  readFileSync(new URL('../../fixtures/repr.json', import.meta.url), 'utf8'),
) as readonly Fixture[];

describe.each(['0', '1', '2', '3', '4', '5'])('protocol %s', (protocol) => {
  const rows = fixtures.filter(({ protocols }) => protocols[protocol] !== undefined);

  test(`${rows.length} values print as in Python, by repr() and by str()`, () => {
    expect(rows.length).toBeGreaterThan(100);
    for (const row of rows) {
      const value = unpickle(Buffer.from(row.protocols[protocol] as string, 'base64'), { floats: 'tagged' });
      expect([row.expr, repr(value), pickle.str(value)]).toEqual([row.expr, row.repr, row.str]);
    }
  });
});

describe('results are own data', () => {
  /** Every object within a value, property by property. */
  function objectsIn(value: unknown): object[] {
    const found = new Set<object>();
    const waiting: unknown[] = [value];
    while (waiting.length > 0) {
      const each = waiting.pop();
      if (typeof each === 'function') throw new TypeError('a function among the data');
      if (typeof each !== 'object' || each === null || found.has(each)) continue;
      found.add(each);
      if (each instanceof Map) waiting.push(...each.keys(), ...each.values());
      if (each instanceof Set) waiting.push(...each);
      if (ArrayBuffer.isView(each)) continue;
      for (const key of Reflect.ownKeys(each)) {
        const property = Reflect.getOwnPropertyDescriptor(each, key) as PropertyDescriptor;
        if (!('value' in property)) throw new TypeError('a getter among the data');
        waiting.push(property.value);
      }
    }
    return [...found];
  }

  const classes = new Set<unknown>(
    [Array, Map, Set, Uint8Array, ...Object.values(pickle)].map((type) =>
      typeof type === 'function' ? (type as { prototype: unknown }).prototype : null,
    ),
  );

  test('every object is of a class that the package exports, or a plain Array, Map, Set or Uint8Array', () => {
    for (const { protocols } of fixtures) {
      for (const text of Object.values(protocols)) {
        for (const object of objectsIn(unpickle(Buffer.from(text, 'base64'), { unknownGlobals: 'inert' }))) {
          expect(classes.has(Object.getPrototypeOf(object))).toBe(true);
        }
      }
    }
  });

  test('names from the wire become entries, never properties', () => {
    const names = ['__proto__', 'then', 'toJSON', 'constructor', 'length', 'size', 'get'];
    const items = names.map((name) => `${str(name)}K\x01`).join('');
    for (const made of ['}', call('collections', 'OrderedDict'), call('types', 'SimpleNamespace'), call('m', 'K')]) {
      const build = made === '}' || made.includes('Ordered') ? `${made}(${items}u` : `${made}}(${items}ub`;
      const value = decode(build, { unknownGlobals: 'inert' });
      expect(Object.getPrototypeOf(value)).not.toHaveProperty('admin');
      for (const name of names) expect(Object.hasOwn(value as object, name)).toBe(false);
    }
    expect({}).not.toHaveProperty('then');
  });

  test('bytes are plain Uint8Arrays with memory of their own, whatever the input is a view of', () => {
    const text = `(C\x03abcB\x03\0\0\0abc\x8e\x03\0\0\0\0\0\0\0abc${'\x96'}\x03\0\0\0\0\0\0\0abcU\x03abcS'abc'\nt.`;
    const buffer = Buffer.from(`xx${text}yy`, 'latin1');
    const input = buffer.subarray(2, 2 + text.length);
    const value = unpickle(input, { strings: 'bytes' }) as unknown[];
    input.fill(0);
    for (const item of value) {
      const array = (item instanceof PyByteArray ? item.bytes : item) as Uint8Array;
      expect(Object.getPrototypeOf(array)).toBe(Uint8Array.prototype);
      expect([array.length, array.byteOffset, array.buffer.byteLength]).toEqual([3, 0, 3]);
      expect([...array]).toEqual([0x61, 0x62, 0x63]);
    }
  });

  test('strings from a decoder that has seen many do not change when its input does', () => {
    const decoder = new pickle.PickleDecoder();
    const input = bytes(`(${Array.from({ length: 200 }, (_, i) => str(`name-${i % 50}`)).join('')}l.`);
    const first = decoder.decode(input);
    const expected = Array.from({ length: 200 }, (_, i) => `name-${i % 50}`);
    for (const at of input.keys()) if (input[at] === 0x6e) input[at] = 0x4e;
    expect(decoder.decode(input)).toEqual(expected.map((name) => name.replace('n', 'N')));
    expect(first).toEqual(expected);
  });
});

describe('sharing and cycles survive', () => {
  test('one object in two places is one object', () => {
    for (const [made, is] of [
      [']', Array],
      ['}', Map],
      ['\x8f', Set],
      ['N\x85', PyTuple],
      ['(N\x91', PyFrozenSet],
      [call('builtins', 'KeyError'), pickle.PyException],
    ] as const) {
      const [first, second] = decode(`(${made}q\0h\0t`) as [unknown, unknown];
      expect(first).toBeInstanceOf(is);
      expect(second).toBe(first);
    }
    const [first, second] = decode(']2\x86') as [unknown, unknown];
    expect(second).toBe(first);
    expect(decode(']]\x86')).toEqual([[], []]);
  });

  test('a list, a dict and an instance can hold themselves', () => {
    const list = decode(']q\0h\0a') as unknown[];
    expect(list[0]).toBe(list);
    const dict = decode('}q\0Nh\0s') as Map<unknown, unknown>;
    expect(dict.get(null)).toBe(dict);
    const object = decode('cm\nK\n)\x81q\0}K\x01h\0sb', { unknownGlobals: 'inert' }) as pickle.PyObject;
    expect((object.state as Map<unknown, unknown>).get(1)).toBe(object);
    const error = decode(`${call('builtins', 'KeyError')}q\0}${str('me')}h\0sb`) as pickle.PyException;
    expect(error.attributes?.get('me')).toBe(error);
    const tuple = decode(']q\0h\0\x85q\x01a0h\x01') as [[unknown]];
    expect(tuple).toBeInstanceOf(PyTuple);
    expect(tuple[0][0]).toBe(tuple);
  });

  test('attributes that come to an exception one after the other are all there, and the dicts stay their own', () => {
    const text = `(${call('builtins', 'KeyError')}}${str('a')}K\x01sq\0b}${str('b')}K\x02sbh\0t`;
    const [error, first] = decode(text) as [pickle.PyException, unknown];
    expect(error.attributes).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
    expect(first).toEqual(new Map([['a', 1]]));
  });
});

describe('floats and ints', () => {
  test('a whole float is a number, or a PyFloat where floats are tagged', () => {
    for (const [text, plain, tagged] of [
      ['F1\n', 1, '1.0'],
      ['G?\xf0\0\0\0\0\0\0', 1, '1.0'],
      ['G\x80\0\0\0\0\0\0\0', -0, '-0.0'],
      ['F1e300\n', 1e300, '1e+300'],
      ['F1.5\n', 1.5, '1.5'],
      ['Finf\n', Number.POSITIVE_INFINITY, 'inf'],
      ['Fnan\n', Number.NaN, 'nan'],
    ] as const) {
      expect(decode(text)).toBe(plain);
      expect(repr(decode(text, { floats: 'tagged' }))).toBe(tagged);
    }
  });

  test('an int is a number where that is exact, else a bigint', () => {
    const safe = Number.MAX_SAFE_INTEGER;
    for (const [value, type] of [
      [BigInt(safe), 'number'],
      [BigInt(safe) + 1n, 'bigint'],
      [-BigInt(safe), 'number'],
      [-BigInt(safe) - 1n, 'bigint'],
    ] as const) {
      for (const text of [`I${value}\n`, `L${value}L\n`]) {
        expect(typeof decode(text)).toBe(type);
        expect(BigInt(decode(text) as number | bigint)).toBe(value);
      }
    }
  });
});

test('the state of a datetime from Python 2 is bytes, however other strs are read', () => {
  for (const strings of ['ascii', 'latin1', 'utf8', 'surrogateescape', 'bytes'] as const) {
    const value = decode(`${global('datetime', 'datetime')}(U\x0a\x07\xe8\x01\x02\x03\x04\x05\0\x80\xfftR`, {
      strings,
    });
    expect(repr(value)).toBe('datetime.datetime(2024, 1, 2, 3, 4, 5, 33023)');
  }
});
