// `dicts: 'object'`: which dicts become objects, and that sharing and cycles come through.

import { describe, expect, test } from 'vitest';
import {
  PyCounter,
  PyDefaultDict,
  PyException,
  PyObject,
  PyOrderedDict,
  PySimpleNamespace,
  PySlice,
  PyTuple,
  repr,
  type UnpickleOptions,
  unpickle,
} from '../../src/pickle/index.ts';
import { partsOf } from '../../src/pickle/values/structure.ts';
import { readJson } from '../fixtures.ts';
import { bytes, call, global, str } from './pickles.ts';

const DICT = `}${str('k')}Ns`;

function decode(pickle: string, options: UnpickleOptions = {}): unknown {
  return unpickle(bytes(pickle), { dicts: 'object', unknownGlobals: 'inert', ...options });
}

function object(entries: Record<string, unknown>): unknown {
  return Object.assign(Object.create(null) as object, entries);
}

/** A dict that became an object has no prototype. */
function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}

describe("dicts: 'object'", () => {
  test('is not the default', () => {
    expect(unpickle(bytes(`${DICT}.`))).toEqual(new Map([['k', null]]));
    expect(() => unpickle(bytes('N.'), { dicts: 'Object' as 'object' })).toThrow(TypeError);
  });

  test.each<[string, string, unknown]>([
    ['a dict whose keys are str', `${DICT}.`, object({ k: null })],
    ['an empty dict', '}.', object({})],
    ['dicts in dicts', `}${str('a')}${DICT}s.`, object({ a: object({ k: null }) })],
    [
      'a dict whose keys are not all str',
      `${DICT}K\x01Ns.`,
      new Map<unknown, unknown>([
        ['k', null],
        [1, null],
      ]),
    ],
    ['a dict in such a dict', `}K\x01${DICT}s.`, new Map([[1, object({ k: null })]])],
    ['a dict in a list', `]${DICT}a.`, [object({ k: null })]],
    ['a dict in a tuple', `${DICT}\x85.`, PyTuple.of(object({ k: null }))],
  ])('%s', (_what, pickle, value) => {
    const decoded = decode(pickle);
    expect(decoded).toEqual(value);
    expect(isObject(decoded)).toBe(isObject(value));
  });

  test('keys that JavaScript has a meaning for are keys like any other', () => {
    const keys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'length', ''];
    const value = decode(`}(${keys.map((key) => `${str(key)}${DICT}`).join('')}u.`) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(keys);
    for (const key of keys) expect(isObject(value[key])).toBe(true);
    expect(Object.getPrototypeOf(value)).toBeNull();
  });

  test('keys that are array indexes move to the front', () => {
    const value = decode(`}(${['b', '10', 'a', '9', '01'].map((key) => `${str(key)}N`).join('')}u.`);
    expect(Object.keys(value as object)).toEqual(['9', '10', 'b', 'a', '01']);
  });

  test('kinds of dict stay what they are, with objects in them', () => {
    const item = `${str('a')}${DICT}s`;
    const ordered = decode(`${call('collections', 'OrderedDict')}${item}.`) as PyOrderedDict;
    expect(ordered).toBeInstanceOf(PyOrderedDict);
    const defaulted = decode(`${call('collections', 'defaultdict', global('__builtin__', 'list'))}${item}.`);
    expect(defaulted).toBeInstanceOf(PyDefaultDict);
    const counter = decode(`${call('collections', 'Counter', `}${item}`)}.`);
    expect(counter).toBeInstanceOf(PyCounter);
    for (const map of [ordered, defaulted, counter]) expect(isObject((map as PyOrderedDict).get('a'))).toBe(true);
  });

  test('instances keep the Maps that their class declares, with objects in them', () => {
    const inert = decode(
      `\x80\x04${global('m', 'C')}${DICT}\x85}${str('kw')}${DICT}s\x92(${DICT}e(${str('e')}${DICT}u}${str('s')}${DICT}sb.`,
    ) as PyObject;
    expect(inert).toBeInstanceOf(PyObject);
    expect(isObject(inert.args[0])).toBe(true);
    expect(isObject(inert.kwargs?.get('kw'))).toBe(true);
    expect(isObject(inert.items?.[0])).toBe(true);
    expect(isObject(inert.entries?.get('e'))).toBe(true);
    expect(isObject(inert.state)).toBe(true);

    const exception = decode(`${call('exceptions', 'ValueError', DICT)}}${str('note')}${DICT}sb.`) as PyException;
    expect(exception).toBeInstanceOf(PyException);
    expect([exception.args[0], exception.attributes?.get('note')].map(isObject)).toEqual([true, true]);

    const namespace = decode(`${call('types', 'SimpleNamespace')}}${str('a')}${DICT}sb.`) as PySimpleNamespace;
    expect(namespace).toBeInstanceOf(PySimpleNamespace);
    expect(isObject(namespace.attributes.get('a'))).toBe(true);
  });

  test('instances without any come through, and so does what an entry made of its own', () => {
    const exception = decode(`${call('exceptions', 'ValueError', DICT)}.`) as PyException;
    expect(exception.attributes).toBeNull();
    expect(isObject(exception.args[0])).toBe(true);
    const inert = decode(`${call('m', 'C')}.`) as PyObject;
    expect([inert.kwargs, inert.items, inert.entries, inert.state]).toEqual([null, null, null, null]);

    const made = object({ a: 1 });
    expect(decode(`${call('m', 'make')}.`, { allow: [{ module: 'm', name: 'make', construct: () => made }] })).toBe(
      made,
    );
  });

  test('a dict is one object wherever it is held, and so is a slice with a dict in it', () => {
    const slice = call('__builtin__', 'slice', 'h\x00NN');
    const value = decode(`(}q\x00h\x00${slice}q\x01h\x01\x85h\x01h\x00l.`) as [
      object,
      object,
      PySlice,
      PyTuple,
      PySlice,
    ];
    expect(value[1]).toBe(value[0]);
    expect(value[2]).toBeInstanceOf(PySlice);
    expect(value[2].start).toBe(value[0]);
    expect(Object.isFrozen(value[2])).toBe(true);
    expect(value[3][0]).toBe(value[2]);
    expect(value[4]).toBe(value[2]);
  });

  test('a slice in a set or a key is replaced in its place', () => {
    const slice = call('__builtin__', 'slice', 'NNN');
    const value = decode(`${slice}q\x00\x8f(Nh\x00K\x01\x90}(Nh\x00h\x00Nu\x87.`);
    const [key, set, dict] = value as [PySlice, Set<unknown>, Map<unknown, unknown>];
    expect([...set]).toEqual([null, key, 1]);
    expect(set.has(key)).toBe(true);
    expect([...dict.keys()]).toEqual([null, key]);
    expect(dict.get(null)).toBe(key);
    expect(dict.has(key)).toBe(true);
  });

  test('cycles come through dicts, slices, tuples and instances', () => {
    const self = decode(`}q\x00${str('me')}h\x00s.`) as Record<string, unknown>;
    expect(self['me']).toBe(self);

    const slice = call('__builtin__', 'slice', 'h\x00NN');
    const list = decode(`]q\x00(h\x00}${str('s')}${slice}se.`) as [unknown, Record<string, PySlice>];
    expect(list[0]).toBe(list);
    expect(list[1]['s']?.start).toBe(list);

    const inert = decode(`${global('m', 'C')}(tRq\x00}${str('me')}h\x00sb.`) as PyObject;
    expect((inert.state as Record<string, unknown>)['me']).toBe(inert);
  });

  test("the caller's own values are left alone, with all they hold", () => {
    const mine = new Map<string, unknown>([['inside', new Map([['a', 1]])]]);
    const list = decode('](Pid\nPid\ne.', { persistentLoad: () => mine }) as unknown[];
    expect(list[0]).toBe(mine);
    expect(mine.get('inside')).toEqual(new Map([['a', 1]]));

    const frozen = {
      module: 'm',
      name: 'frozen',
      construct: (args: PyTuple) => Object.freeze([...args]) as unknown[],
    };
    expect(decode(`${call('m', 'frozen', DICT)}.`, { allow: [frozen] })).toEqual([new Map([['k', null]])]);
  });

  test('a chain of 200,000 dicts is walked without recursion', () => {
    const options: UnpickleOptions = { limits: { maxDepth: 1_000_000 } };
    let value = decode(`${`}${str('k')}`.repeat(200_000)}N${'s'.repeat(200_000)}.`, options);
    let depth = 0;
    for (; isObject(value); depth++) value = (value as Record<string, unknown>)['k'];
    expect(depth).toBe(200_000);
  });

  test('partsOf finds what an object holds', () => {
    expect(partsOf(decode(`${DICT}.`))).toEqual([null]);
  });

  test('every fixture prints as it does with Maps', () => {
    const rows = readJson<{ protocols: Record<string, string>; repr: string }[]>('repr.json');
    const wrong = rows.filter(({ protocols, repr: text }) =>
      Object.values(protocols).some((base64) => {
        const value = unpickle(Buffer.from(base64, 'base64'), { dicts: 'object', floats: 'tagged' });
        return repr(value) !== text;
      }),
    );
    expect(wrong.map(({ repr: text }) => text)).toEqual([]);
  });
});
