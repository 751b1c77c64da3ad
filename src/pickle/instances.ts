// Containers and instances while a pickle builds them: what REDUCE, BUILD, APPEND and SETITEM may do, and to what.

import { limitReached, messageOf, PickleError } from './errors.ts';
import type { AllowedGlobal, CallableGlobal, ConstructContext, Globals } from './globals.ts';
import { KeyGuard } from './key-guard.ts';
import type { Limits } from './limits.ts';
import { PyDeque, PyFrozenSet, PyGlobal, PyObject, PyTuple } from './values/index.ts';
import { isHashable } from './values/structure.ts';

/** The objects of one pickle. Every target is checked: only what this pickle built can be changed by it. */
export class Instances implements ConstructContext {
  readonly #globals: Globals;
  readonly #maxObjects: number;
  // Most pickles need none of these: each is made when something is to be noted in it.
  /** Instances whose entry takes a state, or items. */
  #entries: Map<unknown, AllowedGlobal> | null = null;
  /** Instances that are not complete before their state comes. */
  #incomplete: Map<unknown, AllowedGlobal> | null = null;
  /** Tuples found hashable: each is walked once, however many keys share it. */
  #hashable: Set<unknown> | null = null;
  /** Values that came from the caller, not from the pickle. */
  #given: Set<unknown> | null = null;
  readonly #keys: KeyGuard = new KeyGuard();
  #count = 0;
  #work = 0;
  /** Bytes of the pickle read so far: what constructors may cost is measured by it. */
  bytesRead = 0;

  constructor(globals: Globals, limits: Limits) {
    this.#globals = globals;
    this.#maxObjects = limits.maxObjects;
  }

  get count(): number {
    return this.#count;
  }

