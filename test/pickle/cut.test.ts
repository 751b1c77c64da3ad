// Every opcode, cut at every byte: data that ends there is an error at the opcode, and data that goes on in the next
// chunk decodes as if it had never been cut.

import { describe, expect, test } from 'vitest';
import { opcodes, type PickleError, repr, type UnpickleOptions } from '../../src/pickle/index.ts';
import { Unpickler } from '../../src/pickle/unpickler.ts';
import { bytes, checked, failure, uint } from './pickles.ts';

/** What stands before the opcode, its argument, what stands after it, and the repr() of what it makes. */
type Sample = readonly [before: string, argument: string, after: string, repr: string];

const SAMPLES: Readonly<Record<string, Sample>> = {
  INT: ['', '-12\n', '', '-12'],
  BININT: ['', '\xfe\xff\xff\xff', '', '-2'],
  BININT1: ['', '\xfe', '', '254'],
  BININT2: ['', '\xfe\x01', '', '510'],
  LONG: ['', '123456789012345678L\n', '', '123456789012345678'],
  LONG1: ['', '\x02\xff\x7f', '', '32767'],
  LONG4: ['', `${uint(2, 4)}\xff\x7f`, '', '32767'],
  STRING: ['', "'a\\x41'\n", '', "'aA'"],
  BINSTRING: ['', `${uint(2, 4)}ab`, '', "'ab'"],
  SHORT_BINSTRING: ['', '\x02ab', '', "'ab'"],
  BINBYTES: ['', `${uint(2, 4)}ab`, '', "b'ab'"],
  SHORT_BINBYTES: ['', '\x02ab', '', "b'ab'"],
  BINBYTES8: ['', `${uint(2, 8)}ab`, '', "b'ab'"],
  BYTEARRAY8: ['', `${uint(2, 8)}ab`, '', "bytearray(b'ab')"],
  NEXT_BUFFER: ['', '', '', "b'ab'"],
  READONLY_BUFFER: ['\x97', '', '', "b'ab'"],
  NONE: ['', '', '', 'None'],
  NEWTRUE: ['', '', '', 'True'],
  NEWFALSE: ['', '', '', 'False'],
  UNICODE: ['', 'a\\u0041\n', '', "'aA'"],
  SHORT_BINUNICODE: ['', '\x02\xc3\xa9', '', "'é'"],
  BINUNICODE: ['', `${uint(2, 4)}\xc3\xa9`, '', "'é'"],
  BINUNICODE8: ['', `${uint(2, 8)}\xc3\xa9`, '', "'é'"],
  FLOAT: ['', '1.5\n', '', '1.5'],
  BINFLOAT: ['', '\x3f\xf8\0\0\0\0\0\0', '', '1.5'],
  EMPTY_LIST: ['', '', '', '[]'],
  APPEND: [']K\x01aK\x02', '', '', '[1, 2]'],
  APPENDS: [']K\x01a(K\x02K\x03', '', '', '[1, 2, 3]'],
  LIST: ['N(K\x01K\x02', '', '', '[1, 2]'],
  EMPTY_TUPLE: ['', '', '', '()'],
  TUPLE: ['N(K\x01K\x02', '', '', '(1, 2)'],
  TUPLE1: ['NK\x01', '', '', '(1,)'],
  TUPLE2: ['NK\x01K\x02', '', '', '(1, 2)'],
  TUPLE3: ['NK\x01K\x02K\x03', '', '', '(1, 2, 3)'],
  EMPTY_DICT: ['', '', '', '{}'],
  DICT: ['N(K\x01K\x02', '', '', '{1: 2}'],
  SETITEM: ['}K\x01K\x02', '', '', '{1: 2}'],
  SETITEMS: ['}(K\x01K\x02', '', '', '{1: 2}'],
  EMPTY_SET: ['', '', '', 'set()'],
  ADDITEMS: ['\x8f(K\x01K\x02', '', '', '{1, 2}'],
  FROZENSET: ['N(K\x01', '', '', 'frozenset({1})'],
  POP: ['K\x01K\x02', '', '', '1'],
  DUP: ['K\x01K\x02', '', '\x86', '(2, 2)'],
  MARK: ['K\x01', '', 'K\x02l', '[2]'],
  POP_MARK: ['K\x01(K\x02K\x03', '', '', '1'],
  GET: ['K\x01p300\n0', '300\n', '', '1'],
  BINGET: ['K\x01q\x050', '\x05', '', '1'],
  LONG_BINGET: ['K\x01r\x05\x04\x03\x020', '\x05\x04\x03\x02', '', '1'],
  PUT: ['NK\x01', '300\n', '0g300\n', '1'],
  BINPUT: ['NK\x01', '\x05', '0h\x05', '1'],
  LONG_BINPUT: ['NK\x01', '\x05\x04\x03\x02', '0j\x05\x04\x03\x02', '1'],
  MEMOIZE: ['NK\x01', '', '0h\0', '1'],
  EXT1: ['', '\x01', '', "<class 'set'>"],
  EXT2: ['', '\x02\x01', '', "<class 'list'>"],
  EXT4: ['', '\x04\x03\x02\x01', '', "<class 'dict'>"],
  GLOBAL: ['', 'builtins\nset\n', '', "<class 'set'>"],
  STACK_GLOBAL: ['U\x08builtinsU\x03set', '', '', "<class 'set'>"],
  REDUCE: ['cbuiltins\nset\n](K\x01e\x85', '', '', '{1}'],
  BUILD: ['ctypes\nSimpleNamespace\n)R}U\x01aK\x01s', '', '', 'namespace(a=1)'],
  INST: ['((K\x01l', 'builtins\nset\n', '', '{1}'],
  OBJ: ['(cbuiltins\nset\n(K\x01l', '', '', '{1}'],
  NEWOBJ: ['cbuiltins\nset\n](K\x01e\x85', '', '', '{1}'],
  NEWOBJ_EX: ['cbuiltins\nset\n](K\x01e\x85}', '', '', '{1}'],
  PROTO: ['', '\x04', 'N', 'None'],
  STOP: ['N', '', '', 'None'],
  FRAME: ['', uint(2, 8), 'N', 'None'],
  PERSID: ['', 'abc\n', '', "'abc'"],
  BINPERSID: ['K\x01', '', '', '1'],
};

