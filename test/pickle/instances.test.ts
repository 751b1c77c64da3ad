// What a pickle may do to what it built: the work it is charged, the targets that are its own, and what is forgotten
// before the next pickle.

import { describe, expect, test } from 'vitest';
import { Globals, type UnknownGlobals } from '../../src/pickle/globals.ts';
import {
  type AllowedGlobal,
  defaultLimits,
  PickleDecoder,
  PyDeque,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyTuple,
  repr,
  type UnpickleOptions,
  unpickle,
} from '../../src/pickle/index.ts';
import { Instances } from '../../src/pickle/instances.ts';
import { bytes, call, failure, global, str } from './pickles.ts';

const LIMIT = 'ERR_PICKLE_LIMIT';
const TYPE = 'ERR_PICKLE_TYPE';

/** Takes anything for a state, items and entries. */
const bag: AllowedGlobal = {
  module: 'm',
  name: 'Bag',
  construct: () => ({}),
  setState: () => undefined,
  append: () => undefined,
  setItems: () => undefined,
};
const token = new PyGlobal('m', 'Bag');

function instances(allow: readonly AllowedGlobal[] = [bag], unknown: UnknownGlobals = 'reject'): Instances {
  return new Instances(new Globals(allow, unknown), defaultLimits);
}

/** A PickleError of this code. */
function error(code: string): unknown {
  return expect.objectContaining({ code });
}

describe('the work of constructors', () => {
  /** What a pickle may charge before it has any bytes: as `charge` itself counts. */
  const FREE = 65_536;

  test.each([
    [0, FREE],
    [1, FREE + 4],
    [1000, FREE + 4000],
  ])('of a pickle of %i bytes may be %i steps', (bytesRead, most) => {
    const within = instances();
    within.bytesRead = bytesRead;
    expect(() => within.charge(most)).not.toThrow();
    expect(() => within.charge(1)).toThrow(expect.objectContaining({ code: LIMIT, limit: 'constructorWork' }));
  });

  /** The steps that something is charged. */
  function workOf(run: (own: Instances) => void): number {
    const own = instances();
    run(own);
    let left = 0;
    try {
      for (; ; left++) own.charge(1);
    } catch {
      return FREE - left;
    }
  }

  test.each([
    ['no arguments', [], 1],
    ['an argument', [7], 2],
    ['numbers, None and booleans', [1, 2n, null, true], 5],
    ['a text', ['abc'], 1 + 1 + 3],
    ['a list', [[1, 2]], 1 + 1 + 2],
    ['a tuple of texts, the texts not counted', [PyTuple.of('abc', 'def')], 1 + 1 + 2],
    ['bytes', [new Uint8Array(5)], 1 + 1 + 5],
    ['a dict', [new Map([[1, 2]])], 1 + 1 + 1],
    ['a set', [new Set([1, 2, 3])], 1 + 1 + 3],
    ['a frozenset', [new PyFrozenSet([1, 2])], 1 + 1 + 2],
    ['an object, whatever it has', [{ length: 10, size: 10 }], 2],
    ['several', ['ab', [1], new Set([1])], 1 + 3 + 2 + 1 + 1],
  ] as const)('a call with %s is charged their size', (_, args, work) => {
    expect(workOf((own) => own.instantiate(token, PyTuple.of<unknown>(...args)))).toBe(work);
    expect(workOf((own) => own.newObject(token, PyTuple.of<unknown>(...args)))).toBe(work);
  });

  test.each([
    ['None', null, 2],
    ['a text', 'abc', 5],
    ['a dict', new Map([[1, 2]]), 3],
  ])('a state that is %s is charged its size', (_, state, work) => {
    expect(
      workOf((own) => {
        const object = own.instantiate(token, PyTuple.of());
        own.build(object, state);
      }),
    ).toBe(1 + work);
  });

  test('is charged before it is done', () => {
    let made = 0;
    const own = instances([{ ...bag, construct: () => ++made, setState: () => ++made }]);
    const object = own.instantiate(token, PyTuple.of());
    expect(() => own.build(object, 'x'.repeat(FREE))).toThrow(error(LIMIT));
    expect(() => own.instantiate(token, PyTuple.of('x'.repeat(FREE)))).toThrow(error(LIMIT));
    expect(made).toBe(1);
  });
});

