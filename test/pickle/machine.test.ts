// What the machine asks of its stack, by the opcode table, and what it counts from the start of each pickle.

import { describe, expect, test } from 'vitest';
import { opcodes, type UnpickleOptions, unpickle } from '../../src/pickle/index.ts';
import { Unpickler } from '../../src/pickle/unpickler.ts';
import { bytes, failure, global, str } from './pickles.ts';

/** Opcodes that leave the value they need where it is, which the table does not say, with their arguments. */
const STORING: Readonly<Record<string, string>> = { PUT: '0\n', BINPUT: '\0', LONG_BINPUT: '\0\0\0\0' };

const taking = opcodes.flatMap(({ name, code, stackBefore }) => {
  const values = name in STORING ? 1 : stackBefore.length;
  const opcode = String.fromCharCode(code) + (STORING[name] ?? '');
  return values === 0 || stackBefore.includes('mark') || name === 'POP' ? [] : [[name, values, opcode] as const];
});
const marking = opcodes.filter(({ stackBefore }) => stackBefore.includes('mark'));

describe.each(taking)('%s, which needs %i values', (_, values, opcode) => {
  test.each(Array.from({ length: values }, (_, there) => there))('fails with %i of them', (there) => {
    expect(failure(bytes(`${'N'.repeat(there)}${opcode}.`))).toMatchObject({ code: 'ERR_PICKLE_STACK', offset: there });
  });

  test.each(Array.from({ length: values }, (_, above) => above))(
    'fails with %i above the mark, and others below',
    (above) => {
      const data = bytes(`NNNN(${'N'.repeat(above)}${opcode}.`);
      expect(failure(data)).toMatchObject({ code: 'ERR_PICKLE_STACK', offset: 5 + above });
    },
  );
});

test.each(marking)('$name fails without a mark', ({ code, argument }) => {
  const opcode = String.fromCharCode(code) + (argument === null ? '' : 'm\nn\n');
  const expected = { code: 'ERR_PICKLE_MARK', offset: 4 };
  expect(failure(bytes(`NNNN${opcode}.`), { unknownGlobals: 'inert' })).toMatchObject(expected);
});

test.each([
  ['APPENDS', 'e'],
  ['SETITEMS', 'u'],
  ['ADDITEMS', '\x90'],
])('%s fails where the value it should change is not above the next mark', (_, opcode) => {
  expect(failure(bytes(`(${opcode}.`))).toMatchObject({ code: 'ERR_PICKLE_STACK', offset: 1 });
  expect(failure(bytes(`NN((${opcode}.`))).toMatchObject({ code: 'ERR_PICKLE_STACK', offset: 4 });
});

test('POP takes the mark where there is no value above it, and fails where there is neither', () => {
  expect(unpickle(bytes('K\x01(0.'))).toBe(1);
  expect(unpickle(bytes('K\x01(N00.'))).toBe(1);
  expect(failure(bytes('N00.'))).toMatchObject({ code: 'ERR_PICKLE_STACK', offset: 2 });
});

test('containers side by side are no levels', () => {
  const limits = { maxDepth: 3 };
  expect(unpickle(bytes('](]]]]](]]]ee.'), { limits })).toHaveLength(5);
  expect(failure(bytes('](]]](]]a]ee.'), { limits }).limit).toBe('maxDepth');
});

test('the work of constructors is measured by the pickle that they stand in', () => {
  const long = 30_000;
  const options: UnpickleOptions = { allow: [{ module: 'm', name: 'C', construct: () => [] }] };
  // A call costs the length of its argument: eight of them are more than four times the pickle, and what is free.
  const calls = `${global('m', 'C')}q\0${str('a'.repeat(long))}\x85q\x01${'h\0h\x01R0'.repeat(8)}N.`;
  const limit = expect.objectContaining({ limit: 'constructorWork' });
  expect(() => new Unpickler(options).push(bytes(calls))).toThrow(limit);
  const later = new Unpickler(options);
  expect(later.push(bytes(`${str('a'.repeat(100 * long))}0N.`))).toEqual([null]);
  expect(() => later.push(bytes(calls))).toThrow(limit);
});
