// toJSON(): every row of its mapping, cycles, and its bounds. Its laws are in json-laws.test.ts.

import { describe, expect, test } from 'vitest';
import {
  Ellipsis,
  PickleError,
  PyArray,
  PyByteArray,
  PyComplex,
  PyCounter,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyDefaultDict,
  PyDeque,
  PyException,
  PyFloat,
  PyFraction,
  PyFrozenSet,
  PyGlobal,
  PyIPAddress,
  PyObject,
  PyOrderedDict,
  PyPath,
  PyRange,
  PySimpleNamespace,
  PySlice,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyTuple,
  PyUUID,
  PyZoneInfo,
} from '../../src/pickle/index.ts';
import { toJSON } from '../../src/pickle/json/json.ts';

const day = new PyDate(2024, 7, 2);
const zone = new PyObject('pytz', '_UTC', PyTuple.of());

function at(tzinfo: unknown, microsecond = 0): PyTime {
  return new PyTime(3, 4, 5, microsecond, 0, tzinfo);
}

function moment(tzinfo: unknown, microsecond = 0): PyDateTime {
  return new PyDateTime(day, at(tzinfo, microsecond));
}

function namespace(attributes: [unknown, unknown][]): PySimpleNamespace {
  const value = new PySimpleNamespace();
  for (const [name, attribute] of attributes) value.attributes.set(name, attribute);
  return value;
}

