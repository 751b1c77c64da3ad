// The JSON of a float: Python's digits, and what JSON has for numbers that it cannot write.

import { PyFloat, toJSON } from '../../../pickle/index.ts';

/** The JSON of a float. The text of most is the same in both languages; `toJSON` knows the others. */
export function floatJSON(value: number): string {
  const magnitude = Math.abs(value);
  const same = magnitude >= 1e-4 && magnitude < 1e16 && !Number.isInteger(value);
  return same ? String(value) : toJSON(new PyFloat(value));
}
