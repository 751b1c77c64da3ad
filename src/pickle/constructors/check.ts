// Checks that constructors share. Each accepts what CPython's picklers write and refuses everything else.

import { PickleError } from '../errors.ts';
import { PyFloat, type PyTuple } from '../values/index.ts';

/** What a constructor throws: the decoder adds the place. */
export function refuse(reason: string): never {
  throw new PickleError('ERR_PICKLE_CONSTRUCTOR', reason);
}

/** The arguments, when there are from `least` to `most` of them and none by keyword. */
export function positional(
  name: string,
  args: PyTuple,
  kwargs: Map<unknown, unknown> | null,
  least: number,
  most: number = least,
): PyTuple {
  if (args.length < least || args.length > most || (kwargs !== null && kwargs.size > 0)) {
    refuse(`${name} with ${args.length} arguments`);
  }
  return args;
}

/** An int: a safe whole number or a bigint. (A whole-numbered float is told apart only when floats are tagged.) */
export function isInt(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
}

export function intArgument(name: string, value: unknown): number | bigint {
  return isInt(value) ? value : refuse(`${name} of something that is no int`);
}

/** An int from `low` to `high`. */
export function intBetween(name: string, value: unknown, low: number, high: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < low || value > high) {
    refuse(`${name} out of range`);
  }
  return value;
}

/** A float, or an int where Python would take one for it: one that a float has room for. */
export function floatArgument(name: string, value: unknown): number {
  if (value instanceof PyFloat) return value.value;
  if (typeof value === 'number') return value;
  const float = typeof value === 'bigint' ? Number(value) : Number.NaN;
  return Number.isFinite(float) ? float : refuse(`${name} of no number`);
}

export function textArgument(name: string, value: unknown): string {
  return typeof value === 'string' ? value : refuse(`${name} of something that is no str`);
}

/** A plain list: not a tuple, not a deque. */
export function listArgument(name: string, value: unknown): readonly unknown[] {
  const plain = Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype;
  return plain ? (value as unknown[]) : refuse(`${name} of something that is no list`);
}
