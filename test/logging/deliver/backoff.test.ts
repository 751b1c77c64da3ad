// The waits between attempts: those of Python's SocketHandler, and what the other side may ask for.

import { expect, test } from 'vitest';
import { Backoff } from '../../../src/logging/deliver/backoff.ts';

const python = { retryStart: 1, retryFactor: 2, retryMax: 30 };

const seconds = (backoff: Backoff, count: number): number[] =>
  Array.from({ length: count }, () => backoff.next() / 1000);

test("attempts wait as Python's SocketHandler does, and begin again after a success", () => {
  const backoff = new Backoff(python);
  expect(seconds(backoff, 7)).toEqual([1, 2, 4, 8, 16, 30, 30]);
  backoff.reset();
  expect(seconds(backoff, 2)).toEqual([1, 2]);
});

test('settings take effect when they change', () => {
  const settings = { ...python };
  const backoff = new Backoff(settings);
  expect(seconds(backoff, 2)).toEqual([1, 2]);
  settings.retryFactor = 10;
  settings.retryMax = 25;
  expect(seconds(backoff, 2)).toEqual([20, 25]);
});

test.each([
  ['less than the wait that is due', 0.5, 1],
  ['more', 17, 17],
  ['the longest wait', 30, 30],
  ['more than the longest wait', 31, 30],
])('the other side may ask for %s', (_, asked, expected) => {
  const backoff = new Backoff(python);
  expect(backoff.next(asked)).toBe(expected * 1000);
  expect(backoff.next()).toBe(2000);
});

test('no wait is longer than a timer of Node can be', () => {
  expect(new Backoff({ ...python, retryStart: 1e9 }).next()).toBe(2 ** 31 - 1);
});
