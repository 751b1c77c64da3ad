// Pickles that are small or cheap to send, and would be large or slow to decode.

import { opcodes, type UnpickleOptions } from '../../src/pickle/index.ts';
import { bytes, call, global, str, uint } from './pickles.ts';

/** Constructor calls that no pickler of CPython's writes, of few bytes and much work: refused at once. */
export const bombs: readonly string[] = [
  call('fractions', 'Fraction', str('1e9999999')),
  call('fractions', 'Fraction', str('1'.repeat(5000))),
  call('__builtin__', 'bytearray', `J${uint(2 ** 30 - 1, 4)}`),
  call('__builtin__', 'bytes', `J${uint(2 ** 30 - 1, 4)}`),
  ...['list', 'tuple'].map((name) =>
    call('__builtin__', name, call('__builtin__', 'xrange', `K\0J${uint(2 ** 24, 4)}K\x01`)),
  ),
  ...[['__builtin__', 'set'] as const, ['__builtin__', 'frozenset'] as const, ['collections', 'deque'] as const].map(
    ([module, name]) => call(module, name, call('__builtin__', 'xrange', `K\0J${uint(2 ** 24, 4)}K\x01`)),
  ),
  call('_codecs', 'encode', str('uryyb') + str('rot13')),
  call('_codecs', 'encode', str('x') + str('utf-8')),
  call('_codecs', 'encode', str('x') + str('zlib')),
  call('_codecs', 'encode', str('x')),
  call('decimal', 'Decimal', str('9'.repeat(1_000_000))),
  call('decimal', 'Decimal', str(`1e${'9'.repeat(30)}`)),
  call('datetime', 'timedelta', `J${uint(1_000_000_000, 4)}K\0K\0`),
  call('array', 'array', `${str('b')}${call('__builtin__', 'xrange', `K\0J${uint(2 ** 24, 4)}K\x01`)}`),
];

/** A pickle that the limits bound. */
export interface Bomb {
  readonly name: string;
  readonly build: () => Uint8Array;
  /** The code (without `ERR_PICKLE_`) it fails with; without one it decodes. */
  readonly code?: string;
  readonly limit?: string;
  readonly options?: UnpickleOptions;
}

const DOUBLED = 'h\0\x86q\0'.repeat(40);