describe('a target', () => {
  test.each([
    ['APPEND to a list', ']Na', '[None]'],
    ['APPEND to a tuple', ')Na', TYPE],
    ['APPEND to a set', '\x8fNa', TYPE],
    ['APPEND to a dict', '}Na', TYPE],
    ['SETITEM in a dict', '}NNs', '{None: None}'],
    ['SETITEM in a list', ']NNs', TYPE],
    ['SETITEM in a set', '\x8fNNs', TYPE],
    ['SETITEMS with one key too many', '}(NNNu', TYPE],
    ['ADDITEMS to a set', '\x8f(N\x90', '{None}'],
    ['ADDITEMS to a frozenset', '(\x91(N\x90', TYPE],
    ['ADDITEMS to a list', '](N\x90', TYPE],
    ['ADDITEMS to a dict', '}(N\x90', TYPE],
    [
      'ADDITEMS to a list, when there is an instance that takes a state',
      `${call('types', 'SimpleNamespace')}](N\x90`,
      TYPE,
    ],
    ['FROZENSET of one item', '(K\x07\x91', 'frozenset({7})'],
    ['BUILD of a list', ']}b', TYPE],
    ['BUILD of a dict', '}}b', TYPE],
    ['BUILD of a global', 'c__builtin__\nset\n}b', TYPE],
  ])('%s', (_, pickle, expected) => {
    if (expected === TYPE) expect(failure(bytes(`${pickle}.`)).code).toBe(TYPE);
    else expect(repr(unpickle(bytes(`${pickle}.`)))).toBe(expected);
  });

  test.each([
    ['one item', 'Na'],
    ['several items', '(NNe'],
  ])('that is a deque takes %s up to its maxlen, and no more', (_, append) => {
    const count = append.match(/N/g)?.length ?? 0;
    const deque = (maxlen: number) => `${call('collections', 'deque', `]K${String.fromCharCode(maxlen)}`)}K\x07a`;
    expect(unpickle(bytes(`${deque(count + 1)}${append}.`))).toHaveLength(count + 1);
    expect(failure(bytes(`${deque(count)}${append}.`)).code).toBe(TYPE);
    expect(unpickle(bytes(`${call('collections', 'deque')}${append}.`))).toBeInstanceOf(PyDeque);
  });

  test('that an entry’s instances are takes what their entry takes, and nothing else', () => {
    const taking = (...parts: ('setState' | 'append' | 'setItems')[]): UnpickleOptions => {
      const entry: AllowedGlobal = { module: 'm', name: 'Bag', construct: () => [] };
      return { allow: [Object.fromEntries([...Object.entries(entry), ...parts.map((part) => [part, bag[part]])])] };
    };
    const made = global('m', 'Bag');
    // Without an entry that takes them, items go to the list that the instance is.
    expect(unpickle(bytes(`${made})RNa.`), taking())).toEqual([null]);
    expect(unpickle(bytes(`${made})RNa.`), taking('setState'))).toEqual([null]);
    expect(unpickle(bytes(`${made})RNa.`), taking('append'))).toEqual([]);
    expect(unpickle(bytes(`${made})R(N\x90.`), taking('append'))).toEqual([]);
    expect(failure(bytes(`${made})R(N\x90.`), taking('setState', 'setItems')).code).toBe(TYPE);
    expect(unpickle(bytes(`${made})RNNs.`), taking('setItems'))).toEqual([]);
    expect(failure(bytes(`${made})RNNs.`), taking('setState', 'append')).code).toBe(TYPE);
    expect(unpickle(bytes(`${made})R}b.`), taking('setState'))).toEqual([]);
    expect(failure(bytes(`${made})R}b.`), taking('append', 'setItems')).code).toBe(TYPE);
  });

  test('that several entries made is the first one’s that takes anything', () => {
    const shared = {};
    const states: string[] = [];
    const entry = (name: string): AllowedGlobal => ({
      module: 'm',
      name,
      construct: () => shared,
      setState: () => states.push(name),
    });
    const { setState: _setState, ...taking } = entry('nothing');
    const allow = [taking, entry('A'), entry('B')];
    const made = allow.map(({ name }) => `${global('m', name)})R`);
    unpickle(bytes(`${made.join('')}}b.`), { allow });
    expect(states).toEqual(['A']);
  });
});

describe('a call', () => {
  test.each([
    ['with a list for arguments', `${global('m', 'Bag')}]R`],
    ['with None for arguments', `${global('m', 'Bag')}NR`],
    ['of None', 'N)R'],
    ['of a text', `${str('m')})R`],
    ['of an instance', `${global('m', 'Bag')})R)R`],
    ['of NEWOBJ, with a text for a class', `${str('m')})\x81`],
    ['of NEWOBJ_EX, with a list for keywords', `${global('m', 'Bag')})]\x92`],
  ])('%s is refused', (_, pickle) => {
    expect(failure(bytes(`${pickle}.`), { allow: [bag] }).code).toBe(TYPE);
    expect(failure(bytes(`${pickle}.`), { allow: [bag], unknownGlobals: 'inert' }).code).toBe(TYPE);
  });

  test('of an entry that can only be named is refused, or inert', () => {
    const named: AllowedGlobal = { module: 'm', name: 'Bag' };
    const made = bytes(`${global('m', 'Bag')})R.`);
    expect(failure(made, { allow: [named] })).toMatchObject({ code: 'ERR_PICKLE_FORBIDDEN_GLOBAL', global: 'm.Bag' });
    const inert = unpickle(made, { allow: [named], unknownGlobals: 'inert' });
    expect(inert).toEqual(new PyObject('m', 'Bag', PyTuple.of()));
  });

  test('counts what it makes, and what it keeps', () => {
    const own = instances([bag], 'inert');
    own.instantiate(token, PyTuple.of());
    expect(own.count).toBe(1);
    own.instantiate(new PyObject('m', 'K', PyTuple.of()), PyTuple.of());
    expect(own.count).toBe(2);
    own.clear();
    expect(own.count).toBe(0);
  });

  test('of an inert object is refused where unknown globals are', () => {
    expect(() => instances().instantiate(new PyObject('m', 'K', PyTuple.of()), PyTuple.of())).toThrow(error(TYPE));
  });

  test('runs the methods of an entry on the entry', () => {
    const seen: unknown[] = [];
    const entry: AllowedGlobal = {
      module: 'm',
      name: 'Bag',
      construct() {
        return { by: seen.push(this) };
      },
      setState() {
        seen.push(this);
      },
      append() {
        seen.push(this);
      },
      setItems() {
        seen.push(this);
      },
    };
    unpickle(bytes(`${global('m', 'Bag')})R}bNaNNs.`), { allow: [entry] });
    expect(seen).toEqual([entry, entry, entry, entry]);
  });
});

