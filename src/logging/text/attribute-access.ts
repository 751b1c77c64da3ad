// What `.name` and `[key]` find in a value: its own data, by closed lists. No property of JavaScript is reached by a
// name from a format, and nothing is called.

import {
  PyArray,
  PyByteArray,
  PyComplex,
  PyCounter,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyDefaultDict,
  PyDeque,
  PyException,
  PyFloat,
  PyFraction,
  PyIPAddress,
  PyObject,
  PyRange,
  PySimpleNamespace,
  PySlice,
  PyTime,
  PyTimeDelta,
  PyTuple,
  PyUUID,
  PyZoneInfo,
} from '../../pickle/index.ts';
import { FormatError } from '../errors.ts';
import { asFloat, asIndex } from './numbers.ts';
import { isInt, typeName } from './python-types.ts';
import { shown } from './text-limits.ts';

type Getter = (value: unknown) => unknown;
type Class<T> = { readonly prototype: T };

/** The attributes of a class, by Python's names. */
function attributes<T>(type: Class<T>, getters: Readonly<Record<string, (value: T) => unknown>>): AttributeRow {
  return [type.prototype as object, new Map(Object.entries(getters as Record<string, Getter>))];
}

type AttributeRow = readonly [prototype: object, getters: ReadonlyMap<string, Getter>];

const DATE = {
  year: ({ year }: PyDate | PyDateTime) => year,
  month: ({ month }: PyDate | PyDateTime) => month,
  day: ({ day }: PyDate | PyDateTime) => day,
};

const CLOCK = {
  hour: ({ hour }: PyTime | PyDateTime) => hour,
  minute: ({ minute }: PyTime | PyDateTime) => minute,
  second: ({ second }: PyTime | PyDateTime) => second,
  microsecond: ({ microsecond }: PyTime | PyDateTime) => microsecond,
  fold: ({ fold }: PyTime | PyDateTime) => fold,
  tzinfo: ({ tzinfo }: PyTime | PyDateTime) => tzinfo,
};

const ATTRIBUTES: ReadonlyMap<object, ReadonlyMap<string, Getter>> = new Map([
  attributes(PyFloat, { real: (value) => value, imag: () => new PyFloat(0) }),
  attributes(PyComplex, { real: ({ real }) => asFloat(real), imag: ({ imag }) => asFloat(imag) }),
  attributes(PyDecimal, { real: (value) => value, imag: () => new PyDecimal('0') }),
  attributes(PyFraction, {
    numerator: ({ numerator }) => numerator,
    denominator: ({ denominator }) => denominator,
    real: (value) => value,
    imag: () => 0,
  }),
  attributes(PyDate, DATE),
  attributes(PyDateTime, { ...DATE, ...CLOCK }),
  attributes(PyTime, CLOCK),
  attributes(PyTimeDelta, {
    days: ({ days }) => days,
    seconds: ({ seconds }) => seconds,
    microseconds: ({ microseconds }) => microseconds,
  }),
  attributes(PyZoneInfo, { key: ({ key }) => key }),
  attributes(PyRange, { start: ({ start }) => start, stop: ({ stop }) => stop, step: ({ step }) => step }),
  attributes(PySlice, { start: ({ start }) => start, stop: ({ stop }) => stop, step: ({ step }) => step }),
  attributes(PyArray, { typecode: ({ typecode }) => typecode }),
  attributes(PyDeque, { maxlen: ({ maxlen }) => maxlen }),
  attributes(PyDefaultDict, { default_factory: ({ defaultFactory }) => defaultFactory }),
  attributes(PyUUID, {
    hex: ({ text }) => text.replaceAll('-', ''),
    int: ({ text }) => BigInt(`0x${text.replaceAll('-', '')}`),
    urn: ({ text }) => `urn:uuid:${text}`,
  }),
  attributes(PyIPAddress, {
    compressed: ({ text }) => text,
    version: ({ name }) => (name.startsWith('IPv4') ? 4 : 6),
  }),
  attributes(PyException, { args: ({ args }) => args }),
]);

const INT_ATTRIBUTES: ReadonlyMap<string, Getter> = new Map<string, Getter>([
  ['real', (value) => value],
  ['imag', () => 0],
  ['numerator', (value) => value],
  ['denominator', () => 1],
]);

