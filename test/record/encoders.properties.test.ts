// The law of lines that are written without a record: they are byte for byte what the record's line is, or are given up.
// Over the frames of every Python, changed at random, and over text of all kinds. PICKLEWIRE_FUZZ_RUNS sets how many.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineBuffer, OVERRUN } from '../../src/logging/encode/line-buffer.ts';
import { Formatter, JsonFormatter, type LogRecord } from '../../src/logging/index.ts';
import { textEncoding } from '../../src/logging/encode/text-encoding.ts';
import type { FrameEvent } from '../../src/record/frame-event.ts';
import { RecordDecoder } from '../../src/record/index.ts';
import { TemplateMatcher } from '../../src/record/template/template-matcher.ts';
import { changed, learnable } from './changed-frames.ts';
import { opcodes, pickleRecord, type Value } from './pickles.ts';
import { chunkOf, treeOf } from './record-reader.ts';

const RUNS = Number(process.env['PICKLEWIRE_FUZZ_RUNS'] ?? 500);
const TIMEOUT = 30_000 + RUNS * 20;

const FORMATS = [
  '%(message)s',
  '%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s',
  '%(asctime)s %(levelname)s %(name)20s[%(process)d] %(message)-40s|%(taskName)8s',
  '%(created)d %(msecs)3d %(levelno)-4d %(lineno)s %(thread)20d %(threadName)s %(processName)s größe %%',
  '%(pathname)s:%(lineno)d %(filename)30s %(module)-30s %(funcName)s: %(message)60s',
];
const FORMATTERS: readonly Formatter[] = [...FORMATS.map((format) => new Formatter(format)), new JsonFormatter()];

const encoding = textEncoding('utf-8', 'backslashreplace');
const bytes = Buffer.alloc(256 * 1024);
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** A reader that knows the layouts of these frames. */
function readerOf(known: readonly Uint8Array[]): TemplateMatcher {
  return new TemplateMatcher(treeOf(known));
}

/** The line that is written of a frame without a record; null where it is given up. */
function rawLine(formatter: Formatter, located: FrameEvent | null): Buffer | null {
  const space = new LineBuffer();
  space.begin(bytes, view, 0);
  if (located === null || !formatter.formatRaw(located, space)) return null;
  return Buffer.from(bytes.subarray(0, space.length));
}

/** The line of the record that a new decoder makes of it; null where there is none. */
function recordLine(formatter: Formatter, frame: Uint8Array): Buffer | null {
  let record: LogRecord;
  try {
    record = new RecordDecoder().decode(frame);
    return Buffer.from(encoding.encode(encoding.prepare(formatter.format(record))));
  } catch {
    return null;
  }
}

/** How many of the frames were written so; fails where one was written otherwise than its record is. */
function writtenOf(reader: TemplateMatcher, frames: readonly Uint8Array[]): number {
  let written = 0;
  for (const frame of frames) {
    for (const formatter of FORMATTERS) {
      const line = rawLine(formatter, reader.locate(frame));
      const inChunk = rawLine(formatter, reader.locate(chunkOf(frame), frame.length, 2 * frame.length));
      expect(inChunk).toEqual(line);
      if (line === null) continue;
      written++;
      expect(line).toEqual(recordLine(formatter, frame));
    }
  }
  return written;
}

