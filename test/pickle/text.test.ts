// Bytes to strings, at every boundary of UTF-8 (Unicode table 3-7) and of the pieces in which long text is put together.
// The engine's own decoder says what is UTF-8; what it cannot say, of surrogates, is said here.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PickleError } from '../../src/pickle/index.ts';
import { decodeAscii, decodeLatin1, decodeUtf8, encodeLatin1, type Utf8Errors } from '../../src/pickle/text.ts';
import { checkProperty } from '../properties/check.ts';

const engine = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** A surrogate as Python's surrogatepass writes it: the engine refuses all of a text with one. */
const SURROGATE = [0xed, 0xa0, 0x80];
const BOUNDARIES = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xcfff, 0xd000, 0xd7ff, 0xe000, 0xffff].concat([
  0x10000, 0x3ffff, 0x40000, 0xfffff, 0x100000, 0x10ffff,
]);

function decode(bytes: readonly number[], errors: Utf8Errors): string {
  // Other bytes stand before and after it, which are not its own.
  const all = Uint8Array.from([0x41, ...bytes, 0x80]);
  return decodeUtf8(all, 1, all.length - 1, errors);
}

/** The text, or null where it is refused, which must be in the way that everything is. */
function decodeOrNull(bytes: readonly number[], errors: Utf8Errors): string | null {
  try {
    return decode(bytes, errors);
  } catch (error) {
    if (error instanceof PickleError && error.code === 'ERR_PICKLE_TEXT') return null;
    throw error;
  }
}

function byEngine(bytes: readonly number[]): string | null {
  try {
    return engine.decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

/** Three bytes for each lone surrogate, and for each other character as many as UTF-8 has. */
function encode(text: string): number[] {
  return Array.from(text).flatMap((character) => {
    const code = character.codePointAt(0) as number;
    const lone = code >= 0xd800 && code <= 0xdfff;
    return lone ? [0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)] : [...Buffer.from(character)];
  });
}

describe('UTF-8', () => {
  test.each(BOUNDARIES)('of U+%i is that character, with a surrogate before it as well', (code) => {
    const character = String.fromCodePoint(code);
    const bytes = encode(character);
    for (const errors of ['strict', 'surrogatepass', 'surrogateescape'] as const) {
      expect(decode(bytes, errors)).toBe(character);
      expect(decode([...bytes, ...bytes, ...bytes], errors)).toBe(character.repeat(3));
    }
    expect(decode([...SURROGATE, ...bytes, 0x41], 'surrogatepass')).toBe(`\ud800${character}A`);
    expect(decode([0xff, ...bytes, 0x41], 'surrogateescape')).toBe(`\udcff${character}A`);
  });

  test('is read as the engine reads it, wherever a byte is no longer one of a sequence', () => {
    const seconds = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    const others = [0x7f, 0x80, 0xbf, 0xc0];
    const sequences: number[][] = [];
    for (const lead of [
      0x7f, 0x80, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
    ]) {
      sequences.push([lead]);
      for (const second of seconds) {
        sequences.push([lead, second]);
        for (const third of others) {
          sequences.push([lead, second, third]);
          for (const fourth of others) sequences.push([lead, second, third, fourth]);
        }
      }
    }
    const wrong = sequences.filter((bytes) => {
      const text = byEngine(bytes);
      const after = decodeOrNull([...SURROGATE, ...bytes], 'surrogatepass');
      return decodeOrNull(bytes, 'strict') !== text || after !== (text === null ? null : `\ud800${text}`);
    });
    expect(wrong).toEqual([]);
  });

  test.each([0xd800, 0xdbff, 0xdc00, 0xdfff])('of the surrogate U+%i is it with surrogatepass only', (code) => {
    const surrogate = String.fromCharCode(code);
    const bytes = encode(surrogate);
    expect(decode(bytes, 'surrogatepass')).toBe(surrogate);
    expect(decodeOrNull(bytes, 'strict')).toBeNull();
    const escaped = bytes.map((byte) => String.fromCharCode(0xdc00 + byte)).join('');
    expect(decode(bytes, 'surrogateescape')).toBe(escaped);
  });

  test('with surrogateescape gives back every byte of what is none', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const back = Array.from(decode([...bytes], 'surrogateescape')).flatMap((character) => {
        const unit = character.charCodeAt(0);
        return character.length === 1 && unit >= 0xdc80 && unit <= 0xdcff ? [unit - 0xdc00] : encode(character);
      });
      expect(back).toEqual([...bytes]);
    });
    checkProperty(property);
  });

  test('has a byte-order mark like any other character', () => {
    expect(decode([0xef, 0xbb, 0xbf, 0x41], 'strict')).toBe('\ufeffA');
    expect(decode([0xef, 0xbb, 0xbf, ...SURROGATE], 'surrogatepass')).toBe('\ufeff\ud800');
  });

  test.each([0, 1, 23, 24, 25, 26, 8191, 8192, 8193, 500_000])('of %i characters is all of them', (length) => {
    for (const character of length === 0 ? [''] : ['a', '\xe9', '\ud800', '\u{10000}']) {
      const before = Math.max(0, length - 1);
      const bytes = Buffer.concat([Buffer.alloc(before, 'b'), Uint8Array.from(encode(character))]);
      expect(decodeUtf8(bytes, 0, bytes.length, 'surrogatepass') === 'b'.repeat(before) + character).toBe(true);
    }
  });

  test.each([
    ['strict', [0x61, 0xff], 'byte 0xff at position 1 of a string is not UTF-8'],
    ['surrogatepass', [...SURROGATE, 0xe9, 0x61], 'byte 0xe9 at position 3 of a string is not UTF-8'],
    ['strict', [0x80], 'byte 0x80 at position 0 of a string is not UTF-8'],
    ['strict', [...new Array<number>(30).fill(0x61), 0xc3], 'byte 0xc3 at position 30 of a string is not UTF-8'],
  ] as const)('that is none is said to be so at its first bad byte (%s, %j)', (errors, bytes, reason) => {
    expect(() => decode(bytes, errors)).toThrow(new PickleError('ERR_PICKLE_TEXT', reason));
  });
});

describe('ASCII', () => {
  test('is bytes up to 127', () => {
    const all = Uint8Array.from({ length: 129 }, (_, byte) => byte);
    expect(decodeAscii(all, 1, 128)).toBe(engine.decode(all.subarray(1, 128)));
    const error = new PickleError('ERR_PICKLE_TEXT', 'byte 0x80 at position 8 of a string is not ASCII');
    expect(() => decodeAscii(all, 120, 129)).toThrow(error);
  });
});

describe('Latin-1', () => {
  test.each([0, 1, 8191, 8192, 8193, 500_000])('of %i bytes is as many characters, and back', (length) => {
    const bytes = Uint8Array.from({ length: length + 2 }, (_, i) => i % 256);
    const text = decodeLatin1(bytes, 1, length + 1);
    expect(text === Buffer.from(bytes.subarray(1, length + 1)).toString('latin1')).toBe(true);
    expect(Buffer.from(encodeLatin1(text) as Uint8Array).equals(bytes.subarray(1, length + 1))).toBe(true);
  });

  test('has no bytes for characters over U+00FF', () => {
    expect(encodeLatin1('a\xff')).toEqual(Uint8Array.of(0x61, 0xff));
    for (const text of ['\u0100', 'a\u0100b', '\u{1f600}']) expect(encodeLatin1(text)).toBeNull();
  });
});
