// The law of encoders: the line of an event is byte for byte what its record's text is, or both fail, for every format and
// for several handlers at once. Over the frames of every Python, changed at random, and over text of all kinds.
// PICKLEWIRE_FUZZ_RUNS sets how many.

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LineBuffer } from '../../src/logging/encode/line-buffer.ts';
import { type TextEncoding, textEncoding } from '../../src/logging/encode/text-encoding.ts';
import { fieldTable, type LogEvent, slotOf } from '../../src/logging/event/index.ts';
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
import { SmallMemory } from '../logging/encode/small-memory.ts';
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
const encodings: readonly TextEncoding[] = [
  ...['utf-8', 'utf-16-le', 'latin-1', 'ascii'].map((name) => textEncoding(name, 'backslashreplace')),
  ...['surrogateescape', 'replace', 'strict'].map((errors) => textEncoding('utf-8', errors)),
];
const utf8 = encodings[0] as TextEncoding;

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
  // What is only to be had as text, and with escapes of which nothing is known.
  new Formatter('\udce9 %(message)s'),
  new EscapingFormatter(new Formatter('\udce9 %(message)s')),
  new EscapingFormatter(new Formatter(BRACES[0], null, '{'), (text) => text.toUpperCase()),
  new JsonFormatter({ maxLength: 100 }),
];
/** Those that may write lines of frames. */
const OF_FRAMES = FORMATTERS.slice(0, -3);

// What has no time of its own is from now, whichever way it is read.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A matcher that knows the templates of these frames. */
function matcherOf(known: readonly Uint8Array[]): TemplateMatcher {
  return new TemplateMatcher(treeOf(known));
}

/** The bytes of a line; or, where it fails, why. */
type Outcome = Buffer | string;

function outcomeOf(make: () => Buffer): Outcome {
  try {
    return make();
  } catch (error) {
    return String(error);
  }
}

const blocks = new BlockQueue();
const lines: ReadonlyMap<TextEncoding, LineBuffer> = new Map(
  encodings.map((encoding) => [encoding, new LineBuffer(blocks, encoding)]),
);

/** What a formatter writes of an event: where lines were written before, as in a file. */
function lineOf(formatter: Formatter, event: LogEvent, encoding: TextEncoding = utf8): Outcome {
  const line = lines.get(encoding) as LineBuffer;
  blocks.begin(line);
  return outcomeOf(() => {
    formatter.encode(event, line);
    blocks.take(line.length);
    const bytes = Buffer.from(blocks.first);
    blocks.remove(bytes.length);
    return bytes;
  });
}

/** What it writes into memory of little room. */
function smallLineOf(formatter: Formatter, event: LogEvent, memory: SmallMemory): Outcome {
  const line = new LineBuffer(memory, utf8);
  memory.begin(line);
  return outcomeOf(() => {
    formatter.encode(event, line);
    memory.check();
    return memory.bytesOf(line.length);
  });
}

/** The text of a record, as it is written. */
function textOf(formatter: Formatter, record: LogRecord, encoding: TextEncoding = utf8): Outcome {
  return outcomeOf(() => Buffer.from(encoding.encode(encoding.prepare(formatter.format(record)))));
}

/** Byte for byte; and where one fails, so does the other, for the same reason. */
function expectSame(found: Outcome, wanted: Outcome): void {
  if (typeof found !== 'string' && typeof wanted !== 'string' && found.equals(wanted)) return;
  expect(found.toString()).toBe(wanted.toString());
  expect(found).toEqual(wanted);
}

/** Lines of events that are located, and how many of them were written of the frame. */
interface Count {
  readonly lines: number;
  readonly ofFrames: number;
}

class Total {
  lines = 0;
  #ofFrames = 0;

  add({ lines: some, ofFrames }: Count): void {
    this.lines += some;
    this.#ofFrames += ofFrames;
  }

  get partOfFrames(): number {
    return this.#ofFrames / this.lines;
  }
}