describe('a line without a record', () => {
  test('is the line of the record, for most frames of every Python', () => {
    const written = writtenOf(readerOf(learnable), learnable);
    expect(written / learnable.length / FORMATTERS.length).toBeGreaterThan(0.8);
  });

  test(
    'is the line of the record, or there is none, for frames that are changed',
    () => {
      const property = fc.property(changed, ({ original, frame }) => {
        writtenOf(readerOf([original]), [frame, original]);
      });
      fc.assert(property, { numRuns: RUNS });
    },
    TIMEOUT,
  );

  const unit = fc.constantFrom(
    'a',
    'b',
    ' ',
    '"',
    '\\',
    '\n',
    '\r',
    '\t',
    '\0',
    '\x1f',
    '\x7f',
    '\x85',
    'é',
    '€',
    '\u2028',
    '😀',
  );
  const text = fc.oneof(
    fc.string({ unit, maxLength: 30 }),
    fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 90 }),
  );
  const someText: fc.Arbitrary<Value> = fc.oneof(
    { weight: 29, arbitrary: text },
    fc.uint8Array({ maxLength: 6 }).map((raw) => Buffer.concat([Buffer.of(0x55, raw.length), raw])),
  );
  const pickledText: fc.Arbitrary<Value> = fc.oneof({ weight: 4, arbitrary: someText }, fc.constant(null));
  const int = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 10 ** 15 - 1 }));
  const pickledInt: fc.Arbitrary<Value> = fc.oneof(
    int.map((value) => opcodes(`L${value}L\n`)),
    fc.constantFrom(opcodes('K\x00'), opcodes('K\xff'), opcodes('M\xff\xff'), opcodes('J\xff\xff\xff\xff')),
  );
  const pickledFloat: fc.Arbitrary<Value> = fc
    .oneof(fc.double(), fc.integer(), fc.double({ min: 1e9, max: 2e9, noNaN: true }))
    .map((value) => {
      const pickled = Buffer.alloc(9, 'G');
      pickled.writeDoubleBE(value, 1);
      return pickled;
    });
  const scalar = fc.oneof(
    pickledText,
    pickledInt,
    pickledFloat,
    fc.constantFrom(opcodes('I01\n'), opcodes('I00\n'), opcodes('N')),
  );
  const entries: fc.Arbitrary<Record<string, Value>> = fc.record(
    {
      name: pickledText,
      args: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, scalar),
      levelname: someText,
      levelno: pickledInt,
      pathname: someText,
      filename: someText,
      module: someText,
      exc_info: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, pickledText),
      exc_text: pickledText,
      stack_info: pickledText,
      lineno: pickledInt,
      funcName: pickledText,
      created: pickledFloat,
      msecs: pickledFloat,
      relativeCreated: pickledFloat,
      thread: pickledInt,
      threadName: pickledText,
      processName: pickledText,
      process: pickledInt,
      taskName: pickledText,
      message: pickledText,
      asctime: pickledText,
      request: scalar,
      'dd.trace_id': scalar,
      $odd: scalar,
      größe: scalar,
    },
    { requiredKeys: [] },
  );

  test(
    'is the line of the record, or there is none, for text, ints and floats of all kinds',
    () => {
      let written = 0;
      const property = fc.property(
        fc.oneof({ weight: 9, arbitrary: pickledText }, pickledInt),
        entries,
        (msg, rest) => {
          const frame = pickleRecord(msg, rest);
          written += writtenOf(readerOf([frame]), [frame]);
        },
      );
      fc.assert(property, { numRuns: RUNS });
      expect(written).toBeGreaterThan(RUNS);
    },
    TIMEOUT,
  );

  test('leaves what stands around its room alone, and is given up where that is too small', () => {
    const frame = pickleRecord('a "quoted" größe\nof two lines', {
      exc_text: 'Traceback…',
      pathname: '/srv/größe.py',
      filename: 'größe.py',
      module: 'größe',
      funcName: 'f',
      lineno: 7,
      process: 8,
      thread: opcodes('L123456789012L\n'),
    });
    const reader = readerOf([frame]);
    for (const formatter of FORMATTERS) {
      const whole = recordLine(formatter, frame) as Buffer;
      for (let room = 0; room <= whole.length + 300; room++) {
        const small = Buffer.alloc(100 + room + OVERRUN, 0xaa);
        const space = new LineBuffer();
        const located = reader.locate(frame);
        space.begin(small, new DataView(small.buffer, small.byteOffset, small.length), 100);
        if (located !== null && formatter.formatRaw(located, space)) {
          expect(small.subarray(100, 100 + space.length)).toEqual(whole);
          expect(space.length).toBeLessThanOrEqual(room);
        } else {
          expect(room).toBeLessThan(3 * whole.length + 3);
        }
        expect(small.subarray(0, 100)).toEqual(Buffer.alloc(100, 0xaa));
      }
    }
  });
});
