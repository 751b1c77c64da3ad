// Builds values from their descriptions in data/repr.json (see data/generate-repr.py), without any decoder.

import {
  Ellipsis,
  NotImplemented,
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
  PyFrozenSet,
  PyGlobal,
  PyIPAddress,
  PyOrderedDict,
  PyPath,
  PyRange,
  PySimpleNamespace,
  PySlice,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyTuple,
  PyUUID,
  PyZoneInfo,
} from '../../src/pickle/index.ts';

type Entries = [unknown, unknown][];
type Clock = [number, number, number, number, 0 | 1, unknown];

/** A description that is not one of JSON's own values. */
interface Description {
  readonly t: string;
  readonly v: unknown;
  readonly id?: number;
  readonly ref?: number;
}

/** The value of a description; `known` holds those that are being built, for references back to them. */
export function build(described: unknown, known: Map<number, unknown> = new Map()): unknown {
  if (typeof described !== 'object' || described === null) return described;
  const { t, v, id, ref } = described as Description;
  if (ref !== undefined) return known.get(ref);
  const one = (part: unknown): unknown => build(part, known);
  // Registered before it is filled, so that its parts can refer to it.
  const filled = <T>(container: T, fill: (container: T) => void): T => {
    if (id !== undefined) known.set(id, container);
    fill(container);
    return container;
  };
  const mapped = <T extends Map<unknown, unknown>>(map: T, entries: unknown): T =>
    filled(map, () => {
      for (const [key, value] of entries as Entries) map.set(one(key), one(value));
    });
  const listed = <T extends unknown[]>(list: T, items: unknown): T =>
    filled(list, () => {
      for (const item of items as unknown[]) list.push(one(item));
    });
  switch (t) {
    case 'list':
      return listed([], v);
    case 'tuple':
      return listed(PyTuple.of(), v);
    case 'set':
      return new Set((v as unknown[]).map(one));
    case 'frozenset':
      return new PyFrozenSet((v as unknown[]).map(one));
    case 'dict':
      return mapped(new Map(), v);
    case 'OrderedDict':
      return mapped(new PyOrderedDict(), v);
    case 'Counter':
      return mapped(new PyCounter(), v);
    case 'defaultdict': {
      const [factory, entries] = v as [unknown, unknown];
      return mapped(new PyDefaultDict(one(factory)), entries);
    }
    case 'deque': {
      const [maxlen, items] = v as [number | null, unknown];
      const deque = new PyDeque();
      deque.maxlen = maxlen;
      return listed(deque, items);
    }
    case 'SimpleNamespace':
      return filled(new PySimpleNamespace(), ({ attributes }) => {
        for (const [name, value] of v as Entries) attributes.set(name, one(value));
      });
    case 'exception': {
      const [name, items] = v as [string, unknown[]];
      return filled(new PyException(name, PyTuple.of()), ({ args }) => args.push(...items.map(one)));
    }
    default:
      return scalar(t, v, one);
  }
}

/** A value that cannot hold itself. */
function scalar(type: string, v: unknown, one: (part: unknown) => unknown): unknown {
  const parts = v as unknown[];
  const numbers = v as [number, number, number];
  const text = v as string;
  switch (type) {
    case 'int':
      return BigInt(text);
    case 'float': {
      const value = doubleFromHex(text);
      return Number.isInteger(value) ? new PyFloat(value) : value;
    }
    case 'complex': {
      const [real, imag] = parts.map(one);
      return new PyComplex(Number(real), Number(imag));
    }
    case 'bytes':
      return Uint8Array.from(numbers);
    case 'bytearray':
      return new PyByteArray(Uint8Array.from(numbers));
    case 'array':
      return new PyArray(parts[0] as string, (parts[1] as unknown[]).map(one).map(untagged) as PyArray['items']);
    case 'range': {
      const [start, stop, step] = parts.map(one) as (number | bigint)[];
      return new PyRange(start!, stop!, step!);
    }
    case 'slice': {
      const [start, stop, step] = parts.map(one);
      return new PySlice(start, stop, step);
    }
    case 'singleton':
      return text === 'Ellipsis' ? Ellipsis : NotImplemented;
    case 'global':
      return new PyGlobal(parts[0] as string, parts[1] as string);
    case 'date':
      return new PyDate(...numbers);
    case 'time':
      return new PyTime(...clock(parts, one));
    case 'datetime':
      return new PyDateTime(new PyDate(...numbers), new PyTime(...clock(parts.slice(3), one)));
    case 'timedelta':
      return new PyTimeDelta(...numbers);
    case 'timezone':
      return new PyTimeZone(one(parts[0]) as PyTimeDelta, parts[1] as string | null);
    case 'ZoneInfo':
      return new PyZoneInfo(text);
    case 'Decimal':
      return new PyDecimal(text);
    case 'Fraction': {
      const [numerator, denominator] = parts.map(one) as (number | bigint)[];
      return new PyFraction(numerator!, denominator!);
    }
    case 'UUID':
      return new PyUUID(text);
    case 'path':
      return new PyPath(parts[0] as PyPath['name'], parts[1] as string);
    case 'address':
      return new PyIPAddress(parts[0] as PyIPAddress['name'], parts[1] as string);
    default:
      throw new Error(`no such description: ${type}`);
  }
}

/** The double of 16 hexadecimal digits, big-endian. */
export function doubleFromHex(bits: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

function clock([hour, minute, second, microsecond, fold, tzinfo]: unknown[], one: (part: unknown) => unknown): Clock {
  return [hour, minute, second, microsecond, fold, one(tzinfo)] as Clock;
}

/** An array's items are plain numbers: its type code says whether they are floats. */
function untagged(item: unknown): unknown {
  return item instanceof PyFloat ? item.value : item;
}
