// repr() and str(): the texts that Python 3.13 prints, our own forms, and the bounds on length and work.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  PyArray,
  PyCounter,
  PyDate,
  PyDateTime,
  PyDefaultDict,
  PyDeque,
  PyException,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyOrderedDict,
  PySlice,
  PyTime,
  PyTuple,
  PyZoneInfo,
  repr,
  str,
} from '../../src/pickle/index.ts';
import { floatRepr } from '../../src/pickle/repr/float-repr.ts';
import { Output } from '../../src/pickle/repr/output.ts';
import { isPrintable } from '../../src/pickle/repr/printable.ts';
import { writeScalar } from '../../src/pickle/repr/scalars.ts';
import { writeByteArray, writeBytes, writeText } from '../../src/pickle/repr/text.ts';
import { checkProperty } from '../properties/check.ts';
import { build, doubleFromHex } from './repr-values.ts';

interface Expected {
  readonly values: readonly [description: unknown, repr: string, str: string][];
  readonly floats: readonly string[];
  readonly globals: readonly [module: string, name: string, repr: string][];
  readonly printabilityChanges: readonly number[];
}

const expected = JSON.parse(readFileSync(new URL('./data/repr.json', import.meta.url), 'utf8')) as Expected;

describe('what Python 3.13 prints', () => {
  test('repr() prints every described value as Python does', () => {
    const printed = expected.values.map(([description]) => [description, repr(build(description))]);
    expect(printed).toEqual(expected.values.map(([description, text]) => [description, text]));
  });

  test('str() prints every described value as Python does', () => {
    const printed = expected.values.map(([description]) => [description, str(build(description))]);
    expect(printed).toEqual(expected.values.map(([description, , text]) => [description, text]));
  });

  test('floatRepr prints random doubles, powers of two and ten, and the edges of the exponent forms as Python does', () => {
    const bits = expected.floats.map((line) => line.slice(0, 16));
    expect(bits.map((digits) => `${digits} ${floatRepr(doubleFromHex(digits))}`)).toEqual(expected.floats);
  });

  test('names of classes and functions print as the classes and functions do in Python', () => {
    const printed = expected.globals.map(([module, name]) => [module, name, repr(new PyGlobal(module, name))]);
    expect(printed).toEqual(expected.globals);
  });

  test("the printability of all 1,114,112 code points is Python's, and repr() escapes just those that are not", () => {
    const wrong: number[] = [];
    const changes = new Set(expected.printabilityChanges);
    let printable = false;
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (changes.has(code)) printable = !printable;
      const char = String.fromCodePoint(code);
      const kept = repr(char).slice(1, -1) === char;
      if (isPrintable(code) !== printable || kept !== (printable && char !== '\\')) wrong.push(code);
    }
    expect(wrong).toEqual([]);
  });
});

describe('values that JavaScript holds in a way of its own', () => {
  const buffer = Buffer.from('ab');
  const object = Object.assign(Object.create(null) as object, { b: 1, __proto__x: [] });

  test.each<[string, unknown, string]>([
    ['a whole number is an int', 3, '3'],
    ['-0 can only have been a float', -0, '-0.0'],
    ['a whole number past the safe integers can only have been a float', 2 ** 53, '9007199254740992.0'],
    ['so can 1e22', 1e22, '1e+22'],
    ['a tagged float keeps its point', new PyFloat(1), '1.0'],
    ['a Buffer is bytes', buffer, "b'ab'"],
    ['a null-prototype object is a dict', object, "{'b': 1, '__proto__x': []}"],
    ['an empty one too', Object.create(null), '{}'],
    ['an instance of a subclass is of the class', new (class extends Map<unknown, unknown> {})([[1, 2]]), '{1: 2}'],
  ])('%s', (_fact, value, text) => {
    expect(repr(value)).toBe(text);
  });

  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'undefined is not a decoded Python value'],
    ['a function', () => 1, 'function is not a decoded Python value'],
    ['a symbol', Symbol('x'), 'symbol is not a decoded Python value'],
    ['a Date', new Date(0), '[object Date] is not a decoded Python value'],
    ['an ordinary object', {}, '[object Object] is not a decoded Python value'],
  ])('%s is refused with a TypeError, inside a container as well', (_name, value, message) => {
    const error = new TypeError(message);
    for (const print of [repr, str]) {
      expect(() => print(value)).toThrow(error);
      expect(() => print([new Map([[1, value]])])).toThrow(error);
    }
  });
});

