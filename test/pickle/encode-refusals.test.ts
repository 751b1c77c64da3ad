// What pickle() refuses, what its fallback may do about it, and that no shape of a value is too much for it.

import { describe, expect, test } from 'vitest';
import {
  PickleError,
  type PickleOptions,
  PyArray,
  PyByteArray,
  PyCounter,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyDefaultDict,
  PyDeque,
  PyException,
  PyFraction,
  PyFrozenSet,
  PyGlobal,
  PyIPAddress,
  PyObject,
  PyPath,
  PyRange,
  PySlice,
  PyTime,
  PyTimeZone,
  PyTuple,
  PyUUID,
  PyZoneInfo,
  pickle,
  repr,
  unpickle,
} from '../../src/pickle/index.ts';

const PROTOCOLS = [0, 1, 2, 3, 4, 5];
const system = new PyGlobal('os', 'system');
const inert = new PyObject('os', 'system', PyTuple.of('id'));
const midnight = new PyTime(0, 0, 0, 0, 0, null);

/** The PickleError of a value that must be refused. */
function refusal(value: unknown, options: PickleOptions = {}): PickleError {
  try {
    pickle(value, options);
  } catch (error) {
    if (error instanceof PickleError) return error;
    throw error;
  }
  return expect.fail('pickled');
}

function deque(items: unknown[], maxlen: number): PyDeque {
  const result = new PyDeque();
  result.push(...items);
  result.maxlen = maxlen;
  return result;
}

class Point {
  x = 1;
}
class Settings extends Map {}

const inItself = PyTuple.of<unknown>(1);
inItself.push(PyTuple.of(inItself));
const counterOfItself = new PyCounter<unknown, unknown>([['a', 1]]);
counterOfItself.set('self', counterOfItself);
const errorOfItself = new PyException('ValueError', PyTuple.of<unknown>());
errorOfItself.args.push(errorOfItself);
const frozenError = new PyException('ValueError', PyTuple.of<unknown>());
const frozenOfItself = new PyFrozenSet([frozenError]);
frozenError.args.push(frozenOfItself);

