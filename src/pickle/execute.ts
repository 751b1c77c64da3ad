// The opcodes that are rare in a pickle, each given the bytes of its argument. Together with the machine's own switch
// they are all 68.

import { copyOf, lineEnd, readUint } from './arguments.ts';
import { messageOf, PickleError, type PickleErrorCode, stackEmpty } from './errors.ts';
import { decodeLong } from './long.ts';
import type { MachineState } from './machine-state.ts';
import { decodeAscii, decodeUtf8 } from './text.ts';
import { readFloat, readInt, readLong, readMemoIndex, readString, readUnicode } from './text-arguments.ts';
import { PyByteArray, PyTuple } from './values/index.ts';

/**
 * Executes one opcode and returns the value it pushes, or undefined where it pushes none. Its argument is `bytes` from
 * `from` to `to`; `next` is the stream offset after it.
 */
export function execute(
  state: MachineState,
  opcode: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  next: number,
): unknown {
  const { instances, limits } = state;
  switch (opcode) {
    // Numbers
    case 0x49: // INT
      return readInt(bytes, from, to, limits.maxIntDigits);
    case 0x4c: // LONG
      return readLong(bytes, from, to, limits.maxIntDigits);
    case 0x8a: // LONG1
    case 0x8b: // LONG4
      return decodeLong(bytes, from, to, limits.maxIntDigits);
    case 0x46: // FLOAT
      return state.float(readFloat(bytes, from, to));

    // Text and bytes
    case 0x53: {
      // STRING
      const text = readString(bytes, from, to);
      return state.readStr(text, 0, text.length, state.sp);
    }
    case 0x54: // BINSTRING
      return state.readStr(bytes, from, to, state.sp);
    case 0x56: // UNICODE
      return readUnicode(bytes, from, to);
    case 0x8d: // BINUNICODE8
      return decodeUtf8(bytes, from, to, 'surrogatepass');
    case 0x42: // BINBYTES
    case 0x43: // SHORT_BINBYTES
    case 0x8e: // BINBYTES8
      return copyOf(bytes, from, to);
    case 0x96: // BYTEARRAY8
      return instances.made(new PyByteArray(copyOf(bytes, from, to)));
    case 0x97: // NEXT_BUFFER
      return nextBuffer(state);
    case 0x98: // READONLY_BUFFER
      return checkBuffer(pop(state));

    // Containers
    case 0x6c: {
      // LIST
      const marked = state.popMark();
      const list = instances.made(state.stack.slice(marked, state.sp));
      state.sp = marked;
      return list;
    }
    case 0x64: {
      // DICT
      const marked = state.popMark();
      const dict = instances.made(new Map());
      instances.setItems(dict, state.stack, marked, state.sp);
      state.sp = marked;
      return dict;
    }
    case 0x8f: // EMPTY_SET
      return instances.made(new Set());
    case 0x90: {
      // ADDITEMS
      const marked = state.popMark();
      if (marked <= state.fence) throw stackEmpty();
      instances.addItems(state.stack[marked - 1], state.stack, marked, state.sp);
      state.sp = marked;
      return undefined;
    }
    case 0x91: {
      // FROZENSET
      const marked = state.popMark();
      const set = instances.frozenSet(state.stack, marked, state.sp);
      state.sp = marked;
      return set;
    }

    // Stack and memo
    case 0x30: // POP
      if (state.sp > state.fence) state.sp--;
      else if (state.marks.length > 0) state.popMark();
      else throw stackEmpty();
      return undefined;
    case 0x32: // DUP
      return top(state);
    case 0x31: // POP_MARK
      state.sp = state.popMark();
      return undefined;
    case 0x67: // GET
      return state.memo.get(readMemoIndex(bytes, from, to, limits.maxIntDigits));
    case 0x70: // PUT
      state.memo.set(readMemoIndex(bytes, from, to, limits.maxIntDigits), top(state));
      return undefined;

    // Globals and instances
    case 0x63: {
      // GLOBAL
      // Stryker disable next-line StringLiteral: whatever is not ascii is strict
      const [module, name] = namePair(bytes, from, to, 'strict');
      return instances.find(module, name);
    }
    case 0x93: {
      // STACK_GLOBAL
      const name = pop(state);
      const module = pop(state);
      if (typeof module !== 'string' || typeof name !== 'string') {
        throw new PickleError('ERR_PICKLE_TYPE', 'a global whose module or name is no str');
      }
      return instances.find(module, name);
    }
    case 0x82: // EXT1
    case 0x83: // EXT2
    case 0x84: // EXT4
      return extension(state, readUint(bytes, from, to - from) | 0);
    case 0x52: {
      // REDUCE
      const args = pop(state);
      const callee = pop(state);
      return instances.instantiate(callee, args);
    }
    case 0x62: {
      // BUILD
      const attributes = pop(state);
      instances.build(top(state), attributes);
      return undefined;
    }
    case 0x69: {
      // INST
      const [module, name] = namePair(bytes, from, to, 'ascii');
      const cls = instances.find(module, name);
      return instances.instantiate(cls, popArguments(state));
    }
    case 0x6f: {
      // OBJ
      const [cls, ...args] = popArguments(state);
      if (cls === undefined) throw stackEmpty();
      return instances.instantiate(cls, PyTuple.adopt(args));
    }
    case 0x81: {
      // NEWOBJ
      const args = pop(state);
      const cls = pop(state);
      return instances.newObject(cls, args);
    }
    case 0x92: {
      // NEWOBJ_EX
      const kwargs = pop(state);
      const args = pop(state);
      const cls = pop(state);
      if (!(kwargs instanceof Map)) throw new PickleError('ERR_PICKLE_TYPE', 'keyword arguments that are no dict');
      return instances.newObject(cls, args, kwargs);
    }

    // Persistent ids
    case 0x50: // PERSID
      return persistent(state, decodeAscii(bytes, from, to));
    case 0x51: // BINPERSID
      return persistent(state, pop(state));

    // Machine control
    case 0x80: {
      // PROTO
      const protocol = bytes[from] as number;
      if (protocol > 5) throw new PickleError('ERR_PICKLE_OPCODE', `protocol ${protocol} does not exist`);
      state.protocol = protocol;
      return undefined;
    }
    case 0x95: // FRAME
      state.extent.beginFrame(readUint(bytes, from, 8), next);
      return undefined;
    // Stryker disable next-line ConditionalExpression: a byte that is no opcode has failed before
    default:
      // Stryker disable next-line StringLiteral: the same
      throw new PickleError('ERR_PICKLE_OPCODE', `0x${opcode.toString(16)} is no opcode`);
  }
}

