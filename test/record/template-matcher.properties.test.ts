// Laws of reading by learned templates: a record is exactly what the decoder of all pickles gives, or the reader steps
// aside. Over the frames of every Python, changed at random. PICKLEWIRE_FUZZ_RUNS sets how many.

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { LogRecord } from '../../src/logging/index.ts';
import { PickleError } from '../../src/pickle/index.ts';
import { RecordDecoder, type RecordDecoderOptions } from '../../src/record/index.ts';
import { checkProperty, FUZZ_RUNS } from '../properties/check.ts';

import { changed, frames, learnable } from './changed-frames.ts';
import { RecordReader, treeOf } from './record-reader.ts';

const RUNS = FUZZ_RUNS;
const TIMEOUT = 30_000 + RUNS * 20;

// A record that comes without its times has those of its decoding.
beforeAll(() => {
  vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
});

/** What a frame gives, so that two of them can be compared: a record with its extras in order, or an error. */
function outcome(decode: () => LogRecord): unknown {
  try {
    const record = decode();
    return { record, extras: [...record.extras] };
  } catch (error) {
    const { name, code, message } = error as { name: string; code: string; message: string };
    const place = error instanceof PickleError ? [error.offset, error.opcode, error.limit] : [];
    return { name, code, message, place };
  }
}

/** A decoder knows no template before its first frame. */
function cold(frame: Uint8Array, options?: RecordDecoderOptions): unknown {
  return outcome(() => new RecordDecoder(options).decode(frame));
}

/** A reader that knows the templates of these frames. */
function readerOf(known: readonly Uint8Array[]): RecordReader {
  return new RecordReader(treeOf(known));
}

describe('a template learned from a frame', () => {
  test('reads that frame, or leaves it to the decoder, and both give the same', () => {
    let read = 0;
    for (const frame of learnable) {
      const record = readerOf([frame]).read(frame);
      if (record === null) continue;
      read++;
      expect(
        isDeepStrictEqual(
          outcome(() => record),
          cold(frame),
        ),
      ).toBe(true);
    }
    expect(learnable.length).toBeGreaterThan(1500);
    expect(read / learnable.length).toBeGreaterThan(0.85);
  });

  test(
    'reads no other frame as anything else than the decoder does',
    () => {
      const property = fc.property(
        changed,
        fc.array(fc.constantFrom(...learnable), { maxLength: 8 }),
        (one, others) => {
          const { original, frame } = one;
          const before = frame.slice();
          const reader = readerOf([...others, original]);
          for (const each of [frame, original, frame]) {
            const record = reader.read(each);
            if (record !== null) expect(outcome(() => record)).toEqual(cold(each));
            if (record !== null)
              expect(
                isDeepStrictEqual(
                  outcome(() => record),
                  cold(each),
                ),
              ).toBe(true);
          }
          expect(frame).toEqual(before);
        },
      );
      checkProperty(property, { numRuns: RUNS });
    },
    TIMEOUT,
  );

  test('reads frames with every single byte changed as the decoder does', () => {
    const long = learnable.filter((frame) => frame.length > 300 && readerOf([frame]).read(frame) !== null);
    for (const frame of long.filter((_, i) => i % Math.ceil(long.length / 12) === 0)) {
      const reader = readerOf([...learnable.slice(0, 20), frame]);
      let read = 0;
      for (let at = 0; at < frame.length; at++) {
        for (const flip of [1, 0x80, (frame[at] as number) ^ 0x4e]) {
          const other = frame.slice();
          other[at] = (other[at] as number) ^ flip;
          const record = reader.read(other);
          if (record === null) continue;
          read++;
          expect(
            isDeepStrictEqual(
              outcome(() => record),
              cold(other),
            ),
            `byte ${at}`,
          ).toBe(true);
        }
      }
      expect(read).toBeGreaterThan(50);
    }
  });

  test('reads no frame that is cut short, wherever it is', () => {
    for (const frame of learnable.filter((_, i) => i % 50 === 0)) {
      const reader = readerOf([frame]);
      reader.read(frame);
      for (let length = 0; length < frame.length; length++) expect(reader.read(frame.subarray(0, length))).toBeNull();
    }
  });
});

/** Small limits too, which frames meet. */
const OPTIONS: readonly RecordDecoderOptions[] = [
  {},
  { unknownGlobals: 'reject' },
  { limits: { maxLineBytes: 12 } },
  { limits: { maxBytes: 500 } },
  { limits: { maxMemo: 30 } },
  { limits: { maxObjects: 1, maxDepth: 1, maxStack: 43 } },
  { limits: { maxIntDigits: 3 } },
];

test(
  'a decoder that has read many frames decodes each as a new one does',
  () => {
    const input = fc.oneof(
      fc.constantFrom(...frames),
      changed.map(({ frame }) => frame),
      changed.map(({ original }) => original),
    );
    const property = fc.property(fc.array(input, { maxLength: 30 }), fc.constantFrom(...OPTIONS), (all, options) => {
      const decoder = new RecordDecoder(options);
      // Twice: what was learned the first time is used the second.
      for (const frame of [...all, ...all]) {
        const warm = outcome(() => decoder.decode(frame));
        const expected = cold(frame, options);
        expect(isDeepStrictEqual(warm, expected)).toBe(true);
      }
    });
    checkProperty(property, { numRuns: Math.ceil(RUNS / 5) });
  },
  TIMEOUT,
);

test('records own their data: nothing of the frame, or of the next one in the same memory, shows in them', () => {
  const shared = new Uint8Array(8192);
  const decoder = new RecordDecoder();
  const read = [...frames, ...frames].flatMap((frame) =>
    // By itself a frame is copied before it is read; with memory behind it, it is read where it stands.
    [new Uint8Array(frame.length), shared].map((memory) => {
      memory.set(frame);
      const decoded = outcome(() => decoder.decode(memory.subarray(0, frame.length)));
      memory.fill(0x58);
      return { frame, decoded };
    }),
  );
  for (const { frame, decoded } of read) expect(isDeepStrictEqual(decoded, cold(frame))).toBe(true);
});
