// The 68 opcodes of pickle protocols 0 to 5 as a table, after Python's `pickletools.opcodes`: the one description that
// the decoder is tested against and that listings of a pickle are made from. Knows nothing of how they are executed.

/** How an opcode's argument stands in the stream; the names are those of `pickletools`. */
export type ArgumentKind =
  | 'uint1'
  | 'uint2'
  | 'int4'
  | 'uint4'
  | 'uint8'
  | 'long1'
  | 'long4'
  | 'float8'
  | 'string1'
  | 'string4'
  | 'bytes1'
  | 'bytes4'
  | 'bytes8'
  | 'bytearray8'
  | 'unicodestring1'
  | 'unicodestring4'
  | 'unicodestring8'
  | 'decimalnl_short'
  | 'decimalnl_long'
  | 'floatnl'
  | 'stringnl'
  | 'stringnl_noescape'
  | 'stringnl_noescape_pair'
  | 'unicodestringnl';

/** One opcode. */
export interface Opcode {
  /** As in CPython's pickle.py. */
  readonly name: string;
  /** The byte that stands for it. */
  readonly code: number;
  /** What follows that byte, or null. */
  readonly argument: ArgumentKind | null;
  /** What it takes from the stack, the top last; `mark` and `stackslice` stand for the topmost mark and all above it. */
  readonly stackBefore: readonly string[];
  /** What it leaves on the stack in place of that. */
  readonly stackAfter: readonly string[];
  /** The first protocol that has it. */
  readonly proto: number;
  /** What it does, in one line. */
  readonly doc: string;
}

function row(
  name: string,
  code: number,
  argument: ArgumentKind | null,
  stackBefore: string,
  stackAfter: string,
  proto: number,
  doc: string,
): Opcode {
  return { name, code, argument, stackBefore: words(stackBefore), stackAfter: words(stackAfter), proto, doc };
}

function words(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ');
}

