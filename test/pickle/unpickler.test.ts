// The push decoder, case by case; its laws are in test/properties/push.test.ts.

import { describe, expect, test } from 'vitest';
import { PickleError, repr, type UnpickleOptions } from '../../src/pickle/index.ts';
import { Unpickler } from '../../src/pickle/unpickler.ts';
import { readJson } from '../fixtures.ts';
import { bytes, str, uint } from './pickles.ts';

/** Pushes the data in pieces of so many bytes, all in one buffer, and ends the stream. */
function pushAll(data: Uint8Array, size: number, options: UnpickleOptions = {}): unknown[] {
  const unpickler = new Unpickler(options);
  const values: unknown[] = [];
  const buffer = new Uint8Array(size);
  for (let start = 0; start < data.length; start += size) {
    const length = Math.min(size, data.length - start);
    for (let i = 0; i < length; i++) buffer[i] = data[start + i] as number;
    for (const value of unpickler.push(length < size ? buffer.subarray(0, length) : buffer)) values.push(value);
  }
  unpickler.end();
  return values;
}

/** What a call throws, which must be a PickleError, as `code@offset opcode limit`. */
function thrown(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    return `${error.code.replace('ERR_PICKLE_', '')}@${error.offset} ${error.opcode} ${error.limit ?? ''}`.trim();
  }
  return expect.fail('nothing was thrown');
}

describe('pickles that come byte by byte', () => {
  const fixtures = readJson<{ protocols: Record<string, string>; repr: string }[]>('repr.json').flatMap((fixture) =>
    Object.values(fixture.protocols).map((base64) => ({ data: Buffer.from(base64, 'base64'), text: fixture.repr })),
  );

  test('every fixture decodes to what Python prints, from one stream of them all', () => {
    const values = pushAll(Buffer.concat(fixtures.map(({ data }) => data)), 1, { floats: 'tagged' });
    expect(values.map((value) => repr(value))).toEqual(fixtures.map(({ text }) => text));
  });

  test.each<[string, string, string]>([
    ['an 8-byte length', `\x8d${uint(3, 8)}abc.`, "'abc'"],
    ['a UTF-8 sequence', '\x8c\x04\xf0\x9f\x98\x80.', "'\u{1f600}'"],
    ['an encoded surrogate', '\x8c\x03\xed\xa0\x80.', "'\\ud800'"],
    ['an escape of UNICODE', 'V\\u20ac\n.', "'\u20ac'"],
    ['an escape of STRING', "S'\\x41\\101\\n'\n.", "'AA\\n'"],
    ['the two lines of a GLOBAL', 'c__builtin__\nlist\n.', "<class 'list'>"],
    ['the two lines of an INST', '(Vx\ni__builtin__\nset\n.', ''],
    ['an empty line', 'V\n.', "''"],
    ['an empty string', 'X\0\0\0\0.', "''"],
    ['a double', 'G\x3f\xf8\0\0\0\0\0\0.', '1.5'],
    ['a frame', `\x80\x04\x95${uint(6, 8)}\x8c\x02ab\x94.`, "'ab'"],
    ['an opcode whose argument follows its frame', `\x80\x04\x95${uint(1, 8)}K\x07.`, '7'],
    ['a memo of its own in each pickle', ']q\0.N.', '[]'],
  ])('%s can be cut', (_what, pickle, text) => {
    const whole = outcome(bytes(pickle), pickle.length);
    for (let size = 1; size < pickle.length; size++) expect(outcome(bytes(pickle), size)).toEqual(whole);
    if (text !== '') expect((whole as string[])[0]).toBe(text);
  });

  function outcome(data: Uint8Array, size: number): string[] | string {
    let values: string[] = [];
    try {
      values = pushAll(data, size).map((value) => repr(value));
      return values;
    } catch (error) {
      return thrown(() => {
        throw error;
      });
    }
  }

  test('a string of 10 MB in 1-byte chunks is the string', () => {
    const data = new Uint8Array(10_000_006).fill(0x61);
    data.set(bytes(`X${uint(10_000_000, 4)}`));
    data[data.length - 1] = 0x2e;
    const values = pushAll(data, 1);
    expect(values).toHaveLength(1);
    expect(values[0] === 'a'.repeat(10_000_000)).toBe(true);
  });

  test('a line that never ends fails in 1-byte chunks at the byte that is one too many', () => {
    const unpickler = new Unpickler();
    expect(unpickler.push(bytes('NV'))).toEqual([]);
    const byte = bytes('a');
    for (let i = 0; i < 16 * 1024 * 1024; i++) unpickler.push(byte);
    expect(thrown(() => unpickler.push(byte))).toBe('LIMIT@1 UNICODE maxLineBytes');
  });

  test('what is announced and not there is not allocated', () => {
    const before = process.memoryUsage().arrayBuffers;
    const unpicklers = Array.from({ length: 100 }, () => new Unpickler());
    for (const unpickler of unpicklers) unpickler.push(bytes(`\x8e${uint(200 * 1024 * 1024, 8)}${'a'.repeat(1000)}`));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });
});

