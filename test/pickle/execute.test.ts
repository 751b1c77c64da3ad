// The rare opcodes, where their arguments are text in some encoding or values of some kind: what each takes and refuses.

import { describe, expect, test } from 'vitest';
import { PyByteArray, PyGlobal, type UnpickleOptions, unpickle } from '../../src/pickle/index.ts';
import { bytes, failure, uint } from './pickles.ts';

const INERT: UnpickleOptions = { unknownGlobals: 'inert', persistentLoad: (id) => id };

/** The code of the error, without `ERR_PICKLE_`. */
function code(pickle: string, options: UnpickleOptions = INERT): string {
  return failure(bytes(`${pickle}.`), options).code.replace('ERR_PICKLE_', '');
}

test.each([
  ['SHORT_BINUNICODE', (text: string) => `\x8c${uint(text.length, 1)}${text}`],
  ['BINUNICODE', (text: string) => `X${uint(text.length, 4)}${text}`],
  ['BINUNICODE8', (text: string) => `\x8d${uint(text.length, 8)}${text}`],
])('%s is UTF-8 in which lone surrogates are characters', (_, write) => {
  for (const [text, value] of [
    ['', ''],
    ['\xc3\xa9', '\xe9'],
    ['\xf0\x9f\x98\x80', '\u{1f600}'],
    ['\xed\xa0\x80\xed\xbf\xbf', '\ud800\udfff'],
    ['\xef\xbb\xbfa', '\ufeffa'],
  ] as const) {
    expect(unpickle(bytes(`${write(text)}.`))).toBe(value);
  }
  for (const text of ['\xe9', '\xc3', '\xed\xa0', '\xf5\x80\x80\x80']) expect(code(write(text))).toBe('TEXT');
});

describe('names', () => {
  test('of GLOBAL are UTF-8, without surrogates', () => {
    const name = unpickle(bytes('cm\xc3\xa9\nn\xf0\x9f\x98\x80\n.'), INERT);
    expect(name).toEqual(new PyGlobal('m\xe9', 'n\u{1f600}'));
    for (const text of ['\xe9', '\xed\xa0\x80']) {
      expect(code(`c${text}\nn\n`)).toBe('TEXT');
      expect(code(`cm\n${text}\n`)).toBe('TEXT');
    }
  });

  test('of INST are ASCII, and so is the id of PERSID', () => {
    for (const text of ['\xe9', '\xc3\xa9']) {
      expect(code(`(i${text}\nn\n`)).toBe('TEXT');
      expect(code(`(im\n${text}\n`)).toBe('TEXT');
      expect(code(`P${text}\n`)).toBe('TEXT');
    }
    expect(unpickle(bytes('(im\nn~\n.'), INERT)).toMatchObject({ module: 'm', name: 'n~' });
    expect(unpickle(bytes('P~\n.'), INERT)).toBe('~');
  });
});

describe('READONLY_BUFFER', () => {
  test.each([
    ['a Uint8Array', new Uint8Array(1)],
    ['a view of another type', new Float64Array(1)],
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['a bytearray', new PyByteArray(new Uint8Array(1))],
  ])('leaves %s as it is', (_, buffer) => {
    expect(unpickle(bytes('\x97\x98.'), { buffers: [buffer] })).toBe(buffer);
  });

  test.each(['N', ']', 'K\x01', '\x8c\x01a', '}'])('takes no %j', (pickle) => {
    expect(code(`${pickle}\x98`)).toBe('TYPE');
  });

  test('takes bytes of the pickle itself', () => {
    expect(unpickle(bytes('C\x01a\x98.'))).toEqual(Uint8Array.of(0x61));
    expect(unpickle(bytes(`\x96${uint(1, 8)}a\x98.`))).toEqual(new PyByteArray(Uint8Array.of(0x61)));
  });
});

test('a protocol that does not exist is refused, and every other is taken', () => {
  for (let protocol = 0; protocol <= 5; protocol++) {
    expect(unpickle(bytes(`\x80${uint(protocol, 1)}N.`))).toBeNull();
  }
  for (const protocol of [6, 0xff]) expect(code(`\x80${uint(protocol, 1)}N`)).toBe('OPCODE');
});

test('a byte that is no opcode is named in hex', () => {
  expect(failure(bytes('\x00')).reason).toBe('0x00 is no opcode');
  expect(failure(bytes('N\xff')).reason).toBe('0xff is no opcode');
});

test('OBJ without a class above its mark lacks a value', () => {
  expect(code('(o')).toBe('STACK');
  expect(code('cm\nn\n(o')).toBe('STACK');
});

test('keyword arguments are a dict whose keys are str', () => {
  expect(unpickle(bytes('cm\nn\n)}\x8c\x01aNs\x92.'), INERT)).toMatchObject({ kwargs: new Map([['a', null]]) });
  for (const kwargs of ['N', ']', ')', '}K\x01Ns']) expect(code(`cm\nn\n)${kwargs}\x92`)).toBe('TYPE');
});
