// The JSON of every value that holds others. Scalars among those are written at once, the rest is yielded.

import { clockStr, dateStr, offsetStr } from '../repr/datetime.ts';
import type { Output } from '../repr/output.ts';
import { ClassTable, type Row } from '../repr/table.ts';
import {
  PyDateTime,
  PyException,
  PyFrozenSet,
  PyObject,
  PySimpleNamespace,
  PySlice,
  PyTime,
  type PyTimeDelta,
} from '../values/index.ts';
import { qualifiedName, writeScalar, writeString } from './scalars.ts';

/** A value to be written next, and the steps to its place from that of the container that yields it. */
export interface Part {
  readonly value: unknown;
  readonly path: readonly (string | number)[];
}

/** Writes a container's own text and yields, in their places, the containers in it. */
export type Parts = Generator<Part, void, void>;

type Writer<T> = (out: Output, value: T) => Parts;

const CONTAINERS: ClassTable<Writer<unknown>> = new ClassTable([
  row<readonly unknown[]>(Array, (out, list) => itemParts(out, list, [])),
  row<ReadonlyMap<unknown, unknown>>(Map, (out, dict) => dictParts(out, dict)),
  row<ReadonlySet<unknown>>(Set, (out, set) => taggedItemParts(out, '$set', set)),
  row(PyFrozenSet, (out, set) => taggedItemParts(out, '$frozenset', set)),
  row(PySlice, (out, { start, stop, step }) => taggedItemParts(out, '$slice', [start, stop, step])),
  row(PySimpleNamespace, (out, { attributes }) => dictParts(out, attributes)),
  row(PyTime, (out, value) => clockParts(out, '$time', clockStr(value), value)),
  row(PyDateTime, (out, value) => clockParts(out, '$datetime', `${dateStr(value)}T${clockStr(value)}`, value)),
  row(PyException, (out, { name, args, attributes }) => namedParts(out, '$exception', name, { args, attributes })),
  row(PyObject, (out, value) => {
    const { args, kwargs, state, items, entries } = value;
    const parts = { args: args.length > 0 ? args : null, kwargs, state, items, entries };
    return namedParts(out, '$object', qualifiedName(value), parts);
  }),
]);

/** The writer of a value that holds others. A TypeError for what no pickle decodes to. */
export function containerParts(out: Output, value: unknown): Parts {
  if (typeof value === 'object' && value !== null) {
    // A dict decoded with `dicts: 'object'`.
    if (Object.getPrototypeOf(value) === null) return entryParts(out, Object.entries(value));
    const write = CONTAINERS.find(value);
    if (write !== undefined) return write(out, value);
  }
  const kind = typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value;
  throw new TypeError(`${kind} is not a decoded Python value`);
}

function row<T>(type: { readonly prototype: T }, write: Writer<T>): Row<Writer<unknown>> {
  return [type.prototype as object, write as Writer<unknown>];
}

function* itemParts(out: Output, items: Iterable<unknown>, path: Part['path']): Parts {
  out.write('[');
  let index = 0;
  for (const item of items) {
    if (out.full) return;
    if (index > 0) out.write(',');
    if (!writeScalar(out, item)) yield { value: item, path: [...path, index] };
    index++;
  }
  out.write(']');
}

function* taggedItemParts(out: Output, tag: string, items: Iterable<unknown>): Parts {
  out.write(`{"${tag}":`);
  yield* itemParts(out, items, [tag]);
  out.write('}');
}

function dictParts(out: Output, dict: ReadonlyMap<unknown, unknown>): Parts {
  for (const key of dict.keys()) if (typeof key !== 'string') return pairParts(out, dict);
  return entryParts(out, dict as ReadonlyMap<string, unknown>);
}

function* entryParts(out: Output, entries: Iterable<readonly [string, unknown]>): Parts {
  let separator = '{';
  for (const [key, value] of entries) {
    if (out.full) return;
    const name = key.startsWith('$') ? `$${key}` : key;
    out.write(separator);
    writeString(out, name);
    out.write(':');
    if (!writeScalar(out, value)) yield { value, path: [name] };
    separator = ',';
  }
  out.write(separator === '{' ? '{}' : '}');
}

function* pairParts(out: Output, dict: ReadonlyMap<unknown, unknown>): Parts {
  let index = 0;
  out.write('{"$dict":[');
  for (const [key, value] of dict) {
    if (out.full) return;
    out.write(index === 0 ? '[' : ',[');
    if (!writeScalar(out, key)) yield { value: key, path: ['$dict', index, 0] };
    out.write(',');
    if (!writeScalar(out, value)) yield { value, path: ['$dict', index, 1] };
    out.write(']');
    index++;
  }
  out.write(']}');
}

/** `{"$tag": "name", …}` with those of the parts that are there. */
function* namedParts(out: Output, tag: string, name: string, parts: Readonly<Record<string, unknown>>): Parts {
  out.write(`{"${tag}":`);
  writeString(out, name);
  for (const [label, value] of Object.entries(parts)) {
    if (value === null) continue;
    out.write(`,"${label}":`);
    if (!writeScalar(out, value)) yield { value, path: [label] };
  }
  out.write('}');
}

/** A time as `isoformat()` has it, if the offset of its zone is known. */
function* clockParts(out: Output, tag: string, text: string, value: PyTime | PyDateTime): Parts {
  const { tzinfo } = value;
  const offset: PyTimeDelta | null = value.utcOffset();
  if (tzinfo === null || offset !== null) writeString(out, offset === null ? text : text + offsetStr(offset));
  else yield* namedParts(out, tag, text, { tzinfo });
}
