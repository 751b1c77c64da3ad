// Values to opcodes, as CPython's C pickler chooses them. The values in the middle of being written wait on a stack of
// this file's own, so that nothing recurses: nesting is bounded by memory alone.

import { PickleError } from '../errors.ts';
import { PyByteArray, PyFloat, PyFrozenSet, PyGlobal, PyTuple } from '../values/index.ts';
import { isHashable } from '../values/structure.ts';
import { BATCH, type Batching, DICT, DICT_ITEMS, LIST, LIST_ITEMS, MEMBERS, SET } from './batching.ts';
import { WrittenMemo } from './memo.ts';
import { namedType, python2Name } from './names.ts';
import { op } from './op.ts';
import { Fresh, GlobalName, Reduction, unpicklable } from './reduction.ts';
import { byteArrayReduction, bytesReduction, setReduction } from './reductions/builtins.ts';
import { reducers } from './reductions/index.ts';
import { writeBool, writeBytes, writeFloat, writeInt, writeText } from './scalars.ts';
import { flat, isPlain, nameOf } from './shape.ts';
import { PickleWriter } from './writer.ts';

/** Writes one value, and gives at each step the steps of a value within it, or null for one that is written already. */
interface Steps extends Generator<Steps | null, void, void> {}

const SMALL_TUPLES = [op.EMPTY_TUPLE, op.TUPLE1, op.TUPLE2, op.TUPLE3] as const;

/** Makes one pickle. */
export class Encoder {
  readonly #protocol: number;
  readonly #binary: boolean;
  readonly #fallback: ((value: unknown) => unknown) | null;
  readonly #out: PickleWriter;
  readonly #memo: WrittenMemo;
  /** Values that are in the memo only when all their parts are written, with the size of #memo when they were begun. */
  readonly #begun: Map<unknown, number> = new Map();
  /** What the fallback gave for each value; and whether the value being begun is such a one. */
  readonly #replacements: Map<unknown, unknown> = new Map();
  #replacing = false;
  readonly #hashable: Set<unknown> = new Set();

  constructor(protocol: number, fallback: ((value: unknown) => unknown) | null, maxBytes: number) {
    this.#protocol = protocol;
    this.#binary = protocol >= 1;
    this.#fallback = fallback;
    this.#out = new PickleWriter(maxBytes);
    this.#memo = new WrittenMemo(this.#out, protocol);
  }

