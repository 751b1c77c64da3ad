// Python's built-in types that JavaScript has no exact match for.

/** A float whose value is a whole number, so that `1.0` and the int `1` can be told apart (`floats: 'tagged'`). */
export class PyFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
    Object.freeze(this);
  }

  valueOf(): number {
    return this.value;
  }
}

/** A `tuple`. Made by `PyTuple.of(…)`: the inherited constructor takes a lone number for a length. */
export class PyTuple<T = unknown> extends Array<T> {
  static override of<T>(...items: T[]): PyTuple<T> {
    return PyTuple.adopt(items);
  }

  /** Turns a plain array, which the caller gives away, into a tuple; for any number of items. */
  static adopt<T>(items: T[]): PyTuple<T> {
    return Object.setPrototypeOf(items, PyTuple.prototype) as PyTuple<T>;
  }

  /** Arrays derived from a tuple (`map`, `filter`, `slice`) are plain ones. */
  // Stryker disable next-line BlockStatement: undefined stands for Array as well
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** A `frozenset`. */
export class PyFrozenSet<T = unknown> extends Set<T> {}

/** A `bytearray`; `bytes` are its contents. (Python's `bytes` are a plain `Uint8Array`.) */
export class PyByteArray {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    Object.freeze(this);
  }
}

/** A `complex` number. */
export class PyComplex {
  readonly real: number;
  readonly imag: number;

  constructor(real: number, imag: number) {
    this.real = real;
    this.imag = imag;
    Object.freeze(this);
  }
}

/** A `range`; Python 2 calls it `xrange`. */
export class PyRange {
  readonly start: number | bigint;
  readonly stop: number | bigint;
  readonly step: number | bigint;

  constructor(start: number | bigint, stop: number | bigint, step: number | bigint) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    Object.freeze(this);
  }
}

/** A `slice`; its three parts may be any value. */
export class PySlice {
  readonly start: unknown;
  readonly stop: unknown;
  readonly step: unknown;

  constructor(start: unknown, stop: unknown, step: unknown) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    Object.freeze(this);
  }
}

/** The type of `Ellipsis` and `NotImplemented`, which are the only two of their kind. */
export class PySingleton {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    Object.freeze(this);
  }
}

export const Ellipsis: PySingleton = new PySingleton('Ellipsis');
export const NotImplemented: PySingleton = new PySingleton('NotImplemented');

/**
 * A built-in exception: its class name (as rebuilt by Python: an `OSError` with errno 2 is a `FileNotFoundError`), its
 * arguments, and the attributes set on it, `null` where there are none.
 */
export class PyException {
  readonly name: string;
  readonly args: PyTuple;
  attributes: Map<unknown, unknown> | null = null;

  constructor(name: string, args: PyTuple) {
    this.name = name;
    this.args = args;
  }
}
