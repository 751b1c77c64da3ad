// Memory for frames that have not arrived whole: what a reader asks for, and what becomes of frames that find none.

import { describe, expect, test } from 'vitest';

import { ConnectionLimiter, checkedLimits, DEFAULT_CONNECTION_LIMITS, Usage } from '../../src/net/connection-limits.ts';
import { FrameReader } from '../../src/net/frame-reader.ts';
import { Budget, frames, latin1, pieces, prefix } from './frames.ts';

function readerWith(room: number, maxFrame = 2 ** 20) {
  const budget = new Budget(room);
  const [payloads, unfit]: [string[], number[]] = [[], []];
  const reader = new FrameReader({
    maxFrame,
    budget,
    onFrame: (payload) => payloads.push(Buffer.from(payload).toString('latin1')),
    onUnfit: (length) => unfit.push(length),
  });
  return { budget, payloads, unfit, reader };
}

describe('a reader with a budget', () => {
  test('asks for nothing while frames lie whole in their chunks', () => {
    const { budget, payloads, reader } = readerWith(0);
    reader.push(frames(latin1('one'), latin1('two')));
    expect([payloads, budget.most]).toEqual([['one', 'two'], 0]);
  });

  test.each([
    [100, ['x'.repeat(100), 'next'], []],
    [99, ['next'], [100]],
  ])('of %i bytes: a frame of 100 that is cut is kept if it fits, else told of and skipped', (room, expected, told) => {
    const { budget, payloads, unfit, reader } = readerWith(room);
    for (const chunk of pieces(frames(latin1('x'.repeat(100))), 7)) reader.push(chunk);
    reader.push(frames(latin1('next')));
    expect([payloads, unfit, budget.taken]).toEqual([expected, told, 0]);
    expect(reader).toMatchObject({ frames: expected.length, unfit: told.length, oversize: 0, bytes: 112 });
  });

  test('takes what is allocated, as it grows, and never more than the frame', () => {
    const { budget, reader } = readerWith(2 ** 20);
    reader.push(prefix(200_000));
    expect(budget.taken).toBe(0);
    reader.push(new Uint8Array(1));
    expect(budget.taken).toBe(64 * 1024);
    reader.push(new Uint8Array(64 * 1024));
    expect(budget.taken).toBe(128 * 1024);
    reader.push(new Uint8Array(100_000));
    expect(budget.taken).toBe(200_000);
    reader.push(new Uint8Array(200_000 - 100_000 - 64 * 1024 - 1));
    expect([reader.frames, budget.taken]).toEqual([1, 0]);
  });

  test('gives back at once what a frame had taken that turns out not to fit, and skips its rest', () => {
    const { budget, payloads, unfit, reader } = readerWith(150_000);
    reader.push(prefix(200_000));
    reader.push(new Uint8Array(100_000));
    expect(budget.taken).toBe(100_000);
    reader.push(new Uint8Array(60_000));
    expect([budget.taken, unfit, reader.unfinished]).toEqual([0, [200_000], 160_004]);
    reader.push(new Uint8Array(40_000));
    reader.push(frames(latin1('next')));
    expect([payloads, reader.unfit]).toEqual([['next'], 1]);
  });

  test('asks for nothing for a frame over the limit', () => {
    const { budget, unfit, reader } = readerWith(100, 10);
    reader.push(prefix(50));
    reader.push(new Uint8Array(20));
    expect([budget.most, unfit, reader.oversize, reader.unfinished]).toEqual([0, [], 1, 24]);
  });

  test.each(['end', 'failure'])('gives all back at the %s of its stream', (how) => {
    const { budget, reader } = readerWith(1000);
    reader.push(frames(latin1('cut off')).subarray(0, 6));
    expect(budget.taken).toBe(7);
    if (how === 'end') expect(reader.end()).toBe(6);
    else reader.push(Buffer.concat([latin1('t off'), prefix(2 ** 31)]));
    expect([budget.taken, reader.unfinished]).toEqual([0, 0]);
  });

  test('that is told of an unfit frame by a callback that throws goes on', () => {
    const reader = new FrameReader({
      budget: new Budget(0),
      onFrame: () => {},
      onUnfit: () => {
        throw new Error('told');
      },
    });
    reader.push(prefix(4));
    expect(() => reader.push(latin1('1'))).toThrow('told');
    reader.push(latin1('234'));
    reader.push(frames(latin1('next')));
    expect(reader).toMatchObject({ frames: 1, unfit: 1, unfinished: 0 });
  });
});

describe('usage', () => {
  test('of an address counts for the whole too, against the limits of both', () => {
    const whole = new Usage('', 100, null);
    const [one, two] = [new Usage('1', 80, whole), new Usage('2', 80, whole)];
    expect([one.take(81), one.take(80), two.take(21), two.take(20)]).toEqual([false, true, false, true]);
    expect([one.unfinished, two.unfinished, whole.unfinished]).toEqual([80, 20, 100]);
    one.give(80);
    expect([one.unfinished, whole.unfinished, two.take(60)]).toEqual([0, 20, true]);
  });

  test('forgets an address when its last connection is gone', () => {
    const limiter = new ConnectionLimiter(DEFAULT_CONNECTION_LIMITS);
    const [first, second] = [limiter.enter('a') as Usage, limiter.enter('a') as Usage];
    expect(second).toBe(first);
    limiter.leave(first);
    expect(limiter.usageOf('a')).toBe(first);
    limiter.leave(second);
    expect(limiter.usageOf('a')).toBeUndefined();
  });
});

describe('limits', () => {
  test('that are left out have their defaults', () => {
    expect(checkedLimits()).toEqual({
      maxConnections: 20_000,
      maxConnectionsPerAddress: 10_000,
      maxUnfinished: 67_108_864,
      maxUnfinishedPerAddress: 33_554_432,
      frameTimeout: 30_000,
    });
    expect(checkedLimits({ maxConnections: 1, frameTimeout: undefined })).toEqual({
      ...DEFAULT_CONNECTION_LIMITS,
      maxConnections: 1,
    });
  });

  test.each(Object.keys(DEFAULT_CONNECTION_LIMITS))('of %s are whole numbers from 1 on', (name) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => checkedLimits({ [name]: value })).toThrow(RangeError);
    }
    expect(checkedLimits({ [name]: 1 })).toMatchObject({ [name]: 1 });
  });

  test('of time are what a timer can wait', () => {
    expect(() => checkedLimits({ frameTimeout: 2 ** 31 })).toThrow(RangeError);
    expect(checkedLimits({ frameTimeout: 2 ** 31 - 1 }).frameTimeout).toBe(2 ** 31 - 1);
  });
});