/** Fails where the line of one of the events is another than its record's, or the record that is left of it. */
function checkLines(
  matcher: TemplateMatcher,
  frames: readonly Uint8Array[],
  formatters: readonly Formatter[] = FORMATTERS,
): Count {
  let located = 0;
  let ofFrames = 0;
  for (const frame of frames) {
    const decode = (): LogRecord | null => {
      try {
        return new RecordDecoder().decode(frame);
      } catch {
        return null;
      }
    };
    const record = decode();
    const event = matcher.locate(frame);
    if (record === null) {
      expect(event).toBeNull();
      continue;
    }
    const wanted = formatters.map((formatter) => textOf(formatter, decode() as LogRecord));
    for (const [i, formatter] of formatters.entries()) {
      expectSame(lineOf(formatter, decode() as LogRecord), wanted[i] as Outcome);
    }
    if (event === null) continue;
    located++;
    // One after another, as several handlers have it: what a formatter does to the record, it does to the event.
    for (const [i, formatter] of formatters.entries()) {
      expectSame(lineOf(formatter, event), wanted[i] as Outcome);
      expectSame(textOf(formatter, record), wanted[i] as Outcome);
      if (event.frame !== null && typeof wanted[i] !== 'string') ofFrames++;
    }
    expect(event.record()).toEqual(record);
    expect([...event.record().extras.keys()]).toEqual([...record.extras.keys()]);
    // And each by itself, in a frame among others.
    for (const [i, formatter] of formatters.entries()) {
      const alone = matcher.locate(chunkOf(frame), frame.length, 2 * frame.length) as LogEvent;
      expectSame(lineOf(formatter, alone), wanted[i] as Outcome);
    }
  }
  return { lines: located * formatters.length, ofFrames };
}