describe('forms of our own', () => {
  const inert = (
    args: unknown[],
    parts: Partial<PyObject> = {},
    kwargs: Map<unknown, unknown> | null = null,
  ): PyObject => Object.assign(new PyObject('app.models', 'User', PyTuple.of(...args), kwargs), parts);
  const zone = new PyObject('pytz', '_UTC', PyTuple.of());

  test.each<[string, unknown, string]>([
    ['a name that is not known', new PyGlobal('os', 'system'), "<global 'os.system'>"],
    ['a builtin that is not known', new PyGlobal('builtins', 'nothing'), "<global 'builtins.nothing'>"],
    ['a name that is no identifier', new PyGlobal('a\n', "b'\u202e"), "<global 'a\\n.b'\\u202e'>"],
    ['an inert object without parts', inert([]), '<app.models.User>'],
    ['an inert object with arguments', inert([1, 'x']), "<app.models.User args=(1, 'x')>"],
    [
      'an inert object with every part',
      inert([1], { state: new Map([['a', null]]), items: [1], entries: new Map([[1, 2]]) }, new Map([['k', true]])),
      "<app.models.User args=(1,), kwargs={'k': True}, state={'a': None}, items=[1], entries={1: 2}>",
    ],
    ['an inert object whose name forges lines', new PyObject('m\n', 'n\\\x1b', PyTuple.of()), '<m\\n.n\\\\\\x1b>'],
    [
      'a date in a zone that is not known',
      new PyDateTime(new PyDate(2024, 1, 2), new PyTime(3, 4, 0, 0, 0, zone)),
      'datetime.datetime(2024, 1, 2, 3, 4, tzinfo=<pytz._UTC>)',
    ],
  ])('%s', (_fact, value, text) => {
    expect(repr(value)).toBe(text);
  });

  test.each<[string, unknown, string]>([
    ['an inert zone', zone, '2024-01-02 03:04:00 [<pytz._UTC>]'],
    ['a zone the engine lacks', new PyZoneInfo('No/Where'), "2024-01-02 03:04:00 [zoneinfo.ZoneInfo(key='No/Where')]"],
  ])("str() of a datetime names %s in the offset's place", (_fact, tzinfo, text) => {
    expect(str(new PyDateTime(new PyDate(2024, 1, 2), new PyTime(3, 4, 0, 0, 0, tzinfo)))).toBe(text);
  });

  test.each<[string, PyException, string]>([
    ['UnicodeDecodeError', new PyException('UnicodeDecodeError', PyTuple.of('a', 'b')), "('a', 'b')"],
    [
      'UnicodeEncodeError',
      new PyException('UnicodeEncodeError', PyTuple.of<unknown>(null, 'b', 0, 1, 'c')),
      "(None, 'b', 0, 1, 'c')",
    ],
    ['UnicodeTranslateError', new PyException('UnicodeTranslateError', PyTuple.of(1)), '1'],
    ['ExceptionGroup', new PyException('ExceptionGroup', PyTuple.of<unknown>('a', 1)), "('a', 1)"],
    ['SyntaxError', new PyException('SyntaxError', PyTuple.of<unknown>('a', 1)), 'a'],
  ])('an exception with arguments that its class refuses prints them: %s', (_name, exception, text) => {
    expect(str(exception)).toBe(text);
  });
});