describe('the mapping', () => {
  test.each<[string, unknown, string]>([
    ['None', null, 'null'],
    ['a bool', true, 'true'],
    ['a str', 'a"\\\n\u00e9\u{1f600}', '"a\\"\\\\\\n\u00e9\u{1f600}"'],
    ['a lone surrogate', 'a\ud800', '"a\\ud800"'],
    ['controls that a terminal may act on', '\x1b\x7f\x9b', '"\\u001b\\u007f\\u009b"'],
    ['an int', -5, '-5'],
    ['the largest safe int', Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['a bigint that a double would hold', -9007199254740991n, '-9007199254740991'],
    ['the greatest of those', 9007199254740991n, '9007199254740991'],
    ['a larger int', 9007199254740992n, '{"$int":"9007199254740992"}'],
    ['a very negative int', -(10n ** 20n), '{"$int":"-100000000000000000000"}'],
    ['a float', 0.1, '0.1'],
    ['a tagged float', new PyFloat(1), '1.0'],
    ['negative zero', -0, '-0.0'],
    ['a large float', 1e22, '1e+22'],
    ['a small float', 5e-324, '5e-324'],
    ['nan', Number.NaN, '{"$float":"nan"}'],
    ['infinity', new PyFloat(Number.NEGATIVE_INFINITY), '{"$float":"-inf"}'],
    ['a list', [1, [null]], '[1,[null]]'],
    ['a tuple', PyTuple.of<unknown>(1, PyTuple.of()), '[1,[]]'],
    ['a deque', Object.assign(new PyDeque(), [1, []]), '[1,[]]'],
    ['an array of ints', new PyArray('q', [1, 2n ** 63n]), '[1,{"$int":"9223372036854775808"}]'],
    ['an array of floats', new PyArray('d', [1, Number.NaN]), '[1.0,{"$float":"nan"}]'],
    ['an array of short floats', new PyArray('f', [1]), '[1.0]'],
    ['an array of text', new PyArray('u', ['a', 'b']), '["a","b"]'],
    [
      'a dict',
      new Map([
        ['b', 1],
        ['1', 2],
      ]),
      '{"b":1,"1":2}',
    ],
    ['an empty dict', new Map(), '{}'],
    [
      'a dict with other keys',
      new Map<unknown, unknown>([
        ['a', 1],
        [PyTuple.of(1), [2]],
      ]),
      '{"$dict":[["a",1],[[1],[2]]]}',
    ],
    [
      'keys like tags',
      new Map([
        ['$set', 1],
        ['$$', 2],
        ['$', 3],
        ['a$', 4],
      ]),
      '{"$$set":1,"$$$":2,"$$":3,"a$":4}',
    ],
    [
      'keys that bite',
      new Map([
        ['__proto__', 1],
        ['toJSON', 2],
      ]),
      '{"__proto__":1,"toJSON":2}',
    ],
    ['a dict as an object', Object.assign(Object.create(null) as object, { $a: [] }), '{"$$a":[]}'],
    ['an OrderedDict', new PyOrderedDict([['a', 1]]), '{"a":1}'],
    ['a Counter', new PyCounter([['a', 1]]), '{"a":1}'],
    ['a defaultdict', new PyDefaultDict(new PyGlobal('builtins', 'list')), '{}'],
    ['a namespace', namespace([['a', [1]]]), '{"a":[1]}'],
    ['a set', new Set<unknown>([1, PyTuple.of()]), '{"$set":[1,[]]}'],
    ['a frozenset', new PyFrozenSet([1]), '{"$frozenset":[1]}'],
    ['bytes', Uint8Array.of(0, 255), '{"$bytes":"AP8="}'],
    ['a bytearray', new PyByteArray(Uint8Array.of(1)), '{"$bytearray":"AQ=="}'],
    ['a complex', new PyComplex(1, Number.NaN), '{"$complex":[1.0,{"$float":"nan"}]}'],
    ['a range', new PyRange(0, 2n ** 64n, -1), '{"$range":[0,{"$int":"18446744073709551616"},-1]}'],
    ['a slice', new PySlice(null, [1], 'x'), '{"$slice":[null,[1],"x"]}'],
    ['Ellipsis', Ellipsis, '{"$global":"builtins:Ellipsis"}'],
    ['a class', new PyGlobal('os.path', 'A.b'), '{"$global":"os.path:A.b"}'],
    ['a date', day, '"2024-07-02"'],
    ['a naive datetime', moment(null), '"2024-07-02T03:04:05"'],
    [
      'a datetime at an offset',
      moment(new PyTimeZone(new PyTimeDelta(-1, 3600, 0), null), 60),
      '"2024-07-02T03:04:05.000060-23:00"',
    ],
    ['a datetime in a zone', moment(new PyZoneInfo('Europe/Paris')), '"2024-07-02T03:04:05+02:00"'],
    [
      'a datetime in an inert zone',
      moment(zone),
      '{"$datetime":"2024-07-02T03:04:05","tzinfo":{"$object":"pytz:_UTC"}}',
    ],
    ['a time', at(null, 1), '"03:04:05.000001"'],
    ['a time in a zone', at(new PyZoneInfo('Europe/Paris')), '{"$time":"03:04:05","tzinfo":"Europe/Paris"}'],
    ['a timezone', new PyTimeZone(new PyTimeDelta(0, 3600, 0), null), '"UTC+01:00"'],
    ['a Decimal', new PyDecimal('1.10'), '"1.10"'],
    ['a Fraction', new PyFraction(1, 3), '"1/3"'],
    ['a UUID', new PyUUID('12345678-1234-5678-1234-567812345678'), '"12345678-1234-5678-1234-567812345678"'],
    ['a path', new PyPath('PureWindowsPath', 'c:\\a'), '"c:\\\\a"'],
    ['an address', new PyIPAddress('IPv4Network', '10.0.0.0/8'), '"10.0.0.0/8"'],
    ['an exception', new PyException('KeyError', PyTuple.of('k')), '{"$exception":"KeyError","args":["k"]}'],
    [
      'an exception with attributes',
      Object.assign(new PyException('OSError', PyTuple.of()), { attributes: new Map([['__notes__', ['n']]]) }),
      '{"$exception":"OSError","args":[],"attributes":{"__notes__":["n"]}}',
    ],
    [
      'an inert object with every part',
      Object.assign(new PyObject('app.models', 'User', PyTuple.of(1), new Map([['k', 2]])), {
        state: new Map([['$x', 3]]),
        items: [4],
        entries: new Map([[5, 6]]),
      }),
      '{"$object":"app.models:User","args":[1],"kwargs":{"k":2},"state":{"$$x":3},"items":[4],"entries":{"$dict":[[5,6]]}}',
    ],
  ])('%s', (_what, value, json) => {
    expect(toJSON(value)).toBe(json);
    expect(() => JSON.parse(json) as unknown).not.toThrow();
  });

  test.each<[string, PyTimeDelta, string]>([
    ['zero', new PyTimeDelta(0, 0, 0), '0'],
    ['days', new PyTimeDelta(2, 3, 0), '172803'],
    ['the smallest above zero', new PyTimeDelta(0, 0, 1), '0.000001'],
    ['microseconds', new PyTimeDelta(0, 90, 500_000), '90.5'],
    ['the smallest below zero', new PyTimeDelta(-1, 86_399, 999_999), '-0.000001'],
    ['half a second below zero', new PyTimeDelta(-1, 86_399, 500_000), '-0.5'],
    ['more than a second below zero', new PyTimeDelta(-1, 86_398, 250_000), '-1.75'],
    ['a day below zero', new PyTimeDelta(-1, 0, 0), '-86400'],
    ['more digits than a double has', new PyTimeDelta(999_999_999, 86_399, 999_999), '86399999999999.999999'],
  ])('a timedelta of %s is its seconds', (_what, value, json) => {
    expect(toJSON(value)).toBe(json);
  });

  test('text and bytes longer than a piece come out whole', () => {
    const text = `a${'\u{1f600}\u0001'.repeat(10_000)}`;
    expect(JSON.parse(toJSON(text))).toBe(text);
    const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251);
    expect(toJSON(bytes)).toBe(`{"$bytes":"${Buffer.from(bytes).toString('base64')}"}`);
  });

  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'undefined'],
    ['a function', () => 1, 'function'],
    ['a symbol', Symbol('a'), 'symbol'],
    ['a Date', new Date(0), '[object Date]'],
    ['an ordinary object', {}, '[object Object]'],
  ])('%s is a TypeError, inside a container as well', (_what, value, kind) => {
    for (const each of [value, [value], new Map([['a', value]]), new Set([value])]) {
      expect(() => toJSON(each)).toThrow(new TypeError(`${kind} is not a decoded Python value`));
    }
  });
});

