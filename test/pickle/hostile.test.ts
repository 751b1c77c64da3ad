// Hostile and odd pickles: each gives a value or a PickleError, in bounded time and memory, and nothing else.

import { describe, expect, test } from 'vitest';
import { opcodes, PickleDecoder, repr, type UnpickleOptions, unpickle } from '../../src/pickle/index.ts';
import { bombs, large } from './bombs.ts';
import { failing } from './hostile-cases.ts';
import { decoding, inert, inertFailing } from './hostile-values.ts';
import { bytes, failure } from './pickles.ts';

const TAGGED: UnpickleOptions = { floats: 'tagged' };
const INERT: UnpickleOptions = { unknownGlobals: 'inert' };

/** A pickle as a test's name shows it. */
function shown(pickle: string): string {
  const text = pickle.replace(/[^\x20-\x7e]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function outcome(pickle: string, options: UnpickleOptions = {}): [code: string, offset: number] {
  const { code, offset } = failure(bytes(pickle), options);
  return [code.replace('ERR_PICKLE_', ''), offset];
}

for (const [fact, rows] of Object.entries(failing)) {
  describe(fact, () => {
    test.each(rows.map((row) => [shown(row[0]), ...row] as const))('%s', (_, pickle, code, offset) => {
      expect(outcome(pickle)).toEqual([code, offset]);
    });
  });
}

for (const [fact, rows] of Object.entries(decoding)) {
  describe(fact, () => {
    test.each(rows.map((row) => [shown(row[0]), ...row] as const))('%s', (_, pickle, text) => {
      expect(repr(unpickle(bytes(pickle), TAGGED))).toBe(text);
    });
  });
}

describe('a global that is not allowed is data where unknown globals are inert', () => {
  test.each(inert.map((row) => [shown(row[0]), ...row] as const))('%s', (_, pickle, text) => {
    expect(repr(unpickle(bytes(pickle), INERT))).toBe(text);
    expect(outcome(pickle)[0]).toMatch(/^FORBIDDEN_GLOBAL$/);
  });
});

describe('inert globals relax nothing else', () => {
  test.each(inertFailing.map((row) => [shown(row[0]), ...row] as const))('%s', (_, pickle, code, offset) => {
    expect(outcome(pickle, INERT)).toEqual([code, offset]);
  });
});

describe('an allowed constructor is no bomb', () => {
  test.each(bombs.map((pickle) => [shown(pickle), pickle] as const))('%s', (_, pickle) => {
    // A type that may be named but not called is refused by the policy, before its arguments are looked at.
    expect(outcome(`${pickle}.`)[0]).toMatch(/^(CONSTRUCTOR|FORBIDDEN_GLOBAL)$/);
  });
});

test('a byte that is no opcode is an error of its own offset, all 188 of them', () => {
  const known = new Set(opcodes.map(({ code }) => code));
  const unknown = Array.from({ length: 256 }, (_, code) => code).filter((code) => !known.has(code));
  expect(unknown).toHaveLength(188);
  for (const code of unknown) {
    expect(outcome(`N${String.fromCharCode(code)}.`)).toEqual(['OPCODE', 1]);
    expect(outcome(String.fromCharCode(code))).toEqual(['OPCODE', 0]);
  }
});

describe('what is small to send is not large to decode', () => {
  test.each(large.map((bomb) => [bomb.name, bomb] as const))('%s', (_, { build, code, limit, options }) => {
    const data = build();
    if (code === undefined) {
      expect(repr(unpickle(data, options), { maxLength: 1000 }).length).toBeLessThan(1010);
    } else {
      const error = failure(data, options);
      expect([error.code, error.limit]).toEqual([`ERR_PICKLE_${code}`, limit ?? null]);
    }
  });
});

test('a pickle does not see the memo of the one before it', () => {
  const decoder = new PickleDecoder();
  expect(decoder.decode(bytes('K\x01q\0q\x30r\xff\xff\0\0p9\n.'))).toBe(1);
  for (const get of ['h\0.', 'h\x30.', 'j\xff\xff\0\0.', 'g9\n.']) {
    expect(() => decoder.decode(bytes(get))).toThrow(expect.objectContaining({ code: 'ERR_PICKLE_MEMO' }));
  }
  expect(decoder.decode(bytes('K\x02\x94h\0.'))).toBe(2);
});

test('STOP inside a frame ends the pickle at the end of the frame', () => {
  const decoder = new PickleDecoder();
  const consumed = (pickle: string) => [decoder.decode(bytes(pickle)), decoder.bytesConsumed];
  expect(consumed('N.N.')).toEqual([null, 2]);
  expect(consumed('\x95\x04\0\0\0\0\0\0\0N.NNK\x01.')).toEqual([null, 13]);
  expect(consumed('\x95\x02\0\0\0\0\0\0\0N.K\x01.')).toEqual([null, 11]);
  expect(consumed('\x95\x01\0\0\0\0\0\0\0N.K\x01.')).toEqual([null, 11]);
});
