// The containers of Python's `collections`, `array` and `types` modules.

/** A `collections.OrderedDict`. */
export class PyOrderedDict<K = unknown, V = unknown> extends Map<K, V> {}

/** A `collections.Counter`. */
export class PyCounter<K = unknown, V = unknown> extends Map<K, V> {}

/** A `collections.defaultdict`; its factory is a name (`PyGlobal`) or `null`, and is never called. */
export class PyDefaultDict<K = unknown, V = unknown> extends Map<K, V> {
  readonly defaultFactory: unknown;

  constructor(defaultFactory: unknown) {
    super();
    this.defaultFactory = defaultFactory;
  }
}

/** A `collections.deque`; `maxlen` is null where it has none. */
export class PyDeque<T = unknown> extends Array<T> {
  maxlen: number | null = null;

  // Stryker disable next-line BlockStatement: undefined stands for Array as well
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** An `array.array`: its type code and its items (numbers, bigints for wide ints, one-character strings for `u`). */
export class PyArray {
  readonly typecode: string;
  readonly items: readonly (number | bigint | string)[];

  constructor(typecode: string, items: readonly (number | bigint | string)[]) {
    this.typecode = typecode;
    this.items = items;
  }
}

/** A `types.SimpleNamespace`. */
export class PySimpleNamespace {
  readonly attributes: Map<unknown, unknown> = new Map<unknown, unknown>();
}