/** Every opcode, grouped as `pickletools` groups them. */
// biome-ignore format: a table reads best with one row to a line
export const opcodes: readonly Opcode[] = [
  // Integers and booleans
  row('INT', 0x49, 'decimalnl_short', '', 'int_or_bool', 0, 'int as a line of decimal text; `00` and `01` are False and True'),
  row('BININT', 0x4a, 'int4', '', 'int', 1, 'int of four bytes, signed, little-endian'),
  row('BININT1', 0x4b, 'uint1', '', 'int', 1, 'int of one byte, unsigned'),
  row('BININT2', 0x4d, 'uint2', '', 'int', 1, 'int of two bytes, unsigned, little-endian'),
  row('LONG', 0x4c, 'decimalnl_long', '', 'int', 0, 'int as a line of decimal text that ends in `L`'),
  row('LONG1', 0x8a, 'long1', '', 'int', 2, "int in two's complement, little-endian, its length in one byte"),
  row('LONG4', 0x8b, 'long4', '', 'int', 2, "int in two's complement, little-endian, its length in four signed bytes"),
  // Python 2 str, bytes and buffers
  row('STRING', 0x53, 'stringnl', '', 'bytes_or_str', 0, 'Python 2 str as a quoted and escaped line'),
  row('BINSTRING', 0x54, 'string4', '', 'bytes_or_str', 1, 'Python 2 str, its length in four signed bytes'),
  row('SHORT_BINSTRING', 0x55, 'string1', '', 'bytes_or_str', 1, 'Python 2 str, its length in one byte'),
  row('BINBYTES', 0x42, 'bytes4', '', 'bytes', 3, 'bytes, their number in four bytes'),
  row('SHORT_BINBYTES', 0x43, 'bytes1', '', 'bytes', 3, 'bytes, their number in one byte'),
  row('BINBYTES8', 0x8e, 'bytes8', '', 'bytes', 4, 'bytes, their number in eight bytes'),
  row('BYTEARRAY8', 0x96, 'bytearray8', '', 'bytearray', 5, 'bytearray, its length in eight bytes'),
  row('NEXT_BUFFER', 0x97, null, '', 'buffer', 5, 'the next out-of-band buffer'),
  row('READONLY_BUFFER', 0x98, null, 'buffer', 'buffer', 5, 'makes the buffer on top of the stack read-only'),
  // None and booleans
  row('NONE', 0x4e, null, '', 'None', 0, 'None'),
  row('NEWTRUE', 0x88, null, '', 'bool', 2, 'True'),
  row('NEWFALSE', 0x89, null, '', 'bool', 2, 'False'),
  // Text
  row('UNICODE', 0x56, 'unicodestringnl', '', 'str', 0, 'str as a line, escaped as raw-unicode-escape'),
  row('SHORT_BINUNICODE', 0x8c, 'unicodestring1', '', 'str', 4, 'str in UTF-8, its length in one byte'),
  row('BINUNICODE', 0x58, 'unicodestring4', '', 'str', 1, 'str in UTF-8, its length in four bytes'),
  row('BINUNICODE8', 0x8d, 'unicodestring8', '', 'str', 4, 'str in UTF-8, its length in eight bytes'),
  // Floats
  row('FLOAT', 0x46, 'floatnl', '', 'float', 0, 'float as a line of decimal text'),
  row('BINFLOAT', 0x47, 'float8', '', 'float', 1, 'float as eight bytes, big-endian IEEE 754'),
  // Lists
  row('EMPTY_LIST', 0x5d, null, '', 'list', 1, 'a new empty list'),
  row('APPEND', 0x61, null, 'list any', 'list', 0, 'appends the top value to the list below it'),
  row('APPENDS', 0x65, null, 'list mark stackslice', 'list', 1, 'appends everything above the mark to the list below it'),
  row('LIST', 0x6c, null, 'mark stackslice', 'list', 0, 'a list of everything above the mark'),
  // Tuples
  row('EMPTY_TUPLE', 0x29, null, '', 'tuple', 1, 'the empty tuple'),
  row('TUPLE', 0x74, null, 'mark stackslice', 'tuple', 0, 'a tuple of everything above the mark'),
  row('TUPLE1', 0x85, null, 'any', 'tuple', 2, 'a tuple of the top value'),
  row('TUPLE2', 0x86, null, 'any any', 'tuple', 2, 'a tuple of the two top values'),
  row('TUPLE3', 0x87, null, 'any any any', 'tuple', 2, 'a tuple of the three top values'),
  // Dicts
  row('EMPTY_DICT', 0x7d, null, '', 'dict', 1, 'a new empty dict'),
  row('DICT', 0x64, null, 'mark stackslice', 'dict', 0, 'a dict of the keys and values above the mark'),
  row('SETITEM', 0x73, null, 'dict any any', 'dict', 0, 'sets one key and value in the dict below them'),
  row('SETITEMS', 0x75, null, 'dict mark stackslice', 'dict', 1, 'sets the keys and values above the mark in the dict below it'),
  // Sets
  row('EMPTY_SET', 0x8f, null, '', 'set', 4, 'a new empty set'),
  row('ADDITEMS', 0x90, null, 'set mark stackslice', 'set', 4, 'adds everything above the mark to the set below it'),
  row('FROZENSET', 0x91, null, 'mark stackslice', 'frozenset', 4, 'a frozenset of everything above the mark'),
  // Stack
  row('POP', 0x30, null, 'any', '', 0, 'drops the top value, or the mark if that is on top'),
  row('DUP', 0x32, null, 'any', 'any any', 0, 'pushes the top value once more'),
  row('MARK', 0x28, null, '', 'mark', 0, 'marks this height of the stack'),
  row('POP_MARK', 0x31, null, 'mark stackslice', '', 1, 'drops everything down to the mark, and the mark'),
  // Memo
  row('GET', 0x67, 'decimalnl_short', '', 'any', 0, 'pushes the memo entry whose index is a line of decimal text'),
  row('BINGET', 0x68, 'uint1', '', 'any', 1, 'pushes a memo entry, its index in one byte'),
  row('LONG_BINGET', 0x6a, 'uint4', '', 'any', 1, 'pushes a memo entry, its index in four bytes'),
  row('PUT', 0x70, 'decimalnl_short', '', '', 0, 'stores the top value in the memo, its index a line of decimal text'),
  row('BINPUT', 0x71, 'uint1', '', '', 1, 'stores the top value in the memo, its index in one byte'),
  row('LONG_BINPUT', 0x72, 'uint4', '', '', 1, 'stores the top value in the memo, its index in four bytes'),
  row('MEMOIZE', 0x94, null, 'any', 'any', 4, 'stores the top value in the memo, its index the number of entries so far'),
  // Globals named by a registered number
  row('EXT1', 0x82, 'uint1', '', 'any', 2, 'the global registered under a code of one byte'),
  row('EXT2', 0x83, 'uint2', '', 'any', 2, 'the global registered under a code of two bytes'),
  row('EXT4', 0x84, 'int4', '', 'any', 2, 'the global registered under a code of four signed bytes'),
  // Globals and instances
  row('GLOBAL', 0x63, 'stringnl_noescape_pair', '', 'any', 0, 'the global named by two lines, module and name'),
  row('STACK_GLOBAL', 0x93, null, 'str str', 'any', 4, 'the global named by the two top strings, module and name'),
  row('REDUCE', 0x52, null, 'any any', 'any', 0, 'calls the callable below with the tuple on top for its arguments'),
  row('BUILD', 0x62, null, 'any any', 'any', 0, 'gives the state on top to the instance below it'),
  row('INST', 0x69, 'stringnl_noescape_pair', 'mark stackslice', 'any', 0, 'an instance of the class named by two lines, of the arguments above the mark'),
  row('OBJ', 0x6f, null, 'mark any stackslice', 'any', 1, 'an instance of the class just above the mark, of the arguments above that'),
  row('NEWOBJ', 0x81, null, 'any any', 'any', 2, 'a new instance of the class below, of the tuple of arguments on top'),
  row('NEWOBJ_EX', 0x92, null, 'any any any', 'any', 4, 'a new instance of a class, of a tuple of arguments and a dict of keyword arguments'),
  // Machine control
  row('PROTO', 0x80, 'uint1', '', '', 2, 'the protocol of this pickle, in one byte'),
  row('STOP', 0x2e, null, 'any', '', 0, 'ends the pickle; its value is on top of the stack'),
  row('FRAME', 0x95, 'uint8', '', '', 4, 'the number of bytes of the frame that follows, in eight bytes'),
  // Persistent ids
  row('PERSID', 0x50, 'stringnl_noescape', '', 'any', 0, 'the object that the application knows by this line'),
  row('BINPERSID', 0x51, null, 'any', 'any', 1, 'the object that the application knows by the value on top'),
];

/** The name of the opcode that a byte stands for, or null. */
export function opcodeName(code: number): string | null {
  return NAMES[code] ?? null;
}

const NAMES: readonly (string | undefined)[] = (() => {
  const names: (string | undefined)[] = new Array(256).fill(undefined);
  for (const { code, name } of opcodes) names[code] = name;
  return names;
})();
