// `collections` and `types.SimpleNamespace` as a pickle makes them.

import type { AllowedGlobal, ConstructContext } from '../globals.ts';
import {
  PyCounter,
  PyDefaultDict,
  PyDeque,
  PyGlobal,
  PyOrderedDict,
  PySimpleNamespace,
  PyTuple,
} from '../values/index.ts';
import { intBetween, listArgument, positional, refuse } from './check.ts';

export const collectionGlobals: readonly AllowedGlobal[] = [
  {
    module: 'collections',
    name: 'OrderedDict',
    construct: (args, kwargs, context) => orderedDict(positional('OrderedDict', args, kwargs, 0, 1), context),
    setState: (instance, state) => refuseState(instance, state),
  },
  {
    module: 'collections',
    name: 'defaultdict',
    construct: (args, kwargs) => {
      const [factory = null] = positional('defaultdict', args, kwargs, 0, 1);
      if (factory !== null && !(factory instanceof PyGlobal)) refuse('defaultdict with a factory that is no name');
      return new PyDefaultDict(factory);
    },
  },
  {
    module: 'collections',
    name: 'Counter',
    construct: (args, kwargs) => {
      const [counts] = positional('Counter', args, kwargs, 1);
      if (!(counts instanceof Map)) refuse('Counter of something that is no dict');
      return new PyCounter(counts as Map<unknown, unknown>);
    },
  },
  {
    module: 'collections',
    name: 'deque',
    construct: (args, kwargs) => deque(positional('deque', args, kwargs, 0, 2)),
  },
  {
    module: 'types',
    name: 'SimpleNamespace',
    construct: (args, kwargs) => {
      positional('SimpleNamespace', args, kwargs, 0);
      return new PySimpleNamespace();
    },
    setState: (instance, state) => {
      if (!(instance instanceof PySimpleNamespace) || !(state instanceof Map)) refuse('a namespace of no dict');
      for (const [name, value] of state) instance.attributes.set(name, value);
    },
  },
];

/** Python 3 sets the items one by one; Python 2 gives a list of pairs. */
function orderedDict(args: PyTuple, context: ConstructContext): PyOrderedDict {
  const dict = new PyOrderedDict();
  if (args.length === 0) return dict;
  for (const pair of listArgument('OrderedDict', args[0])) {
    if (!Array.isArray(pair) || pair.length !== 2) refuse('OrderedDict of no pairs');
    context.setItem(dict, pair[0], pair[1]);
  }
  return dict;
}

/** A plain OrderedDict has no attributes; Python 2's may carry an empty dict of them. */
function refuseState(_instance: unknown, state: unknown): void {
  if (!(state instanceof Map) || state.size > 0) refuse('an OrderedDict with attributes');
}

/** `deque()`, `deque(())`, `deque((), maxlen)`, and Python 2's `deque([items], maxlen)`. */
function deque(args: PyTuple): PyDeque {
  const [items = PyTuple.of(), maxlen = null] = args;
  const empty = items instanceof PyTuple && items.length === 0;
  const content = empty ? [] : listArgument('deque', items);
  const result = new PyDeque();
  if (maxlen !== null) result.maxlen = intBetween('the maxlen of a deque', maxlen, 0, Number.MAX_SAFE_INTEGER);
  if (result.maxlen !== null && content.length > result.maxlen) refuse('a deque longer than its maxlen');
  for (const item of content) result.push(item);
  return result;
}
