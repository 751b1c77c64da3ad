// Every limit on both sides: a pickle that reaches it decodes, one more fails and names it.

import { describe, expect, test } from 'vitest';
import { defaultLimits, type Limits, opcodes, unpickle } from '../../src/pickle/index.ts';
import { Machine } from '../../src/pickle/machine.ts';
import { resolveOptions } from '../../src/pickle/options.ts';
import { bytes, call, failure, global, str, uint } from './pickles.ts';

test('the defaults are those documented, and finite', () => {
  expect(defaultLimits).toEqual({
    maxBytes: 2 ** 28,
    maxDepth: 1000,
    maxObjects: 1_000_000,
    maxStack: 1_000_000,
    maxMemo: 1_000_000,
    maxIntDigits: 4300,
    maxLineBytes: 2 ** 24,
  });
});

interface Row {
  readonly limit: keyof Limits;
  readonly most: number;
  readonly what: string;
  readonly within: string;
  readonly beyond: string;
  /** The offset of the opcode that goes beyond. */
  readonly at: number;
  /** The limit it needs; one more than `most`, where that is not said. */
  readonly enough?: number;
}

/** A row of which `unit` is repeated as often as the limit allows, and once more. */
function counted(limit: keyof Limits, most: number, what: string, unit: string, before = '', after = '.'): Row {
  const within = before + unit.repeat(most);
  return { limit, most, what, within: within + after, beyond: within + unit + after, at: within.length };
}

/** The text of the greatest int of so many digits, and of the next. */
function ints(digits: number): [within: bigint, beyond: bigint] {
  const most = 10n ** BigInt(digits) - 1n;
  return [most, most + 1n];
}

/** LONG1 or LONG4. */
function long(value: bigint): string {
  const size = Math.ceil(value.toString(16).length / 2) + 1;
  let rest = value < 0n ? value + (1n << BigInt(8 * size)) : value;
  let text = '';
  for (let i = 0; i < size; i++, rest >>= 8n) text += String.fromCharCode(Number(rest & 0xffn));
  return size < 256 ? `\x8a${uint(size, 1)}${text}` : `\x8b${uint(size, 4)}${text}`;
}

function digits(most: number, what: string, write: (value: bigint) => string): Row {
  const [within, beyond] = ints(most).map((value) => `${write(value)}.`) as [string, string];
  return { limit: 'maxIntDigits', most, what, within, beyond, at: 0 };
}

/** A line of eight bytes at most for each opcode that takes one, behind what it needs on the stack. */
const LINES: Readonly<Record<string, readonly [before: string, line: string, longer: string]>> = {
  INT: ['', '12345678', '123456789'],
  LONG: ['', '1234567L', '12345678L'],
  FLOAT: ['', '1.234567', '1.2345678'],
  STRING: ['', "'123456'", "'1234567'"],
  UNICODE: ['', '12345678', '123456789'],
  GET: ['Np12345678\n', '12345678', '012345678'],
  PUT: ['N', '12345678', '012345678'],
  PERSID: ['', '12345678', '123456789'],
};

