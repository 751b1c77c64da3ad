// What the caller gives: entries of an allow-list, persistent objects and buffers. None of it is the pickle's to change,
// and what the caller's code throws becomes an error of the pickle.

import { describe, expect, test } from 'vitest';
import {
  type AllowedGlobal,
  PickleDecoder,
  PyObject,
  PyTuple,
  type UnpickleOptions,
  unpickle,
} from '../../src/pickle/index.ts';
import { bytes, failure, global, str } from './pickles.ts';

function decode(pickle: string, options: UnpickleOptions = {}): unknown {
  return unpickle(bytes(`${pickle}.`), options);
}

/** The code of the error, without `ERR_PICKLE_`. */
function code(pickle: string, options: UnpickleOptions = {}): string {
  return failure(bytes(`${pickle}.`), options).code.replace('ERR_PICKLE_', '');
}

describe("an entry of the caller's own", () => {
  class Point {
    x: unknown = 0;
    readonly args: readonly unknown[];

    constructor(args: readonly unknown[]) {
      this.args = args;
    }
  }
  const point: AllowedGlobal = {
    module: 'geo',
    name: 'Point',
    construct: (args, kwargs) => new Point([...args, ...(kwargs ?? [])]),
    setState: (instance, state) => {
      if (!(instance instanceof Point) || !(state instanceof Map)) throw new TypeError('no state of a Point');
      instance.x = state.get('x');
    },
    needsState: true,
  };
  const P = global('geo', 'Point');

  test('makes the instance of its arguments, and gives it its state', () => {
    const made = decode(`${P}K\x01\x85}${str('y')}K\x02s\x92}${str('x')}K\x03sb`, { allow: [point] }) as Point;
    expect(made).toBeInstanceOf(Point);
    expect([made.args, made.x]).toEqual([[1, ['y', 2]], 3]);
  });

  test('that needs a state is not complete without one', () => {
    const { code, opcode } = failure(bytes(`${P})R.`), { allow: [point] });
    expect([code, opcode]).toEqual(['ERR_PICKLE_CONSTRUCTOR', 'STOP']);
    expect(decode(`${P})R}b`, { allow: [point] })).toBeInstanceOf(Point);
  });

  test('takes a state only for what it made', () => {
    expect(code(`${P})R}b0]}b`, { allow: [point] })).toBe('TYPE');
    expect(
      code(`${global('geo', 'Plain')})R}b`, { allow: [{ module: 'geo', name: 'Plain', construct: () => ({}) }] }),
    ).toBe('TYPE');
  });

  const thrown = new TypeError('mine');
  const throwing = (what: unknown) => () => {
    throw what;
  };
  test.each([
    ['an Error', thrown, 'geo.Point: mine at byte 12 (REDUCE)'],
    ['a string', 'mine', 'geo.Point: something was thrown that is no Error at byte 12 (REDUCE)'],
    [
      'an object without a prototype',
      Object.create(null) as object,
      'geo.Point: something was thrown that is no Error at byte 12 (REDUCE)',
    ],
  ])('that throws %s fails the pickle, with the cause', (_, cause, message) => {
    const error = failure(bytes(`${P})R.`), { allow: [{ module: 'geo', name: 'Point', construct: throwing(cause) }] });
    expect([error.code, error.message, error.cause]).toEqual(['ERR_PICKLE_CONSTRUCTOR', message, cause]);
  });

  test('whose setState throws fails the pickle, with the cause', () => {
    const error = failure(bytes(`${P})RNb.`), { allow: [{ ...point, setState: throwing(thrown) }] });
    expect([error.code, error.opcode, error.cause]).toEqual(['ERR_PICKLE_CONSTRUCTOR', 'BUILD', thrown]);
  });

  test('that returns undefined has made nothing', () => {
    expect(code(`${P})R`, { allow: [{ module: 'geo', name: 'Point', construct: () => undefined }] })).toBe(
      'CONSTRUCTOR',
    );
  });

  test('that decodes a pickle of its own reports its error, not a place in this pickle', () => {
    const nested: AllowedGlobal = {
      module: 'geo',
      name: 'Point',
      construct: ([inner]) => unpickle(inner as Uint8Array),
    };
    expect(decode(`${P}C\x03K\x07.\x85R`, { allow: [nested] })).toBe(7);
    const error = failure(bytes(`${P}C\x01R\x85R.`), { allow: [nested] });
    expect([error.code, error.offset]).toEqual(['ERR_PICKLE_CONSTRUCTOR', 15]);
    expect(error.cause).toMatchObject({ code: 'ERR_PICKLE_STACK', offset: 0 });
  });

  test('cannot decode with the decoder that is running it', () => {
    const nested: AllowedGlobal = {
      module: 'geo',
      name: 'Point',
      construct: ([inner]): unknown => decoder.decode(inner as Uint8Array),
    };
    const decoder = new PickleDecoder({ allow: [nested] });
    expect(() => decoder.decode(bytes(`(K\x01${P}C\x03K\x07.\x85Rt.`))).toThrow(/in the middle of a pickle/);
    expect(decoder.decode(bytes('K\x07.'))).toBe(7);
  });

  test('may stand for a value, which the pickle cannot change', () => {
    const shared = {
      list: [1],
      dict: new Map([[1, 1]]),
      set: new Set([1]),
      object: new PyObject('m', 'K', PyTuple.of()),
      nothing: null,
    };
    const allow = Object.entries(shared).map(([name, value]): AllowedGlobal => ({ module: 'my', name, value }));
    for (const [name, value] of Object.entries(shared)) expect(decode(global('my', name), { allow })).toBe(value);
    for (const change of [
      'list\nNa',
      'list\n(Ne',
      'dict\nNNs',
      'dict\n(NNu',
      'set\n(N\x90',
      'object\n}b',
      'object\nNa',
      'object\nNNs',
      'object\n(N\x90',
    ]) {
      expect(code(`cmy\n${change}`, { allow })).toBe('TYPE');
    }
    expect(shared).toEqual({
      list: [1],
      dict: new Map([[1, 1]]),
      set: new Set([1]),
      object: new PyObject('m', 'K', PyTuple.of()),
      nothing: null,
    });
  });
});

