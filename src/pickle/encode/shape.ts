// Small questions about values that the encoder asks.

import { quoted } from '../errors.ts';
import { PyObject } from '../values/index.ts';

/** Whether a value is an object literal, or an object without a prototype. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Keys and values by turns. */
export function* flat(entries: Iterable<readonly [unknown, unknown]>): Generator<unknown, void, void> {
  for (const [key, value] of entries) {
    yield key;
    yield value;
  }
}

/** What a value that cannot be pickled is, for an error message. */
export function nameOf(value: object): string {
  if (value instanceof PyObject)
    return `an instance of ${quoted(`${value.module}.${value.name}`)}, a class not known here,`;
  return `a value of class ${Object.prototype.toString.call(value).slice(8, -1)}`;
}