describe('an entry whose instances need a state', () => {
  const needing: AllowedGlobal = { module: 'm', name: 'Bag', construct: () => ({}), needsState: true };
  const made = `${global('m', 'Bag')})R`;

  test.each([
    ['and take one', { setState: () => undefined }],
    ['and take none', {}],
  ])('%s leaves none without: the error names the class', (_, more) => {
    const { code, reason } = failure(bytes(`${made}.`), { allow: [{ ...needing, ...more }] });
    expect(code).toBe('ERR_PICKLE_CONSTRUCTOR');
    expect(reason).toContain('setState' in more ? 'a Bag' : 'state');
  });

  test('is content where it needs one not', () => {
    expect(unpickle(bytes(`${made}.`), { allow: [{ ...needing, needsState: false }] })).toEqual({});
  });
});

describe('the next pickle', () => {
  /** Decodes pickles one after another, and gives the code of the last one's error, or null. */
  function last(options: UnpickleOptions, ...pickles: string[]): string | null {
    const decoder = new PickleDecoder(options);
    let code: string | null = null;
    for (const pickle of pickles) {
      code = null;
      try {
        decoder.decode(bytes(pickle));
      } catch (thrown) {
        code = (thrown as { code: string }).code;
      }
    }
    return code;
  }

  test('has objects of its own to count, and work of its own to do', () => {
    expect(last({ limits: { maxObjects: 2 } }, ']].', ']].')).toBeNull();
    expect(last({ limits: { maxObjects: 2 } }, ']]].', ']].')).toBeNull();
    const half = `${call('m', 'Bag', str('x'.repeat(200_000)))}.`;
    expect(last({ allow: [bag] }, ...Array.from({ length: 8 }, () => half))).toBeNull();
  });

  test('need not complete what one that failed left half made', () => {
    const needing = { ...bag, needsState: true };
    expect(last({ allow: [needing] }, `${global('m', 'Bag')})R.`, 'N.')).toBeNull();
  });

  test('may change what was the caller’s in the one before, and is its own now', () => {
    const shared: unknown[] = [];
    const entry: AllowedGlobal = { module: 'm', name: 'Bag', construct: () => shared };
    const options = { allow: [entry], persistentLoad: () => shared };
    expect(last(options, 'NQNa.')).toBe(TYPE);
    expect(last(options, 'NQ.', `${global('m', 'Bag')})RNa.`)).toBeNull();
  });

  test('looks again at tuples that were hashable', () => {
    const tuple = PyTuple.of<unknown>(1);
    const decoder = new PickleDecoder({ persistentLoad: () => tuple });
    expect(decoder.decode(bytes('}NQNs.'))).toEqual(new Map([[tuple, null]]));
    tuple.push([]);
    expect(() => decoder.decode(bytes('}NQNs.'))).toThrow(error(TYPE));
  });

  test('gives an instance that comes again the entry that it comes by', () => {
    const shared = {};
    const states: string[] = [];
    const entry = (name: string): AllowedGlobal => ({
      module: 'm',
      name,
      construct: () => shared,
      setState: () => states.push(name),
    });
    last({ allow: [entry('A'), entry('B')] }, `${global('m', 'A')})R.`, `${global('m', 'B')})R}b.`);
    expect(states).toEqual(['B']);
  });

  test('counts colliding keys of a dict that comes again from none', () => {
    const shared = new Map<unknown, unknown>();
    const entry: AllowedGlobal = { module: 'm', name: 'Bag', construct: () => shared };
    const decoder = new PickleDecoder({ allow: [entry] });
    const keys = Array.from({ length: 1100 }, (_, i) => `M${String.fromCharCode(i & 0xff, i >> 8)}N`).join('');
    // Each time a few more keys are counted than the time before, so that none is taken for an old one.
    for (let time = 0; time < 80; time++) {
      shared.clear();
      const more = `J${String.fromCharCode(time, 0, 1, 0)}N`;
      expect(() => decoder.decode(bytes(`${global('m', 'Bag')})R(${keys}${time % 2 ? more : ''}u.`))).not.toThrow();
    }
  });
});
