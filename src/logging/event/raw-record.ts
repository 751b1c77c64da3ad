// A record as it came, of which nothing is decoded, and the line that a Formatter makes of it byte by byte: so that text
// goes from a frame to a file without becoming a string. Knows no frame's layout, no handler and no file.

import { recordFields } from './record-dict.ts';

type Slots = { readonly [Name in (typeof recordFields)[number]]: number };

/** By LogRecord's fields: their slots, by which a RawRecord is read. The order is that of recordFields. */
export const SLOTS: Slots = {
  name: 0,
  msg: 1,
  args: 2,
  levelname: 3,
  levelno: 4,
  pathname: 5,
  filename: 6,
  module: 7,
  exc_info: 8,
  exc_text: 9,
  stack_info: 10,
  lineno: 11,
  funcName: 12,
  created: 13,
  msecs: 14,
  relativeCreated: 15,
  thread: 16,
  threadName: 17,
  processName: 18,
  process: 19,
  taskName: 20,
  message: 21,
  asctime: 22,
};

/** The slot of the first extra. */
export const FIRST_EXTRA: number = recordFields.length;

type Contents = { readonly [Kind in 'nothing' | 'text' | 'number' | 'value']: number };

/** What stands in a slot. */
export const CONTENTS: Contents = {
  /** Nothing: the field is as in `new LogRecord()`. */
  nothing: 0,
  /** Text that is bytes of the frame, and UTF-8: a record of which any text is not, shown or not, does not come raw. */
  text: 1,
  /** A number, an int or a float as the field has it. */
  number: 2,
  /** A value: None, a bool, a number, or text that stands elsewhere. */
  value: 3,
};

/** What is known of every record, decoded or not. */
export interface Arrival {
  readonly levelno: number | bigint | null;
  /** Seconds since 1970. */
  readonly created: number;
}

/**
 * One record, until the next one comes. It is read by slots: those of SLOTS, then one for each extra, in their order.
 * What is asked of it is arrays, so that a line costs little.
 */
export interface RawRecord extends Arrival {
  /** The frame, and room behind it: whoever copies text in words may read on to the end of a word. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** How many of the bytes are the frame's. */
  readonly size: number;
  /** By slot: one of CONTENTS. */
  readonly contents: Uint8Array;
  /** By slot: where text begins, and how many bytes it has. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  /** By slot: the number. */
  readonly numbers: Float64Array;
  /** By slot: the value. */
  readonly values: readonly unknown[];
  /** The names of the extras. */
  readonly extras: readonly string[];
  /** How many there are of those. */
  readonly extraCount: number;
  /** The text of a slot, decoded. */
  text(slot: number): string;
}

/**
 * A line that is being written, in UTF-8. Each method adds to it, and says false where it cannot: for want of room, or
 * because a text has lone surrogates. Then the line is given up, and the record decoded.
 */
export interface RawLine {
  /** Text that is the same in each line. */
  literal(literal: Literal): boolean;
  /** Any text. */
  string(text: string): boolean;
  /** An int that is safe, in so many columns at least, at their left or their right. */
  int(value: number, width?: number, left?: boolean): boolean;
  /** A float, as Python prints it, or as JSON has what is no number. */
  float(value: number): boolean;
  /** A text that is ASCII, in so many columns at least, at their left or their right. */
  column(text: string, width: number, left: boolean): boolean;
  /** The text of a slot, likewise; of no columns where none are given. */
  text(raw: RawRecord, slot: number, width?: number, left?: boolean): boolean;
  /** The text of a slot as a JSON string, as `quote` writes it. */
  quoted(raw: RawRecord, slot: number): boolean;
  /** A line feed, unless the line ends with one. */
  newline(): boolean;
}

/** Text as bytes, in words of four, little-endian. */
export interface Literal {
  readonly words: Int32Array;
  /** How many bytes of the words count. */
  readonly length: number;
}

/** Half of a pair, alone, which has no UTF-8: text with one is left to who replaces it. */
export const LONE_SURROGATE: RegExp = /\p{Surrogate}/u;

/** Text that has no lone surrogate. */
export function literalOf(text: string): Literal {
  const bytes = new TextEncoder().encode(text);
  const words = new Int32Array(Math.ceil(bytes.length / 4));
  for (const [i, byte] of bytes.entries()) words[i >> 2] = (words[i >> 2] as number) | (byte << (8 * (i & 3)));
  return { words, length: bytes.length };
}

/** Whether the record's message is the text of `msg`, and no exception is left to be shown as text. */
export function hasPlainMessage({ contents, values }: RawRecord): boolean {
  if (contents[SLOTS.msg] !== CONTENTS.text || contents[SLOTS.exc_info] !== CONTENTS.nothing) return false;
  const args = contents[SLOTS.args];
  return args === CONTENTS.nothing || (args === CONTENTS.value && values[SLOTS.args] === null);
}