describe('is refused:', () => {
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['a hole of an Array', new Array(1)],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a Date', new Date(0)],
    ['a RegExp', /x/],
    ['an instance of a class', new Point()],
    ['an instance of a subclass of Map', new Settings()],
    ['a typed array that is no Uint8Array', new Uint16Array(1)],
    ['an inert object', inert],
    ['the name of an unknown class', system],
    ['the name of a built-in function', new PyGlobal('builtins', 'getattr')],
    ['the name of a built-in that is no type', new PyGlobal('builtins', 'eval')],
    ['the name of a built-in type in another module', new PyGlobal('os', 'list')],
    ["the name of a singleton's type in another module", new PyGlobal('os', 'NoneType')],
    ['a name inherited from Object', new PyGlobal('builtins', 'constructor')],
    ['the name of a class of another module', new PyGlobal('collections', 'deque')],
    ['a defaultdict of an unknown factory', new PyDefaultDict(system)],
    ['a defaultdict whose factory is a function', new PyDefaultDict(() => [])],
    ['a datetime in an inert time zone', new PyDateTime(new PyDate(2026, 1, 1), new PyTime(1, 2, 3, 4, 0, inert))],
    ['a time in a time zone that is none', new PyTime(1, 2, 3, 4, 0, 'UTC')],
    ['a date that does not fit its bytes', new PyDate(2026, 300, 1)],
    ['a time that does not fit its bytes', new PyTime(1.5, 0, 0, 0, 0, null)],
    ['a datetime in no year', new PyDateTime(new PyDate(Number.NaN, 1, 1), midnight)],
    ['a timezone whose offset is a number', new PyTimeZone(3600 as never, null)],
    ['a ZoneInfo without a key', new PyZoneInfo(null as never)],
    ['an exception that is not built in', new PyException('os.system', PyTuple.of('id'))],
    ['an exception with an attribute that has no name', attributed(new Map([[1, 2]]))],
    ['a group of exceptions', new PyException('ExceptionGroup', PyTuple.of<unknown>('g', [inert]))],
    ['a UnicodeDecodeError of no bytes', new PyException('UnicodeDecodeError', PyTuple.of('x'))],
    ['a SyntaxError of no details', new PyException('SyntaxError', PyTuple.of<unknown>('x', inert))],
    ['a Decimal that is no number', new PyDecimal('1e')],
    ['a Fraction of nothing', new PyFraction(1, 0)],
    ['a UUID that is none', new PyUUID('')],
    ['a range without a step', new PyRange(0, 1, 0)],
    ['a range of halves', new PyRange(0, 1.5, 1)],
    ['a deque longer than its maxlen', deque([1, 2], 1)],
    ['a path of no class', new PyPath('Path2' as never, '/')],
    ['an IPv4 address that is none', new PyIPAddress('IPv4Address', '1.2.3.400')],
    ['an array of no type', new PyArray('z', [])],
    ['an array with an item that does not fit', new PyArray('b', [128])],
    ['an array of ints with a float', new PyArray('q', [0.5])],
    ['an array of text with two characters', new PyArray('u', ['ab'])],
    ['a list as a key', new Map([[[1], 2]])],
    ['a plain object as a key', new Map([[{}, 2]])],
    ['a set in a set', new Set([new Set()])],
    ['a tuple of a bytearray in a frozenset', new PyFrozenSet([PyTuple.of(new PyByteArray(new Uint8Array(1)))])],
    ['a tuple in itself', inItself],
    ['a Counter in itself', counterOfItself],
    ['an exception among its arguments', errorOfItself],
    ['a frozenset in itself', frozenOfItself],
  ])('%s', (_, value) => {
    for (const protocol of PROTOCOLS) {
      for (const within of [
        value,
        [value],
        new Map([['k', value]]),
        { k: PyTuple.of(value) },
        new PySlice(1, value, 2),
      ]) {
        const error = refusal(within, { protocol });
        expect([error.code, error.offset]).toEqual(['ERR_PICKLE_UNPICKLABLE', -1]);
        expect(error.message).toMatch(/ cannot be pickled$/);
      }
    }
  });

  test('a protocol that does not exist', () => {
    for (const protocol of [-1, 6, 1.5, Number.NaN]) expect(() => pickle(1, { protocol })).toThrow(TypeError);
  });

  test('an inert object by its name, escaped', () => {
    expect(refusal(new PyObject('a\n', 'b', PyTuple.of())).message).toContain('"a\\n.b"');
  });
});

function attributed(attributes: Map<unknown, unknown>): PyException {
  const error = new PyException('ValueError', PyTuple.of());
  error.attributes = attributes;
  return error;
}