describe('the line of an event', () => {
  test(
    'is the text of its record, and written of the frame for most frames of every Python',
    () => {
      const some = learnable.filter((_, index) => index % 3 === 0);
      const { ofFrames } = checkLines(matcherOf(some), some, OF_FRAMES);
      expect(ofFrames / some.length / OF_FRAMES.length).toBeGreaterThan(0.8);
    },
    TIMEOUT,
  );

  test(
    'is the text of its record for frames that are changed',
    () => {
      const total = new Total();
      const property = fc.property(changed, ({ original, frame }) => {
        total.add(checkLines(matcherOf([original]), [frame, original]));
      });
      checkProperty(property, { numRuns: RUNS / 5 });
      expect(total.partOfFrames).toBeGreaterThan(0.7);
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
      const total = new Total();
      const property = fc.property(
        fc.oneof({ weight: 9, arbitrary: pickledText }, pickledInt),
        entries,
        (msg, rest) => {
          const frame = pickleRecord(msg, rest);
          total.add(checkLines(matcherOf([frame]), [frame]));
        },
      );
      checkProperty(property, { numRuns: RUNS / 2 });
      expect(total.lines).toBeGreaterThan(RUNS);
      expect(total.partOfFrames).toBeGreaterThan(0.4);
    },
    TIMEOUT,
  );

  /** Frames of text, ints and floats, most of them such that a line may be written of them. */
  const someFrame = fc
    .tuple(fc.oneof({ weight: 9, arbitrary: text }, pickledText, pickledInt), entries)
    .map(([msg, rest]) => pickleRecord(msg, { ...rest, args: null, exc_info: null }));
  const NAMES = [...fieldTable.map(({ name }) => name), 'request', 'größe', '$odd', 'nobody', 'missing'];
  const name = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('message', 'name', 'levelno', 'created', 'asctime') },
    fc.constantFrom(...NAMES),
  );
  /** What mostly goes with the kind of a field, and seldom with that of another. */
  const fitting = (forText: readonly string[], forNumbers: readonly string[]): fc.Arbitrary<(of: string) => string> => {
    return fc.tuple(fc.nat(19), fc.nat()).map(([odd, index]) => (of) => {
      const isNumber = /^(?:int|float)$/.test(fieldTable[slotOf(of)]?.kind ?? 'text') !== (odd === 0);
      const some = isNumber ? forNumbers : forText;
      return some[index % some.length] as string;
    });
  };
  const width = fc.oneof(fc.constant(''), fc.nat(300).map(String));
  const places = fc.constantFrom('', '', '', '.0', '.3', '.20');
  const literal = fc.oneof(fc.string({ unit: fc.constantFrom('a', ' ', '€', '\n', '%%', '{{', '}}', '$$') }), text);
  const partsOf = (part: fc.Arbitrary<string>): fc.Arbitrary<string> => {
    const some = fc.array(fc.oneof({ weight: 3, arbitrary: part }, literal), { minLength: 1, maxLength: 4 });
    return some.map((all) => all.join(''));
  };
  const percentPart = fc
    .tuple(
      name,
      fc.constantFrom('', '', '-', '0', ' ', '+', '#', '-0'),
      width,
      places,
      fitting(['s', 's', 'r', 'a'], [...'ddsiufxeGc']),
    )
    .map(([of, flags, columns, digits, conversion]) => `%(${of})${flags}${columns}${digits}${conversion(of)}`);
  const bracePart = fc
    .tuple(
      name,
      fc.constantFrom('', '', '', '!s', '!r', '!a'),
      fc.constantFrom('', '', '<', '>', '^', '*<', '€>'),
      fitting([''], ['', '', '', '=', '+', '#', '0']),
      width,
      fitting(['', '.0', '.20', 's'], ['', '', 'd', '.0f', '.3f', ',', '_', 'x', 'g', '%']),
    )
    .map(([of, conversion, align, sign, columns, type]) => {
      const spec = conversion === '' ? `${align}${sign(of)}${columns}${type(of)}` : `${align}${columns}`;
      return `{${of}${conversion}${spec && `:${spec}`}}`;
    });
  const dollarPart = fc.tuple(name, fc.boolean()).map(([of, braces]) => (braces ? `\${${of}}` : `$${of}`));
  const formats = fc.oneof(
    ...[percentPart, bracePart, dollarPart].map((part, i) =>
      partsOf(part).map((format) => [format, '%{$'[i]] as const),
    ),
  );

  test(
    'is the text of its record for formats at random',
    () => {
      const total = new Total();
      const property = fc.property(formats, fc.boolean(), someFrame, ([format, style], isEscaped, frame) => {
        const formatter = new Formatter(format, null, style, false, { defaults: { nobody: '-' } });
        total.add(checkLines(matcherOf([frame]), [frame], [isEscaped ? new EscapingFormatter(formatter) : formatter]));
      });
      checkProperty(property, { numRuns: 2 * RUNS });
      expect(total.lines).toBeGreaterThan(RUNS);
      expect(total.partOfFrames).toBeGreaterThan(0.6);
    },
    TIMEOUT,
  );

  test(
    'is the same in any order of the handlers that write it',
    () => {
      const total = new Total();
      const someFormatters = fc.shuffledSubarray([...OF_FRAMES], { minLength: 2, maxLength: 8 });
      checkProperty(
        fc.property(someFormatters, someFrame, (some, frame) => {
          total.add(checkLines(matcherOf([frame]), [frame], some));
        }),
        { numRuns: RUNS },
      );
      expect(total.lines).toBeGreaterThan(RUNS);
      expect(total.partOfFrames).toBeGreaterThan(0.7);
    },
    TIMEOUT,
  );

  test(
    'is the same in memory that has hardly more room than is asked for, of which nothing else is written',
    () => {
      let ofFrames = 0;
      let moves = 0;
      const slacks = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
      checkProperty(
        fc.property(fc.constantFrom(...FORMATTERS), someFrame, fc.nat(9), fc.nat(300), slacks, (...some) => {
          const [formatter, frame, before, room, slack] = some;
          const memory = new SmallMemory(before, room, (move) => slack[move % slack.length] as number);
          const event = matcherOf([frame]).locate(frame) ?? new RecordDecoder().decode(frame);
          expectSame(smallLineOf(formatter, event, memory), textOf(formatter, new RecordDecoder().decode(frame)));
          if (event.frame !== null) ofFrames++;
          moves += memory.moves;
        }),
        { numRuns: 2 * RUNS },
      );
      expect(ofFrames).toBeGreaterThan(0.4 * 2 * RUNS);
      expect(moves).toBeGreaterThan(RUNS);
    },
    TIMEOUT,
  );

  test('is the text of its record in every encoding', () => {
    const property = fc.property(someFrame, (frame) => {
      const matcher = matcherOf([frame]);
      for (const encoding of encodings.slice(1)) {
        for (const formatter of FORMATTERS) {
          const event = matcher.locate(frame) ?? new RecordDecoder().decode(frame);
          const wanted = textOf(formatter, new RecordDecoder().decode(frame), encoding);
          for (let time = 0; time < 2; time++) expectSame(lineOf(formatter, event, encoding), wanted);
        }
      }
    });
    checkProperty(property, { numRuns: RUNS / 20 });
  });

  test.each<[string, Record<string, Value>]>([
    ['an exception that is no text yet', { exc_info: 'ValueError' }],
    ['one that is text, too', { exc_info: 'ValueError', exc_text: 'Traceback' }],
    ['one that is true', { exc_info: opcodes('I01\n') }],
    ['one that is false', { exc_info: opcodes('I00\n'), exc_text: '' }],
    ['arguments that are empty', { args: '' }],
    ['arguments that are 0', { args: 0 }],
    ['an argument', { msg: '%s', args: 'one' }],
    ['an argument too many', { args: 7 }],
    ['blocks that end in line feeds', { msg: 'x\n', exc_text: 'Traceback\n', stack_info: 'Stack\n' }],
    ['blocks alone', { msg: '', exc_text: 'Traceback', stack_info: 'Stack' }],
    ['an int for message', { msg: 7 }],
    ['times of -0', { created: opcodes('G\x80\0\0\0\0\0\0\0'), msecs: opcodes('G\x80\0\0\0\0\0\0\0') }],
    ['a time beyond the calendar', { created: 1e12 + 0.5, msecs: -1.5 }],
    ['a message and a time of its sender', { message: 'other', asctime: 'other' }],
  ])('is the text of its record with %s', (_, fields) => {
    const frame = pickleRecord('x', { exc_info: null, exc_text: null, ...fields });
    for (const formatter of FORMATTERS) checkLines(matcherOf([frame]), [frame], [formatter]);
    expect(checkLines(matcherOf([frame]), [frame]).lines).toBe(FORMATTERS.length);
  });

  test('is refused where the text of its record would be too long', () => {
    const formatter = new Formatter('%(name)9000000s%(name)9000000s');
    const frame = pickleRecord('x');
    const event = matcherOf([frame]).locate(frame) as LogEvent;
    const [found, wanted] = [lineOf(formatter, event), textOf(formatter, new RecordDecoder().decode(frame))];
    expect(typeof found === 'string' ? found : `a line of ${found.length} bytes`).toBe(wanted);
  });

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
      expectSame(lineOf(formatter, event), textOf(formatter, new RecordDecoder().decode(frame)));
      expect(event.frame !== null).toBe(OF_FRAMES.includes(formatter));
      const record = event.record();
      expect(event.frame).toBeNull();
      expect(event.record()).toBe(record);
      record.msg = 'after';
      record.levelname = 'CHANGED';
      record.levelno = 51;
      record.name = 'other';
      expect([event.name, event.levelname, event.levelno]).toEqual(['other', 'CHANGED', 51]);
      expectSame(lineOf(formatter, event), textOf(formatter, record));
      expect(lineOf(formatter, event).toString()).toMatch(/after|51/i);
    },
  );
});