describe('persistent ids and buffers', () => {
  test('persistentLoad gets the id: text from PERSID, any value from BINPERSID', () => {
    const ids: unknown[] = [];
    const persistentLoad = (id: unknown): unknown => ids.push(id);
    expect(decode('(Pabc\nP\nK\x01\x85Qt', { persistentLoad })).toEqual([1, 2, 3]);
    expect(ids).toEqual(['abc', '', [1]]);
  });

  test('without a persistentLoad, or buffers, nothing is asked for one', () => {
    for (const pickle of ['Pabc\n.', 'NQ.', '\x97.']) {
      const { code, cause } = failure(bytes(pickle));
      expect([code, cause]).toEqual([expect.stringMatching(/PERSISTENT_ID|BUFFER/), undefined]);
    }
  });

  test('what it returns is kept as it is, undefined as None, and the pickle cannot change it', () => {
    const mine = [1];
    expect(decode('NQ', { persistentLoad: () => mine })).toBe(mine);
    expect(decode('NQ', { persistentLoad: () => undefined })).toBeNull();
    expect(code('NQK\x02a', { persistentLoad: () => mine })).toBe('TYPE');
    expect(code('NQK\x02K\x02s', { persistentLoad: () => new Map() })).toBe('TYPE');
    expect(mine).toEqual([1]);
  });

  test('what it throws fails the pickle, with the cause', () => {
    const cause = new RangeError('no such id');
    const persistentLoad = (): never => {
      throw cause;
    };
    const error = failure(bytes('NNQ.'), { persistentLoad });
    expect([error.code, error.offset, error.cause]).toEqual(['ERR_PICKLE_PERSISTENT_ID', 2, cause]);
  });

  test('buffers are given out in order, as they are, until there are none', () => {
    const [first, second] = [new Uint8Array([1]), new Uint8Array([2])];
    const value = decode('(\x97\x97\x98t', { buffers: [first, second] }) as unknown[];
    expect(value[0]).toBe(first);
    expect(value[1]).toBe(second);
    expect(code('\x97\x97', { buffers: [first] })).toBe('BUFFER');
    expect(code('\x97', { buffers: [] })).toBe('BUFFER');
    expect(code('\x97Na', { buffers: [[1]] })).toBe('TYPE');
    expect(code('\x97\x98', { buffers: [[1]] })).toBe('TYPE');
  });

  test('an iterator of buffers that throws fails the pickle, with the cause', () => {
    const cause = new Error('lost');
    const buffers = {
      [Symbol.iterator]: () => ({
        next: (): never => {
          throw cause;
        },
      }),
    };
    const error = failure(bytes('\x97.'), { buffers });
    expect([error.code, error.cause]).toEqual(['ERR_PICKLE_BUFFER', cause]);
  });
});