  /** Counts one container or instance. */
  made<T>(object: T): T {
    if (++this.#count > this.#maxObjects)
      throw limitReached('maxObjects', this.#maxObjects, 'containers and instances');
    return object;
  }

  /**
   * A constructor may do as much work as the pickle has bytes, with room to spare. More comes only of arguments used
   * over and over through the memo: a few bytes each time, and a copy of megabytes.
   */
  charge(units: number): void {
    this.#work += units;
    const most = FREE_WORK + WORK_PER_BYTE * this.bytesRead;
    if (this.#work > most) throw limitReached('constructorWork', most, 'steps in constructors');
  }

  /** Notes a value of the caller's, which no opcode may change. */
  given<T>(value: T): T {
    this.#given ??= new Set();
    this.#given.add(value);
    return value;
  }

  /** Whether a value came from the caller. */
  isGiven(value: unknown): boolean {
    return this.#given?.has(value) === true;
  }

  find(module: string, name: string): unknown {
    const found = this.#globals.find(module, name);
    return found instanceof PyGlobal ? found : this.given(found);
  }

  /** REDUCE, INST and OBJ: calls nothing; an entry of the allow-list makes the instance, or it stays inert. */
  instantiate(callee: unknown, args: unknown, kwargs: Map<unknown, unknown> | null = null): unknown {
    if (!(args instanceof PyTuple)) throw wrongType('a call whose arguments are no tuple');
    this.charge(1 + sizeOf(args));
    if (callee instanceof PyObject && this.#globals.keepsUnknown) {
      // What an inert object would return is as unknown as the object: kept as the call that it is.
      return this.made(new PyObject('operator', 'call', PyTuple.adopt([callee as unknown].concat(args)), kwargs));
    }
    if (!(callee instanceof PyGlobal)) throw wrongType('a call of something that is no global');
    const entry = this.#globals.callable(callee);
    const instance = this.made(construct(entry, args, kwargs, this));
    if (takesMore(entry)) {
      this.#entries ??= new Map();
      if (!this.#entries.has(instance)) this.#entries.set(instance, entry);
    }
    if (entry.needsState === true) {
      this.#incomplete ??= new Map();
      this.#incomplete.set(instance, entry);
    }
    return instance;
  }

  /** NEWOBJ and NEWOBJ_EX: as instantiate, but of a class. */
  newObject(cls: unknown, args: unknown, kwargs: Map<unknown, unknown> | null = null): unknown {
    if (!(cls instanceof PyGlobal)) throw wrongType('an instance of something that is no class');
    if (this.#globals.callable(cls).isFunction === true) throw wrongType(`an instance of the function ${cls.name}`);
    if (kwargs !== null) this.#checkKeywords(kwargs);
    return this.instantiate(cls, args, kwargs);
  }

  /** BUILD. */
  build(instance: unknown, state: unknown): void {
    this.#checkOwn(instance);
    const entry = this.#entries?.get(instance);
    if (entry?.setState !== undefined) {
      this.charge(1 + sizeOf([state]));
      guard(entry, entry.setState, instance, state);
      this.#incomplete?.delete(instance);
    } else if (instance instanceof PyObject) {
      if (instance.state !== null) throw wrongType('a second state for one instance');
      instance.state = state;
    } else {
      throw wrongType('a state for a value that takes none');
    }
  }

  /** APPEND and APPENDS: the values of the stack from `from` up to `to`. */
  append(target: unknown, stack: unknown[], from: number, to: number): void {
    this.#checkOwn(target);
    const entry = this.#entries?.get(target);
    if (entry?.append !== undefined) {
      guard(entry, entry.append, target, stack.slice(from, to));
      return;
    }
    const list = listOf(target);
    if (target instanceof PyDeque && target.maxlen !== null && target.length + to - from > target.maxlen) {
      throw wrongType('more items than the maxlen of a deque');
    }
    for (let i = from; i < to; i++) list.push(stack[i]);
  }

  /** DICT, SETITEM and SETITEMS: keys and values by turns. */
  setItems(target: unknown, stack: unknown[], from: number, to: number): void {
    this.#checkOwn(target);
    if (from % 2 !== to % 2) throw wrongType('a key without a value');
    const entry = this.#entries?.get(target);
    if (entry?.setItems !== undefined) {
      const items: [unknown, unknown][] = [];
      for (let i = from; i < to; i += 2) items.push([stack[i], stack[i + 1]]);
      guard(entry, entry.setItems, target, items);
      return;
    }
    const map = mapOf(target);
    for (let i = from; i < to; i += 2) this.setItem(map, stack[i], stack[i + 1]);
  }

  /** ADDITEMS and FROZENSET. */
  addItems(target: unknown, stack: unknown[], from: number, to: number): void {
    this.#checkOwn(target);
    if (target instanceof Set && !(target instanceof PyFrozenSet)) {
      for (let i = from; i < to; i++) this.addItem(target, stack[i]);
    } else if (target instanceof PyObject || this.#entries?.get(target)?.append !== undefined) {
      this.append(target, stack, from, to);
    } else {
      throw wrongType('items added to a value that is no set');
    }
  }

  /** A frozenset of values of the stack. */
  frozenSet(stack: unknown[], from: number, to: number): PyFrozenSet {
    const set = this.made(new PyFrozenSet());
    for (let i = from; i < to; i++) this.addItem(set, stack[i]);
    return set;
  }

  /** One key and value into a dict, as Python would: the key must be hashable. */
  setItem(map: Map<unknown, unknown>, key: unknown, value: unknown): void {
    // Stryker disable next-line all: a str passes the checks of other keys as well, but not as fast
    if (typeof key === 'string') {
      map.set(key, value);
      return;
    }
    this.#checkHashable(key);
    map.set(key, value);
    this.#keys.check(map, key);
  }

  /** One member into a set. */
  addItem(set: Set<unknown>, member: unknown): void {
    this.#checkHashable(member);
    set.add(member);
    this.#keys.check(set, member);
  }

  /** At STOP: nothing may be left half made. */
  finish(): void {
    if (this.#incomplete === null) return;
    for (const { name } of this.#incomplete.values()) {
      throw new PickleError('ERR_PICKLE_CONSTRUCTOR', `a ${name} was never given its state`);
    }
  }

  clear(): void {
    this.#count = 0;
    this.#work = 0;
    this.#entries = null;
    this.#incomplete = null;
    this.#hashable = null;
    this.#given = null;
    this.#keys.clear();
  }

  #checkHashable(key: unknown): void {
    this.#hashable ??= new Set();
    if (!isHashable(key, this.#hashable)) throw wrongType('an unhashable key or set member');
  }

  #checkKeywords(kwargs: Map<unknown, unknown>): void {
    this.charge(kwargs.size);
    for (const name of kwargs.keys()) {
      if (typeof name !== 'string') throw wrongType('a keyword that is no str');
    }
  }

  #checkOwn(target: unknown): void {
    if (this.isGiven(target)) throw wrongType('a change to a value that no pickle made');
  }
}

const WORK_PER_BYTE = 4;
const FREE_WORK = 65_536;

function construct(
  entry: CallableGlobal,
  args: PyTuple,
  kwargs: Map<unknown, unknown> | null,
  context: ConstructContext,
): unknown {
  const instance = guard(entry, entry.construct, args, kwargs, context);
  if (instance === undefined) throw new PickleError('ERR_PICKLE_CONSTRUCTOR', `${entry.name} made nothing`);
  return instance;
}

function takesMore({ setState, append, setItems }: AllowedGlobal): boolean {
  return setState !== undefined || append !== undefined || setItems !== undefined;
}

/** Calls a method of an entry, whose errors become errors of the pickle. */
function guard<A extends unknown[], T>(entry: AllowedGlobal, method: (...args: A) => T, ...args: A): T {
  try {
    return method.apply(entry, args);
  } catch (cause) {
    // One with an offset speaks of some other pickle, which the entry decoded for itself.
    if (cause instanceof PickleError && cause.offset < 0) throw cause;
    const reason = `${entry.module}.${entry.name}: ${messageOf(cause)}`;
    throw new PickleError('ERR_PICKLE_CONSTRUCTOR', reason, { cause });
  }
}

/** The size of arguments: characters, bytes and items one level down, which is what constructors copy or read. */
function sizeOf(args: readonly unknown[]): number {
  let size = args.length;
  for (const value of args) {
    if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) size += value.length;
    else if (value instanceof Map || value instanceof Set) size += value.size;
  }
  return size;
}

function listOf(target: unknown): unknown[] {
  if (target instanceof PyObject) {
    target.items ??= [];
    return target.items;
  }
  if (Array.isArray(target) && !(target instanceof PyTuple)) return target;
  throw wrongType('an item appended to a value that is no list');
}

function mapOf(target: unknown): Map<unknown, unknown> {
  if (target instanceof PyObject) {
    target.entries ??= new Map();
    return target.entries;
  }
  if (target instanceof Map) return target;
  throw wrongType('an item set in a value that is no dict');
}

function wrongType(what: string): PickleError {
  return new PickleError('ERR_PICKLE_TYPE', what);
}
