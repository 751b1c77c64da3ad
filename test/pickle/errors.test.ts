// The error itself: what it says of a failure and of its place, and how text from the wire is shown in it.

import { describe, expect, test } from 'vitest';
import { located, messageOf, quoted } from '../../src/pickle/errors.ts';
import { PickleError } from '../../src/pickle/index.ts';

const REDUCE = 0x52;

describe('PickleError', () => {
  test.each([
    [{}, 'wrong', -1, null],
    [{ opcode: REDUCE }, 'wrong', -1, 'REDUCE'],
    [{ offset: 0 }, 'wrong at byte 0', 0, null],
    [{ offset: 7, opcode: -1 }, 'wrong at byte 7', 7, null],
    [{ offset: 7, opcode: 0xff }, 'wrong at byte 7', 7, null],
    [{ offset: 7, opcode: REDUCE }, 'wrong at byte 7 (REDUCE)', 7, 'REDUCE'],
  ])('of %j says where it was, as far as that is known', (details, message, offset, opcode) => {
    const error = new PickleError('ERR_PICKLE_STACK', 'wrong', details);
    expect(error).toMatchObject({ code: 'ERR_PICKLE_STACK', reason: 'wrong', message, offset, opcode });
  });

  test('has a limit, a global and a cause only where there is one', () => {
    const bare = new PickleError('ERR_PICKLE_STACK', 'wrong');
    expect(bare).toMatchObject({ limit: null, global: null });
    expect(Object.hasOwn(bare, 'cause')).toBe(false);
    const details = { limit: 'maxDepth', global: 'os.system', cause: 'a string' };
    expect(new PickleError('ERR_PICKLE_LIMIT', 'wrong', details)).toMatchObject(details);
  });

  test('is printed by its name', () => {
    expect(String(new PickleError('ERR_PICKLE_STACK', 'wrong', { offset: 3 }))).toBe('PickleError: wrong at byte 3');
  });
});

describe('an error whose place becomes known', () => {
  test('has it then, and is the same but for that', () => {
    const cause = new Error('of the caller');
    for (const details of [{}, { limit: 'maxDepth' }, { global: 'os.system' }, { cause }]) {
      const error = located(new PickleError('ERR_PICKLE_CONSTRUCTOR', 'wrong', details), 0, REDUCE) as PickleError;
      const { code, reason, message, offset, opcode } = error;
      expect([code, reason, message]).toEqual(['ERR_PICKLE_CONSTRUCTOR', 'wrong', 'wrong at byte 0 (REDUCE)']);
      expect([offset, opcode]).toEqual([0, 'REDUCE']);
      expect(error).toMatchObject({ limit: null, global: null, ...details });
      expect(Object.hasOwn(error, 'cause')).toBe('cause' in details);
    }
  });

  test('keeps the place that it has', () => {
    for (const offset of [0, 5]) {
      const error = new PickleError('ERR_PICKLE_STACK', 'wrong', { offset });
      expect(located(error, 9, REDUCE)).toBe(error);
    }
  });

  test('is a limit where the engine could not hold what the pickle asks for', () => {
    const cause = new RangeError('Map maximum size exceeded');
    const error = located(cause, 9, REDUCE);
    expect(error).toBeInstanceOf(PickleError);
    expect(error).toMatchObject({ code: 'ERR_PICKLE_LIMIT', limit: 'engine', reason: cause.message, cause });
    expect(error).toMatchObject({ offset: 9, opcode: 'REDUCE' });
  });

  test('is itself where it is of another kind', () => {
    for (const error of [new TypeError('mine'), 'a string', null]) expect(located(error, 9, REDUCE)).toBe(error);
  });
});

test('what is thrown that is no Error has no message to repeat', () => {
  expect(messageOf(new TypeError('mine'))).toBe('mine');
  for (const cause of ['text', null, { message: 'mine' }]) expect(messageOf(cause)).not.toMatch(/text|mine/);
});

test.each([
  ['os.system', '"os.system"'],
  ['', '""'],
  ['"\\\n\0\x1b[2J', '"\\"\\\\\\n\\u0000\\u001b[2J"'],
  ['~\x7f\x80\xff', '"~\\u007f\\u0080\\u00ff"'],
  ['\u202e\u2028\ud800\uffff', '"\\u202e\\u2028\\ud800\\uffff"'],
  ['\u{1f600}', '"\\ud83d\\ude00"'],
  ['a'.repeat(80), `"${'a'.repeat(80)}"`],
  ['a'.repeat(81), `"${'a'.repeat(80)}…"`],
  ['\xe9'.repeat(81), `"${'\\u00e9'.repeat(80)}…"`],
])('%j is shown in ASCII, and cut where it is long', (text, shown) => {
  expect(quoted(text)).toBe(shown);
});