/**
 * `value.name`, for the attributes of Python's value types that are data, the attributes of a namespace or of an
 * exception, and the state of an inert object.
 * @throws FormatError `ERR_FORMAT_ATTRIBUTE` for every other name, methods included
 */
export function attributeOf(value: unknown, name: string): unknown {
  const own = ownAttribute(value, name);
  const found = own === undefined ? tableAttribute(value, name) : own;
  if (found !== undefined) return found;
  throw new FormatError('ERR_FORMAT_ATTRIBUTE', `${typeName(value)} has no ${shown(name)} that is data`);
}

function tableAttribute(value: unknown, name: string): unknown {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    return ATTRIBUTES.get(PyFloat.prototype)?.get(name)?.(value);
  }
  if (isInt(value)) return INT_ATTRIBUTES.get(name)?.(asIndex(value));
  if (typeof value !== 'object' || value === null) return undefined;
  return ATTRIBUTES.get(Object.getPrototypeOf(value))?.get(name)?.(value);
}

/** What the sender set as attributes of an instance. */
function ownAttribute(value: unknown, name: string): unknown {
  if (value instanceof PySimpleNamespace) return value.attributes.get(name);
  if (value instanceof PyException) return name === 'args' ? undefined : value.attributes?.get(name);
  if (!(value instanceof PyObject)) return undefined;
  // An object with `__slots__` has two states: that of its dict, and that of its slots.
  const states: unknown[] = value.state instanceof PyTuple && value.state.length === 2 ? value.state : [value.state];
  for (const state of states) {
    if (state instanceof Map && state.has(name)) return state.get(name);
  }
  return undefined;
}

/**
 * `value[key]`: an item of a dict, or of a sequence by its number.
 * @throws FormatError `ERR_FORMAT_KEY`, `ERR_FORMAT_INDEX`, and `ERR_FORMAT_TYPE` for what has no items
 */
export function itemOf(value: unknown, key: string | number | bigint): unknown {
  const entries = value instanceof PyObject ? value.entries : value;
  if (entries instanceof Map) return entryOf(entries, key);
  const items = itemsOf(value);
  if (items === null) throw new FormatError('ERR_FORMAT_TYPE', `${typeName(value)} has no items`);
  if (typeof key === 'string') throw new FormatError('ERR_FORMAT_TYPE', `items of ${typeName(value)} have numbers`);
  const item = items(key);
  if (item === undefined) throw new FormatError('ERR_FORMAT_INDEX', `${typeName(value)} has no item ${key}`);
  return item;
}

function entryOf(dict: ReadonlyMap<unknown, unknown>, key: string | number | bigint): unknown {
  if (dict.has(key)) return dict.get(key);
  if (dict instanceof PyCounter) return 0;
  throw new FormatError('ERR_FORMAT_KEY', `there is no ${typeof key === 'string' ? shown(key) : key}`);
}

/** How the items of a sequence are found; null for what is none. */
function itemsOf(value: unknown): ((index: number | bigint) => unknown) | null {
  if (typeof value === 'string') return (index) => characterAt(value, Number(index));
  if (value instanceof PyRange) return (index) => rangeItem(value, BigInt(index));
  if (value instanceof PyArray) return (index) => arrayItem(value, Number(index));
  const items = listOf(value);
  return items === null ? null : (index) => items[Number(index)];
}

/** An array holds plain numbers, whatever its type code makes of them. */
function arrayItem({ typecode, items }: PyArray, index: number): unknown {
  const item = items[index];
  return typeof item === 'number' && (typecode === 'd' || typecode === 'f') ? asFloat(item) : item;
}

function listOf(value: unknown): ArrayLike<unknown> | null {
  if (Array.isArray(value) || value instanceof Uint8Array) return value;
  if (value instanceof PyByteArray) return value.bytes;
  return value instanceof PyObject ? value.items : null;
}

function characterAt(text: string, index: number): string | undefined {
  if (index >= text.length) return undefined;
  let passed = 0;
  for (const character of text) {
    if (passed === index) return character;
    passed += 1;
  }
  return undefined;
}

function rangeItem({ start, stop, step }: PyRange, index: bigint): number | bigint | undefined {
  const item = BigInt(start) + index * BigInt(step);
  const inside = step > 0 ? item < stop : item > stop;
  if (!inside) return undefined;
  const narrow = Number(item);
  return Number.isSafeInteger(narrow) ? narrow : item;
}
