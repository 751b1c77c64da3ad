// Dicts as objects (`dicts: 'object'`), made of a finished value. Knows what a value holds, and nothing of opcodes.

import { PyException, PyObject, PySimpleNamespace, PySlice } from './values/index.ts';
import { partsOf } from './values/structure.ts';

/** What tells the caller's own values (from `persistentLoad`, say), which are left alone with all they hold. */
export interface GivenValues {
  isGiven(value: unknown): boolean;
}

/** A slice while it is made anew: the values of a finished one cannot be changed. */
interface SliceParts {
  start: unknown;
  stop: unknown;
  step: unknown;
}

/**
 * The value with null-prototype objects in place of its dicts whose keys are all strings. All else stays the object it
 * was, but for slices, which are made anew; what was shared or held itself does so still. An inert object's `kwargs` and
 * `entries` and the attributes of exceptions and namespaces stay Maps. The time is linear, and nothing recurses.
 */
export function withPlainDicts(value: unknown, owner: GivenValues): unknown {
  // First what there is and an empty stand-in for all that is replaced, so that cycles have something to point to.
  const found = new Set<unknown>([value]);
  const standIns = new Map<unknown, object>();
  for (const each of found) {
    const parts = owner.isGiven(each) ? null : partsOf(each);
    if (parts === null) {
      found.delete(each);
      continue;
    }
    if (isPlainDict(each)) standIns.set(each, Object.create(null) as object);
    else if (each instanceof PySlice) standIns.set(each, Object.create(PySlice.prototype) as object);
    for (const part of parts) {
      // Stryker disable next-line ConditionalExpression,LogicalOperator: what has no parts is dropped when it is met
      if (typeof part === 'object' && part !== null) found.add(part);
    }
  }

  const current = (part: unknown): unknown => standIns.get(part) ?? part;
  for (const each of found) {
    const standIn = standIns.get(each);
    if (standIn === undefined) {
      // What is frozen was made by the caller's own constructors, or holds no dict directly.
      if (!Object.isFrozen(each)) replaceParts(each, current);
    } else if (each instanceof PySlice) fillSlice(standIn as SliceParts, each, current);
    else fillObject(standIn as Record<string, unknown>, each as Map<string, unknown>, current);
  }
  return current(value);
}

type Replace = (part: unknown) => unknown;

function isPlainDict(value: unknown): boolean {
  if (!(value instanceof Map) || Object.getPrototypeOf(value) !== Map.prototype) return false;
  for (const key of value.keys()) if (typeof key !== 'string') return false;
  return true;
}

function fillObject(object: Record<string, unknown>, dict: ReadonlyMap<string, unknown>, current: Replace): void {
  for (const [key, value] of dict) object[key] = current(value);
}

function fillSlice(slice: SliceParts, { start, stop, step }: PySlice, current: Replace): void {
  slice.start = current(start);
  slice.stop = current(stop);
  slice.step = current(step);
  Object.freeze(slice);
}

function replaceParts(value: unknown, current: Replace): void {
  if (Array.isArray(value)) replaceItems(value, current);
  else if (value instanceof Map) replaceEntries(value, current);
  else if (value instanceof Set) replaceMembers(value, current);
  else if (value instanceof PyObject) {
    value.state = current(value.state);
    if (value.kwargs !== null) replaceEntries(value.kwargs, current);
    if (value.items !== null) replaceItems(value.items, current);
    if (value.entries !== null) replaceEntries(value.entries, current);
  } else if (value instanceof PyException) {
    if (value.attributes !== null) replaceEntries(value.attributes, current);
  } else if (value instanceof PySimpleNamespace) replaceEntries(value.attributes, current);
}

function replaceItems(list: unknown[], current: Replace): void {
  for (let i = 0; i < list.length; i++) list[i] = current(list[i]);
}

/** Keys may be slices, so the entries are set anew, in their order. */
function replaceEntries(dict: Map<unknown, unknown>, current: Replace): void {
  const entries = [...dict];
  dict.clear();
  for (const [key, value] of entries) dict.set(current(key), current(value));
}

function replaceMembers(set: Set<unknown>, current: Replace): void {
  const members = [...set];
  set.clear();
  for (const member of members) set.add(current(member));
}