/** For each pickle anew: the buffers are taken from it. */
function options(): UnpickleOptions {
  return {
    persistentLoad: (id) => id,
    extensions: new Map([
      [1, ['builtins', 'set']],
      [0x102, ['builtins', 'list']],
      [0x1020304, ['builtins', 'dict']],
    ]),
    buffers: [bytes('ab')],
  };
}

/** The PickleError of a stream that comes byte by byte and ends too early. */
function streamFailure(data: Uint8Array): PickleError {
  const unpickler = new Unpickler(options());
  for (const byte of data) expect(unpickler.push(Uint8Array.of(byte))).toEqual([]);
  try {
    unpickler.end();
  } catch (error) {
    return checked(error, data);
  }
  return expect.fail('it ended well');
}

test('each opcode has a sample', () => {
  expect(Object.keys(SAMPLES).toSorted()).toEqual(opcodes.map(({ name }) => name).toSorted());
});

describe.each(opcodes.map(({ name, code }) => [name, String.fromCharCode(code)] as const))('%s', (name, opcode) => {
  const [before, argument, after, text] = SAMPLES[name] as Sample;
  const head = before + opcode + argument;
  const whole = bytes(head + after + (name === 'STOP' ? '' : '.'));

  test('that is cut off is an error at its offset, at once and in a stream', () => {
    for (let length = before.length; length < head.length; length++) {
      const data = whole.slice(0, length);
      const opcode = length === before.length ? null : name;
      const reason = opcode === null ? 'the data ends before the pickle does' : 'the data ends inside an argument';
      const expected = { code: 'ERR_PICKLE_TRUNCATED', reason, offset: before.length, opcode };
      expect(failure(data, options())).toMatchObject(expected);
      // A stream of no bytes is one of no pickles.
      if (length > 0) expect(streamFailure(data)).toMatchObject(expected);
    }
  });

  test('that goes on in the next chunk, wherever it is cut, makes what it makes', () => {
    const inTwo = Array.from(whole, (_, at) => [whole.slice(0, at), whole.slice(at)]);
    const inBytes = Array.from(whole, (byte) => Uint8Array.of(byte));
    for (const chunks of [[whole], inBytes, ...inTwo]) {
      const unpickler = new Unpickler(options());
      const values = chunks.flatMap((chunk) => unpickler.push(chunk));
      unpickler.end();
      expect(values.map((value) => repr(value))).toEqual([text]);
      expect(unpickler.bytesConsumed).toBe(whole.length);
    }
  });
});

test('an opcode beyond what a pickle may have is not read, though it is there', () => {
  for (const data of [bytes('NNNNN.'), bytes('NNNN')]) {
    expect(failure(data, { limits: { maxBytes: 4 } })).toMatchObject({ limit: 'maxBytes', offset: 4, opcode: null });
  }
});