describe('cycles that end in a RecursionError in Python', () => {
  const list: unknown[] = [];
  const exception = new PyException('ValueError', PyTuple.of<unknown>());
  exception.args.push(exception);
  const failed = new PyException('OSError', PyTuple.of<unknown>('e'));
  failed.args.push(failed);
  const keyed = new PyException('KeyError', PyTuple.of<unknown>());
  keyed.args.push(keyed);
  const slice = new PySlice(list, null, null);
  list.push(slice);
  const counter = new PyCounter<unknown, unknown>();
  counter.set('a', counter);
  const object = new PyObject('m', 'C', PyTuple.of());
  object.state = object;
  const zoned = new PyObject('m', 'Z', PyTuple.of());
  const time = new PyTime(1, 2, 0, 0, 0, zoned);
  zoned.state = new PyDateTime(new PyDate(1, 1, 1), time);
  zoned.items = [time];
  const set = new Set<unknown>();
  set.add(set);
  const frozen = new PyFrozenSet<unknown>();
  frozen.add(frozen);
  const made = new PyObject('m', 'F', PyTuple.of());
  const dict = new PyDefaultDict(made);
  made.state = dict;

  test.each<[string, unknown, string, string]>([
    ['an exception', exception, 'ValueError(ValueError(...))', 'ValueError(...)'],
    ['an OSError', failed, "OSError('e', OSError(...))", '[Errno e] OSError(...)'],
    ['a KeyError', keyed, 'KeyError(KeyError(...))', 'KeyError(...)'],
    ['a slice', slice, 'slice([slice(...)], None, None)', 'slice([slice(...)], None, None)'],
    ['a Counter', counter, "Counter({'a': Counter(...)})", "Counter({'a': Counter(...)})"],
    ['an inert object', object, '<m.C state=<m.C ...>>', '<m.C state=<m.C ...>>'],
    [
      'a time',
      time,
      'datetime.time(1, 2, tzinfo=<m.Z state=datetime.datetime(1, 1, 1, 1, 2, tzinfo=<m.Z ...>), items=[datetime.time(...)]>)',
      '01:02:00 [<m.Z state=datetime.datetime(1, 1, 1, 1, 2, tzinfo=<m.Z ...>), items=[datetime.time(...)]>]',
    ],
    ['a set', set, '{set(...)}', '{set(...)}'],
    ['a frozenset', frozen, 'frozenset({frozenset(...)})', 'frozenset({frozenset(...)})'],
    [
      'the factory of a defaultdict',
      dict,
      'defaultdict(<m.F state=defaultdict(..., {...})>, {})',
      'defaultdict(<m.F state=defaultdict(..., {...})>, {})',
    ],
  ])('%s in itself is printed once more by name', (_name, value, reprText, strText) => {
    expect([repr(value), str(value)]).toEqual([reprText, strText]);
  });
});

