// Memory for frames that have not arrived whole: what a reader asks for, and what becomes of frames that find none.

import { describe, expect, test } from 'vitest';

import {
  CONNECTION_LIMITS_DEFAULT,
  ConnectionLimiter,
  checkedLimits,
  Usage,
} from '../../src/net/access/connection-limits.ts';
import { FRAME_ALLOWANCE_BYTES, FrameReader } from '../../src/net/framing/frame-reader.ts';
import { Budget, frames, latin1, pieces, prefix, textOf } from './frames.ts';

function readerWith(room: number, maxFrame = 2 ** 20) {
  const budget = new Budget(room);
  const [payloads, overBudget]: [string[], number[]] = [[], []];
  const reader = new FrameReader({
    maxFrame,
    budget,
    onFrame: (bytes, start, end) => payloads.push(textOf(bytes, start, end)),
    onOverBudget: (length) => overBudget.push(length),
  });
  return { budget, payloads, overBudget, reader };
}

describe('a reader with a budget', () => {
  test('asks for nothing while frames lie whole in their chunks', () => {
    const { budget, payloads, reader } = readerWith(0);
    const sent = ['one', 'x'.repeat(5000), 'two'];
    reader.push(frames(...sent.map(latin1)));
    expect([payloads, budget.most]).toEqual([sent, 0]);
  });

  test('asks for nothing for a frame of 4 KiB, however it is cut', () => {
    const { budget, payloads, reader } = readerWith(0);
    for (const chunk of pieces(frames(latin1('x'.repeat(FRAME_ALLOWANCE_BYTES))), 7)) reader.push(chunk);
    expect([payloads.map((text) => text.length), budget.most]).toEqual([[4096], 0]);
  });

  test.each([
    [100, [4196, 4], []],
    [99, [4], [4196]],
  ])('of %i bytes: a frame of 4196 that is cut is kept if it fits, else told of and skipped', (room, lengths, told) => {
    const { budget, payloads, overBudget, reader } = readerWith(room);
    for (const chunk of pieces(frames(new Uint8Array(4196)), 7)) reader.push(chunk);
    reader.push(frames(latin1('next')));
    expect([payloads.map((text) => text.length), overBudget, budget.taken]).toEqual([lengths, told, 0]);
    expect(reader).toMatchObject({ frames: lengths.length, overBudget: told.length, oversize: 0, bytes: 4208 });
  });

  test('takes what is allocated beyond 4 KiB, as it grows, and never more than the frame', () => {
    const { budget, reader } = readerWith(2 ** 20);
    const takenAfter = (bytes: number): number => {
      reader.push(new Uint8Array(bytes));
      return budget.taken + FRAME_ALLOWANCE_BYTES;
    };
    reader.push(prefix(20_000));
    expect([0, 1, 4095].map(takenAfter)).toEqual([4096, 4096, 4096]);
    expect([1, 4095, 1].map(takenAfter)).toEqual([8192, 8192, 16_384]);
    expect([10_000, 1806].map(takenAfter)).toEqual([20_000, 20_000]);
    expect([reader.frames, takenAfter(1), reader.frames]).toEqual([0, 4096, 1]);
  });

  test('never takes more than twice what came', () => {
    const { budget, reader } = readerWith(2 ** 24);
    reader.push(prefix(2 ** 20));
    for (let came = 0; came < 200_000; came += 997) {
      reader.push(new Uint8Array(997));
      expect(budget.taken).toBeLessThan(2 * (came + 997));
    }
  });

  test('gives back at once what a frame had taken that turns out not to fit, and skips its rest', () => {
    const { budget, payloads, overBudget, reader } = readerWith(150_000);
    reader.push(prefix(200_000));
    reader.push(new Uint8Array(100_000));
    expect(budget.taken).toBe(100_000 - FRAME_ALLOWANCE_BYTES);
    reader.push(new Uint8Array(60_000));
    expect([budget.taken, overBudget, reader.unfinished]).toEqual([0, [200_000], 160_004]);
    reader.push(new Uint8Array(40_000));
    reader.push(frames(latin1('next')));
    expect([payloads, reader.overBudget]).toEqual([['next'], 1]);
  });

  test('asks for nothing for a frame over the limit', () => {
    const { budget, overBudget, reader } = readerWith(10_000, 5000);
    reader.push(prefix(9000));
    reader.push(new Uint8Array(8000));
    expect([budget.most, overBudget, reader.oversize, reader.unfinished]).toEqual([0, [], 1, 8004]);
  });

  test.each(['end', 'failure'])('gives all back at the %s of its stream', (how) => {
    const { budget, reader } = readerWith(1000);
    reader.push(frames(new Uint8Array(5000)).subarray(0, 5003));
    expect(budget.taken).toBe(4999 - FRAME_ALLOWANCE_BYTES);
    if (how === 'end') expect(reader.end()).toBe(5003);
    else reader.push(Buffer.concat([new Uint8Array(1), prefix(2 ** 31)]));
    expect([budget.taken, reader.unfinished]).toEqual([0, 0]);
  });

  test('that is told of an overBudget frame by a callback that throws goes on', () => {
    const reader = new FrameReader({
      budget: new Budget(0),
      onFrame: () => {},
      onOverBudget: () => {
        throw new Error('told');
      },
    });
    reader.push(prefix(5000));
    expect(() => reader.push(new Uint8Array(4999))).toThrow('told');
    reader.push(new Uint8Array(1));
    reader.push(frames(latin1('next')));
    expect(reader).toMatchObject({ frames: 1, overBudget: 1, unfinished: 0 });
  });
});

describe('usage', () => {
  test('of an address counts for the whole too, against the limits of both', () => {
    const whole = new Usage('', 100, null);
    const [one, two] = [new Usage('1', 80, whole), new Usage('2', 80, whole)];
    expect([one.reserve(81), one.reserve(80), two.reserve(21), two.reserve(20)]).toEqual([false, true, false, true]);
    expect([one.unfinished, two.unfinished, whole.unfinished]).toEqual([80, 20, 100]);
    one.release(80);
    expect([one.unfinished, whole.unfinished, two.reserve(60)]).toEqual([0, 20, true]);
  });

  test('forgets an address when its last connection is gone', () => {
    const limiter = new ConnectionLimiter(CONNECTION_LIMITS_DEFAULT);
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
      ...CONNECTION_LIMITS_DEFAULT,
      maxConnections: 1,
    });
  });

  test.each(Object.keys(CONNECTION_LIMITS_DEFAULT))('of %s are whole numbers from 1 on', (name) => {
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