export const large: readonly Bomb[] = [
  {
    name: 'lists of ten lists of ten lists, by DUP',
    build: () => bytes(`${'('.repeat(10)}U\x20${'a'.repeat(32)}${'222222222l'.repeat(10)}.`),
  },
  {
    name: 'lists of ten lists of ten lists, by the memo',
    build: () => {
      let text = `${'('.repeat(10)}U\x01a`;
      for (let level = 0; level < 10; level++) text += `q${uint(level, 1)}${`h${uint(level, 1)}`.repeat(9)}l`;
      return bytes(`${text}.`);
    },
  },
  { name: 'a key of tuples that double at each level', build: () => bytes(`})q\0${DOUBLED}K\x01s.`) },
  { name: 'the same in a set', build: () => bytes(`\x8f()q\0${DOUBLED}\x90.`) },
  {
    name: 'a key of slices that double at each level',
    build: () => bytes(`${global('builtins', 'slice')}q\0Nq\x01${'h\0h\x01h\x01h\x01\x87Rq\x01'.repeat(40)}}h\x01Ns.`),
  },
  {
    name: 'a key of a million nested tuples',
    build: () => bytes(`})${'\x85'.repeat(1e6)}K\x01s.`),
    code: 'LIMIT',
    limit: 'maxObjects',
  },
  {
    name: 'a million nested tuples',
    build: () => bytes(`)${'\x85'.repeat(1e6)}.`),
    code: 'LIMIT',
    limit: 'maxObjects',
  },
  {
    name: 'nearly a million nested tuples',
    build: () => bytes(`)${'\x85'.repeat(1e6 - 1)}.`),
    code: 'LIMIT',
    limit: 'maxDepth',
  },
  {
    name: 'a million nested lists',
    build: () => bytes(`${']'.repeat(1e6)}${'a'.repeat(1e6 - 1)}.`),
    code: 'LIMIT',
    limit: 'maxDepth',
  },
  { name: 'ten million marks', build: () => bytes('('.repeat(1e7)), code: 'LIMIT', limit: 'maxStack' },
  { name: 'a long list', build: () => bytes(`](${'N'.repeat(200_000)}e.`) },
  { name: 'a long tuple', build: () => bytes(`(${'N'.repeat(200_000)}t.`) },
  { name: 'a long INST', build: () => bytes(`(${'N'.repeat(200_000)}im\nK\n.`), options: { unknownGlobals: 'inert' } },
  { name: 'a long OBJ', build: () => bytes(`(cm\nK\n${'N'.repeat(200_000)}o.`), options: { unknownGlobals: 'inert' } },
  {
    name: 'a million digits in LONG',
    build: () => bytes(`L${'9'.repeat(1e6)}L\n.`),
    code: 'LIMIT',
    limit: 'maxIntDigits',
  },
  {
    name: 'ten million digits in LONG',
    build: () => bytes(`L${'9'.repeat(1e7)}L\n.`),
    code: 'LIMIT',
    limit: 'maxIntDigits',
  },
  {
    name: 'a million digits in INT',
    build: () => bytes(`I${'9'.repeat(1e6)}\n.`),
    code: 'LIMIT',
    limit: 'maxIntDigits',
  },
  {
    name: 'a million digits and an underscore',
    build: () => bytes(`I${'9_'.repeat(1e6)}\n.`),
    code: 'LIMIT',
    limit: 'maxIntDigits',
  },
  {
    name: 'a million digits in GET',
    build: () => bytes(`g${'9'.repeat(1e6)}\n.`),
    code: 'LIMIT',
    limit: 'maxIntDigits',
  },
  {
    name: 'a LONG4 of 16 MB',
    build: () => bytes(`\x8b${uint(2 ** 24, 4)}${'\x7f'.repeat(2 ** 24)}.`),
    code: 'LIMIT',
    limit: 'maxIntDigits',
  },
  { name: 'a LONG4 of 16 MB that is 0', build: () => bytes(`\x8b${uint(2 ** 24, 4)}${'\0'.repeat(2 ** 24)}.`) },
  { name: 'ten million digits in FLOAT', build: () => bytes(`F${'1'.repeat(1e7)}\n.`) },
  {
    name: 'ten million digits in FLOAT, and a letter',
    build: () => bytes(`F${'1'.repeat(1e7)}z\n.`),
    code: 'ARGUMENT',
  },
  { name: '16 MB of lists', build: () => bytes(']'.repeat(2 ** 24)), code: 'LIMIT', limit: 'maxObjects' },
  { name: '16 MB of dicts', build: () => bytes('}'.repeat(2 ** 24)), code: 'LIMIT', limit: 'maxObjects' },
  { name: 'a million MEMOIZE', build: () => bytes(`N${'\x94'.repeat(1e6)}.`) },
  {
    name: 'a million and one MEMOIZE',
    build: () => bytes(`N${'\x94'.repeat(1e6 + 1)}.`),
    code: 'LIMIT',
    limit: 'maxMemo',
  },
  {
    name: 'integer-like keys that collide in V8',
    build: () => {
      const keys = Array.from({ length: 2 ** 17 }, (_, i) => str(String(i * 2 ** 15)));
      return bytes(`}(${keys.map((key) => `${key}N`).join('')}u.`);
    },
  },
  ...opcodes
    .filter(({ argument }) => argument?.includes('nl') === true)
    .map(({ name, code }) => ({
      name: `a ${name} of 64 MB without an end`,
      build: () => new Uint8Array(2 ** 26).fill(0x31).fill(code, 0, 1),
      code: 'LIMIT',
      limit: 'maxLineBytes',
    })),
  {
    name: 'a text of a million escapes',
    build: () => bytes(`V${'\\u0041'.repeat(1e6)}\n.`),
  },
  {
    name: 'a path of a million parts',
    build: () => bytes(call('pathlib', 'PosixPath', `${str('a')}${'2'.repeat(99_999)}`).concat('.')),
  },
  {
    name: 'a Windows path of a million names',
    build: () => bytes(`${call('pathlib', 'WindowsPath', str('a\\'.repeat(1e6)))}.`),
  },
  {
    name: 'a Windows path of a long share and a hundred thousand parts',
    build: () =>
      bytes(call('pathlib', 'WindowsPath', `${str(`//${'a'.repeat(1e6)}/b`)}${str('a')}${'2'.repeat(1e5)}.`)),
  },
];
