// `collections`, `array` and `types.SimpleNamespace`.

import {
  PyArray,
  PyCounter,
  PyDefaultDict,
  PyDeque,
  PyFloat,
  PyGlobal,
  PyOrderedDict,
  PySimpleNamespace,
  PyTuple,
} from '../../values/index.ts';
import { namedType } from '../names.ts';
import { Fresh, GlobalName, Reduction, type ReductionRow, row, unpicklable } from '../reduction.ts';

const ORDERED_DICT = new GlobalName('collections', 'OrderedDict', 'static');
const DEFAULTDICT = new GlobalName('collections', 'defaultdict', 'heap');
const COUNTER = new GlobalName('collections', 'Counter', 'python');
const DEQUE = new GlobalName('collections', 'deque', 'heap');
const NAMESPACE = new GlobalName('types', 'SimpleNamespace', 'static');
const ARRAY = new GlobalName('array', 'array', 'heap');
const ARRAY_RECONSTRUCTOR = new GlobalName('array', '_array_reconstructor', 'static');

export const collectionReductions: readonly ReductionRow[] = [
  row(PyOrderedDict, (dict) => new Reduction(ORDERED_DICT, [], { entries: dict })),
  row(PyDefaultDict, (dict) => {
    const { defaultFactory: factory } = dict;
    if (factory === null) return new Reduction(DEFAULTDICT, [], { entries: dict });
    // Looked up here already: the dict is what cannot be pickled, since Python wants something to call there.
    if (!(factory instanceof PyGlobal)) throw unpicklable('a defaultdict whose factory is no name');
    return new Reduction(DEFAULTDICT, [namedType(factory)], { entries: dict });
  }),
  row(PyCounter, (counter) => new Reduction(COUNTER, [Fresh.dict(counter)])),
  row(PyDeque, (deque) => {
    const { maxlen } = deque;
    if (maxlen === null) return new Reduction(DEQUE, [], { items: deque });
    if (!Number.isSafeInteger(maxlen) || maxlen < deque.length) throw unpicklable('a deque longer than its maxlen');
    return new Reduction(DEQUE, [PyTuple.of(), maxlen], { items: deque });
  }),
  row(PySimpleNamespace, ({ attributes }) => new Reduction(NAMESPACE, [], { state: Fresh.dict(attributes) })),
  row(PyArray, ({ typecode, items }, protocol) => {
    const kind = ARRAY_KINDS.get(typecode);
    if (kind === undefined) throw unpicklable('an array of a type code that does not exist');
    const bytes = packed(kind, items);
    if (protocol >= 3) return new Reduction(ARRAY_RECONSTRUCTOR, [ARRAY, typecode, kind.format, Fresh.bytes(bytes)]);
    const list = kind.isFloat ? items.map((item) => new PyFloat(item as number)) : items;
    return new Reduction(ARRAY, [typecode, Fresh.list(list)]);
  }),
];

/** How an array's items are packed; `put` answers whether the item is one that can be. */
interface ArrayKind {
  /** Of `array`'s machine formats, the little-endian one. */
  readonly format: number;
  readonly size: number;
  readonly put: (view: DataView, at: number, item: number | bigint | string) => boolean;
  readonly isFloat?: boolean;
}

const CHARACTER: ArrayKind = {
  format: 20,
  size: 4,
  put: (view, at, item) => {
    const code = typeof item === 'string' ? item.codePointAt(0) : undefined;
    if (code === undefined || item !== String.fromCodePoint(code)) return false;
    view.setUint32(at, code, true);
    return true;
  },
};

/** The sizes are those of 64-bit Linux and macOS; another machine's Python converts what it reads. */
const ARRAY_KINDS: ReadonlyMap<string, ArrayKind> = new Map<string, ArrayKind>([
  ['u', CHARACTER],
  ['w', CHARACTER],
  ['B', int(0, 1, false)],
  ['b', int(1, 1, true)],
  ['H', int(2, 2, false)],
  ['h', int(4, 2, true)],
  ['I', int(6, 4, false)],
  ['i', int(8, 4, true)],
  ['L', int(10, 8, false)],
  ['l', int(12, 8, true)],
  ['Q', int(10, 8, false)],
  ['q', int(12, 8, true)],
  ['f', float(14, 4, (view, at, value) => view.setFloat32(at, value, true))],
  ['d', float(16, 8, (view, at, value) => view.setFloat64(at, value, true))],
]);

function int(format: number, size: number, signed: boolean): ArrayKind {
  const low = signed ? -(2n ** BigInt(8 * size - 1)) : 0n;
  const high = low + 2n ** BigInt(8 * size);
  return {
    format,
    size,
    put: (view, at, item) => {
      if (typeof item !== 'bigint' && !Number.isSafeInteger(item)) return false;
      const value = BigInt(item);
      if (value < low || value >= high) return false;
      const unsigned = BigInt.asUintN(64, value);
      for (let i = 0; i < size; i++) view.setUint8(at + i, Number((unsigned >> BigInt(8 * i)) & 0xffn));
      return true;
    },
  };
}

function float(format: number, size: number, set: (view: DataView, at: number, value: number) => void): ArrayKind {
  return {
    format,
    size,
    isFloat: true,
    put: (view, at, item) => {
      if (typeof item === 'number') set(view, at, item);
      return typeof item === 'number';
    },
  };
}

function packed({ size, put }: ArrayKind, items: PyArray['items']): Uint8Array {
  const bytes = new Uint8Array(items.length * size);
  const view = new DataView(bytes.buffer);
  items.forEach((item, i) => {
    if (!put(view, i * size, item)) throw unpicklable('an array with an item that its type code does not hold');
  });
  return bytes;
}
