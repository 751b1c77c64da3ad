// Built-in exceptions: class, arguments, and the attributes that were set on one. Groups are left out: their class
// wants exceptions for members, all the way down, and is not there before Python 3.11.

import { exceptionNames } from '../../values/exception-names.ts';
import { PyException, type PyTuple } from '../../values/index.ts';
import { builtin } from '../names.ts';
import { Fresh, Reduction, type ReductionRow, row, unpicklable } from '../reduction.ts';

export const exceptionReductions: readonly ReductionRow[] = [
  row(PyException, ({ name, args, attributes }) => {
    if (!exceptionNames.includes(name)) throw unpicklable('an exception that is not built in');
    if (name.endsWith('Group')) throw unpicklable('a group of exceptions');
    if (!suits(name, args)) throw unpicklable(`${name} with arguments that it never has`);
    if (attributes === null) return new Reduction(builtin(name), args);
    for (const key of attributes.keys()) {
      if (typeof key !== 'string') throw unpicklable('an exception with an attribute whose name is no text');
    }
    return new Reduction(builtin(name), args, { state: Fresh.dict(attributes) });
  }),
];

/** Whether a class that looks at its arguments takes these; what it would raise is raised in the reader's unpickler. */
function suits(name: string, args: PyTuple): boolean {
  switch (name) {
    case 'UnicodeDecodeError':
      return args.length === 5 && args[1] instanceof Uint8Array && isPlace(args, 2);
    case 'UnicodeEncodeError':
      return args.length === 5 && typeof args[1] === 'string' && isPlace(args, 2);
    case 'UnicodeTranslateError':
      return args.length === 4 && isPlace(args, 1);
    case 'SyntaxError':
    case 'IndentationError':
    case 'TabError':
      return args.length !== 2 || (Array.isArray(args[1]) && [4, 6].includes(args[1].length));
    default:
      return true;
  }
}

/** The object's place in question, from one index to another, and a reason, from argument `at` on. */
function isPlace(args: PyTuple, at: number): boolean {
  return (
    typeof args[0] === 'string' &&
    Number.isSafeInteger(args[at]) &&
    Number.isSafeInteger(args[at + 1]) &&
    typeof args[at + 2] === 'string'
  );
}
