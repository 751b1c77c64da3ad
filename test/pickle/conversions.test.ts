// Decoded values as JavaScript's own: as a number where they are one, and as text.

import { expect, test } from 'vitest';
import {
  PyDecimal,
  PyDeque,
  PyFloat,
  PyIPAddress,
  PyPath,
  PyTimeDelta,
  PyTuple,
  PyUUID,
} from '../../src/pickle/index.ts';

test.each([
  ['1.10', 1.1],
  ['-0', -0],
  ['1E+400', Number.POSITIVE_INFINITY],
  ['-1E+400', Number.NEGATIVE_INFINITY],
  ['0E-400', 0],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['NaN', Number.NaN],
  ['-NaN', Number.NaN],
  ['NaN123', Number.NaN],
  ['sNaN', Number.NaN],
  ['-sNaN123', Number.NaN],
])('a Decimal of %s is the nearest double', (text, number) => {
  expect(new PyDecimal(text).toNumber()).toBe(number);
});

test('a float that is tagged counts as its number', () => {
  expect(Number(new PyFloat(3))).toBe(3);
  expect(new PyFloat(3) < new PyFloat(4)).toBe(true);
});

test('a timedelta is so many seconds', () => {
  expect(new PyTimeDelta(2, 3, 500_000).totalSeconds()).toBe(172_803.5);
  expect(new PyTimeDelta(-1, 86_399, 0).totalSeconds()).toBe(-1);
});

test('what is text with a class is that text in a template', () => {
  for (const [value, text] of [
    [new PyDecimal('1.10'), '1.10'],
    [new PyUUID('00000000-0000-0000-0000-000000000001'), '00000000-0000-0000-0000-000000000001'],
    [new PyPath('PosixPath', '/tmp/a'), '/tmp/a'],
    [new PyIPAddress('IPv4Address', '127.0.0.1'), '127.0.0.1'],
  ] as const) {
    expect(`${value}`).toBe(text);
  }
});

test('arrays that are made of a tuple or a deque are plain ones', () => {
  const tuple = PyTuple.of(3);
  expect(tuple).toEqual([3]);
  const deque = PyDeque.of(3);
  for (const kind of [tuple, deque]) {
    for (const array of [kind.map((item) => item), kind.slice(), kind.concat(4)]) {
      expect(Object.getPrototypeOf(array)).toBe(Array.prototype);
    }
  }
});
