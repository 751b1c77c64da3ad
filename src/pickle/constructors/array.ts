// `array` as a pickle makes it, with the item sizes that CPython has on 64-bit Linux and macOS. Knows no other container.

import type { AllowedGlobal } from '../globals.ts';
import { narrow } from '../long.ts';
import { PyArray, PyGlobal, type PyTuple } from '../values/index.ts';
import { floatArgument, isInt, listArgument, positional, refuse } from './check.ts';

export const arrayGlobals: readonly AllowedGlobal[] = [
  { module: 'array', name: 'array', construct: (args, kwargs) => array(positional('array', args, kwargs, 2)) },
  {
    // Protocols 3 and up: the machine's own bytes, described by a format code of `array`'s.
    module: 'array',
    name: '_array_reconstructor',
    isFunction: true,
    construct: (args, kwargs) => unpackedArray(positional('_array_reconstructor', args, kwargs, 4)),
  },
];

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
  if (isText(typecode)) {
    const characters = typeof list === 'string' ? [...list] : listArgument('an array', list);
    return new PyArray(typecode, characters.map(character));
  }
  const items = listArgument('an array', list);
  if (isFloat(typecode)) {
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

function isText(typecode: string): boolean {
  return typecode === 'u' || typecode === 'w';
}

function isFloat(typecode: string): boolean {
  return typecode === 'f' || typecode === 'd';
}

/** One of `array`'s format codes for numbers: how to read an item, its size in bytes, and a type code that fits it. */
interface Format {
  readonly typecode: string;
  readonly size: 1 | 2 | 4 | 8;
  readonly read: (view: DataView, at: number) => number | bigint;
}

/** A format in either byte order. */
function inBothOrders(
  typecode: string,
  size: Format['size'],
  read: (view: DataView, at: number, little: boolean) => number | bigint,
): Format[] {
  return [true, false].map((little) => ({ typecode, size, read: (view, at) => read(view, at, little) }));
}

/** The formats 0 to 17. Of two type codes for ints of one size, theirs is the one that CPython takes. */
const FORMATS: readonly Format[] = [
  { typecode: 'B', size: 1, read: (view, at) => view.getUint8(at) },
  { typecode: 'b', size: 1, read: (view, at) => view.getInt8(at) },
  ...inBothOrders('H', 2, (view, at, little) => view.getUint16(at, little)),
  ...inBothOrders('h', 2, (view, at, little) => view.getInt16(at, little)),
  ...inBothOrders('I', 4, (view, at, little) => view.getUint32(at, little)),
  ...inBothOrders('i', 4, (view, at, little) => view.getInt32(at, little)),
  ...inBothOrders('Q', 8, (view, at, little) => narrow(view.getBigUint64(at, little))),
  ...inBothOrders('q', 8, (view, at, little) => narrow(view.getBigInt64(at, little))),
  ...inBothOrders('f', 4, (view, at, little) => view.getFloat32(at, little)),
  ...inBothOrders('d', 8, (view, at, little) => view.getFloat64(at, little)),
];

/** The format that each type code has in memory. */
const NATIVE_FORMATS: ReadonlyMap<string, number> = new Map(
  Object.entries({ B: 0, b: 1, H: 2, h: 4, I: 6, i: 8, L: 10, Q: 10, l: 12, q: 12, f: 14, d: 16, u: 20, w: 20 }),
);

/**
 * `_array_reconstructor(array, typecode, format, bytes)`. Ints of another format than the type code's own are given a
 * type code that fits them: an array of `l` from Windows, where its items have 4 bytes, becomes one of `i`.
 */
function unpackedArray(args: PyTuple): PyArray {
  const [cls, typecode, format, bytes] = args;
  if (!(cls instanceof PyGlobal) || cls.module !== 'array' || cls.name !== 'array') refuse('an array of another class');
  if (typeof typecode !== 'string' || typeof format !== 'number' || !(bytes instanceof Uint8Array)) {
    refuse('an array of no bytes');
  }
  const native = NATIVE_FORMATS.get(typecode) ?? refuse('an array of a type code that does not exist');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (TEXT_FORMATS.has(format)) {
    if (!isText(typecode)) refuse('an array of numbers made of text');
    return new PyArray(typecode, characters(view, format, format === native));
  }
  const { typecode: fitting, size, read } = FORMATS[format] ?? refuse('an unknown array format');
  if (bytes.length % size !== 0) refuse('an array that ends inside an item');
  const items: (number | bigint)[] = [];
  for (let at = 0; at < bytes.length; at += size) items.push(read(view, at));
  if (format === native) return new PyArray(typecode, items);
  if (!isFloat(fitting)) return new PyArray(fitting, items);
  if (items.length > 0 && !isFloat(typecode)) refuse('an array of no floats made of floats');
  return new PyArray(
    typecode,
    items.map((item) => float(typecode, Number(item))),
  );
}

/** UTF-16 and UTF-32, little-endian and big-endian. */
const TEXT_FORMATS: ReadonlySet<number> = new Set([18, 19, 20, 21]);

/** The characters of a text. Surrogates that stand alone are kept in memory as it is, and no text to be converted. */
function characters(view: DataView, format: number, keepSurrogates: boolean): string[] {
  const little = format % 2 === 0;
  const size = format < 20 ? 2 : 4;
  if (view.byteLength % size !== 0) refuse('an array that ends inside a character');
  const found: string[] = [];
  for (let at = 0; at < view.byteLength; at += size) {
    const code = size === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
    if (code > 0x10ffff) refuse('an array of text with no such character');
    found.push(String.fromCodePoint(code));
  }
  if (keepSurrogates) return found;
  const pairs = size === 2 ? [...found.join('')] : found;
  if (pairs.some((character) => SURROGATE.test(character))) refuse('an array of text with half a character');
  return pairs;
}

const SURROGATE = /^\p{Surrogate}$/u;
