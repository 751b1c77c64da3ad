// The repr() of every value that holds others. Scalars among those are written at once, the rest is yielded.

import {
  PyCounter,
  PyDateTime,
  PyDefaultDict,
  PyDeque,
  PyException,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyOrderedDict,
  PySimpleNamespace,
  PySlice,
  PyTime,
  PyTuple,
} from '../values/index.ts';
import { dateTimeReprStart, timeReprStart } from './datetime.ts';
import { exceptionArgs } from './exceptions.ts';
import { globalRepr } from './names.ts';
import type { Output } from './output.ts';
import { writeScalar } from './scalars.ts';
import { ClassTable, type Container, container, type Parts } from './table.ts';
import { escapedName } from './text.ts';

const CONTAINERS: ClassTable<Container<unknown>> = new ClassTable([
  container<unknown[]>(Array, { parts: listParts, cycle: '[...]' }),
  container(PyTuple, { parts: tupleParts, cycle: '(...)' }),
  container<Map<unknown, unknown>>(Map, { parts: dictParts, cycle: '{...}' }),
  container<Set<unknown>>(Set, { parts: setParts, cycle: 'set(...)' }),
  container(PyFrozenSet, { parts: frozenSetParts, cycle: 'frozenset(...)' }),
  container(PyOrderedDict, { parts: orderedDictParts, cycle: '...' }),
  container(PyCounter, { parts: counterParts, cycle: 'Counter(...)' }),
  container(PyDefaultDict, { parts: defaultDictParts, cycle: defaultDictCycle }),
  container(PyDeque, { parts: dequeParts, cycle: '[...]' }),
  container(PySimpleNamespace, { parts: namespaceParts, cycle: 'namespace(...)' }),
  container(PySlice, { parts: sliceParts, cycle: 'slice(...)' }),
  container(PyTime, { parts: timeParts, cycle: 'datetime.time(...)' }),
  container(PyDateTime, { parts: dateTimeParts, cycle: 'datetime.datetime(...)' }),
  container(PyException, { parts: exceptionParts, cycle: ({ name }) => `${name}(...)` }),
  container(PyObject, { parts: objectParts, cycle: (value) => `<${className(value)} ...>` }),
]);

/** The printer of a value that holds others, or undefined for what no pickle decodes to. */
export function findContainer(value: object): Container<unknown> | undefined {
  return Object.getPrototypeOf(value) === null ? PLAIN_OBJECT : CONTAINERS.find(value);
}

/** A dict decoded with `dicts: 'object'`. */
const PLAIN_OBJECT: Container<unknown> = {
  parts: (out, value) => entryParts(out, '{', Object.entries(value as Record<string, unknown>), '}'),
  cycle: '{...}',
};

function listParts(out: Output, list: readonly unknown[]): Parts {
  return itemParts(out, '[', list, ']');
}

function tupleParts(out: Output, tuple: PyTuple): Parts {
  return itemParts(out, '(', tuple, tuple.length === 1 ? ',)' : ')');
}

function setParts(out: Output, set: ReadonlySet<unknown>): Parts {
  return set.size === 0 ? itemParts(out, 'set(', set, ')') : itemParts(out, '{', set, '}');
}

function frozenSetParts(out: Output, set: PyFrozenSet): Parts {
  return set.size === 0 ? itemParts(out, 'frozenset(', set, ')') : itemParts(out, 'frozenset({', set, '})');
}

function dictParts(out: Output, dict: ReadonlyMap<unknown, unknown>): Parts {
  return entryParts(out, '{', dict, '}');
}

function orderedDictParts(out: Output, dict: PyOrderedDict): Parts {
  return dict.size === 0 ? entryParts(out, 'OrderedDict(', dict, ')') : entryParts(out, 'OrderedDict({', dict, '})');
}

function counterParts(out: Output, counter: PyCounter): Parts {
  if (counter.size === 0) return entryParts(out, 'Counter(', counter, ')');
  return entryParts(out, 'Counter({', mostCommon(counter), '})');
}

function* defaultDictParts(out: Output, dict: PyDefaultDict): Parts {
  out.write('defaultdict(');
  yield dict.defaultFactory;
  yield* entryParts(out, ', {', dict, '})');
}

