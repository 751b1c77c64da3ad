// LineBuffer: text and numbers are written as the texts of JavaScript and Python that they stand for, in memory that grows.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { floatJSON } from '../../../src/logging/encode/json/float-json.ts';
import { quote } from '../../../src/logging/encode/json/quote.ts';
import { LineBuffer } from '../../../src/logging/encode/line-buffer.ts';
import { literalOf } from '../../../src/logging/encode/literal.ts';
import { textEncoding } from '../../../src/logging/encode/text-encoding.ts';
import { type FrameFields, TEXT } from '../../../src/logging/event/log-event.ts';
import { checkProperty } from '../../properties/check.ts';
import { SmallMemory } from './small-memory.ts';

/** What is written, in UTF-8, into memory of some room at first, and of little more than is asked for after that. */
function written(write: (line: LineBuffer) => void, room = 1024, encoding = 'utf-8', slack = 0): Buffer {
  const memory = new SmallMemory(100, room, () => slack);
  const line = new LineBuffer(memory, textEncoding(encoding, 'backslashreplace'));
  memory.begin(line);
  write(line);
  memory.check();
  return memory.bytesOf(line.length);
}

/** A text as the field of a frame, in the slot 0; other text follows it at once. */
function frameOf(text: string): FrameFields {
  const bytes = Buffer.from(`"\\${text}"\\\n${'x'.repeat(8)}`);
  return {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    kinds: Uint8Array.of(TEXT),
    starts: Int32Array.of(2),
    lengths: Int32Array.of(Buffer.byteLength(text)),
    numbers: new Float64Array(1),
    values: [null],
    extras: [],
    extraCount: 0,
    text: () => text,
  };
}

test('a float is that of floatJSON, whatever its size and however many decimals it has', () => {
  const seconds = fc.integer({ min: 0, max: 2 ** 33 });
  const float = fc.oneof(
    fc.double(),
    fc.double({ min: 0.5, max: 2 ** 34, noNaN: true }),
    // As Python makes them: time.time_ns() / 1e9, and nanoseconds / 1e6.
    fc
      .tuple(seconds, fc.nat(999_999_999))
      .map(([whole, rest]) => Number(BigInt(whole) * 1_000_000_000n + BigInt(rest)) / 1e9),
    fc.maxSafeInteger().map((nanoseconds) => Math.abs(nanoseconds) / 1e6),
    fc.tuple(seconds, fc.nat(7), fc.nat(9_999_999)).map(([whole, places, rest]) => whole + rest / 10 ** places),
    // Every place between two floats of the years 2004 to 2038.
    fc
      .tuple(fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }), fc.nat(2 ** 22))
      .map(([whole, part]) => whole + part / 2 ** 22),
    // As near to one seventh decimal as to the next.
    fc
      .tuple(fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }), fc.nat(127))
      .map(([whole, part]) => whole + (2 * part + 1) / 256),
  );
  const property = fc.property(float, (value) => {
    expect(written((line) => line.float(value)).toString()).toBe(floatJSON(value));
  });
  checkProperty(property, { numRuns: 5000 });
});

test('an int is its digits, in columns', () => {
  const int = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer(),
    fc.nat(1000),
    fc.constantFrom(0, 99_999_999, 100_000_000, 10 ** 15),
  );
  const property = fc.property(int, fc.nat(30), fc.boolean(), (value, width, left) => {
    const text = String(value);
    const twice = written((line) => {
      // The second time, a long one may be kept.
      for (let time = 0; time < 3; time++) line.int(value, width, left);
    });
    expect(twice.toString()).toBe((left ? text.padEnd(width) : text.padStart(width)).repeat(3));
  });
  checkProperty(property, { numRuns: 2000 });
});

const unit = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', ' ') },
  fc.constantFrom(
    '"',
    '\\',
    '\n',
    '\r',
    '\t',
    '\0',
    '\x1f',
    '\x7f',
    '\x80',
    '\x9f',
    '\xa0',
    'é',
    '€',
    '\u2027',
    '\u2028',
    '😀',
  ),
);
const text = fc.string({ unit, maxLength: 80 });

describe('a text of a frame', () => {
  test('and a string are quoted as JSON has them, whatever the room at first', () => {
    const property = fc.property(text, fc.nat(90), fc.nat(9), (each, room, slack) => {
      const bytesOf = (write: (line: LineBuffer) => void): string => written(write, room, 'utf-8', slack).toString();
      expect(bytesOf((line) => line.quotedText(frameOf(each), 0))).toBe(quote(each));
      expect(bytesOf((line) => line.quoted(each))).toBe(quote(each));
    });
    checkProperty(property, { numRuns: 2000 });
  });

  test('is quoted for every character that there is', () => {
    for (let code = 0; code < 0x30000; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const each = `${'x'.repeat(code & 3)}${String.fromCodePoint(code)}y`;
      if (written((line) => line.quotedText(frameOf(each), 0)).toString() !== quote(each)) expect(each).toBe('quoted');
    }
  });

  test('is copied into columns of characters, whatever the room at first', () => {
    const layout = fc.tuple(fc.nat(100), fc.boolean());
    const property = fc.property(text, layout, fc.nat(60), fc.nat(9), (each, [width, left], room, slack) => {
      const missing = ' '.repeat(Math.max(0, width - [...each].length));
      const wanted = left ? each + missing : missing + each;
      const found = written((line) => line.text(frameOf(each), 0, width, left), room, 'utf-8', slack);
      expect(found.toString()).toBe(wanted);
    });
    checkProperty(property, { numRuns: 1000 });
  });
});

