// The policy: which classes and functions a pickle may name, and what stands for them. Every opcode that names a global
// comes through here, and nothing here imports, resolves or calls anything of that name.

import { PickleError, quoted } from './errors.ts';
import { PyGlobal, PyObject, type PyTuple } from './values/index.ts';

/** What a constructor may ask of the decoder while it runs. */
export interface ConstructContext {
  /** Accounts for work that does not show in the size of the arguments; ERR_PICKLE_LIMIT when it outgrows the pickle. */
  charge(units: number): void;
  /** Passes another name through the policy. */
  find(module: string, name: string): unknown;
  /** Sets one item of a dict; ERR_PICKLE_TYPE where Python could not hash the key. */
  setItem(map: Map<unknown, unknown>, key: unknown, value: unknown): void;
  /** Adds one member to a set; ERR_PICKLE_TYPE where Python could not hash it. */
  addItem(set: Set<unknown>, member: unknown): void;
  /** Makes a new instance of a class that the pickle named, by the same policy. */
  newObject(cls: unknown, args: PyTuple): unknown;
}

/**
 * One entry of an allow-list: an exact pair of module and name (`__builtin__`, `copy_reg` and `exceptions` mean their
 * Python 3 names), and what to do when the pickle asks for an instance. An entry with neither `construct` nor `value`
 * may be named, say as a factory, but not called.
 */
export interface AllowedGlobal {
  readonly module: string;
  readonly name: string;
  /** Makes an instance. What it throws fails the pickle with ERR_PICKLE_CONSTRUCTOR. */
  readonly construct?: (args: PyTuple, kwargs: Map<unknown, unknown> | null, context: ConstructContext) => unknown;
  /** Gives an instance the state that BUILD brings. */
  readonly setState?: (instance: unknown, state: unknown) => void;
  /** Takes what APPEND, APPENDS and ADDITEMS bring to an instance. Without it they fail, unless it is a list or a set. */
  readonly append?: (instance: unknown, items: readonly unknown[]) => void;
  /** Takes what SETITEM and SETITEMS bring to an instance. Without it they fail, unless it is a Map. */
  readonly setItems?: (instance: unknown, items: readonly (readonly [key: unknown, value: unknown])[]) => void;
  /** True where an instance without a state is not complete: a pickle that leaves one so fails. */
  readonly needsState?: boolean;
  /** True for a function, which can be called but has no instances of its own. */
  readonly isFunction?: boolean;
  /** What the name itself stands for, such as `Ellipsis`. */
  readonly value?: unknown;
}

/** An entry that makes instances. */
export type CallableGlobal = AllowedGlobal & Required<Pick<AllowedGlobal, 'construct'>>;

/** An entry for a class whose instances are to be kept as inert `PyObject` data. */
export function inertGlobal(module: string, name: string): CallableGlobal {
  return { module, name, construct: (args, kwargs) => new PyObject(module, name, args, kwargs) };
}

/** What becomes of a global that is not on the allow-list. */
export type UnknownGlobals = 'reject' | 'inert';

/** An allow-list with its policy for everything else. Holds no state of any one pickle. */
export class Globals {
  readonly #modules: Map<string, Map<string, AllowedGlobal>> = new Map();
  readonly #tokens: Map<AllowedGlobal, PyGlobal> = new Map();
  readonly #unknown: UnknownGlobals;

  constructor(allow: Iterable<AllowedGlobal>, unknown: UnknownGlobals) {
    this.#unknown = unknown;
    for (const entry of allow) {
      const { module, name } = python3Name(entry.module, entry.name);
      const names = this.#modules.get(module) ?? new Map<string, AllowedGlobal>();
      names.set(name, entry);
      this.#modules.set(module, names);
      this.#tokens.set(entry, new PyGlobal(module, name));
    }
  }

  /** What naming a global puts on the stack: a value, or the frozen token that stands for it. */
  find(module: string, name: string): unknown {
    const spelled = python3Name(module, name);
    const entry = this.#modules.get(spelled.module)?.get(spelled.name);
    if (entry !== undefined) return entry.value !== undefined ? entry.value : this.#tokens.get(entry);
    if (this.#unknown === 'reject') throw forbidden(spelled.module, spelled.name);
    return new PyGlobal(spelled.module, spelled.name);
  }

  /** The entry that makes instances of a token. Not on the list, or not to be called: an inert one, or an error. */
  callable(token: PyGlobal): CallableGlobal {
    const entry = this.#modules.get(token.module)?.get(token.name);
    if (entry?.construct !== undefined) return entry as CallableGlobal;
    if (this.#unknown === 'reject') throw forbidden(token.module, token.name);
    return inertGlobal(token.module, token.name);
  }

  /** True where what is not on the allow-list is kept as inert data. */
  get keepsUnknown(): boolean {
    return this.#unknown === 'inert';
  }
}

function forbidden(module: string, name: string): PickleError {
  const global = `${module}.${name}`;
  return new PickleError('ERR_PICKLE_FORBIDDEN_GLOBAL', `${quoted(global)} is not allowed`, { global });
}

/**
 * Protocols 0 to 2 carry Python 2's names, as `pickle` maps them with `fix_imports`. Only the names that built-in types
 * go by are known here; the modules that Python 3 moved (`Queue`, `ConfigParser`) keep the spelling they came with.
 */
export function python3Name(module: string, name: string): { module: string; name: string } {
  switch (module) {
    case '__builtin__':
      return { module: 'builtins', name: BUILTIN_NAMES.get(name) ?? name };
    case 'exceptions':
      return { module: 'builtins', name: name === 'StandardError' ? 'Exception' : name };
    case 'copy_reg':
      return { module: 'copyreg', name };
    case 'pathlib._local':
      return { module: 'pathlib', name };
    default:
      return { module, name };
  }
}

const BUILTIN_NAMES: ReadonlyMap<string, string> = new Map([
  ['xrange', 'range'],
  ['long', 'int'],
  ['unicode', 'str'],
  ['unichr', 'chr'],
  ['basestring', 'str'],
]);
