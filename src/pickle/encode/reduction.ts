// What a value of a class is made of when it is pickled: a callable by its name, arguments, and what comes after them.
// The vocabulary of the table in reductions/, and of the encoder that writes it. Knows no class of value.

import { PickleError } from '../errors.ts';

/** The error that says so, of what is named. */
export function unpicklable(what: string): PickleError {
  return new PickleError('ERR_PICKLE_UNPICKLABLE', `${what} cannot be pickled`);
}

/**
 * How CPython 3.13 holds the two strings of a class's name: `python` has both interned, a `static` type of C makes its
 * name anew each time that it is asked, a `heap` type both. It decides between a string and a reference to one before.
 */
export type Implementation = 'python' | 'static' | 'heap';

/** A class or function, by its Python 3 name. Only tables make them: no name comes from a value or from the wire. */
export class GlobalName {
  readonly module: string;
  readonly name: string;
  readonly implementation: Implementation;

  constructor(module: string, name: string, implementation: Implementation) {
    this.module = module;
    this.name = name;
    this.implementation = implementation;
  }
}

/**
 * A part that pickling makes on the way, as `Decimal.__reduce__` makes its text: it takes its place in the memo, but
 * nothing refers to it again, whatever equals it. What it is made of is not copied.
 */
export class Fresh {
  readonly type: 'str' | 'bytes' | 'tuple' | 'list' | 'dict';
  readonly content: unknown;

  private constructor(type: Fresh['type'], content: unknown) {
    this.type = type;
    this.content = content;
  }

  static str(text: string): Fresh {
    return new Fresh('str', text);
  }

  static bytes(bytes: Uint8Array): Fresh {
    return new Fresh('bytes', bytes);
  }

  static tuple(items: readonly unknown[]): Fresh {
    return new Fresh('tuple', items);
  }

  static list(items: readonly unknown[] | ReadonlySet<unknown>): Fresh {
    return new Fresh('list', items);
  }

  static dict(entries: ReadonlyMap<unknown, unknown>): Fresh {
    return new Fresh('dict', entries);
  }
}

/** What may follow the making of an instance. */
export interface ReductionRest {
  /** Made with NEWOBJ, which calls `__new__` alone; else with REDUCE. */
  readonly newObject?: boolean;
  /** Items that are appended to the instance. */
  readonly items?: readonly unknown[];
  /** Items that are set in the instance. */
  readonly entries?: ReadonlyMap<unknown, unknown>;
  /** What BUILD gives to the instance. */
  readonly state?: unknown;
}

/** What `__reduce_ex__` returns in Python. */
export class Reduction {
  readonly callee: GlobalName | Reduction;
  /** A plain array is a tuple made on the way; a PyTuple is one that the value holds. */
  readonly args: readonly unknown[];
  readonly rest: ReductionRest;

  constructor(callee: GlobalName | Reduction, args: readonly unknown[], rest: ReductionRest = {}) {
    this.callee = callee;
    this.args = args;
    this.rest = rest;
  }
}

/** Says how a protocol pickles a value; ERR_PICKLE_UNPICKLABLE where it holds what Python never gives its class. */
export type Reducer<T> = (value: T, protocol: number) => Reduction | GlobalName;

/** One row of the table: a class and its reducer. */
export type ReductionRow = readonly [prototype: object, reduce: Reducer<unknown>];

/** A row. That its reducer is given instances of its class only is what the table sees to. */
export function row<T>(type: { readonly prototype: T }, reduce: Reducer<T>): ReductionRow {
  return [type.prototype as object, reduce as Reducer<unknown>];
}
