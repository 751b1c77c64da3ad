// Which strs go through a cache, and which Python 2 strs are bytes whatever they are read as.

import { describe, expect, test } from 'vitest';
import { repr, unpickle } from '../../src/pickle/index.ts';
import { StrReader } from '../../src/pickle/str-reader.ts';
import { CACHED_BYTES } from '../../src/pickle/string-cache.ts';
import { decodeLatin1 } from '../../src/pickle/text.ts';
import { bytes, global } from './pickles.ts';

describe('a reader of strs', () => {
  /** How often the same string is made when it is read so many times. */
  function made(length: number, times: number): number {
    let count = 0;
    const reader = new StrReader((data, start, end) => {
      count++;
      return decodeLatin1(data, start, end);
    });
    const data = bytes('-'.repeat(100) + 'a'.repeat(length));
    for (let i = 0; i < times; i++) expect(reader.read(data, 100, data.length)).toBe('a'.repeat(length));
    return count;
  }

  test('makes each of the few short strings of a small pickle, and of many strings the same one once', () => {
    expect(made(CACHED_BYTES, 20)).toBe(20);
    expect(made(CACHED_BYTES, 1000)).toBeLessThan(40);
  });

  test('makes a long string each time', () => {
    expect(made(CACHED_BYTES + 1, 1000)).toBe(1000);
  });

  test('reads an empty string as one, whatever stands around it', () => {
    const reader = new StrReader(decodeLatin1);
    const data = new Uint8Array(100);
    for (let at = 1; at < 100; at++) {
      expect(reader.read(data, at - 1, at)).toBe('\0');
      expect(reader.read(data, at, at)).toBe('');
    }
  });
});

describe.each(['ascii', 'latin1', 'utf8', 'surrogateescape', 'bytes'] as const)(
  'a Python 2 str, read as %s,',
  (strings) => {
    const text = (value: string): string => (strings === 'bytes' ? `b'${value}'` : `'${value}'`);

    test.each([
      ['datetime', 'U\x0a\x07\xe8\x01\x02\x03\x04\x05\0\x80\xff', 'datetime.datetime(2024, 1, 2, 3, 4, 5, 33023)'],
      ['date', 'U\x04\x07\xe8\x01\x02', 'datetime.date(2024, 1, 2)'],
      ['time', 'U\x06\x03\x04\x05\0\x80\xff', 'datetime.time(3, 4, 5, 33023)'],
    ])('is bytes as the state of a %s', (name, state, shown) => {
      expect(repr(unpickle(bytes(`${global('datetime', name)}(${state}tR.`), { strings }))).toBe(shown);
    });

    test.each([
      ['after a class of datetime that packs nothing', `${global('datetime', 'timedelta')}U\x01a`, ['a']],
      ['after a class of another module', `${global('__builtin__', 'list')}U\x01a`, ['a']],
      ['after a class of another module, of the same name', `${global('m', 'date')}U\x01a`, ['a']],
      ['after a class and another str', `${global('__builtin__', 'list')}U\x01aU\x01b`, ['a', 'b']],
      ['after an exception and another str', `${global('exceptions', 'ValueError')}U\x01aU\x01b`, ['a', 'b']],
      ['after what is no class', 'NU\x01a', ['a']],
    ])('is read so %s', (_where, pickle, strs) => {
      const [, ...rest] = unpickle(bytes(`(${pickle}l.`), { strings, unknownGlobals: 'inert' }) as unknown[];
      expect(rest.map((str) => repr(str))).toEqual(strs.map(text));
    });
  },
);

test('a Python 2 str is bytes as the object of a UnicodeDecodeError, and text as its encoding and its reason', () => {
  const pickle = bytes(`${global('exceptions', 'UnicodeDecodeError')}(U\x05asciiU\x02\xc3\xa9K\0K\x01U\x03no!tR.`);
  for (const strings of ['ascii', 'latin1', 'utf8', 'surrogateescape'] as const) {
    expect(repr(unpickle(pickle, { strings }))).toBe("UnicodeDecodeError('ascii', b'\\xc3\\xa9', 0, 1, 'no!')");
  }
});