  encode(value: unknown): Uint8Array {
    const out = this.#out;
    if (this.#protocol >= 2) out.uint1(op.PROTO, this.#protocol);
    if (this.#protocol >= 4) out.startFraming();
    const open: Steps[] = [];
    let next = this.#save(value);
    for (;;) {
      if (next !== null) open.push(next);
      const innermost = open.at(-1);
      if (innermost === undefined) break;
      const step = innermost.next();
      if (step.done) open.pop();
      next = step.done ? null : step.value;
    }
    out.code(op.STOP);
    return out.end();
  }

  /** Writes a value that has no parts, or one that was written before; else gives the steps that will. */
  #save(value: unknown): Steps | null {
    const out = this.#out;
    out.boundary();
    switch (typeof value) {
      case 'boolean':
        writeBool(out, value, this.#protocol);
        return null;
      case 'number':
        if (Number.isSafeInteger(value) && !Object.is(value, -0)) writeInt(out, value, this.#protocol);
        else writeFloat(out, value, this.#protocol);
        return null;
      case 'bigint':
        writeInt(out, value, this.#protocol);
        return null;
      case 'string':
        if (!this.#memo.get(value)) this.#text(value, value);
        return null;
      case 'object':
        if (value === null) out.code(op.NONE);
        else if (value instanceof PyFloat) writeFloat(out, value.value, this.#protocol);
        else if (value instanceof Fresh) return this.#fresh(value);
        else if (!this.#memo.get(value)) return this.#object(value);
        return null;
      default:
        return this.#replace(value, unpicklable(`a value of type ${typeof value}`));
    }
  }

  /** A key of a dict, or a member of a set. */
  #saveHashed(key: unknown): Steps | null {
    if (typeof key === 'object' && key !== null && !(isHashable(key, this.#hashable) && !isPlain(key))) {
      return this.#replace(key, unpicklable('a key or set member that Python cannot hash'));
    }
    return this.#save(key);
  }

  /** A value that is not in the memo. */
  #object(value: object): Steps | null {
    try {
      const protocol = this.#protocol;
      if (isPlain(value)) {
        const entries = Object.entries(value);
        return this.#dict(entries, entries.length, value);
      }
      if (value instanceof Uint8Array) return this.#bytes(value, value);
      switch (Object.getPrototypeOf(value)) {
        case Array.prototype:
          return this.#list(value as unknown[], (value as unknown[]).length, value, LIST);
        case PyTuple.prototype:
          return this.#tuple(value as PyTuple, value);
        case Map.prototype:
          return this.#dict(value as Map<unknown, unknown>, (value as Map<unknown, unknown>).size, value);
        case Set.prototype:
          return protocol >= 4
            ? this.#set(value as Set<unknown>)
            : this.#reduce(setReduction('set', value as Set<unknown>), this.#begin(value));
        case PyFrozenSet.prototype:
          return protocol >= 4
            ? this.#frozenSet(value as PyFrozenSet, this.#begin(value))
            : this.#reduce(setReduction('frozenset', value as PyFrozenSet), this.#begin(value));
        case PyByteArray.prototype:
          return this.#byteArray(value as PyByteArray);
        case PyGlobal.prototype:
          // Saved as what it names, so that two tokens for one type are one object, as in Python.
          return this.#save(namedType(value as PyGlobal));
        case GlobalName.prototype:
          return this.#global(value as GlobalName);
        case Reduction.prototype:
          return this.#reduce(value as Reduction, this.#begin(value));
        default:
          return this.#instance(value);
      }
    } catch (error) {
      if (error instanceof PickleError && error.code === 'ERR_PICKLE_UNPICKLABLE') return this.#replace(value, error);
      throw error;
    }
  }

  /** An instance of a class in the table. */
  #instance(value: object): Steps | null {
    const reducer = reducers.get(Object.getPrototypeOf(value));
    if (reducer === undefined) throw unpicklable(nameOf(value));
    const reduced = reducer(value, this.#protocol);
    return reduced instanceof Reduction ? this.#reduce(reduced, this.#begin(value)) : this.#save(reduced);
  }

  /** Writes what the fallback gives in place of a value. */
  #replace(value: unknown, error: PickleError): Steps | null {
    if (this.#fallback === null || this.#replacing) throw error;
    if (!this.#replacements.has(value)) this.#replacements.set(value, this.#fallback(value));
    this.#replacing = true;
    try {
      return this.#save(this.#replacements.get(value));
    } finally {
      this.#replacing = false;
    }
  }

  /**
   * Notes that the parts of a value are being written before the value is in the memo. They may lead back to it: it is
   * then begun once more, and comes to its end where something on the way is in the memo by now. Where nothing is, it
   * would be begun for ever, as it is in Python.
   */
  #begin(value: object): object {
    if (this.#begun.get(value) === this.#memo.size) throw unpicklable('a value that cannot be made before itself');
    this.#begun.set(value, this.#memo.size);
    return value;
  }

  #fresh({ type, content }: Fresh): Steps | null {
    switch (type) {
      case 'str':
        this.#text(content as string, null);
        return null;
      case 'bytes':
        return this.#bytes(content as Uint8Array, null);
      case 'tuple':
        return this.#tuple(content as unknown[], null);
      case 'list':
        return content instanceof Set
          ? this.#list(content, content.size, null, MEMBERS)
          : this.#list(content as unknown[], (content as unknown[]).length, null, LIST);
      case 'dict':
        return this.#dict(content as Map<unknown, unknown>, (content as Map<unknown, unknown>).size, null);
    }
  }

  #text(text: string, identity: string | null): void {
    writeText(this.#out, text, this.#protocol);
    this.#memo.put(identity);
  }

  #bytes(bytes: Uint8Array, identity: object | null): Steps | null {
    if (this.#protocol < 3) return this.#reduce(bytesReduction(bytes), identity);
    writeBytes(this.#out, bytes);
    this.#memo.put(identity);
    return null;
  }

  #byteArray(value: PyByteArray): Steps | null {
    if (this.#protocol < 5) return this.#reduce(byteArrayReduction(value), value);
    this.#out.counted(op.BYTEARRAY8, 8, value.bytes);
    this.#memo.put(value);
    return null;
  }

  *#list(items: Iterable<unknown>, length: number, identity: object | null, batching: Batching): Steps {
    this.#empty(op.EMPTY_LIST, op.LIST);
    this.#memo.put(identity);
    yield* this.#items(items[Symbol.iterator](), length, batching);
  }

  *#dict(entries: Iterable<readonly [unknown, unknown]>, size: number, identity: object | null): Steps {
    this.#empty(op.EMPTY_DICT, op.DICT);
    this.#memo.put(identity);
    yield* this.#items(flat(entries), size, DICT);
  }

  *#set(members: Set<unknown>): Steps {
    this.#out.code(op.EMPTY_SET);
    this.#memo.put(members);
    yield* this.#items(members.values(), members.size, SET);
  }

  *#frozenSet(members: ReadonlySet<unknown>, identity: object): Steps {
    this.#out.code(op.MARK);
    for (const member of members) yield this.#saveHashed(member);
    if (this.#memo.has(identity)) {
      this.#out.code(op.POP_MARK);
      this.#memo.get(identity);
    } else {
      this.#out.code(op.FROZENSET);
      this.#memo.put(identity);
    }
  }

  #tuple(items: readonly unknown[], identity: object | null): Steps | null {
    if (items.length > 0) return this.#fullTuple(items, identity === null ? null : this.#begin(identity));
    // Python has one empty tuple, and no memo keeps it.
    this.#empty(op.EMPTY_TUPLE, op.TUPLE);
    return null;
  }

  *#fullTuple(items: readonly unknown[], identity: object | null): Steps {
    const out = this.#out;
    const small = this.#protocol >= 2 ? SMALL_TUPLES[items.length] : undefined;
    if (small === undefined) out.code(op.MARK);
    for (const item of items) yield this.#save(item);
    if (identity !== null && this.#memo.has(identity)) {
      // Its parts led back to it, and it was made there: what stands on the stack is of no use.
      if (small === undefined && this.#binary) out.code(op.POP_MARK);
      else for (let pops = items.length + (small === undefined ? 1 : 0); pops > 0; pops--) out.code(op.POP);
      this.#memo.get(identity);
    } else {
      out.code(small ?? op.TUPLE);
      this.#memo.put(identity);
    }
  }

  *#reduce({ callee, args, rest }: Reduction, identity: object | null): Steps {
    const out = this.#out;
    yield this.#save(callee);
    yield this.#save(args instanceof PyTuple ? args : Fresh.tuple(args));
    out.code(rest.newObject === true ? op.NEWOBJ : op.REDUCE);
    if (identity !== null && this.#memo.has(identity)) {
      out.code(op.POP);
      this.#memo.get(identity);
      return;
    }
    this.#memo.put(identity);
    const { items, entries, state } = rest;
    if (items !== undefined) yield* this.#items(items.values(), items.length, LIST_ITEMS);
    if (entries !== undefined) yield* this.#items(flat(entries), entries.size, DICT_ITEMS);
    if (state !== undefined) {
      yield this.#save(state);
      out.code(op.BUILD);
    }
  }

  *#items(values: Iterator<unknown>, count: number, batching: Batching): Steps {
    const { one, many, width, hashed, bareRest, emptyRest } = batching;
    const most = this.#binary ? BATCH : 1;
    for (let left = count; left > 0; left -= most) {
      const size = Math.min(left, most);
      const bare = one !== null && size === 1 && (!this.#binary || bareRest || count === 1);
      if (!bare) this.#out.code(op.MARK);
      for (let i = 0; i < size * width; i++) {
        const { value } = values.next();
        yield hashed && i % width === 0 ? this.#saveHashed(value) : this.#save(value);
      }
      this.#out.code(bare ? one : many);
    }
    if (emptyRest && this.#binary && count > 0 && count % BATCH === 0) {
      this.#out.code(op.MARK);
      this.#out.code(many);
    }
  }

  /** Writes a name, or the steps that do. */
  #global(global: GlobalName): Steps | null {
    if (this.#protocol >= 4) return this.#stackGlobal(global);
    const { module, name } = this.#protocol === 3 ? global : python2Name(global);
    this.#out.line(op.GLOBAL, `${module}\n${name}`);
    this.#memo.put(global);
    return null;
  }

  *#stackGlobal(global: GlobalName): Steps {
    const { module, name, implementation } = global;
    yield this.#save(implementation === 'heap' ? Fresh.str(module) : module);
    yield this.#save(implementation === 'python' ? name : Fresh.str(name));
    this.#out.code(op.STACK_GLOBAL);
    this.#memo.put(global);
  }

  /** A container with nothing in it, which protocol 0 makes of nothing above a mark. */
  #empty(code: number, codeAfterMark: number): void {
    if (!this.#binary) this.#out.code(op.MARK);
    this.#out.code(this.#binary ? code : codeAfterMark);
  }
}