describe('bounds', () => {
  test('text is cut after maxLength units and ends in an ellipsis', () => {
    expect(repr([1, 2, 3], { maxLength: 9 })).toBe('[1, 2, 3]');
    expect(repr([1, 2, 3], { maxLength: 8 })).toBe('[1, 2, 3…');
    expect(repr('abc', { maxLength: 0 })).toBe('…');
    expect(str('abc', { maxLength: 2 })).toBe('ab…');
  });

  test('a cut never leaves half of a surrogate pair', () => {
    expect(repr('a\u{1f600}', { maxLength: 3 })).toBe("'a…");
    expect(str('a\u{1f600}', { maxLength: 2 })).toBe('a…');
  });

  test('the default limit is 16 Mi units', () => {
    const limit = 16 * 1024 * 1024;
    expect(str('a'.repeat(limit))).toHaveLength(limit);
    expect(str('a'.repeat(limit + 1))).toBe(`${'a'.repeat(limit)}…`);
  });

  test('a list of nine references to such a list, 40 deep, is left when the text is full', () => {
    const nested = (wrap: (nine: unknown[]) => unknown): unknown => {
      let value: unknown = 'lol';
      for (let level = 0; level < 40; level += 1) value = wrap(new Array(9).fill(value));
      return value;
    };
    const wraps: ((nine: unknown[]) => unknown)[] = [
      (nine) => nine,
      (nine) => PyTuple.adopt(nine),
      (nine) => new Map(nine.map((item, index) => [index, item])),
      (nine) => new PyOrderedDict(nine.map((item, index) => [index, item])),
      (nine) => new PyCounter(nine.map((item, index) => [index, item])),
      (nine) => Object.assign(new PyDeque(), nine),
      (nine) => Object.assign(new PyObject('m', 'n', PyTuple.of()), { state: nine, items: nine }),
      (nine) => new PyException('OSError', PyTuple.adopt([nine[0], nine[0], nine[0]])),
      (nine) => new PySlice(nine[0], nine[0], nine[0]),
    ];
    for (const wrap of wraps) {
      for (const print of [repr, str]) expect(print(nested(wrap), { maxLength: 10_000 })).toHaveLength(10_001);
    }
  });

  test('containers nested 200,000 deep print in full', () => {
    let list: unknown = [];
    let exception: unknown = 'x';
    for (let level = 1; level < 200_000; level += 1) {
      list = [list];
      exception = new PyException('ValueError', PyTuple.of(exception));
    }
    expect(repr(list)).toBe('['.repeat(200_000) + ']'.repeat(200_000));
    expect(str(exception)).toBe('x');
  });

  test('large arrays, texts and bytes stop where the text is full', () => {
    const items = new Array<number>(2_000_000).fill(1);
    for (const value of [new PyArray('i', items), items, '\0'.repeat(2_000_000), new Uint8Array(2_000_000)]) {
      expect(repr(value, { maxLength: 100 })).toHaveLength(101);
    }
  });

  test.each<[string, (out: Output) => void]>([
    ['text', (out) => writeText(out, '\0'.repeat(2_000_000))],
    ['bytes', (out) => writeBytes(out, new Uint8Array(2_000_000))],
    ['bytearray', (out) => writeByteArray(out, new Uint8Array(2_000_000))],
    ['array', (out) => writeScalar(out, new PyArray('i', new Array<number>(2_000_000).fill(1)))],
  ])('no more is made of a large %s than there is room for', (_kind, write) => {
    let written = 0;
    class CountingOutput extends Output {
      override write(text: string): void {
        written += text.length;
        super.write(text);
      }
    }
    write(new CountingOutput(100));
    expect(written).toBeLessThan(20_000);
  });

  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.integer(),
        fc.double(),
        fc.bigInt(),
        fc.uint8Array(),
        fc.constant(null),
      ),
      fc.array(tie('value')),
      fc.array(tie('value')).map((items) => PyTuple.adopt(items)),
      fc.array(fc.tuple(tie('value'), tie('value'))).map((entries) => new Map(entries)),
      fc.array(tie('value')).map((items) => new PyException('OSError', PyTuple.adopt(items))),
    ),
  })).value;

  test('the text with a limit is the text without one, or begins like it, and is never longer than limit + 1', () => {
    checkProperty(
      fc.property(value, fc.nat(200), fc.constantFrom(repr, str), (printed, maxLength, print) => {
        const whole = print(printed);
        const text = print(printed, { maxLength });
        if (whole.length <= maxLength) expect(text).toBe(whole);
        else expect([`${whole.slice(0, maxLength)}…`, `${whole.slice(0, maxLength - 1)}…`]).toContain(text);
      }),
    );
  });

  test('the work is bounded by the text: what is shared again and again is not visited once the text is full', () => {
    checkProperty(
      fc.property(
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(2000),
        (width, depth, maxLength) => {
          let visits = 0;
          class Counted extends Array<unknown> {
            override *[Symbol.iterator](): ArrayIterator<unknown> {
              for (let index = 0; index < this.length; index += 1) {
                visits += 1;
                yield this[index];
              }
            }
          }
          let shared: unknown = 0;
          for (let level = 0; level < depth; level += 1) shared = new Counted(width).fill(shared);
          repr(shared, { maxLength });
          // Each item visited writes at least one unit; when the text is full, each open list may have just one more.
          expect(visits).toBeLessThanOrEqual(maxLength + depth + 1);
        },
      ),
    );
  });
});