describe('push', () => {
  test('returns the values that the chunk completes', () => {
    const unpickler = new Unpickler();
    expect(unpickler.push(bytes('K\x01.K\x02.K'))).toEqual([1, 2]);
    expect(unpickler.push(bytes(''))).toEqual([]);
    expect(unpickler.push(bytes('\x03'))).toEqual([]);
    expect(unpickler.push(bytes('.'))).toEqual([3]);
    unpickler.end();
  });

  test('returns what came before a broken pickle, and throws its error from then on', () => {
    const unpickler = new Unpickler();
    expect(unpickler.error).toBeNull();
    expect(unpickler.push(bytes('K\x01.K\x02.R.'))).toEqual([1, 2]);
    const { error } = unpickler;
    expect(thrown(() => unpickler.push(bytes('N.')))).toBe('STACK@6 REDUCE');
    for (const call of [() => unpickler.push(bytes('N.')), () => unpickler.end()]) expect(call).toThrow(error as Error);
    expect(unpickler.bytesConsumed).toBe(6);
  });

  test('throws at once when the chunk completes nothing before the broken pickle', () => {
    const unpickler = new Unpickler();
    unpickler.push(bytes('K\x01.'));
    expect(thrown(() => unpickler.push(bytes('R')))).toBe('STACK@3 REDUCE');
  });

  test('fails a pickle that reads the memo of the one before', () => {
    const unpickler = new Unpickler();
    expect(unpickler.push(bytes(']q\0.h\0.'))).toEqual([[]]);
    expect(thrown(() => unpickler.end())).toBe('MEMO@4 BINGET');
  });

  test.each<[string, string, UnpickleOptions, string]>([
    ['announced length', `NX${uint(100, 4)}`, { limits: { maxBytes: 50 } }, 'LIMIT@1 BINUNICODE maxBytes'],
    ['announced frame', `\x95${uint(100, 8)}`, { limits: { maxBytes: 50 } }, 'LIMIT@0 FRAME maxBytes'],
    ['line', `NV${'a'.repeat(9)}`, { limits: { maxBytes: 11 } }, 'LIMIT@1 UNICODE maxBytes'],
    [
      'second line of a GLOBAL',
      `cabcd\n${'a'.repeat(6)}`,
      { limits: { maxLineBytes: 5 } },
      'LIMIT@0 GLOBAL maxLineBytes',
    ],
    ['line in a frame', `\x95${uint(4, 8)}Vabc`, {}, 'FRAME@9 UNICODE'],
    ['number of opcodes', 'NNNNN', { limits: { maxBytes: 5 } }, 'LIMIT@5 null maxBytes'],
    ['number of values', 'NNN', { limits: { maxStack: 2 } }, 'LIMIT@2 NONE maxStack'],
  ])('fails as soon as the %s is too large', (_what, pickle, options, error) => {
    const unpickler = new Unpickler(options);
    for (const byte of bytes(pickle.slice(0, -1))) expect(unpickler.push(Uint8Array.of(byte))).toEqual([]);
    expect(thrown(() => unpickler.push(bytes(pickle.slice(-1))))).toBe(error);
  });

  test('fails a line that is cut and too long, though its newline came in the same chunk as the end of its allowance', () => {
    const unpickler = new Unpickler({ limits: { maxLineBytes: 400 } });
    unpickler.push(bytes(`V${'a'.repeat(300)}`));
    expect(thrown(() => unpickler.push(bytes(`${'a'.repeat(1000)}\n.`)))).toBe('LIMIT@0 UNICODE maxLineBytes');
  });

  test('measures maxBytes by pickle, not by stream', () => {
    expect(pushAll(bytes('NNN.NNN.NNN.'), 5, { limits: { maxBytes: 4 } })).toEqual([null, null, null]);
  });

  test('gives a pickle only when the frame is there that its STOP stands in', () => {
    const unpickler = new Unpickler();
    expect(unpickler.push(bytes(`\x80\x04\x95${uint(5, 8)}N.ab`))).toEqual([]);
    expect(unpickler.bytesConsumed).toBe(0);
    expect(unpickler.push(bytes('cK\x01'))).toEqual([null]);
    expect(unpickler.bytesConsumed).toBe(16);
    expect(unpickler.push(bytes('.'))).toEqual([1]);
  });

  test('hands out-of-band buffers out over all pickles of the stream', () => {
    const buffers = [Uint8Array.of(1), Uint8Array.of(2)];
    expect(pushAll(bytes('\x97.\x97.'), 1, { buffers })).toEqual(buffers);
  });

  test('after end, of something else than bytes, or from within a push is a TypeError', () => {
    const ended = new Unpickler();
    ended.end();
    ended.end();
    expect(() => ended.push(bytes('N.'))).toThrow(new TypeError('push after end'));
    const text = 'N.' as unknown as Uint8Array;
    expect(() => new Unpickler().push(text)).toThrow(new TypeError('a chunk must be a Uint8Array'));

    const causes: unknown[] = [];
    const nested: Unpickler = new Unpickler({
      persistentLoad: () => {
        for (const call of [() => nested.push(bytes('N.')), () => nested.end()]) {
          try {
            call();
          } catch (error) {
            causes.push(error);
          }
        }
        return 'loaded';
      },
    });
    expect(nested.push(bytes('Pabc\n.'))).toEqual(['loaded']);
    expect(causes).toEqual([expect.any(TypeError), expect.any(TypeError)]);
    for (const cause of causes) expect((cause as TypeError).message).toMatch(/own Unpickler$/);
    nested.end();
  });
});

describe('end', () => {
  test.each<[string, string, string]>([
    ['inside an argument', `K\x01.N${str('abc').slice(0, -1)}`, 'TRUNCATED@4 BINUNICODE'],
    ['inside a line', 'Vabc', 'TRUNCATED@0 UNICODE'],
    ['between opcodes', 'K\x01.]', 'TRUNCATED@4 null'],
    ['inside a frame, after its STOP', `\x95${uint(4, 8)}N.`, 'TRUNCATED@10 STOP'],
  ])('%s is an error at the unfinished opcode, once and for all', (_where, pickle, error) => {
    for (const size of [1, pickle.length]) {
      const unpickler = new Unpickler();
      for (let i = 0; i < pickle.length; i += size) unpickler.push(bytes(pickle.slice(i, i + size)));
      for (let times = 0; times < 2; times++) expect(thrown(() => unpickler.end())).toBe(error);
      expect(thrown(() => unpickler.push(bytes('.')))).toBe(error);
    }
  });

  test('after whole pickles, or none, is well', () => {
    new Unpickler().end();
    const unpickler = new Unpickler();
    unpickler.push(bytes('N.'));
    unpickler.end();
    expect(unpickler.bytesConsumed).toBe(2);
  });
});
