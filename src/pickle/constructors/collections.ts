// `collections`, `array` and `types.SimpleNamespace` as a pickle makes them.

import type { AllowedGlobal, ConstructContext } from '../globals.ts';
import {
  PyArray,
  PyCounter,
  PyDefaultDict,
  PyDeque,
  PyGlobal,
  PyOrderedDict,
  PySimpleNamespace,
  PyTuple,
} from '../values/index.ts';
import { floatArgument, intBetween, isInt, listArgument, positional, refuse } from './check.ts';

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
  { module: 'array', name: 'array', construct: (args, kwargs) => array(positional('array', args, kwargs, 2)) },
  {
    // Protocols 3 and up: the machine's own bytes, described by a format code of `array`'s.
    module: 'array',
    name: '_array_reconstructor',
    isFunction: true,
    construct: (args, kwargs) => unpackedArray(positional('_array_reconstructor', args, kwargs, 4)),
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

const INT_RANGES: ReadonlyMap<string, readonly [bigint, bigint]> = new Map(
  Object.entries<readonly [bigint, bigint]>({
    b: [-(2n ** 7n), 2n ** 7n],
    B: [0n, 2n ** 8n],
    h: [-(2n ** 15n), 2n ** 15n],
    H: [0n, 2n ** 16n],
    i: [-(2n ** 31n), 2n ** 31n],
    I: [0n, 2n ** 32n],
    l: [-(2n ** 63n), 2n ** 63n],
    L: [0n, 2n ** 64n],
    q: [-(2n ** 63n), 2n ** 63n],
    Q: [0n, 2n ** 64n],
  }),
);

/** `array(typecode, [items])`. */
function array(args: PyTuple): PyArray {
  const [typecode, list] = args;
  if (typeof typecode !== 'string') refuse('an array whose type code is no str');
  if (typecode === 'u' || typecode === 'w') {
    const characters = typeof list === 'string' ? [...list] : listArgument('an array', list);
    return new PyArray(typecode, characters.map(character));
  }
  const items = listArgument('an array', list);
  if (typecode === 'f' || typecode === 'd') {
    return new PyArray(
      typecode,
      items.map((item) => float(typecode, floatArgument('an array', item))),
    );
  }
  const range = INT_RANGES.get(typecode);
  if (range === undefined) refuse('an array of a type code that does not exist');
  return new PyArray(
    typecode,
    items.map((item) => int(item, range)),
  );
}

function character(value: unknown): string {
  return typeof value === 'string' && [...value].length === 1 ? value : refuse('an array of text of no characters');
}

function int(value: unknown, [low, high]: readonly [bigint, bigint]): number | bigint {
  return isInt(value) && value >= low && value < high ? value : refuse('an array with an item out of range');
}

function float(typecode: string, value: number): number {
  return typecode === 'f' ? Math.fround(value) : value;
}

/** One item of each of `array`'s format codes 0 to 17: how to read it, and its size in bytes. */
type ItemReader = readonly [read: (view: DataView, at: number, little: boolean) => number | bigint, size: number];

const INT8: readonly ItemReader[] = [
  [(view, at) => view.getUint8(at), 1],
  [(view, at) => view.getInt8(at), 1],
];
const ITEM_READERS: readonly ItemReader[] = [
  [(view, at, little) => view.getUint16(at, little), 2],
  [(view, at, little) => view.getInt16(at, little), 2],
  [(view, at, little) => view.getUint32(at, little), 4],
  [(view, at, little) => view.getInt32(at, little), 4],
  [(view, at, little) => narrowed(view.getBigUint64(at, little)), 8],
  [(view, at, little) => narrowed(view.getBigInt64(at, little)), 8],
  [(view, at, little) => view.getFloat32(at, little), 4],
  [(view, at, little) => view.getFloat64(at, little), 8],
];

/** `_array_reconstructor(array, typecode, format, bytes)`; the formats are those of `array.__reduce_ex__`. */
function unpackedArray(args: PyTuple): PyArray {
  const [cls, typecode, format, bytes] = args;
  if (!(cls instanceof PyGlobal) || cls.module !== 'array' || cls.name !== 'array') refuse('an array of another class');
  if (typeof typecode !== 'string' || typeof format !== 'number' || !(bytes instanceof Uint8Array)) {
    refuse('an array of no bytes');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!Number.isInteger(format)) refuse('an unknown array format');
  if (format >= 18 && format <= 21) return array(PyTuple.of<unknown>(typecode, characters(view, format)));
  // Codes 2 to 17 go by pairs: little-endian, then big-endian.
  const [read, size] =
    (format < 2 ? INT8[format] : ITEM_READERS[(format - 2) >> 1]) ?? refuse('an unknown array format');
  if (bytes.length % size !== 0) refuse('an array that ends inside an item');
  const items: (number | bigint)[] = [];
  for (let at = 0; at < bytes.length; at += size) items.push(read(view, at, format % 2 === 0));
  return array(PyTuple.of<unknown>(typecode, items));
}

/** Formats 18 to 21: UTF-16 and UTF-32, little-endian and big-endian. */
function characters(view: DataView, format: number): string[] {
  const little = format % 2 === 0;
  const size = format < 20 ? 2 : 4;
  if (view.byteLength % size !== 0) refuse('an array that ends inside a character');
  let text = '';
  for (let at = 0; at < view.byteLength; at += size) {
    const code = size === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
    if (code > 0x10ffff) refuse('an array of text with no such character');
    text += size === 2 ? String.fromCharCode(code) : String.fromCodePoint(code);
  }
  return [...text];
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
