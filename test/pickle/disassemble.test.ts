// The disassembler against what Python 3.13's pickletools.dis printed (data/dis.json, by data/generate-dis.py).

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type DisassembleOptions,
  DisassemblyError,
  disassemble,
  disassembleAll,
  disassembleLines,
} from '../../src/pickle/disassemble/disassemble.ts';
import { opcodeName, opcodes } from '../../src/pickle/index.ts';
import { bytes, checked, uint } from './pickles.ts';

interface Case {
  readonly pickle: string;
  readonly text: string;
  /** The class of what dis raised after the text. */
  readonly raises: string | null;
  /** How much of the text is printed of the pickle's first 0, 1, 2, … bytes. */
  readonly cuts?: readonly number[];
}

const cases = JSON.parse(readFileSync(new URL('data/dis.json', import.meta.url), 'utf8')) as Case[];

/** What was printed, and the error after it. */
function printed(data: Uint8Array, options: DisassembleOptions = {}): { text: string; error: DisassemblyError | null } {
  try {
    return { text: disassemble(data, options), error: null };
  } catch (error) {
    if (!(error instanceof DisassemblyError)) throw error;
    return { text: error.text, error };
  }
}

function decoded({ pickle }: Case): Uint8Array {
  return Uint8Array.from(Buffer.from(pickle, 'base64'));
}

/** The generator's pieces, and what it returns or throws. */
function run<T>(lines: Generator<string, T>): { texts: string[]; result: T | undefined; error: unknown } {
  const texts: string[] = [];
  try {
    for (;;) {
      const { done, value } = lines.next();
      if (done === true) return { texts, result: value, error: null };
      texts.push(value);
    }
  } catch (error) {
    return { texts, result: undefined, error };
  }
}

describe('what pickletools.dis prints', () => {
  test('is known of every opcode, of pickles that it refuses, and of pickles that it does not', () => {
    const seen = new Set(cases.flatMap(({ text }) => text.match(/^ *\d+: \S+ +([A-Z0-9_]+)/gm) ?? []));
    const names = new Set([...seen].map((line) => line.split(/\s+/).at(-1)));
    expect([...names].sort()).toEqual(opcodes.map(({ name }) => name).sort());
    expect(cases.length).toBeGreaterThan(1000);
    expect(cases.filter(({ raises }) => raises === null).length).toBeGreaterThan(300);
  });

  test('is printed of each pickle, up to the error where there is one', () => {
    for (const each of cases) {
      const data = decoded(each);
      const { text, error } = printed(data);
      expect(text, each.pickle).toBe(each.text);
      expect(error !== null, each.pickle).toBe(each.raises !== null);
      if (error !== null) checked(error, data);
    }
  });

  test('is printed of pickles that are cut at any byte', () => {
    const cuttable = cases.filter((each) => each.cuts !== undefined);
    expect(cuttable.length).toBeGreaterThan(50);
    for (const each of cuttable) {
      const data = decoded(each);
      each.cuts?.forEach((length, cut) => {
        const { text, error } = printed(data.subarray(0, cut));
        expect(text).toBe(each.text.slice(0, length));
        expect(error?.code).toBe('ERR_PICKLE_TRUNCATED');
      });
    }
  });

  test('does not depend on what follows STOP, or on where in a buffer the pickle lies', () => {
    for (const each of cases.filter(({ raises }) => raises === null).slice(0, 300)) {
      const data = decoded(each);
      const buffer = new Uint8Array(data.length + 9).fill(0x58);
      buffer.set(data, 3);
      expect(disassemble(buffer.subarray(3))).toBe(each.text);
    }
  });
});

describe('the error of a pickle that cannot be disassembled', () => {
  const rows: readonly (readonly [fact: string, pickle: string, code: string, offset: number])[] = [
    ['the data ends', 'N', 'TRUNCATED', 1],
    ['the data ends in an argument', 'NX\x05\0\0\0ab', 'TRUNCATED', 1],
    ['a byte is no opcode', 'N\xff', 'OPCODE', 1],
    ['a length is negative', 'NT\xff\xff\xff\xff', 'ARGUMENT', 1],
    ['a number is none', 'NI0x1f\n', 'ARGUMENT', 1],
    ['text is none', 'N\x8c\x01\xff', 'TEXT', 1],
    ['no mark was set', 'Nt', 'MARK', 1],
    ['the mark was taken for a value', '(\x85t', 'MARK', 2],
    ['the stack is empty', 'NNR0R', 'STACK', 4],
    ['values are left over', 'NN.', 'STACK', 2],
    ['a mark is left over', '(N.', 'STACK', 2],
    ['an index is stored to twice', 'Nq\0q\0', 'MEMO', 3],
    ['an index was never stored to', 'Nh\0', 'MEMO', 1],
    ['a mark is stored', '(q\0', 'MEMO', 1],
    ['nothing is there to store', 'q\0', 'MEMO', 0],
    ['MEMOIZE meets an index in use', 'Nq\x01\x94', 'MEMO', 3],
    ['an int has more digits than Python prints', `N\x8b${uint(2000, 4)}${'\x7f'.repeat(2000)}`, 'LIMIT', 1],
  ];
  test.each(rows)('says by its code that %s', (_, pickle, code, offset) => {
    const data = bytes(pickle);
    const { error } = printed(data);
    const opcode = opcodeName(data[offset] ?? -1);
    expect(error).toMatchObject({ name: 'DisassemblyError', code: `ERR_PICKLE_${code}`, offset, opcode });
  });
});

