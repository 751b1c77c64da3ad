// What lies inside a decoded value: its parts, how deep they nest, and whether Python could hash it. No function here
// recurses: the shape of a value is its sender's choice.

import { PyByteArray, PyException, PyFrozenSet, PySlice, PyTuple } from './builtins.ts';
import { PyArray, PySimpleNamespace } from './collections.ts';
import { PyDateTime, PyTime } from './datetime.ts';
import { PyObject } from './names.ts';

/** The values directly inside a value, or null for one that has no insides. */
export function partsOf(value: unknown): unknown[] | null {
  // Stryker disable next-line ConditionalExpression: only speed tells
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof Set) return [...value];
  if (value instanceof PyObject) {
    const parts: unknown[] = [value.args, value.kwargs, value.state, ...(partsOf(value.entries) ?? [])];
    return value.items === null ? parts : parts.concat(value.items);
  }
  if (value instanceof PyException) return [value.args, ...(partsOf(value.attributes) ?? [])];
  if (value instanceof PySimpleNamespace) return partsOf(value.attributes);
  if (value instanceof PySlice) return [value.start, value.stop, value.step];
  if (value instanceof PyDateTime || value instanceof PyTime) return [value.tzinfo];
  // A dict decoded with `dicts: 'object'`.
  if (Object.getPrototypeOf(value) === null) return Object.values(value);
  return null;
}

/**
 * Whether containers nest more than `levels` deep in a value. A container that holds itself adds no level, and what is
 * inside a cycle counts from where a walk in order meets it first: the longest path through one has no cheap answer.
 */
export function nestsDeeperThan(value: unknown, levels: number): boolean {
  /** Levels from a finished container down to its deepest leaf; 0 while its insides are still being walked. */
  const heights = new Map<unknown, number>();
  const path: { container: unknown; parts: unknown[]; next: number; height: number }[] = [];

  const enter = (candidate: unknown): boolean => {
    // Most parts are no containers.
    // Stryker disable next-line ConditionalExpression,LogicalOperator: only speed tells
    if (typeof candidate !== 'object' || candidate === null) return false;
    const known = heights.get(candidate);
    const parts = known === undefined ? partsOf(candidate) : null;
    if (parts !== null) {
      heights.set(candidate, 0);
      path.push({ container: candidate, parts, next: 0, height: 1 });
    }
    const above = path[path.length - 1];
    // Stryker disable next-line ConditionalExpression: what is known is held by something
    if (known !== undefined && above !== undefined) above.height = Math.max(above.height, known + 1);
    return path.length + (known ?? 0) > levels;
  };

  if (enter(value)) return true;
  for (let top = path[path.length - 1]; top !== undefined; top = path[path.length - 1]) {
    // Stryker disable next-line EqualityOperator: nothing more is nothing
    if (top.next < top.parts.length) {
      if (enter(top.parts[top.next++])) return true;
      continue;
    }
    path.pop();
    heights.set(top.container, top.height);
    const above = path[path.length - 1];
    if (above !== undefined) above.height = Math.max(above.height, top.height + 1);
  }
  return false;
}

/**
 * Whether Python could use a value as a dict key or a set member. `known` collects the tuples and slices found
 * hashable, so that one shared by many keys is walked once in a pickle.
 */
export function isHashable(value: unknown, known: Set<unknown>): boolean {
  // Stryker disable next-line ConditionalExpression,LogicalOperator: only speed tells
  if (typeof value !== 'object' || value === null) return true;
  const waiting: unknown[] = [value];
  // Stryker disable next-line EqualityOperator: nothing more is nothing
  for (let i = 0; i < waiting.length; i++) {
    const candidate = waiting[i];
    // Stryker disable next-line ConditionalExpression,LogicalOperator: only speed tells
    if (typeof candidate !== 'object' || candidate === null || known.has(candidate)) continue;
    if (candidate instanceof PyTuple || candidate instanceof PySlice) {
      known.add(candidate);
      for (const part of partsOf(candidate) as unknown[]) waiting.push(part);
    } else if (isMutable(candidate)) {
      // Those noted on the way may hold this one; forget them all rather than find out which.
      known.clear();
      return false;
    }
  }
  return true;
}

function isMutable(value: object): boolean {
  if (value instanceof Set) return !(value instanceof PyFrozenSet);
  return (
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof PyByteArray ||
    value instanceof PyArray ||
    value instanceof PySimpleNamespace
  );
}