function pop(state: MachineState): unknown {
  if (state.sp <= state.fence) throw stackEmpty();
  return state.stack[--state.sp];
}

function top(state: MachineState): unknown {
  if (state.sp <= state.fence) throw stackEmpty();
  return state.stack[state.sp - 1];
}

/** Everything above the topmost mark, as arguments. */
function popArguments(state: MachineState): PyTuple {
  const marked = state.popMark();
  const args = state.instances.made(PyTuple.adopt(state.stack.slice(marked, state.sp)));
  state.sp = marked;
  return args;
}

function namePair(bytes: Uint8Array, from: number, to: number, encoding: 'strict' | 'ascii'): [string, string] {
  const decode = (start: number, end: number): string =>
    // Stryker disable next-line StringLiteral: strict is to do neither of the others
    encoding === 'ascii' ? decodeAscii(bytes, start, end) : decodeUtf8(bytes, start, end, 'strict');
  const newline = lineEnd(bytes, from, to);
  return [decode(from, newline), decode(newline + 1, to)];
}

function extension(state: MachineState, code: number): unknown {
  const names = state.options.extensions.get(code);
  if (names === undefined) {
    throw new PickleError('ERR_PICKLE_EXTENSION', `extension code ${code} is not registered`);
  }
  return state.instances.find(names[0], names[1]);
}

function persistent(state: MachineState, id: unknown): unknown {
  const { persistentLoad } = state.options;
  if (persistentLoad === null) throw new PickleError('ERR_PICKLE_PERSISTENT_ID', 'a persistent id cannot be loaded');
  return ask(state, 'ERR_PICKLE_PERSISTENT_ID', () => persistentLoad(id));
}

function nextBuffer(state: MachineState): unknown {
  const { buffers } = state.options;
  if (buffers === null) throw new PickleError('ERR_PICKLE_BUFFER', 'an out-of-band buffer, and none were given');
  return ask(state, 'ERR_PICKLE_BUFFER', () => {
    const { done, value } = buffers.next();
    if (done === true) throw new Error('more out-of-band buffers than were given');
    return value;
  });
}

/** A value from the caller's own code, whose errors become errors of the pickle. */
function ask(state: MachineState, code: PickleErrorCode, run: () => unknown): unknown {
  try {
    return state.instances.given(run() ?? null);
  } catch (cause) {
    throw new PickleError(code, messageOf(cause), { cause });
  }
}

/** JavaScript's byte arrays cannot be made read-only, so what is checked is that there is a buffer. */
function checkBuffer(value: unknown): unknown {
  if (value instanceof PyByteArray || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value;
  throw new PickleError('ERR_PICKLE_TYPE', 'a read-only buffer of a value that is no buffer');
}