describe('cycles', () => {
  const list: unknown[] = [];
  list.push(1, list);
  const dict = new Map<unknown, unknown>();
  dict.set('a/b~$', [dict]);
  const tagged = new Map<unknown, unknown>();
  tagged.set(1, new Set([tagged]));
  const object = new PyObject('m', 'C', PyTuple.of<unknown>());
  const state = new Map<unknown, unknown>([['$s', [object]]]);
  state.set('self', state);
  object.state = state;
  const inner: unknown[] = [];
  inner.push(inner);
  const key = new PyObject('m', 'K', PyTuple.of<unknown>());
  key.state = [key];

  test.each<[string, unknown, string]>([
    ['a list', list, '[1,{"$ref":""}]'],
    ['a dict, whose key is escaped in the pointer', dict, '{"a/b~$":[{"$ref":""}]}'],
    ['below such a key', new Map([['a/b~c', inner]]), '{"a/b~c":[{"$ref":"/a~1b~0c"}]}'],
    ['below tags', [tagged], '[{"$dict":[[1,{"$set":[{"$ref":"/0"}]}]]}]'],
    [
      'below a $dict and a $set',
      new Map<unknown, unknown>([[1, new PyFrozenSet([inner])]]),
      '{"$dict":[[1,{"$frozenset":[[{"$ref":"/$dict/0/1/$frozenset/0"}]]}]]}',
    ],
    [
      'in a key, and in a value of a later entry',
      new Map<unknown, unknown>([
        [1, 2],
        [key, inner],
        [3, [inner]],
      ]),
      '{"$dict":[[1,2],[{"$object":"m:K","state":[{"$ref":"/$dict/1/0"}]},[{"$ref":"/$dict/1/1"}]],' +
        '[3,[[{"$ref":"/$dict/2/1/0"}]]]]}',
    ],
    ['an inert object', [object], '[{"$object":"m:C","state":{"$$s":[{"$ref":"/0"}],"self":{"$ref":"/0/state"}}}]'],
  ])('%s in itself is a pointer to where it is written', (_what, value, json) => {
    expect(toJSON(value)).toBe(json);
    for (const [pointer, held] of references(JSON.parse(json)))
      expect(resolve(JSON.parse(json), pointer)).toEqual(held);
  });

  test('a value that is shared but not in itself is written again', () => {
    const shared = [1];
    expect(toJSON([shared, shared])).toBe('[[1],[1]]');
  });

  /** Every pointer in a document, with what the document has there: some array or object. */
  function references(document: unknown, found: [string, unknown][] = []): [string, unknown][] {
    if (typeof document !== 'object' || document === null) return found;
    if ('$ref' in document) found.push([document.$ref as string, expect.any(Object)]);
    for (const part of Object.values(document)) references(part, found);
    return found;
  }

  function resolve(document: unknown, pointer: string): unknown {
    const steps = pointer.split('/').slice(1);
    return steps
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce((value, step) => (value as Record<string, unknown>)[step], document);
  }
});

