// Python's built-in exceptions: any arguments, as BaseException keeps them, and attributes that were set on one.

import type { AllowedGlobal } from '../globals.ts';
import { exceptionNames } from '../values/exception-names.ts';
import { PyException, type PyTuple } from '../values/index.ts';
import { refuse } from './check.ts';

/** Names that Python 3 made other names of OSError. */
const OS_ERRORS = ['OSError', 'IOError', 'EnvironmentError', 'WindowsError'];

export const exceptionGlobals: readonly AllowedGlobal[] = [
  ...exceptionNames.filter((name) => name !== 'OSError').map((name) => exception(name, () => name)),
  ...OS_ERRORS.map((name) => exception(name, osErrorName)),
];

function exception(name: string, rebuiltAs: (args: PyTuple) => string): AllowedGlobal {
  return {
    module: 'builtins',
    name,
    construct: (args, kwargs) => {
      if (kwargs !== null && kwargs.size > 0) refuse(`${name} with keyword arguments`);
      const shape = SHAPES[name];
      if (shape !== undefined && !fits(args, shape)) refuse(`${name} with arguments that it never has`);
      return new PyException(rebuiltAs(args), args);
    },
    setState: (instance, state) => {
      if (!(instance instanceof PyException) || !(state instanceof Map)) refuse('a state of an exception is no dict');
      instance.attributes ??= new Map();
      for (const [name, value] of state) instance.attributes.set(name, value);
    },
  };
}

/** The subclass that OSError's own constructor picks by the errno of `(errno, strerror, …)`. */
function osErrorName(args: PyTuple): string {
  const [errno] = args;
  if (args.length < 2 || args.length > 5 || typeof errno !== 'number') return 'OSError';
  return ERRNO_NAMES.get(errno) ?? 'OSError';
}

const ERRNO_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'PermissionError'],
  [2, 'FileNotFoundError'],
  [3, 'ProcessLookupError'],
  [4, 'InterruptedError'],
  [10, 'ChildProcessError'],
  [11, 'BlockingIOError'],
  [13, 'PermissionError'],
  [17, 'FileExistsError'],
  [20, 'NotADirectoryError'],
  [21, 'IsADirectoryError'],
  [32, 'BrokenPipeError'],
  [103, 'ConnectionAbortedError'],
  [104, 'ConnectionResetError'],
  [108, 'BrokenPipeError'],
  [110, 'TimeoutError'],
  [111, 'ConnectionRefusedError'],
  [114, 'BlockingIOError'],
  [115, 'BlockingIOError'],
]);

/** The few exceptions whose constructors check their arguments. */
const SHAPES: Readonly<Record<string, readonly ((value: unknown) => boolean)[]>> = {
  UnicodeDecodeError: [isText, isBytes, isIndex, isIndex, isText],
  UnicodeEncodeError: [isText, isText, isIndex, isIndex, isText],
  UnicodeTranslateError: [isText, isIndex, isIndex, isText],
  ExceptionGroup: [isText, isGroup],
  BaseExceptionGroup: [isText, isGroup],
};

function fits(args: PyTuple, shape: readonly ((value: unknown) => boolean)[]): boolean {
  return args.length === shape.length && shape.every((accepts, i) => accepts(args[i]));
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isBytes(value: unknown): boolean {
  return value instanceof Uint8Array;
}

function isIndex(value: unknown): boolean {
  return typeof value === 'number';
}

function isGroup(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
