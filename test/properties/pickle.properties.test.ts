// Laws of the decoder that hold for every input, tried on random ones. PICKLEWIRE_FUZZ_RUNS sets how many.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { opcodes, PickleDecoder, PickleError, repr, type UnpickleOptions, unpickle } from '../../src/pickle/index.ts';
import { Machine } from '../../src/pickle/machine.ts';
import { resolveOptions } from '../../src/pickle/options.ts';
import { bytes, checked, uint } from '../pickle/pickles.ts';
import { checkProperty, FUZZ_RUNS } from './check.ts';

const RUNS = FUZZ_RUNS;
const TIMEOUT = 30_000 + RUNS * 10;

/** Small limits, so that random input meets them. */
const OPTIONS: readonly UnpickleOptions[] = [
  {},
  { unknownGlobals: 'inert', floats: 'tagged', strings: 'surrogateescape', persistentLoad: (id) => [id] },
  { strings: 'bytes', limits: { maxObjects: 8, maxStack: 6, maxMemo: 3, maxDepth: 2, maxBytes: 60, maxLineBytes: 12 } },
  { dicts: 'object', floats: 'tagged', unknownGlobals: 'inert' },
  { unknownGlobals: 'inert', strings: 'latin1', buffers: [], extensions: new Map([[1, ['builtins', 'set']]]) },
];

/** A value's repr() or an error's code and place: what two ways of decoding must agree in. */
function outcome(data: Uint8Array, decode: () => unknown): string {
  try {
    return repr(decode(), { maxLength: 10_000 });
  } catch (error) {
    const { code, offset, opcode, limit } = checked(error, data);
    return [code, offset, opcode, limit].join(' ');
  }
}

const NAMES = ['set', 'xrange', 'getattr', 'object', 'KeyError', 'complex', 'slice', 'bytearray', 'nothing', ''];
const MODULES = ['__builtin__', 'builtins', 'exceptions', 'os', ''];
const CALLS = [
  ['collections', 'OrderedDict'],
  ['collections', 'deque'],
  ['collections', 'Counter'],
  ['collections', 'defaultdict'],
  ['copy_reg', '_reconstructor'],
  ['_codecs', 'encode'],
  ['datetime', 'datetime'],
  ['datetime', 'timedelta'],
  ['datetime', 'timezone'],
  ['decimal', 'Decimal'],
  ['fractions', 'Fraction'],
  ['uuid', 'UUID'],
  ['pathlib', 'PosixPath'],
  ['ipaddress', 'IPv4Address'],
  ['array', 'array'],
  ['array', '_array_reconstructor'],
  ['types', 'SimpleNamespace'],
  ['zoneinfo', 'ZoneInfo'],
] as const;

const smallText = fc.string({
  minLength: 0,
  maxLength: 6,
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
});
const word = fc.oneof(fc.constantFrom(...NAMES, ...MODULES, 'latin1', 'int', '1/3', '0.5', '::1'), smallText);
const number = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 255 }));
const lengthPrefixed = (size: number) => word.map((text) => uint(text.length, size) + text);
const line = (texts: fc.Arbitrary<string>) => texts.map((text) => `${text.replaceAll('\n', '')}\n`);

