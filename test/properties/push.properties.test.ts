// Laws of the push decoder: however a stream is cut, it decodes as the whole does.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PickleDecoder, PickleError, repr, type UnpickleOptions } from '../../src/pickle/index.ts';
import { Unpickler } from '../../src/pickle/unpickler.ts';
import { readJson } from '../fixtures.ts';
import { checkProperty } from './check.ts';

const fixtures: readonly Uint8Array[] = readJson<{ protocols: Record<string, string> }[]>('repr.json').flatMap(
  ({ protocols }) => Object.values(protocols).map((base64) => Uint8Array.from(Buffer.from(base64, 'base64'))),
);

/** Small enough that streams of a few pickles run into them. */
const TIGHT: UnpickleOptions = {
  unknownGlobals: 'inert',
  persistentLoad: (id) => id,
  buffers: [new Uint8Array(1), new Uint8Array(2)],
  limits: { maxBytes: 60, maxDepth: 4, maxObjects: 8, maxStack: 8, maxMemo: 4, maxIntDigits: 8, maxLineBytes: 12 },
};
const LOOSE: UnpickleOptions = { unknownGlobals: 'inert', persistentLoad: (id) => id };

interface Outcome {
  readonly values: string[];
  readonly error: { code: string; offset: number; opcode: string | null; limit: string | null } | null;
}

/** Each pickle from bytes that are all there. */
function whole(data: Uint8Array, options: UnpickleOptions): Outcome {
  const decoder = new PickleDecoder(options);
  const values: string[] = [];
  let at = 0;
  try {
    while (at < data.length) {
      const value = decoder.decode(data.subarray(at));
      values.push(repr(value, { maxLength: 10_000 }));
      at += decoder.bytesConsumed;
    }
  } catch (error) {
    return { values, error: described(error, at) };
  }
  return { values, error: null };
}

/** The same from chunks that end at the cuts, all of them in one buffer that is overwritten for each. */
function pushed(data: Uint8Array, cuts: readonly number[], options: UnpickleOptions): Outcome {
  const unpickler = new Unpickler(options);
  const decoded: unknown[] = [];
  const buffer = new Uint8Array(data.length);
  let error: Outcome['error'] = null;
  try {
    let start = 0;
    for (const end of [...cuts, data.length]) {
      buffer.set(data.subarray(start, end));
      decoded.push(...unpickler.push(buffer.subarray(0, end - start)));
      buffer.fill(0xff);
      start = end;
    }
    unpickler.end();
    expect(unpickler.bytesConsumed).toBe(data.length);
  } catch (thrown) {
    error = described(thrown, 0);
  }
  return { values: decoded.map((value) => repr(value, { maxLength: 10_000 })), error };
}

function described(error: unknown, base: number): Outcome['error'] {
  if (!(error instanceof PickleError)) throw error;
  const { code, offset, opcode, limit } = error;
  return { code, offset: base + offset, opcode, limit };
}

const pickles = fc.array(fc.constantFrom(...fixtures), { maxLength: 5 }).map((parts) => Buffer.concat(parts));
const noise = fc.uint8Array({ maxLength: 60 });
/** Bytes that are opcodes more often than not, with arguments that are short. */
const opcodes = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Buffer.from('(]})NK.XVISgpqhjrcio0a2esut\x85\x86\x87\x8c\x8f\x90\x94\x95Pb\n', 'latin1')),
      fc.nat(12),
    ),
    { maxLength: 60 },
  )
  .map((codes) => Uint8Array.from(codes));
/** Pickles with some of their bytes changed. */
const mutated = fc
  .tuple(pickles, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
  .map(([data, changes]) => {
    const copy = Uint8Array.from(data);
    for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte;
    return copy;
  });

/** Data, and ascending places to cut it at; some chunks are empty. */
function cut(data: fc.Arbitrary<Uint8Array>): fc.Arbitrary<[data: Uint8Array, cuts: number[]]> {
  return data.chain((bytes) => {
    const some = fc.array(fc.nat(bytes.length), { maxLength: 8 }).map((cuts) => cuts.sort((a, b) => a - b));
    const everywhere = fc.constant(Array.from(bytes, (_, i) => i));
    return fc.tuple(fc.constant(bytes), fc.oneof(some, everywhere));
  });
}

describe('a stream cut anywhere', () => {
  test('decodes to the same values as the whole', () => {
    checkProperty(
      fc.property(cut(pickles), ([data, cuts]) => {
        const expected = whole(data, LOOSE);
        expect(expected.error).toBeNull();
        expect(pushed(data, cuts, LOOSE)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('fails as the whole does, with the same values before, whatever the bytes are', () => {
    checkProperty(
      fc.property(cut(fc.oneof(noise, opcodes, mutated)), fc.constantFrom(TIGHT, LOOSE), ([data, cuts], options) => {
        expect(pushed(data, cuts, options)).toEqual(whole(data, options));
      }),
      { numRuns: 3000 },
    );
  });

  test('gives all pickles before a broken one, and then its error', () => {
    const broken = fc.constantFrom(...['R', 'K', '\xff', 'h\x05.', 'I\n'].map((text) => Buffer.from(text, 'latin1')));
    const stream = fc.tuple(pickles, broken, pickles).map(([before, bad, after]) => {
      return { before, data: Buffer.concat([before, bad, bad.toString() === 'K' ? Buffer.alloc(0) : after]) };
    });
    checkProperty(
      fc.property(stream, fc.integer({ min: 1, max: 40 }), ({ before, data }, size) => {
        const cuts = Array.from(data, (_, i) => i).filter((i) => i > 0 && i % size === 0);
        const { values, error } = pushed(data, cuts, LOOSE);
        expect(values).toEqual(whole(before, LOOSE).values);
        expect(error?.offset).toBeGreaterThanOrEqual(before.length);
      }),
      { numRuns: 300 },
    );
  });
});
