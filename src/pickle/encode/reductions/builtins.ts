// Python's built-in types: those that JavaScript lacks, and those that an early protocol has no opcode for.

import { decodeLatin1 } from '../../text.ts';
import {
  Ellipsis,
  NotImplemented,
  type PyByteArray,
  PyComplex,
  PyFloat,
  PyRange,
  PySingleton,
  PySlice,
} from '../../values/index.ts';
import { builtin } from '../names.ts';
import { Fresh, GlobalName, Reduction, type ReductionRow, row, unpicklable } from '../reduction.ts';
import { checkInt } from './check.ts';

const CODECS_ENCODE = new GlobalName('_codecs', 'encode', 'static');
const ELLIPSIS = new GlobalName('builtins', 'Ellipsis', 'static');
const NOT_IMPLEMENTED = new GlobalName('builtins', 'NotImplemented', 'static');

export const builtinReductions: readonly ReductionRow[] = [
  row(PyComplex, ({ real, imag }) => new Reduction(builtin('complex'), [new PyFloat(real), new PyFloat(imag)])),
  row(PyRange, ({ start, stop, step }) => {
    const parts = [start, stop, step].map((part) => checkInt('a range with a part', part));
    if (Number(step) === 0) throw unpicklable('a range with a step of 0');
    return new Reduction(builtin('range'), parts);
  }),
  row(PySlice, ({ start, stop, step }) => new Reduction(builtin('slice'), [start, stop, step])),
  row(PySingleton, (singleton) => {
    if (singleton === Ellipsis) return ELLIPSIS;
    if (singleton === NotImplemented) return NOT_IMPLEMENTED;
    throw unpicklable('a singleton that Python does not have');
  }),
];

/** Bytes before protocol 3: Python 2 makes them of text. */
export function bytesReduction(bytes: Uint8Array): Reduction {
  if (bytes.length === 0) return new Reduction(builtin('bytes'), []);
  const text = decodeLatin1(bytes, 0, bytes.length);
  // Python keeps one string for each character of Latin-1.
  return new Reduction(CODECS_ENCODE, [text.length === 1 ? text : Fresh.str(text), 'latin1']);
}

/** A bytearray before protocol 5. */
export function byteArrayReduction({ bytes }: PyByteArray): Reduction {
  return new Reduction(builtin('bytearray'), bytes.length === 0 ? [] : [Fresh.bytes(bytes)]);
}

/** A set or frozenset before protocol 4. */
export function setReduction(name: 'set' | 'frozenset', members: ReadonlySet<unknown>): Reduction {
  return new Reduction(builtin(name), [Fresh.list(members)]);
}