describe('bounds', () => {
  test('text over maxLength is an error, never a piece', () => {
    expect(toJSON([1, 'a'], { maxLength: 7 })).toBe('[1,"a"]');
    for (let maxLength = 0; maxLength < 7; maxLength++) {
      expect(() => toJSON([1, 'a'], { maxLength })).toThrow(
        expect.objectContaining({
          code: 'ERR_PICKLE_LIMIT',
          limit: 'maxLength',
          reason: `more than ${maxLength} UTF-16 units of JSON (maxLength)`,
        }),
      );
    }
  });

  test('what comes after the room is full is not looked at', () => {
    const long = 'x'.repeat(100);
    const list = Object.defineProperty([long, 1, 2], 2, { get: () => expect.fail('the third item was read') });
    /** A dict that gives two entries, and must not be asked for another. */
    const dict = (key: unknown): unknown =>
      Object.assign(new Map<unknown, unknown>([[key, long]]), {
        *[Symbol.iterator]() {
          yield [key, long];
          yield [key, 1];
          expect.fail('the third entry was read');
        },
      });
    for (const value of [list, dict('key'), dict(1)]) {
      expect(() => toJSON(value, { maxLength: 50 })).toThrow(expect.objectContaining({ limit: 'maxLength' }));
    }
  });

  test('values that hold others over and over are left when the text is full', () => {
    const wraps: ((nine: unknown[]) => unknown)[] = [
      (nine) => nine,
      (nine) => PyTuple.adopt(nine),
      (nine) => new Map(nine.map((item, i) => [i, item])),
      (nine) => new Map(nine.map((item, i) => [String(i), item])),
      (nine) => new Map(nine.map((item, i) => [PyTuple.of(item, i), item])),
      (nine) => new Set(nine.map((item) => [item])),
      (nine) => Object.assign(new PyObject('m', 'n', PyTuple.of()), { state: nine, items: nine }),
      (nine) => new PyException('OSError', PyTuple.adopt(nine)),
      (nine) => new PySlice(nine[0], nine[0], nine[0]),
    ];
    for (const wrap of wraps) {
      let value: unknown = 'lol';
      for (let level = 0; level < 40; level++) value = wrap(new Array(9).fill(value));
      expect(() => toJSON(value, { maxLength: 10_000 })).toThrow(PickleError);
    }
  });

  test('large texts, bytes and arrays are left when the text is full', () => {
    const values = [
      '\0'.repeat(20_000_000),
      new Uint8Array(20_000_000),
      new PyArray('i', new Array(5_000_000).fill(1)),
    ];
    for (const value of values) expect(() => toJSON(value, { maxLength: 100 })).toThrow(PickleError);
  });

  test('containers nested 200,000 deep come out whole', () => {
    let value: unknown = [];
    for (let level = 1; level < 200_000; level++) value = [value];
    expect(toJSON(value)).toBe('['.repeat(200_000) + ']'.repeat(200_000));
  });
});
