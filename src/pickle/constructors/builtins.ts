// Python's built-in types as a pickle makes them, and the three functions that picklers lean on: `copyreg._reconstructor`,
// `_codecs.encode` and `getattr`, none of which is called.

import type { AllowedGlobal, ConstructContext } from '../globals.ts';
import { encodeLatin1 } from '../text.ts';
import {
  Ellipsis,
  NotImplemented,
  PyByteArray,
  PyComplex,
  PyFrozenSet,
  PyGlobal,
  PyRange,
  PySlice,
  PyTuple,
} from '../values/index.ts';
import { floatArgument, intArgument, listArgument, positional, refuse } from './check.ts';

/** Types that may be named, as a defaultdict's factory or a value, but have no constructor here. */
const TYPES = [
  'bool',
  'classmethod',
  'dict',
  'enumerate',
  'filter',
  'float',
  'int',
  'list',
  'map',
  'memoryview',
  'object',
  'property',
  'reversed',
  'staticmethod',
  'str',
  'super',
  'tuple',
  'zip',
] as const;

export const builtinGlobals: readonly AllowedGlobal[] = [
  ...TYPES.map((name) => ({ module: 'builtins', name })),
  { module: 'builtins', name: 'Ellipsis', value: Ellipsis },
  { module: 'builtins', name: 'NotImplemented', value: NotImplemented },
  {
    module: 'builtins',
    name: 'type',
    construct: (args, kwargs) => typeOf(positional('type', args, kwargs, 1)[0]),
  },
  {
    module: 'builtins',
    name: 'set',
    construct: (args, kwargs, context) => fill(new Set(), positional('set', args, kwargs, 1), context),
  },
  {
    module: 'builtins',
    name: 'frozenset',
    construct: (args, kwargs, context) => fill(new PyFrozenSet(), positional('frozenset', args, kwargs, 1), context),
  },
  {
    module: 'builtins',
    name: 'bytes',
    construct: (args, kwargs) => new Uint8Array(positional('bytes', args, kwargs, 0).length),
  },
  {
    module: 'builtins',
    name: 'bytearray',
    construct: (args, kwargs) => byteArray(positional('bytearray', args, kwargs, 0, 2)),
  },
  {
    module: 'builtins',
    name: 'complex',
    construct: (args, kwargs) => {
      const [real, imag] = positional('complex', args, kwargs, 2);
      return new PyComplex(floatArgument('complex', real), floatArgument('complex', imag));
    },
  },
  {
    module: 'builtins',
    name: 'range',
    construct: (args, kwargs) => {
      const [start, stop, step] = positional('range', args, kwargs, 3).map((part) => intArgument('range', part));
      if (step === 0) refuse('range with a step of 0');
      return new PyRange(start as number, stop as number, step as number);
    },
  },
  {
    module: 'builtins',
    name: 'slice',
    construct: (args, kwargs) => {
      const [start, stop, step] = positional('slice', args, kwargs, 3);
      return new PySlice(start, stop, step);
    },
  },
  {
    // How a nested class or a class method is pickled before protocol 4: `getattr(Outer, 'Inner')`. Only the name grows
    // by a part; the longer name passes the policy like any other.
    module: 'builtins',
    name: 'getattr',
    isFunction: true,
    construct: (args, kwargs, context) => {
      const [owner, name] = positional('getattr', args, kwargs, 2);
      if (!(owner instanceof PyGlobal) || typeof name !== 'string') refuse('getattr of something that is no class');
      context.charge(owner.name.length);
      return context.find(owner.module, `${owner.name}.${name}`);
    },
  },
  {
    // Protocols 0 and 1 make an instance of any class this way: the class, its built-in base, and that base's value.
    module: 'copyreg',
    name: '_reconstructor',
    isFunction: true,
    construct: (args, kwargs, context) => {
      const [cls, base, state] = positional('_reconstructor', args, kwargs, 3);
      if (!(base instanceof PyGlobal) || base.module !== 'builtins') refuse('_reconstructor with a base of its own');
      return context.newObject(cls, base.name === 'object' && state === null ? PyTuple.of() : PyTuple.of(state));
    },
  },
  {
    // How Python 3 writes bytes for Python 2 to read: as text of the same codes.
    module: '_codecs',
    name: 'encode',
    isFunction: true,
    construct: (args, kwargs) => {
      const [text, encoding] = positional('_codecs.encode', args, kwargs, 2);
      if (encoding !== 'latin1') refuse('_codecs.encode with another codec than latin1');
      return latin1(text);
    },
  },
];

/** `type(None)` and its like are how the types of singletons are pickled. */
function typeOf(value: unknown): PyGlobal {
  if (value === null) return new PyGlobal('builtins', 'NoneType');
  if (value === Ellipsis) return new PyGlobal('builtins', 'ellipsis');
  if (value === NotImplemented) return new PyGlobal('builtins', 'NotImplementedType');
  return refuse('type of something that is no singleton');
}

function fill<T extends Set<unknown>>(set: T, args: PyTuple, context: ConstructContext): T {
  for (const item of listArgument('a set', args[0])) context.addItem(set, item);
  return set;
}

/** `bytearray()`, `bytearray(bytes)` and Python 2's `bytearray(text, 'latin-1')`. */
function byteArray(args: PyTuple): PyByteArray {
  const [content, encoding] = args;
  if (args.length === 0) return new PyByteArray(new Uint8Array(0));
  if (args.length === 2) {
    if (encoding !== 'latin-1') refuse('bytearray with another codec than latin-1');
    return new PyByteArray(latin1(content));
  }
  if (!(content instanceof Uint8Array)) refuse('bytearray of something that is no bytes');
  return new PyByteArray(new Uint8Array(content));
}

function latin1(text: unknown): Uint8Array {
  const bytes = typeof text === 'string' ? encodeLatin1(text) : null;
  return bytes ?? refuse('bytes from something that is no Latin-1 text');
}