/** The argument of each kind: mostly sound, now and then not. */
const ARGUMENTS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uint1: number.map((value) => uint(value, 1)),
  uint2: number.map((value) => uint(value, 2)),
  int4: fc.oneof(number, fc.integer({ min: 0, max: 2 ** 32 - 1 })).map((value) => uint(value, 4)),
  uint4: fc.oneof(number, fc.integer({ min: 0, max: 2 ** 32 - 1 })).map((value) => uint(value, 4)),
  uint8: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.maxSafeNat()).map((value) => uint(value, 8)),
  float8: fc.oneof(
    fc.constant('?\xf0\0\0\0\0\0\0'),
    fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: 8, maxLength: 8 })
      .map((all) => String.fromCharCode(...all)),
  ),
  long1: lengthPrefixed(1),
  long4: lengthPrefixed(4),
  string1: lengthPrefixed(1),
  string4: lengthPrefixed(4),
  bytes1: lengthPrefixed(1),
  bytes4: lengthPrefixed(4),
  bytes8: lengthPrefixed(8),
  bytearray8: lengthPrefixed(8),
  unicodestring1: lengthPrefixed(1),
  unicodestring4: lengthPrefixed(4),
  unicodestring8: lengthPrefixed(8),
  decimalnl_short: line(fc.oneof(number.map(String), fc.constantFrom('00', '01', '-1', '0x1f', '9'.repeat(20), ''))),
  decimalnl_long: line(
    fc.oneof(
      number.map((value) => `${value}L`),
      fc.constantFrom('-1L', 'L', '9'.repeat(20)),
    ),
  ),
  floatnl: line(fc.constantFrom('1', '-0.5', '1e400', 'nan', 'inf', '1_0', 'x', '')),
  stringnl: line(word.map((text) => `'${text}'`)),
  stringnl_noescape: line(word),
  stringnl_noescape_pair: fc
    .oneof(fc.tuple(fc.constantFrom(...MODULES), fc.constantFrom(...NAMES)), fc.constantFrom(...CALLS))
    .map(([module, name]) => `${module}\n${name}\n`),
  unicodestringnl: line(word.map((text) => text.replaceAll('\\', '\\u0041'))),
};

const instruction = fc.constantFrom(...opcodes).chain(({ code, argument }) => {
  const opcode = String.fromCharCode(code);
  return argument === null
    ? fc.constant(opcode)
    : (ARGUMENTS[argument] as fc.Arbitrary<string>).map((text) => opcode + text);
});

/** Runs of opcodes that make something by themselves, so that more of what follows finds what it needs. */
const phrase = fc.oneof(
  { weight: 3, arbitrary: instruction },
  fc.constantFrom(
    ']',
    '}',
    ')',
    '(',
    'N',
    'K\x01',
    'q\0',
    'q\x01',
    '\x94',
    'h\0',
    'h\x01',
    '\x8f',
    '2',
    '0',
    'a',
    's',
    'e',
    'u',
    't',
    'l',
    '\x85',
    '\x86',
    '\x90',
    '\x91',
    'R',
    'b',
    'o',
    '\x81',
  ),
  fc
    .tuple(
      fc.constantFrom(...CALLS, ...NAMES.map((name) => ['builtins', name] as const)),
      fc.array(instruction, { maxLength: 4 }),
    )
    .map(([[module, name], args]) => `c${module}\n${name}\n(${args.join('')}tR`),
);

/** Sequences of opcodes that are mostly sound, and often end. */
const program = fc
  .tuple(fc.array(phrase, { maxLength: 25 }), fc.constantFrom('.', '.', '.', ''))
  .map(([all, stop]) => bytes(all.join('') + stop));

/** The pickles of repr.json and of the SocketHandler frames of Python 3.13 and 2.7. */
const fixtures: readonly Uint8Array[] = (() => {
  const read = (path: string) => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url));
  const values = JSON.parse(read('repr.json').toString()) as { protocols: Record<string, string> }[];
  const pickles = values.flatMap(({ protocols }) =>
    Object.values(protocols).map((text) => new Uint8Array(Buffer.from(text, 'base64'))),
  );
  for (const version of ['2.7', '3.13']) {
    const frames = read(`records/py${version}/frames.bin`);
    for (let at = 0; at < frames.length; at += 4 + frames.readUInt32BE(at)) {
      pickles.push(new Uint8Array(frames.subarray(at + 4, at + 4 + frames.readUInt32BE(at))));
    }
  }
  return pickles.filter(({ length }) => length < 5000);
})();