describe('a string', () => {
  test('is written as its encoding has it, piece by piece, in memory that grows', () => {
    const pieces = fc.array(
      fc.oneof(text, fc.string({ unit: fc.constantFrom('\ud83d', '\udce9', 'é', 'x'), maxLength: 50 })),
    );
    const property = fc.property(pieces, fc.constantFrom('utf-8', 'utf-16-le', 'latin-1'), (all, name) => {
      const { encode, prepare } = textEncoding(name, 'backslashreplace');
      const wanted = Buffer.concat(all.map((each) => encode(prepare(each))));
      const found = written(
        (line) => {
          for (const each of all) line.string(each);
        },
        0,
        name,
      );
      expect(found.equals(wanted)).toBe(true);
    });
    checkProperty(property, { numRuns: 500 });
  });

  test('counts its characters as Python does, the terminator apart, whatever replaces them', () => {
    for (const name of ['utf-8', 'utf-16-le', 'latin-1']) {
      written(
        (line) => {
          line.string('a\ud800é😀');
          line.string('x'.repeat(40));
          line.end('\n');
          expect([name, line.characters]).toEqual([name, 44]);
          expect(line.hasReplaced || name === 'utf-16-le').toBe(true);
        },
        0,
        name,
      );
    }
  });
});

test('a literal, a line feed where there is none, and what is cut, taken out and patched', () => {
  const found = written((line) => {
    line.literal(literalOf('größe'));
    line.newline();
    line.newline();
    const place = line.length;
    line.string('plain\ttext');
    expect([line.isPlainFrom(place), line.isPlainFrom(0)]).toEqual([true, false]);
    expect(line.takeFrom(place)).toBe('plain\ttext');
    line.string('cut');
    line.truncate(place);
    line.string(',end');
    line.patch(place, 0x7b);
    expect(line.toString()).toBe('größe\n{end');
  }, 0);
  expect(found.toString()).toBe('größe\n{end');
});

test('a line is plain where all of it is ASCII that a terminal shows, or tabs', () => {
  const isPlain = (each: string): boolean =>
    [...Buffer.from(each)].every((byte) => byte === 9 || (byte >= 0x20 && byte < 0x7f));
  const property = fc.property(text, text, (before, each) => {
    written((line) => {
      line.string(before);
      const place = line.length;
      line.string(each);
      expect(line.isPlainFrom(place)).toBe(isPlain(each));
    }, 0);
  });
  checkProperty(property, { numRuns: 3000 });
});

/** One thing that is done with a line. */
type Piece = (line: LineBuffer) => void;

test('a line is the same in any memory, however little more than asked for there is, and nothing else is written', () => {
  const columns = fc.tuple(fc.nat(40), fc.boolean());
  const piece: fc.Arbitrary<Piece> = fc.oneof(
    text.map(
      (each): Piece =>
        (line) =>
          line.string(each),
    ),
    fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', 'x'), maxLength: 40 }).map((each): Piece => {
      return (line) => line.string(each);
    }),
    text.map(
      (each): Piece =>
        (line) =>
          line.quoted(each),
    ),
    text.map(
      (each): Piece =>
        (line) =>
          line.quotedText(frameOf(each), 0),
    ),
    text.map(
      (each): Piece =>
        (line) =>
          line.literal(literalOf(each)),
    ),
    fc.tuple(text, columns).map(
      ([each, [width, left]]): Piece =>
        (line) =>
          line.text(frameOf(each), 0, width, left),
    ),
    fc.tuple(fc.maxSafeInteger(), columns).map(([each, [width, left]]): Piece => {
      return (line) => line.int(each, width, left);
    }),
    fc.oneof(fc.double(), fc.double({ min: 0, max: 2 ** 31, noNaN: true })).map((each): Piece => {
      return (line) => line.float(each);
    }),
    fc.constant<Piece>((line) => line.newline()),
    fc.constant<Piece>((line) => line.quote()),
    fc.constant<Piece>((line) => line.string(line.takeFrom(0).slice(0, 40))),
    fc.constant<Piece>((line) => line.length > 0 && line.patch(line.length - 1, 0x7b)),
    fc.constant<Piece>((line) => line.restart()),
  );
  const slacks = fc.array(fc.nat(9), { minLength: 1, maxLength: 8 });
  const property = fc.property(
    fc.array(piece, { maxLength: 12 }),
    fc.nat(20),
    fc.nat(40),
    slacks,
    (pieces, before, room, some) => {
      const large = new SmallMemory(0, 64 * 1024);
      const small = new SmallMemory(before, room, (move) => some[move % some.length] as number);
      const [wanted, found] = [large, small].map((memory) => {
        const line = new LineBuffer(memory, textEncoding('utf-8', 'backslashreplace'));
        memory.begin(line);
        for (const each of pieces) each(line);
        line.end('\n');
        memory.check();
        return [memory.bytesOf(line.length).toString('latin1'), line.characters, line.hasReplaced];
      });
      expect(found).toEqual(wanted);
      expect(large.moves).toBe(0);
    },
  );
  checkProperty(property, { numRuns: 2000 });
});
