// Checks that reducers share: a value class holds whatever its maker gave it, and Python must be able to read it.

import { unpicklable } from '../reduction.ts';

export function checkText(what: string, value: unknown): string {
  if (typeof value !== 'string') throw unpicklable(`${what} that is no text`);
  return value;
}

export function checkInt(what: string, value: unknown): number | bigint {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw unpicklable(`${what} that is no int`);
  return value as number | bigint;
}

/** Numbers from 0 to 255 as bytes. */
export function checkBytes(what: string, ...values: readonly number[]): Uint8Array {
  if (!values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)) {
    throw unpicklable(`${what} out of range`);
  }
  return Uint8Array.from(values);
}