describe('a concatenation', () => {
  const data = bytes('K\x01.\x80\x04K\x02\x94.]q\0.');

  test('is disassembled one pickle at a time, from an offset to the one that is returned', () => {
    const { texts, result } = run(disassembleLines(data, 3));
    expect(texts.join('')).toBe(
      '    3: \\x80 PROTO      4\n    5: K    BININT1    2\n    7: \\x94 MEMOIZE    (as 0)\n    8: .    STOP\n' +
        'highest protocol among opcodes = 4\n',
    );
    expect(result).toBe(9);
  });

  test('is disassembled whole, with a new memo for each pickle', () => {
    const { texts, error } = run(disassembleAll(data));
    expect(error).toBeNull();
    const parts = [0, 3, 9].map((start) => run(disassembleLines(data, start)).texts);
    expect(texts).toEqual(parts.flat());
    expect(texts.filter((text) => text.includes('STOP'))).toHaveLength(3);
  });

  test('of nothing is no concatenation', () => {
    expect(run(disassembleAll(bytes('')))).toMatchObject({ texts: [], error: { code: 'ERR_PICKLE_TRUNCATED' } });
  });

  test('throws when the text before the error has been taken', () => {
    const { texts, error } = run(disassembleAll(bytes('N.Nt')));
    expect(texts.at(-1)).toBe('    3: t    TUPLE      no MARK exists on stack\n');
    expect(error).toMatchObject({ code: 'ERR_PICKLE_MARK', offset: 3, opcode: 'TUPLE' });
    expect(run(disassembleAll(bytes('N.N'))).error).toMatchObject({ offset: 3, opcode: null });
  });
});

describe('limits', () => {
  test('an argument may have as many bytes as maxArgumentBytes, and no more', () => {
    for (const pickle of ['N\x8c\x05abcde\x86.', 'NVabcde\n\x86.']) {
      expect(printed(bytes(pickle), { maxArgumentBytes: 5 }).error).toBeNull();
      const { text, error } = printed(bytes(pickle), { maxArgumentBytes: 4 });
      expect(error).toMatchObject({ code: 'ERR_PICKLE_LIMIT', limit: 'maxArgumentBytes', offset: 1 });
      expect(error?.reason).toBe('more than 4 bytes in an argument (maxArgumentBytes)');
      expect(text).toBe('    0: N    NONE\n');
    }
  });

  test('a text may be as long as maxLength, and no longer', () => {
    const whole = disassemble(bytes('N.'));
    expect(disassemble(bytes('N.'), { maxLength: whole.length })).toBe(whole);
    const { text, error } = printed(bytes('N.'), { maxLength: whole.length - 1 });
    expect(error).toMatchObject({ code: 'ERR_PICKLE_LIMIT', limit: 'maxLength', offset: 1 });
    expect(error?.reason).toBe(`more than ${whole.length - 1} characters of text (maxLength)`);
    expect(whole.startsWith(text) && text.length < whole.length).toBe(true);
  });

  test('ten million open marks, whose text would be of 2 * 10^14 characters, stop at the default', () => {
    const { text, error } = printed(new Uint8Array(10_000_000).fill(0x28));
    expect(error).toMatchObject({ code: 'ERR_PICKLE_LIMIT', limit: 'maxLength' });
    expect(text.length).toBeGreaterThan(60_000_000);
    expect(text.length).toBeLessThanOrEqual(64 * 1024 * 1024);
  });

  test('an argument of megabytes is printed as Python prints it', () => {
    const size = 3_000_000;
    const text = disassemble(bytes(`X${uint(size, 4)}${'\0'.repeat(size)}.`));
    expect(text.startsWith("    0: X    BINUNICODE '\\x00\\x00")).toBe(true);
    expect(text).toHaveLength(4 * size + "    0: X    BINUNICODE ''\n3000005: .    STOP\n".length + 35);
  });
});
