// Values that name a class or a function of Python's without being one: data to read, never to call or to resolve.

import type { PyTuple } from './builtins.ts';

/**
 * The name of a global, such as the `list` of `defaultdict(list)`: a frozen token that nothing can be called on, set on
 * or appended to. Names are Python 3's (`builtins`, never `__builtin__`).
 */
export class PyGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
    Object.freeze(this);
  }
}

/**
 * An instance of a class that is not on the allow-list, kept as the data it was pickled with. Which parts are there
 * depends on how Python pickled it: `args` and `kwargs` went to the constructor, `state` to `__setstate__` (or the
 * `__dict__`), `items` to `append` or `add`, `entries` to `__setitem__`.
 */
export class PyObject {
  readonly module: string;
  readonly name: string;
  readonly args: PyTuple;
  readonly kwargs: Map<unknown, unknown> | null;
  state: unknown = null;
  items: unknown[] | null = null;
  entries: Map<unknown, unknown> | null = null;

  constructor(module: string, name: string, args: PyTuple, kwargs: Map<unknown, unknown> | null = null) {
    this.module = module;
    this.name = name;
    this.args = args;
    this.kwargs = kwargs;
  }
}
