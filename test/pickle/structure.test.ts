// How deep values nest, and which of them Python could hash: cycles, sharing and depths that no recursion survives.

import { describe, expect, test } from 'vitest';
import {
  PyByteArray,
  PyCounter,
  PyDeque,
  PyException,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PySimpleNamespace,
  PySlice,
  PyTime,
  PyTuple,
} from '../../src/pickle/index.ts';
import { isHashable, nestsDeeperThan, partsOf } from '../../src/pickle/values/structure.ts';

/** How deep a value nests, by asking. */
function depth(value: unknown): number {
  let levels = 0;
  while (nestsDeeperThan(value, levels)) levels++;
  return levels;
}

/** One value in so many lists. */
function nested(levels: number, value: unknown = 1): unknown {
  let outer = value;
  for (let i = 0; i < levels; i++) outer = [outer];
  return outer;
}

const object = new PyObject('m', 'K', PyTuple.of([]), new Map([[1, [[]]]]));
object.state = nested(4);
object.items = [nested(5)];
object.entries = new Map<unknown, unknown>([[nested(6), nested(7)]]);
const error = new PyException('E', PyTuple.of());
error.attributes = new Map([['x', nested(3)]]);
const namespace = new PySimpleNamespace();
namespace.attributes.set('x', nested(3));

describe('depth', () => {
  test.each<[string, unknown, number]>([
    ['a scalar', 1, 0],
    ['a string', 'abc', 0],
    ['bytes', new Uint8Array(3), 0],
    ['an empty list', [], 1],
    ['siblings', [[], [[]], []], 3],
    ['a dict, by its values', new Map([[1, [2]]]), 2],
    ['a dict, by its keys', new Map([[PyTuple.of(PyTuple.of()), 1]]), 3],
    ['a set', new Set([PyTuple.of()]), 2],
    ['a deque', PyDeque.of([]), 2],
    ['a slice', new PySlice(null, [], null), 2],
    ['a time, by its zone', new PyTime(0, 0, 0, 0, 0, object), 9],
    ['an inert object, by all of its parts', object, 8],
    ['an exception', error, 4],
    ['a namespace', namespace, 4],
    ['1000 levels', nested(1000), 1000],
  ])('of %s', (_, value, levels) => {
    expect(depth(value)).toBe(levels);
  });

  test('of a cycle is that of the walk around it', () => {
    const list: unknown[] = [];
    list.push(list);
    expect(depth(list)).toBe(1);
    const [a, b]: unknown[][] = [[], []];
    a?.push(b);
    b?.push(a);
    expect(depth(a)).toBe(2);
    expect(depth([[a]])).toBe(4);
  });

  test('of shared parts counts each path, at the cost of each part', () => {
    let shared: unknown = [];
    for (let i = 0; i < 500; i++) shared = [shared, shared];
    expect(nestsDeeperThan(shared, 501)).toBe(false);
    expect(nestsDeeperThan(shared, 500)).toBe(true);
    // Met first at a shallow place, then again at a deep one.
    const five = nested(5);
    expect(depth([five, nested(3, five)])).toBe(9);
    expect(depth([nested(3, five), five])).toBe(9);
    // In one that is shared itself.
    const six = [five];
    expect(depth([five, six, nested(3, six)])).toBe(10);
    expect(depth([five, [1, five], nested(3, six)])).toBe(10);
  });

  test('of a million levels is found out without recursion', () => {
    expect(nestsDeeperThan(nested(1_000_000), 1000)).toBe(true);
    expect(nestsDeeperThan(nested(1_000_000), 1_000_000)).toBe(false);
  });
});

describe('the parts', () => {
  test('of an inert object and an exception are those that there are', () => {
    const args = PyTuple.of<unknown>(1);
    const bare = new PyObject('m', 'K', args);
    expect(partsOf(bare)).toEqual([args, null, null]);
    const whole = Object.assign(new PyObject('m', 'K', args, new Map()), {
      state: 2,
      items: [3],
      entries: new Map([[4, 5]]),
    });
    expect(partsOf(whole)).toEqual([args, new Map(), 2, 4, 5, 3]);
    expect(partsOf(new PyException('E', args))).toEqual([args]);
    const noted = Object.assign(new PyException('E', args), { attributes: new Map([['a', 2]]) });
    expect(partsOf(noted)).toEqual([args, 'a', 2]);
  });

  test.each([1, 1n, 'text', true, null, new Uint8Array(1), new PyGlobal('m', 'n')])('of %s are none', (value) => {
    expect(partsOf(value)).toBeNull();
  });
});

describe('hashing', () => {
  const hashable = (value: unknown) => isHashable(value, new Set());

  test.each<[string, unknown]>([
    ['None', null],
    ['text', 'a'],
    ['bytes', new Uint8Array(1)],
    ['a tuple', PyTuple.of<unknown>(1, PyTuple.of('a'))],
    ['a frozenset', new PyFrozenSet()],
    ['a slice', new PySlice(1, 2, 3)],
    ['a global', new PyGlobal('builtins', 'list')],
    ['an exception', error],
    ['an object of an unknown class', object],
  ])('%s can be a key', (_, value) => {
    expect(hashable(value)).toBe(true);
    expect(hashable(PyTuple.of(PyTuple.of(value)))).toBe(true);
  });

  test.each<[string, unknown]>([
    ['a list', []],
    ['a dict', new Map()],
    ['a Counter', new PyCounter()],
    ['a set', new Set()],
    ['a deque', new PyDeque()],
    ['a bytearray', new PyByteArray(new Uint8Array(1))],
    ['a namespace', namespace],
    ['a slice of a list', new PySlice(null, [], null)],
  ])('%s cannot, nor a tuple that holds it', (_, value) => {
    expect(hashable(value)).toBe(false);
    expect(hashable(PyTuple.of<unknown>(1, PyTuple.of(value)))).toBe(false);
  });

  test('is decided once for tuples and slices that are shared', () => {
    for (const pair of [(part: unknown) => PyTuple.of(part, part), (part: unknown) => new PySlice(part, part, part)]) {
      const [known, all] = [new Set<unknown>(), [pair(1)]];
      for (let i = 0; i < 1000; i++) all.push(pair(all.at(-1)));
      expect(isHashable(all.at(-1), known)).toBe(true);
      expect(known.size).toBe(1001);
    }
  });

  test('of a tuple that is nested a million deep needs no recursion', () => {
    let tuple: unknown = PyTuple.of();
    for (let i = 0; i < 1_000_000; i++) tuple = PyTuple.of(tuple);
    expect(hashable(tuple)).toBe(true);
  });

  test('what was found unhashable is not remembered as hashable', () => {
    const known = new Set<unknown>();
    const bad = PyTuple.of<unknown>(PyTuple.of(), []);
    expect(isHashable(bad, known)).toBe(false);
    expect(isHashable(bad, known)).toBe(false);
  });

  test('of a tuple within a cycle is that of what is in it', () => {
    const list: unknown[] = [];
    const tuple = PyTuple.of(list);
    list.push(tuple);
    expect(hashable(tuple)).toBe(false);
  });
});
