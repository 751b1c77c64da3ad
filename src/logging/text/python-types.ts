// Which Python type a decoded value stands for, and its truth, as Python's logging asks about them.

import {
  PyByteArray,
  PyComplex,
  PyDeque,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyOrderedDict,
  PyTuple,
} from '../../pickle/index.ts';

/** The longest class name of a stranger that an error message repeats, in UTF-16 units (CPython's is 200 bytes). */
const NAME_UNITS_MAX = 200;

/** The name of a value's Python type, for error messages: `int`, `str`, `NoneType`, `collections.deque`, … */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isSafeInteger(value) ? 'int' : 'float';
    default:
  }
  if (value instanceof PyFloat) return 'float';
  if (value instanceof PyTuple) return 'tuple';
  if (value instanceof PyDeque) return 'collections.deque';
  if (value instanceof PyOrderedDict) return 'collections.OrderedDict';
  if (value instanceof PyByteArray) return 'bytearray';
  if (value instanceof PyComplex) return 'complex';
  if (value instanceof PyFrozenSet) return 'frozenset';
  if (value instanceof PyGlobal) return 'type';
  if (value instanceof PyObject) return `${value.module}.${value.name}`.slice(0, NAME_UNITS_MAX);
  if (Array.isArray(value)) return 'list';
  if (value instanceof Uint8Array) return 'bytes';
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Map.prototype) return 'dict';
  if (prototype === Set.prototype) return 'set';
  const name = prototype === null ? 'object' : (prototype as object).constructor.name;
  return name.replace(/^Py/, '');
}

/** Whether a value is a Python int (a bool is one), which floats and numbers beyond 2^53 are not. */
export function isInt(value: unknown): value is number | bigint | boolean {
  return typeof value === 'bigint' || typeof value === 'boolean' || Number.isSafeInteger(value);
}

/** Python's truth of the values that a record's `args` can be: empty containers and zeros are false. */
export function isTrue(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  if (value === 0 || value === 0n) return false;
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof Map || value instanceof Set) return value.size > 0;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0;
  if (value instanceof PyByteArray) return value.bytes.length > 0;
  return true;
}