describe('a fallback', () => {
  const asText: PickleOptions = { fallback: (value) => `<${repr(value)}>` };

  test('gives what is pickled instead, wherever the value stands', () => {
    const value = [inert, new Map<unknown, unknown>([[inert, new Set([inert])]]), PyTuple.of(inert)];
    const text = "<<os.system args=('id',)>>";
    for (const protocol of PROTOCOLS) {
      expect(repr(unpickle(pickle(value, { ...asText, protocol })))).toBe(
        repr([text, new Map([[text, new Set([text])]]), PyTuple.of(text)]),
      );
    }
  });

  test('stands for the whole of a value that needs what is refused', () => {
    const zoned = new PyTime(1, 2, 0, 0, 0, inert);
    const values = [zoned, new PyDefaultDict(system), new PyException('SyntaxError', PyTuple.of<unknown>('x', inert))];
    const again = unpickle(pickle(values, { fallback: (value) => value?.constructor.name }));
    expect(again).toEqual(['PyTime', 'PyDefaultDict', 'PyException']);
  });

  test('is asked once for each object', () => {
    const asked: unknown[] = [];
    const fallback = (value: unknown): unknown => asked.push(value);
    expect(unpickle(pickle([inert, system, inert, undefined, undefined], { fallback }))).toEqual([1, 2, 1, 3, 3]);
    expect(asked).toEqual([inert, system, undefined]);
  });

  test('may give containers, with values in them that it is asked about in turn', () => {
    const fallback = (value: unknown): unknown => (value instanceof Point ? { x: value.x, of: inert } : 'inert');
    expect(repr(unpickle(pickle([new Point()], { fallback })))).toBe("[{'x': 1, 'of': 'inert'}]");
  });

  test('that gives what cannot be pickled either does not help', () => {
    for (const given of [undefined, inert, new Point()]) {
      expect(refusal([inert], { fallback: () => given }).code).toBe('ERR_PICKLE_UNPICKLABLE');
    }
    expect(refusal(inert, { fallback: (value) => value }).code).toBe('ERR_PICKLE_UNPICKLABLE');
  });

  test('breaks the circle of a value that holds itself where Python cannot make one', () => {
    for (const protocol of PROTOCOLS) {
      expect(repr(unpickle(pickle(counterOfItself, { ...asText, protocol })))).toBe(
        "Counter({'a': 1, 'self': \"<Counter({'a': 1, 'self': Counter(...)})>\"})",
      );
    }
  });

  test('that throws is heard', () => {
    const fallback = (): never => {
      throw new Error('mine');
    };
    expect(() => pickle(inert, { fallback })).toThrow('mine');
  });
});

describe('whatever the shape', () => {
  test('nesting overflows no stack', () => {
    for (const protocol of PROTOCOLS) {
      let list: unknown = [];
      let tuple: unknown = PyTuple.of();
      for (let depth = 0; depth < 30_000; depth++) {
        list = [list];
        tuple = PyTuple.of(tuple);
      }
      expect(pickle(list, { protocol }).length).toBeGreaterThan(60_000);
      expect(pickle(tuple, { protocol }).length).toBeGreaterThan(30_000);
    }
  });

  test('a pickle of maxBytes is made, and one byte more is not', () => {
    for (const protocol of PROTOCOLS) {
      for (const value of [['x'.repeat(1000)], new Uint8Array(70_000), [1, 'a', new PyDecimal('1')]]) {
        const { length } = pickle(value, { protocol });
        // While it is written, a frame that turns out too small for a header has one.
        expect(pickle(value, { protocol, maxBytes: length + 9 }).length).toBe(length);
        const error = refusal(value, { protocol, maxBytes: length - 1 });
        expect([error.code, error.limit]).toEqual(['ERR_PICKLE_LIMIT', 'maxBytes']);
      }
    }
  });

  test('a tuple in a hundred thousand lists, each time with all of them, ends at maxBytes', () => {
    const lists = Array.from({ length: 100_000 }, (): unknown[] => []);
    const tuple = PyTuple.adopt(lists);
    for (const list of lists) list.push(tuple);
    for (const protocol of PROTOCOLS) {
      expect(refusal(tuple, { protocol, maxBytes: 2_000_000 }).limit).toBe('maxBytes');
    }
  });

  test('the pickle is memory of its own', () => {
    const bytes = Buffer.from('abc');
    const data = pickle(bytes);
    bytes.fill(0);
    expect(unpickle(data)).toEqual(new Uint8Array(Buffer.from('abc')));
    expect(data.buffer.byteLength).toBe(data.length);
  });

  test('keys are entries, never properties', () => {
    const value = JSON.parse('{"__proto__": {"then": 1}, "constructor": 2, "1": 3}');
    expect([...(unpickle(pickle(value)) as Map<string, unknown>).keys()]).toEqual(['1', '__proto__', 'constructor']);
    expect(unpickle(pickle(Object.assign(Object.create(null), { a: 1 })))).toEqual(new Map([['a', 1]]));
  });
});