const table: readonly Row[] = [
  { limit: 'maxBytes', most: 10, what: 'a string', within: 'U\x07abcdefg.', beyond: 'U\x08abcdefgh.', at: 10 },
  {
    limit: 'maxBytes',
    most: 10,
    what: 'an argument',
    within: 'NNNU\x04abcd.',
    beyond: 'NNNU\x06abcdef.',
    at: 3,
    enough: 12,
  },
  { limit: 'maxBytes', most: 10, what: 'an opcode', within: 'NNNNNNNNN.', beyond: 'NNNNNNNNNN.', at: 10 },
  { limit: 'maxBytes', most: 10, what: 'a line', within: 'NI123456\n.', beyond: 'NI12345678\n.', at: 1, enough: 12 },
  {
    limit: 'maxBytes',
    most: 11,
    what: 'a frame',
    within: '\x95\x02\0\0\0\0\0\0\0N.',
    beyond: '\x95\x03\0\0\0\0\0\0\0NN.',
    at: 0,
  },

  { limit: 'maxDepth', most: 3, what: 'lists', within: ']]]aa.', beyond: ']]]]aaa.', at: 7 },
  { limit: 'maxDepth', most: 3, what: 'tuples', within: ')\x85\x85.', beyond: ')\x85\x85\x85.', at: 4 },
  { limit: 'maxDepth', most: 3, what: 'dict values', within: '}N}N}ss.', beyond: '}N}N}N}sss.', at: 10 },
  { limit: 'maxDepth', most: 3, what: 'dict keys', within: '})\x85Ns.', beyond: '})\x85\x85Ns.', at: 6 },
  {
    limit: 'maxDepth',
    most: 3,
    what: 'shared lists',
    within: ']q\0(h\0h\0lq\x01(h\x01h\0h\x01l.',
    beyond: ']q\0(h\0h\0lq\x01(h\x01h\0h\x01lq\x02(h\x02h\0l.',
    at: 27,
  },

  ...Object.entries({
    EMPTY_LIST: ']',
    LIST: '(l',
    EMPTY_DICT: '}',
    DICT: '(d',
    EMPTY_TUPLE: ')',
    TUPLE: '(t',
    TUPLE1: 'N\x85',
    TUPLE2: 'NN\x86',
    TUPLE3: 'NNN\x87',
    EMPTY_SET: '\x8f',
    FROZENSET: '(\x91',
    BYTEARRAY8: '\x96\0\0\0\0\0\0\0\0',
  }).map(([name, opcode]) => {
    const row = counted('maxObjects', 3, name, opcode);
    return { ...row, at: row.at + opcode.search(/[^N(\0]/) };
  }),
  {
    limit: 'maxObjects',
    most: 4,
    what: 'instances and their arguments',
    within: `${call('builtins', 'set', ']')}].`,
    beyond: `${call('builtins', 'set', ']')}]].`,
    at: 19,
  },

  counted('maxStack', 3, 'values', 'N'),
  { limit: 'maxStack', most: 3, what: 'marks', within: 'N(((111.', beyond: 'N((((1111.', at: 4 },

  { limit: 'maxMemo', most: 2, what: 'MEMOIZE', within: 'N\x94\x94.', beyond: 'N\x94\x94\x94.', at: 3 },
  { limit: 'maxMemo', most: 2, what: 'BINPUT', within: 'Nq\x05q\x06q\x05.', beyond: 'Nq\x05q\x06q\x07.', at: 5 },
  {
    limit: 'maxMemo',
    most: 2,
    what: 'indexes far apart',
    within: 'Nr\0\0\0\x80p99999999999999999999\np99999999999999999999\nr\0\0\0\x80.',
    beyond: 'Nr\0\0\0\x80p99999999999999999999\nq\0.',
    at: 28,
  },

  digits(20, 'INT', (value) => `I${value}\n`),
  digits(20, 'a negative INT', (value) => `I-${value}\n`),
  digits(20, 'LONG', (value) => `L${value}L\n`),
  digits(20, 'LONG in hex', (value) => `L0x${value.toString(16)}L\n`),
  digits(20, 'LONG1', long),
  digits(20, 'a negative LONG1', (value) => long(-value)),
  digits(24, 'LONG1 whose sign takes a byte of its own', long),
  digits(24, 'a negative LONG1 whose sign takes a byte of its own', (value) => long(-value)),
  digits(defaultLimits.maxIntDigits, 'INT, by default', (value) => `I${value}\n`),
  digits(defaultLimits.maxIntDigits, 'INT in hex, by default', (value) => `I0x${value.toString(16)}\n`),
  digits(defaultLimits.maxIntDigits, 'LONG4, by default', long),
  digits(defaultLimits.maxIntDigits, 'a negative LONG4, by default', (value) => long(-value)),

  ...Object.entries(LINES).map(([name, [before, line, longer]]): Row => {
    const opcode = before + String.fromCharCode(opcodes.find((row) => row.name === name)?.code ?? 0);
    return {
      limit: 'maxLineBytes',
      most: 8,
      what: name,
      within: `${opcode}${line}\n.`,
      beyond: `${opcode}${longer}\n.`,
      at: before.length,
    };
  }),
  {
    limit: 'maxLineBytes',
    most: 8,
    what: 'GLOBAL, its module',
    within: 'cdatetime\nm\n.',
    beyond: 'c123456789\nm\n.',
    at: 0,
  },
  {
    limit: 'maxLineBytes',
    most: 8,
    what: 'GLOBAL, its name',
    within: 'cm\n12345678\n.',
    beyond: 'cm\n123456789\n.',
    at: 0,
  },
  { limit: 'maxLineBytes', most: 8, what: 'INST', within: '(im\n12345678\n.', beyond: '(im\n123456789\n.', at: 1 },
];

const PERMISSIVE = { unknownGlobals: 'inert', persistentLoad: () => 1 } as const;

describe.each(table.map((row) => [row.limit, row.what, row] as const))('%s: %s', (limit, _, row) => {
  const options = { ...PERMISSIVE, limits: { [limit]: row.most } };

  test('at the limit it decodes', () => {
    expect(unpickle(bytes(row.within), options)).not.toBeUndefined();
  });

  test('beyond it fails, and names the limit', () => {
    const { code, offset, ...error } = failure(bytes(row.beyond), options);
    expect([code, error.limit, offset]).toEqual(['ERR_PICKLE_LIMIT', limit, row.at]);
    expect(
      unpickle(bytes(row.beyond), { ...options, limits: { [limit]: row.enough ?? row.most + 1 } }),
    ).not.toBeUndefined();
  });
});

test('every opcode that takes a line has a row for its longest line', () => {
  const lines = opcodes.filter(({ argument }) => argument?.includes('nl') === true).map(({ name }) => name);
  expect(lines.toSorted()).toEqual([...Object.keys(LINES), 'GLOBAL', 'INST'].toSorted());
});

test('what will go beyond a limit fails before its bytes are there', () => {
  const options = { limits: { maxBytes: 100, maxLineBytes: 8 } };
  for (const [start, limit] of [
    ['X\xff\xff\xff\xff', 'maxBytes'],
    ['NB\x60\0\0\0', 'maxBytes'],
    ['\x95\x60\0\0\0\0\0\0\0', 'maxBytes'],
    ['V123456789', 'maxLineBytes'],
    ['cm\n123456789', 'maxLineBytes'],
  ] as const) {
    const machine = new Machine(resolveOptions(options));
    machine.begin(0);
    const data = bytes(start);
    expect(() => machine.run(data, 0, data.length, 0)).toThrow(expect.objectContaining({ limit }));
  }
});

describe('constructors do no more work than the pickle has bytes', () => {
  const text = 'a'.repeat(1_000_000);
  const list = `(${'N'.repeat(500_000)}l`;
  const dict = `(${Array.from({ length: 50_000 }, (_, i) => `J${uint(i, 4)}N`).join('')}d`;
  const attributes = `(${Array.from({ length: 50_000 }, (_, i) => `${str(`a${i}`)}N`).join('')}d`;
  /** Arguments made once and kept in the memo, and one call of a few bytes that can be repeated. */
  const games: Readonly<Record<string, readonly [before: string, again: string]>> = {
    '_codecs.encode of a text': [
      `${global('_codecs', 'encode')}q\0${str(text)}${str('latin1')}\x86q\x01`,
      'h\0h\x01R0',
    ],
    'set of a list': [`${global('builtins', 'set')}q\0${list}\x85q\x01`, 'h\0h\x01R0'],
    'set of a list, by OBJ': [`${global('builtins', 'set')}q\0${list}q\x01`, '(h\0h\x01o0'],
    'set of a list, by _reconstructor': [
      `${global('copy_reg', '_reconstructor')}q\0${global('builtins', 'set')}2${list}\x87q\x01`,
      'h\0h\x01R0',
    ],
    'OrderedDict of pairs': [
      `${global('collections', 'OrderedDict')}q\0(${'NN\x86'.repeat(100_000)}l\x85q\x01`,
      'h\0h\x01R0',
    ],
    'deque of a list': [`${global('collections', 'deque')}q\0${list}\x85q\x01`, 'h\0h\x01R0'],
    'Counter of a dict': [`${global('collections', 'Counter')}q\0${dict}\x85q\x01`, 'h\0h\x01R0'],
    'array of a text': [`${global('array', 'array')}q\0U\x01u${str(text)}\x86q\x01`, 'h\0h\x01R0'],
    'a path of one long name': [`${global('pathlib', 'Path')}q\0${str(text)}\x85q\x01`, 'h\0h\x01R0'],
    'BUILD of a SimpleNamespace': [`${global('types', 'SimpleNamespace')})Rq\0${dict}q\x01`, 'h\0h\x01b0'],
    'BUILD of an exception': [`${global('builtins', 'KeyError')})Rq\0${attributes}q\x01`, 'h\0h\x01b0'],
    'Fraction of many digits': [
      `${global('fractions', 'Fraction')}q\0L${'9'.repeat(400)}L\nL1${'0'.repeat(399)}L\n\x86q\x01`,
      'h\0h\x01R0',
    ],
    'keywords of an inert object': [`cm\nC\nq\0)q\x01${attributes}q\x02`, 'h\0h\x01h\x02\x920'],
    'a call of an inert object': [`cm\nf\n)Rq\0(${'N'.repeat(500_000)}tq\x01`, 'h\0h\x01R0'],
    'getattr of a long name': [
      `${global('builtins', text)}q\x02${global('builtins', 'getattr')}q\0h\x02U\x01a\x86q\x01`,
      'h\0h\x01R0',
    ],
  };

  test.each(Object.entries(games))('%s', (_, [before, again]) => {
    expect(unpickle(bytes(`${before}${again}N.`), { unknownGlobals: 'inert' })).toBeNull();
    const { code, limit } = failure(bytes(`${before}${again.repeat(5000)}N.`), { unknownGlobals: 'inert' });
    expect([code, limit]).toEqual(['ERR_PICKLE_LIMIT', 'constructorWork']);
  });

  test('a tuple that many sets share is walked once', () => {
    // Walked each time, it would be 10^10 steps.
    const tuple = `(${'N'.repeat(500_000)}tq\x02`;
    const again = 'h\0h\x01R0'.repeat(20_000);
    for (const [module, name, item] of [
      ['builtins', 'set', 'h\x02'],
      ['builtins', 'frozenset', 'h\x02'],
      ['collections', 'OrderedDict', 'h\x02N\x86'],
    ] as const) {
      const data = bytes(`${tuple}${global(module, name)}q\0](${item}e\x85q\x01${again}N.`);
      expect(unpickle(data)).toBeNull();
    }
  });

  test('fractions of as many digits as an int may have cost no more than their own bytes', () => {
    // Neighbours have no divisor in common, and the ratio of these takes as many steps of Euclid's as any.
    const [numerator, denominator] = fibonacciNumbers(4300);
    const fraction = (args: string) => `${global('fractions', 'Fraction')}(${args}tR0`;
    expect(unpickle(bytes(`${fraction(long4(numerator) + long4(denominator)).repeat(200)}N.`))).toBeNull();
    expect(unpickle(bytes(`${fraction(str(`${numerator}/${denominator}`)).repeat(100)}N.`))).toBeNull();

    const longer = fraction(long4(10n ** 43_000n) + long4(10n ** 43_000n - 1n));
    const options = { limits: { maxIntDigits: Number.POSITIVE_INFINITY } };
    expect(failure(bytes(`${longer}N.`), options).limit).toBe('constructorWork');
  });

  test('attributes that an exception has already cost nothing when it gets more', () => {
    // Copied each time, they would be 10^9 steps.
    const data = bytes(`${global('builtins', 'KeyError')})R${attributes}b}q\x000${'h\0b'.repeat(20_000)}0N.`);
    expect(unpickle(data)).toBeNull();
  });
});

/** Two neighbours among Fibonacci's numbers, the larger one of so many decimal digits. */
function fibonacciNumbers(digits: number): [bigint, bigint] {
  let [n, next] = [1n, 1n];
  for (const most = 10n ** BigInt(digits); n + next < most; ) [n, next] = [next, n + next];
  return [next, n];
}

/** LONG4. */
function long4(value: bigint): string {
  const size = Math.ceil((value.toString(16).length + 1) / 2);
  const hex = value.toString(16).padStart(size * 2, '0');
  const digits = (hex.match(/../g) as string[]).map((pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  return `\x8b${uint(size, 4)}${digits.reverse().join('')}`;
}
