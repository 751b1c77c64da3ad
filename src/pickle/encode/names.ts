// The names that a pickle made here can hold: those of built-in types, and how Python 2 spells them. Every other one
// stands in a row of reductions/; none is ever taken from a value.

import { safeGlobals } from '../safe-globals.ts';
import { exceptionNames, osErrorSubclasses } from '../values/exception-names.ts';
import { Ellipsis, NotImplemented, type PyGlobal } from '../values/index.ts';
import { GlobalName, Reduction, unpicklable } from './reduction.ts';

/** Python 2's other names of OSError. */
const OS_ERROR_ALIASES = ['IOError', 'EnvironmentError', 'WindowsError'];

/** The built-in types of the default allow-list. */
const TYPES: ReadonlyMap<string, GlobalName> = (() => {
  const types = new Map<string, GlobalName>();
  for (const { module, name, isFunction, value } of safeGlobals) {
    if (module !== 'builtins' || isFunction === true || value !== undefined) continue;
    types.set(name, new GlobalName(module, name, name === 'ExceptionGroup' ? 'heap' : 'static'));
  }
  for (const alias of OS_ERROR_ALIASES) types.set(alias, types.get('OSError') as GlobalName);
  return types;
})();

/** The types of the singletons, which Python makes by `type(None)` and the like. */
const SINGLETON_TYPES: ReadonlyMap<string, Reduction> = new Map([
  ['NoneType', new Reduction(builtin('type'), [null])],
  ['ellipsis', new Reduction(builtin('type'), [Ellipsis])],
  ['NotImplementedType', new Reduction(builtin('type'), [NotImplemented])],
]);

/** A built-in type of the default allow-list. */
export function builtin(name: string): GlobalName {
  const known = TYPES.get(name);
  if (known === undefined) throw unpicklable(`the name builtins.${name}`);
  return known;
}

/** How a token is pickled: only where it names a built-in type. */
export function namedType({ module, name }: PyGlobal): GlobalName | Reduction {
  if (module !== 'builtins') throw unpicklable('the name of a class that is no built-in type');
  return SINGLETON_TYPES.get(name) ?? builtin(name);
}

/** The name that protocols 0 to 2 carry, as `pickle` maps it with `fix_imports`. Source: CPython `_compat_pickle`. */
export function python2Name({ module, name }: GlobalName): { module: string; name: string } {
  if (module === 'copyreg') return { module: 'copy_reg', name };
  if (module !== 'builtins') return { module, name };
  if (NEW_OS_ERRORS.has(name)) return { module: 'exceptions', name: 'OSError' };
  if (name === 'ModuleNotFoundError') return { module: 'exceptions', name: 'ImportError' };
  if (PYTHON2_EXCEPTIONS.has(name)) return { module: 'exceptions', name };
  const iterator = ITERTOOLS.get(name);
  if (iterator !== undefined) return { module: 'itertools', name: iterator };
  return { module: '__builtin__', name: PYTHON2_TYPES.get(name) ?? name };
}

/** Classes below OSError that Python 2 reads as OSError; the one that is left out it cannot read. */
const NEW_OS_ERRORS: ReadonlySet<string> = new Set(osErrorSubclasses.filter((name) => name !== 'BlockingIOError'));

/** Exceptions that are new and have no older name: Python 2 cannot read them. */
const NEW_EXCEPTIONS = [
  'BaseExceptionGroup',
  'BlockingIOError',
  'EncodingWarning',
  'ExceptionGroup',
  'PythonFinalizationError',
  'RecursionError',
  'ResourceWarning',
  'StopAsyncIteration',
  '_IncompleteInputError',
];
const PYTHON2_EXCEPTIONS: ReadonlySet<string> = new Set(
  exceptionNames.filter((name) => !NEW_EXCEPTIONS.includes(name)),
);

const PYTHON2_TYPES: ReadonlyMap<string, string> = new Map([
  ['int', 'long'],
  ['range', 'xrange'],
  ['str', 'unicode'],
]);

const ITERTOOLS: ReadonlyMap<string, string> = new Map([
  ['filter', 'ifilter'],
  ['map', 'imap'],
  ['zip', 'izip'],
]);
