// How far a pickle and its frames reach, at every boundary: the arithmetic behind maxBytes and FRAME.

import { describe, expect, test } from 'vitest';
import { LINE, PickleExtent } from '../../src/pickle/read-window.ts';

const TOO_MANY = { code: 'ERR_PICKLE_LIMIT', limit: 'maxBytes' };
const CROSSING = { code: 'ERR_PICKLE_FRAME' };

/** The extent of a pickle of at most 100 bytes that begins at byte 1000 of its stream. */
function extent(frame?: readonly [size: number, from: number]): PickleExtent {
  const made = new PickleExtent(100);
  made.begin(1000);
  if (frame !== undefined) made.beginFrame(...frame);
  return made;
}

test('it begins where it is told to', () => {
  expect(extent().start).toBe(1000);
});

describe('a frame', () => {
  test('ends with the pickle’s allowance at the latest', () => {
    expect(() => extent([90, 1010])).not.toThrow();
    expect(() => extent([91, 1010])).toThrow(expect.objectContaining(TOO_MANY));
  });

  test('begins where the one before it ends, or later', () => {
    for (const from of [1020, 1021]) expect(() => extent([10, 1010]).beginFrame(5, from)).not.toThrow();
    expect(() => extent([10, 1010]).beginFrame(5, 1019)).toThrow(expect.objectContaining(CROSSING));
  });

  test('is forgotten when the next pickle begins', () => {
    const made = extent([80, 1010]);
    made.begin(1050);
    expect(made.readable(5000, 1000)).toBe(150);
    expect(() => made.beginFrame(10, 1060)).not.toThrow();
  });
});

describe('what can be read of a piece', () => {
  test.each([
    ['no frame: to the end of the piece', undefined, 60, 60],
    ['no frame: to the end of the allowance', undefined, 500, 110],
    ['in a frame: to the end of the piece', [50, 1010], 60, 60],
    ['in a frame: to the end of the frame', [50, 1010], 500, 70],
    ['in a frame as long as the allowance', [90, 1010], 500, 110],
  ] as const)('%s', (_, frame, limit, readable) => {
    // The piece begins ten bytes before the pickle.
    expect(extent(frame).readable(limit, 990)).toBe(readable);
  });
});

describe('where bytes are missing', () => {
  test.each([
    ['an argument that ends with the allowance', 1090, 1090, 10],
    ['a line that may go on to the end of the allowance', 1090, 1099, LINE],
  ] as const)('%s has yet to come', (_, from, end, wanted) => {
    expect(extent().leaveFrame(from, end, wanted)).toBe(false);
  });

  test.each([
    ['an argument that ends beyond the allowance', 1090, 1090, 11],
    ['a line that fills the allowance', 1090, 1100, LINE],
  ] as const)('%s fails', (_, from, end, wanted) => {
    expect(() => extent().leaveFrame(from, end, wanted)).toThrow(expect.objectContaining(TOO_MANY));
  });

  test.each([
    ['an argument that ends with the frame', 1050, 1050, 10],
    ['a line that may go on to the end of the frame', 1050, 1059, LINE],
  ] as const)('in a frame, %s has yet to come', (_, from, end, wanted) => {
    const made = extent([50, 1010]);
    expect(made.leaveFrame(from, end, wanted)).toBe(false);
    // It is in the frame still.
    expect(made.readable(500, 1000)).toBe(60);
  });

  test.each([
    ['an argument that ends beyond the frame', 1050, 1050, 11],
    ['a line that fills the frame', 1050, 1060, LINE],
  ] as const)('in a frame, %s fails', (_, from, end, wanted) => {
    expect(() => extent([50, 1010]).leaveFrame(from, end, wanted)).toThrow(expect.objectContaining(CROSSING));
  });

  test.each([1, 100, LINE])('at the end of the frame, %i bytes may be had after it', (wanted) => {
    const made = extent([50, 1010]);
    expect(made.leaveFrame(1060, 1060, wanted)).toBe(true);
    expect(made.readable(500, 1000)).toBe(100);
  });
});

test('it may begin where the stream does', () => {
  const made = new PickleExtent(100);
  expect(made.start).toBe(0);
  expect(made.stopEnd(0)).toBe(0);
  expect(made.readable(500, 0)).toBe(100);
  expect(() => made.beginFrame(5, 0)).not.toThrow();
});

test('STOP ends a pickle where it stands, or where its frame ends', () => {
  expect(extent().stopEnd(1010)).toBe(1010);
  expect(extent([50, 1010]).stopEnd(1020)).toBe(1060);
  expect(extent([50, 1010]).stopEnd(1060)).toBe(1060);
});
