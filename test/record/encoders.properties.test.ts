// The law of encoders: the line of an event is byte for byte what its record's text is, or both fail, for every format and
// for several handlers at once. Over the frames of every Python, changed at random, and over text of all kinds.
// PICKLEWIRE_FUZZ_RUNS sets how many.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineBuffer } from '../../src/logging/encode/line-buffer.ts';
import { textEncoding } from '../../src/logging/encode/text-encoding.ts';
import type { LogEvent } from '../../src/logging/event/index.ts';
import {
  EscapingFormatter,
  escapeControls,
  Formatter,
  JsonFormatter,
  jsonProfiles,
  type LogRecord,
} from '../../src/logging/index.ts';
import { BlockQueue } from '../../src/logging/write/block-queue.ts';
import { RecordDecoder } from '../../src/record/index.ts';
import { TemplateMatcher } from '../../src/record/template/template-matcher.ts';
import { checkProperty, FUZZ_RUNS } from '../properties/check.ts';
import { changed, learnable } from './changed-frames.ts';
import { opcodes, pickleRecord, type Value } from './pickles.ts';
import { chunkOf, treeOf } from './record-reader.ts';

const RUNS = FUZZ_RUNS;
const TIMEOUT = 60_000 + RUNS * 40;

const PERCENT = [
  '%(message)s',
  '%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s',
  '%(asctime)s %(levelname)s %(name)20s[%(process)d] %(message)-40s|%(taskName)8s',
  '%(created)d %(msecs)3d %(levelno)-4d %(lineno)s %(thread)20d %(threadName)s %(processName)s größe %%',
  '%(pathname)s:%(lineno)d %(filename)30s %(module)-30s %(funcName)s: %(message)60s',
  '%(created)s %(msecs)-9s %(relativeCreated).3f %(message).5s %(args)s %(exc_info)s %(name)r',
];
const BRACES = [
  '{relativeCreated:5.0f} {name!s:<15} {levelname!s:<8} {message}',
  '{asctime} {levelno:>4} {lineno:<6d}|{process} {message:40}|{message:>40}|{created:.0f}',
  '{thread:20} {threadName} {processName!r} {message!s:>30s} {created} {msecs:9.0f} {{}}',
];
const MORE = { defaults: { request: '-', user: 'nobody' } };
const FORMATTERS: readonly Formatter[] = [
  ...PERCENT.map((format) => new Formatter(format)),
  ...BRACES.map((format) => new Formatter(format, null, '{')),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: so fields of this style look
  new Formatter('$name ${levelname} $message $asctime $$ $process', null, '$'),
  new Formatter('%(asctime)s %(message)s', '%H:%M:%S %j'),
  new Formatter('%(request)s %(user)-9s %(message)s', null, '%', true, MORE),
  new Formatter('{request} {user} {message}', null, '{', true, MORE),
  ...jsonProfiles.map((profile) => new JsonFormatter({ profile })),
  new EscapingFormatter(new Formatter(PERCENT[1])),
  new EscapingFormatter(new Formatter(PERCENT[0]), escapeControls),
  new EscapingFormatter(new JsonFormatter()),
];

const encoding = textEncoding('utf-8', 'backslashreplace');

/** A matcher that knows the templates of these frames. */
function matcherOf(known: readonly Uint8Array[]): TemplateMatcher {
  return new TemplateMatcher(treeOf(known));
}

/** The line that a formatter writes of an event; null where it fails. */
function lineOf(formatter: Formatter, event: LogEvent): string | null {
  const blocks = new BlockQueue();
  const line = new LineBuffer(blocks, encoding);
  try {
    blocks.begin(line);
    formatter.encode(event, line);
  } catch {
    return null;
  }
  return line.toString();
}

/** The text of the record that a new decoder makes, as it is written; null where it fails. */
function textOf(formatter: Formatter, decode: () => LogRecord): string | null {
  try {
    return Buffer.from(encoding.encode(encoding.prepare(formatter.format(decode())))).toString();
  } catch {
    return null;
  }
}

/** How many lines were written of frames that stayed frames; fails where a line is another than its record's. */
function writtenOf(matcher: TemplateMatcher, frames: readonly Uint8Array[]): number {
  let written = 0;
  for (const frame of frames) {
    const decode = (): LogRecord => new RecordDecoder().decode(frame);
    const wanted = FORMATTERS.map((formatter) => textOf(formatter, decode));
    let located = matcher.locate(frame);
    if (located === null) continue;
    // One after another, as several handlers have it; and each by itself.
    for (const [i, formatter] of FORMATTERS.entries()) {
      expect(lineOf(formatter, located)).toBe(wanted[i]);
      if (located.frame !== null) written++;
    }
    for (const [i, formatter] of FORMATTERS.entries()) {
      located = matcher.locate(chunkOf(frame), frame.length, 2 * frame.length) as NonNullable<typeof located>;
      expect(lineOf(formatter, located)).toBe(wanted[i]);
      expect(lineOf(formatter, decode())).toBe(wanted[i]);
    }
  }
  return written;
}

describe('the line of an event', () => {
  test(
    'is the text of its record, and written of the frame for most frames of every Python',
    () => {
      const some = learnable.filter((_, index) => index % 3 === 0);
      const written = writtenOf(matcherOf(some), some);
      expect(written / some.length / FORMATTERS.length).toBeGreaterThan(0.8);
    },
    TIMEOUT,
  );

  test(
    'is the text of its record for frames that are changed',
    () => {
      const property = fc.property(changed, ({ original, frame }) => {
        writtenOf(matcherOf([original]), [frame, original]);
      });
      checkProperty(property, { numRuns: RUNS / 5 });
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
    'is the text of its record for text, ints and floats of all kinds',
    () => {
      let written = 0;
      const property = fc.property(
        fc.oneof({ weight: 9, arbitrary: pickledText }, pickledInt),
        entries,
        (msg, rest) => {
          const frame = pickleRecord(msg, rest);
          written += writtenOf(matcherOf([frame]), [frame]);
        },
      );
      checkProperty(property, { numRuns: RUNS / 2 });
      expect(written).toBeGreaterThan(RUNS);
    },
    TIMEOUT,
  );

  test.each(FORMATTERS.map((formatter, i) => [i, formatter] as const))(
    'shows what was changed in the record, once that was asked for (formatter %i)',
    (_, formatter) => {
      const frame = pickleRecord('before', {
        exc_text: 'Traceback',
        process: 8,
        lineno: 7,
        thread: opcodes('K\x07'),
      });
      const event = matcherOf([frame]).locate(frame) as LogEvent;
      const record = event.record();
      expect(event.frame).toBeNull();
      expect(event.record()).toBe(record);
      record.msg = 'after';
      record.levelname = 'CHANGED';
      record.levelno = 51;
      record.name = 'other';
      expect([event.name, event.levelname, event.levelno]).toEqual(['other', 'CHANGED', 51]);
      expect(lineOf(formatter, event)).toBe(textOf(formatter, () => record));
      expect(lineOf(formatter, event)).toMatch(/after|51/);
    },
  );
});
