// How often a thing is said, by a clock of the test's own.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Throttle } from '../../src/cli/monitoring/throttle.ts';

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A Throttle and what it has said, each with its count. */
function throttled(): { throttle: Throttle; said: [text: string, count: number][] } {
  const said: [string, number][] = [];
  return { throttle: new Throttle((text, count) => said.push([text, count])), said };
}

test('says the first of each kind at once, by code and by detail', () => {
  const { throttle, said } = throttled();
  throttle.offer('A', '', 'one');
  throttle.offer('B', '', 'two');
  throttle.offer('A', 'x', 'three');
  throttle.offer('A', 'y', 'four');
  expect(said.map(([text]) => text)).toEqual(['one', 'two', 'three', 'four']);
});

test('says what comes within a minute in one line when it is over: the latest, and how many there were', () => {
  const { throttle, said } = throttled();
  throttle.offer('A', '', 'first');
  for (let second = 1; second <= 30; second++) {
    vi.advanceTimersByTime(1000);
    throttle.offer('A', '', `after ${second} s`);
  }
  vi.advanceTimersByTime(MINUTE - 30_000 - 1);
  expect(said).toEqual([['first', 1]]);
  vi.advanceTimersByTime(1);
  expect(said).toEqual([
    ['first', 1],
    ['after 30 s', 30],
  ]);
});

test('says of one kind at most one line a minute, and counts each that came once', () => {
  const times: number[] = [];
  let counted = 0;
  const throttle = new Throttle((_text, count) => {
    times.push(performance.now());
    counted += count;
  });
  for (let second = 0; second < 600; second++) {
    throttle.offer('A', '', 'again');
    vi.advanceTimersByTime(1000);
  }
  expect(times.length).toBeGreaterThan(9);
  expect(Math.min(...times.slice(1).map((time, index) => time - times[index]!))).toBeGreaterThanOrEqual(MINUTE);
  vi.advanceTimersByTime(MINUTE);
  expect(counted).toBe(600);
});

test('says at once what comes again after a quiet minute', () => {
  const { throttle, said } = throttled();
  throttle.offer('A', '', 'one');
  vi.advanceTimersByTime(MINUTE);
  throttle.offer('A', '', 'two');
  expect(said).toEqual([
    ['one', 1],
    ['two', 1],
  ]);
});

test('two kinds of different minutes are each said in their own', () => {
  const { throttle, said } = throttled();
  throttle.offer('A', '', 'a');
  throttle.offer('A', '', 'a again');
  vi.advanceTimersByTime(40_000);
  throttle.offer('B', '', 'b');
  throttle.offer('B', '', 'b again');
  vi.advanceTimersByTime(20_000);
  expect(said.map(([text]) => text)).toEqual(['a', 'b', 'a again']);
  vi.advanceTimersByTime(40_000);
  expect(said.map(([text]) => text)).toEqual(['a', 'b', 'a again', 'b again']);
});

test('tells 50 kinds of a code apart, holds the others and long names for one, and leaves other codes their kinds', () => {
  const { throttle, said } = throttled();
  throttle.offer('A', 'x'.repeat(201), 'long');
  for (let number = 0; number < 1000; number++) throttle.offer('A', `detail ${number}`, 'named');
  throttle.offer('A', 'y'.repeat(100_000), 'longer');
  expect(said).toHaveLength(50);
  throttle.offer('B', 'detail', 'of another code');
  expect(said).toHaveLength(51);
  vi.advanceTimersByTime(MINUTE);
  expect(said.slice(51)).toEqual([['longer', 952]]);
});

test('keeps no process alive', () => {
  vi.useRealTimers();
  const { throttle } = throttled();
  const active = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  throttle.offer('A', '', 'one');
  throttle.offer('A', '', 'two');
  expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')).toHaveLength(active);
});

test('takes another clock', () => {
  let now = 0;
  const said: string[] = [];
  const throttle = new Throttle(
    (text) => said.push(text),
    () => now,
  );
  throttle.offer('A', '', 'one');
  throttle.offer('A', '', 'two');
  throttle.sweep();
  expect(said).toEqual(['one']);
  now = MINUTE;
  throttle.sweep();
  expect(said).toEqual(['one', 'two']);
});