/** Python guards the entries alone, and so prints the factory once more. */
function defaultDictCycle({ defaultFactory }: PyDefaultDict): string {
  const named = defaultFactory instanceof PyGlobal ? globalRepr(defaultFactory) : '...';
  return `defaultdict(${defaultFactory === null ? 'None' : named}, {...})`;
}

function dequeParts(out: Output, deque: PyDeque): Parts {
  return itemParts(out, 'deque([', deque, deque.maxlen === null ? '])' : `], maxlen=${deque.maxlen})`);
}

/** The attributes, their names as they are; names that are no text or empty are left out, as Python does. */
function* namespaceParts(out: Output, { attributes }: PySimpleNamespace): Parts {
  out.write('namespace(');
  let separator = '';
  for (const [name, value] of attributes) {
    if (out.full) return;
    if (typeof name !== 'string' || name === '') continue;
    out.write(`${separator}${name}=`);
    if (!writeScalar(out, value)) yield value;
    separator = ', ';
  }
  out.write(')');
}

function sliceParts(out: Output, { start, stop, step }: PySlice): Parts {
  return itemParts(out, 'slice(', [start, stop, step], ')');
}

/** `tzinfo=` is before `fold=` in a time, and after it in a datetime. */
function* timeParts(out: Output, time: PyTime): Parts {
  out.write(timeReprStart(time));
  yield* timeZoneParts(out, time.tzinfo);
  out.write(time.fold === 0 ? ')' : ', fold=1)');
}

function* dateTimeParts(out: Output, value: PyDateTime): Parts {
  out.write(dateTimeReprStart(value));
  yield* timeZoneParts(out, value.tzinfo);
  out.write(')');
}

function* timeZoneParts(out: Output, tzinfo: unknown): Parts {
  if (tzinfo === null) return;
  out.write(', tzinfo=');
  yield tzinfo;
}

function exceptionParts(out: Output, exception: PyException): Parts {
  return itemParts(out, `${exception.name}(`, exceptionArgs(exception), ')');
}

/** Our own form, since the class is not here: what it was pickled with, as far as there is any. */
function* objectParts(out: Output, value: PyObject): Parts {
  const { args, kwargs, state, items, entries } = value;
  out.write(`<${className(value)}`);
  let separator = ' ';
  for (const [label, part] of Object.entries({ args: args.length > 0 ? args : null, kwargs, state, items, entries })) {
    if (part === null) continue;
    out.write(`${separator}${label}=`);
    yield part;
    separator = ', ';
  }
  out.write('>');
}

function className({ module, name }: PyObject): string {
  return `${escapedName(module)}.${escapedName(name)}`;
}

/** `start`, the items with commas between them, `end`. */
function* itemParts(out: Output, start: string, items: Iterable<unknown>, end: string): Parts {
  out.write(start);
  let separator = '';
  for (const item of items) {
    if (out.full) return;
    out.write(separator);
    if (!writeScalar(out, item)) yield item;
    separator = ', ';
  }
  out.write(end);
}

/** `start`, the entries as `key: value` with commas between them, `end`. */
function* entryParts(out: Output, start: string, entries: Iterable<readonly [unknown, unknown]>, end: string): Parts {
  out.write(start);
  let separator = '';
  for (const [key, value] of entries) {
    if (out.full) return;
    out.write(separator);
    if (!writeScalar(out, key)) yield key;
    out.write(': ');
    if (!writeScalar(out, value)) yield value;
    separator = ', ';
  }
  out.write(end);
}

/**
 * A Counter's entries with the largest count first, as `Counter.most_common` sorts them; in their own order where a
 * count is no number (of those Python can sort some, text and tuples among them, and leaves the rest as it is).
 */
function mostCommon(counter: PyCounter): Iterable<readonly [unknown, unknown]> {
  const ranked = Array.from(counter, (entry) => ({ entry, count: asNumber(entry[1]) }));
  if (ranked.some(({ count }) => count === null)) return counter;
  ranked.sort((a, b) => (a.count! < b.count! ? 1 : a.count! > b.count! ? -1 : 0));
  return ranked.map(({ entry }) => entry);
}

function asNumber(count: unknown): number | bigint | null {
  if (count instanceof PyFloat) return count.value;
  if (typeof count === 'boolean') return Number(count);
  return typeof count === 'number' || typeof count === 'bigint' ? count : null;
}
