// Python's built-in exceptions: any arguments, as BaseException keeps them, but for the few classes that check theirs;
// and attributes that were set on one.

import type { AllowedGlobal } from '../globals.ts';
import { exceptionNames } from '../values/exception-names.ts';
import {
  PyComplex,
  PyDecimal,
  PyException,
  PyFloat,
  PyFraction,
  PyIPAddress,
  PyObject,
  type PyTuple,
  PyUUID,
} from '../values/index.ts';
import { isInt, refuse } from './check.ts';

/** Names that Python 3 made other names of OSError. */
const OS_ERRORS = ['OSError', 'IOError', 'EnvironmentError', 'WindowsError'];

/** SyntaxError and its subclasses. */
const SYNTAX_ERRORS = ['SyntaxError', 'IndentationError', 'TabError', '_IncompleteInputError'];

/** The exceptions that are not of Exception, but of BaseException itself. */
const BASE_EXCEPTIONS: ReadonlySet<string> = new Set([
  'BaseException',
  'BaseExceptionGroup',
  'GeneratorExit',
  'KeyboardInterrupt',
  'SystemExit',
]);

export const exceptionGlobals: readonly AllowedGlobal[] = [...new Set([...exceptionNames, ...OS_ERRORS])].map(
  exception,
);

function exception(name: string): AllowedGlobal {
  return {
    module: 'builtins',
    name,
    construct: (args, kwargs) => {
      if (kwargs !== null && kwargs.size > 0) refuse(`${name} with keyword arguments`);
      const rebuilt = rebuiltName(name, args);
      if (ACCEPTS.get(rebuilt)?.(args) === false) refuse(`${rebuilt} with arguments that it never has`);
      return new PyException(rebuilt, args);
    },
    setState: (instance, state) => {
      if (!(instance instanceof PyException) || !(state instanceof Map)) refuse('a state of an exception is no dict');
      instance.attributes ??= new Map();
      for (const [name, value] of state) {
        if (typeof name !== 'string') refuse('an attribute of an exception whose name is no str');
        instance.attributes.set(name, value);
      }
    },
  };
}

/** The class of an instance, which some constructors pick by their arguments. */
function rebuiltName(name: string, args: PyTuple): string {
  if (OS_ERRORS.includes(name)) return osErrorName(args);
  return name === 'BaseExceptionGroup' ? groupName(args) : name;
}

/** The subclass that OSError's own constructor picks by the errno of `(errno, strerror, …)`. */
function osErrorName(args: PyTuple): string {
  const [errno] = args;
  if (args.length < 2 || args.length > 5 || (typeof errno !== 'number' && typeof errno !== 'boolean')) return 'OSError';
  return ERRNO_NAMES.get(Number(errno)) ?? 'OSError';
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

/** A group that could be an ExceptionGroup is one. */
function groupName([, members]: PyTuple): string {
  const isOne = Array.isArray(members) && members.every(isOfException);
  return isOne ? 'ExceptionGroup' : 'BaseExceptionGroup';
}

/** The few exceptions whose constructors check their arguments. Source: CPython's `exceptions.c`. */
const ACCEPTS: ReadonlyMap<string, (args: PyTuple) => boolean> = new Map<string, (args: PyTuple) => boolean>([
  ['UnicodeDecodeError', (args) => fits(args, [isText, isBytes, isIndex, isIndex, isText])],
  ['UnicodeEncodeError', (args) => fits(args, [isText, isText, isIndex, isIndex, isText])],
  ['UnicodeTranslateError', (args) => fits(args, [isText, isIndex, isIndex, isText])],
  ['ExceptionGroup', (args) => fits(args, [isText, (members) => isGroup(members, mayBeOfException)])],
  ['BaseExceptionGroup', (args) => fits(args, [isText, (members) => isGroup(members, mayBeException)])],
  ['BlockingIOError', (args) => args.length < 3 || args.length > 5 || isFileNameOrCount(args[2])],
  ...SYNTAX_ERRORS.map((name) => [name, ({ length, 1: place }: PyTuple) => length !== 2 || isPlace(place)] as const),
]);

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
  return typeof value === 'number' && isInt(value);
}

function isGroup(members: unknown, accepts: (member: unknown) => boolean): boolean {
  return Array.isArray(members) && members.length > 0 && members.every(accepts);
}

function isOfException(value: unknown): boolean {
  return value instanceof PyException && !BASE_EXCEPTIONS.has(value.name);
}

/** An inert object may be anything: its class is not here to tell. */
function mayBeOfException(value: unknown): boolean {
  return isOfException(value) || value instanceof PyObject;
}

function mayBeException(value: unknown): boolean {
  return value instanceof PyException || value instanceof PyObject;
}

/** File, line, offset and text of a syntax error, and the line and offset of its end where that is known. */
function isPlace(value: unknown): boolean {
  return Array.isArray(value) && (value.length === 4 || value.length === 6);
}

/** The third argument of a BlockingIOError: what is a number must be a number of characters. */
function isFileNameOrCount(value: unknown): boolean {
  if (typeof value === 'number') return isInt(value);
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value;
  return !OTHER_NUMBERS.some((type) => value instanceof type);
}

/** Classes that Python takes for numbers, and for no ints. */
const OTHER_NUMBERS = [PyFloat, PyComplex, PyDecimal, PyFraction, PyUUID, PyIPAddress] as const;
