// The memo against the simplest model of it, a Map from the value of an index to what is stored there.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Memo, type MemoIndex } from '../../src/pickle/memo.ts';
import { checkProperty } from '../properties/check.ts';

const LIMIT = 40;
const index = fc.oneof(
  fc.nat({ max: 20 }),
  fc.nat({ max: 60 }),
  fc.constantFrom<MemoIndex>(2 ** 31, 2 ** 32 - 1, 2 ** 53 - 1, 2n ** 53n, 2n ** 53n + 1n, 10n ** 30n),
);

test('it holds what was stored last at each index, counts the indexes in use, and when cleared forgets all', () => {
  const step = fc.oneof(
    { weight: 20, arbitrary: fc.record({ index, kind: fc.constant('set' as const) }) },
    { weight: 1, arbitrary: fc.record({ index, kind: fc.constant('clear' as const) }) },
  );
  const property = fc.property(fc.array(step, { maxLength: 80 }), fc.array(index), (steps, probes) => {
    const memo = new Memo(LIMIT);
    const model = new Map<MemoIndex, unknown>();
    steps.forEach((step, value) => {
      if (step.kind === 'clear') {
        memo.clear();
        model.clear();
      } else if (model.size < LIMIT || model.has(step.index)) {
        memo.set(step.index, value);
        model.set(step.index, value);
      } else {
        expect(() => memo.set(step.index, value)).toThrow(expect.objectContaining({ limit: 'maxMemo' }));
      }
      expect(memo.size).toBe(model.size);
    });
    for (const probe of [...probes, ...model.keys()]) {
      if (model.has(probe)) expect(memo.get(probe)).toBe(model.get(probe));
      else expect(() => memo.get(probe)).toThrow(expect.objectContaining({ code: 'ERR_PICKLE_MEMO' }));
    }
  });
  checkProperty(property, { numRuns: 500 });
});

test('a large memo is forgotten as a small one is', () => {
  const memo = new Memo(10_000);
  for (let i = 0; i < 5000; i++) memo.set(i, i);
  memo.set(2 ** 31, 'far');
  memo.clear();
  expect(memo.size).toBe(0);
  for (const gone of [0, 1, 4999, 2 ** 31]) expect(() => memo.get(gone)).toThrow(/nothing is stored/);
});

test('an entry that came early is there when those before it have come, and is counted once', () => {
  for (const early of [17, 18, 30]) {
    const memo = new Memo(LIMIT);
    memo.set(early, 'early');
    for (let i = 0; i < early; i++) {
      expect(memo.get(early)).toBe('early');
      memo.set(i, i);
    }
    expect([memo.get(early), memo.size]).toEqual(['early', early + 1]);
    memo.set(early + 1, 'next');
    expect([memo.get(early), memo.get(early + 1), memo.size]).toEqual(['early', 'next', early + 2]);
    memo.set(early, 'again');
    expect([memo.get(early), memo.size]).toEqual(['again', early + 2]);
  }
});

test('what is left out between two entries is not there, and is not counted', () => {
  const memo = new Memo(LIMIT);
  for (const index of [1, 17, 33, 51]) memo.set(index, index);
  expect(memo.size).toBe(4);
  for (const index of [0, 2, 16, 18, 34, 50, 52]) {
    expect(() => memo.get(index)).toThrow(expect.objectContaining({ code: 'ERR_PICKLE_MEMO' }));
  }
  memo.set(0, 0);
  expect([memo.get(0), memo.size]).toEqual([0, 5]);
});