/** A fixture with some of its bytes changed, taken out, or put in. */
const mutated = fc
  .tuple(
    fc.constantFrom(...fixtures),
    fc.array(
      fc.record({
        at: fc.nat({ max: 2 ** 30 - 1 }).map((n) => n / 2 ** 30),
        take: fc.integer({ min: 0, max: 3 }),
        put: fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...opcodes.map(({ code }) => code))), {
          maxLength: 3,
        }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([original, changes]) => {
    const data = [...original];
    for (const { at, take, put } of changes) data.splice(Math.floor(at * data.length), take, ...put);
    return Uint8Array.from(data);
  });

const anyBytes = fc.uint8Array({ maxLength: 60 });
const input = fc.oneof(anyBytes, program, program, mutated);
const options = fc.constantFrom(...OPTIONS);

const NEWLINE = 0x0a;

/** Decodes as a reader of a stream does: what has come so far, and again when the bytes that are wanted are there. */
function decodeInPieces(data: Uint8Array, cuts: readonly number[], using: UnpickleOptions): unknown {
  const machine = new Machine(resolveOptions(using));
  machine.begin(0);
  const ends = [...cuts.map((cut) => cut % (data.length + 1)).toSorted((a, b) => a - b), data.length];
  let base = 0;
  for (const end of ends) {
    // A copy of what has not been read yet: nothing may count on earlier bytes, or on later ones.
    const there = data.slice(base, end);
    if (there.length < machine.wanted && !(machine.inLine && there.includes(NEWLINE))) continue;
    if (machine.run(there, 0, there.length, base)) return machine.takeValue();
    expect(machine.wanted).toBeGreaterThan(there.length - machine.position);
    base += machine.position;
  }
  throw new PickleError('ERR_PICKLE_TRUNCATED', 'no more bytes', { offset: base, opcode: data[base] ?? -1 });
}

describe('whatever the input', () => {
  const law = (name: string, property: fc.IProperty<[Uint8Array, UnpickleOptions]>): void =>
    test(name, () => checkProperty(property, { numRuns: RUNS }), TIMEOUT);

  for (const [kind, arbitrary] of Object.entries({ bytes: anyBytes, opcodes: program, 'a mutated fixture': mutated })) {
    law(
      `${kind}: it decodes to a value that can be printed, or fails with a PickleError, and the input is left alone`,
      fc.property(arbitrary, options, (data, using) => {
        const before = data.slice();
        outcome(data, () => unpickle(data, using));
        expect(data).toEqual(before);
      }),
    );
  }

  law(
    'a decoder that failed decodes the next pickle as a new one does',
    fc.property(input, options, (data, using) => {
      const decoder = new PickleDecoder(using);
      const first = outcome(data, () => decoder.decode(data));
      for (const next of [data, fixtures[data.length % fixtures.length] as Uint8Array]) {
        expect(outcome(next, () => decoder.decode(next))).toBe(outcome(next, () => unpickle(next, using)));
      }
      expect(outcome(data, () => decoder.decode(data))).toBe(first);
    }),
  );

  law(
    'a value shares no memory with the input',
    fc.property(input, options, (data, using) => {
      const copy = data.slice();
      let value: unknown;
      try {
        value = unpickle(copy, using);
      } catch {
        return;
      }
      const text = repr(value, { maxLength: 10_000 });
      copy.fill(0xaa);
      expect(repr(value, { maxLength: 10_000 })).toBe(text);
    }),
  );
});

test(
  'bytes that come in pieces, cut anywhere, make what they make as a whole',
  () => {
    const property = fc.property(input, fc.array(fc.nat(), { maxLength: 8 }), options, (data, cuts, using) => {
      const whole = outcome(data, () => unpickle(data, using));
      expect(outcome(data, () => decodeInPieces(data, cuts, using))).toBe(whole);
      const everywhere = Array.from({ length: Math.min(data.length, 200) }, (_, i) => i);
      expect(outcome(data, () => decodeInPieces(data, everywhere, using))).toBe(whole);
    });
    checkProperty(property, { numRuns: RUNS });
  },
  TIMEOUT,
);

test('every fixture decodes, whole and in pieces', () => {
  const using: UnpickleOptions = { unknownGlobals: 'inert', strings: 'surrogateescape' };
  expect(fixtures.length).toBeGreaterThan(1000);
  for (const data of fixtures) {
    const text = repr(unpickle(data, using));
    expect(repr(decodeInPieces(data, [1, data.length >> 1, data.length - 1], using))).toBe(text);
  }
});
