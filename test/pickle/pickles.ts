// What the tests of src/pickle write pickles with, and what they ask of its errors. Python's notation for bytes is
// JavaScript's for strings, so a pickle is written as a string of Latin-1 characters.

import { expect } from 'vitest';
import { opcodeName, PickleError, pickleErrorCodes, type UnpickleOptions, unpickle } from '../../src/pickle/index.ts';

/** The bytes of a string of characters up to U+00FF. */
export function bytes(text: string): Uint8Array {
  const all = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) throw new RangeError(`no byte: ${text[i]}`);
    all[i] = code;
  }
  return all;
}

/** A number as so many little-endian bytes. */
export function uint(value: number, size: number): string {
  let text = '';
  for (let rest = value, i = 0; i < size; i++, rest = Math.floor(rest / 256)) text += String.fromCharCode(rest % 256);
  return text;
}

/** BINUNICODE of ASCII text. */
export function str(text: string): string {
  return `X${uint(text.length, 4)}${text}`;
}

/** GLOBAL. */
export function global(module: string, name: string): string {
  return `c${module}\n${name}\n`;
}

/** GLOBAL and REDUCE; `args` are the opcodes that push the arguments, one after the other. */
export function call(module: string, name: string, args = ''): string {
  return `${global(module, name)}(${args}tR`;
}

/** The PickleError of a pickle that must fail, every field of it checked. */
export function failure(data: Uint8Array, options: UnpickleOptions = {}): PickleError {
  let value: unknown;
  try {
    value = unpickle(data, options);
  } catch (error) {
    return checked(error, data);
  }
  return expect.fail(`decoded, to ${typeof value}`);
}

/** What was thrown, which must be a PickleError that fits the data. */
export function checked(error: unknown, data: Uint8Array): PickleError {
  if (!(error instanceof PickleError)) throw error;
  expect(Object.keys(pickleErrorCodes)).toContain(error.code);
  expect(Number.isInteger(error.offset) && error.offset >= 0 && error.offset <= data.length).toBe(true);
  // Of a pickle that is too long, the opcode that would be one too many is not read.
  const unread = error.limit === 'maxBytes' && error.opcode === null;
  expect(error.opcode).toBe(unread ? null : opcodeName(data[error.offset] ?? -1));
  expect(error.limit === null).toBe(error.code !== 'ERR_PICKLE_LIMIT');
  // A limit of the engine's own would be one that nobody thought of.
  expect(error.limit).not.toBe('engine');
  expect(error.global === null).toBe(error.code !== 'ERR_PICKLE_FORBIDDEN_GLOBAL');
  expect(error.message).toContain(error.reason);
  // Whatever is wrong is said in words.
  expect(error.reason).toMatch(error.limit === null ? /\w/ : /^more than \d+ \w.* \(\w+\)$/);
  return error;
}
