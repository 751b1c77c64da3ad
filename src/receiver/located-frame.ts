// Where the values of a frame lie, and the record that they make. Knows no layout and no opcode.

import type { Buffer } from 'node:buffer';
import { CONTENTS, FIRST_EXTRA, LogRecord, type RawRecord, SLOTS } from '../logging/index.ts';
import { CACHED_BYTES, FrameText } from './frame-text.ts';
import { MAX_ENTRIES } from './layout.ts';

const { nothing: NOTHING, text: TEXT, number: NUMBER } = CONTENTS;

/** What is mostly not seen again is not worth keeping, unless it is short, in bytes. */
const CACHED_MESSAGE_BYTES = 32;
const SELDOM_REPEATED: readonly number[] = [SLOTS.msg, SLOTS.message, SLOTS.exc_text, SLOTS.stack_info, SLOTS.asctime];

/** A whole number of words. */
const ALL_SLOTS = (FIRST_EXTRA + MAX_ENTRIES + 3) & ~3;

/** By slot: text of so many bytes is looked for in the cache. */
export const CACHED: Uint8Array = Uint8Array.from({ length: ALL_SLOTS }, (_, slot) =>
  SELDOM_REPEATED.includes(slot) ? CACHED_MESSAGE_BYTES : CACHED_BYTES,
);

/** One frame at a time: the reader of layouts fills it in. */
export class LocatedFrame implements RawRecord {
  readonly strings: FrameText = new FrameText();
  readonly contents: Uint8Array = new Uint8Array(ALL_SLOTS);
  /** The contents of all fields, in words: cleared so, they cost a fifth of what `fill` does. */
  readonly #cleared: Int32Array = new Int32Array(this.contents.buffer, 0, Math.ceil(FIRST_EXTRA / 4));
  readonly starts: Int32Array = new Int32Array(ALL_SLOTS);
  readonly lengths: Int32Array = new Int32Array(ALL_SLOTS);
  /** Ints where they are located, and floats in any case. */
  readonly numbers: Float64Array = new Float64Array(ALL_SLOTS);
  /** What is neither text nor a field's number; and where a record is wanted at once, all but the floats. */
  readonly values: unknown[] = new Array<unknown>(ALL_SLOTS).fill(null);
  readonly extras: string[] = new Array<string>(MAX_ENTRIES).fill('');
  extraCount = 0;
  size = 0;

  /** Takes a frame, of which nothing is located yet; returns where it begins in `bytes`. */
  begin(source: Uint8Array, start: number, length: number): number {
    const from = this.strings.take(source, start, length);
    this.size = length;
    this.extraCount = 0;
    const cleared = this.#cleared;
    for (let i = 0; i < cleared.length; i++) cleared[i] = NOTHING;
    return from;
  }

  /** The slot of one more extra. */
  addExtra(name: string): number {
    const slot = FIRST_EXTRA + this.extraCount;
    this.extras[this.extraCount++] = name;
    return slot;
  }

  /** Gives a slot the text that stands under a name, in a field or an extra. */
  repeat(slot: number, field: number, name: string): void {
    const source = field === FIRST_EXTRA ? FIRST_EXTRA + this.extras.indexOf(name) : field;
    this.contents[slot] = this.contents[source] as number;
    this.starts[slot] = this.starts[source] as number;
    this.lengths[slot] = this.lengths[source] as number;
    this.values[slot] = this.values[source];
  }

  get bytes(): Buffer {
    return this.strings.bytes;
  }

  get view(): DataView {
    return this.strings.view;
  }

  get levelno(): number | null {
    return this.contents[SLOTS.levelno] === NOTHING ? null : (this.numbers[SLOTS.levelno] as number);
  }

  get created(): number {
    return this.numbers[SLOTS.created] as number;
  }

  text(slot: number): string {
    const start = this.starts[slot] as number;
    const length = this.lengths[slot] as number;
    const { strings } = this;
    return (
      length <= (CACHED[slot] as number) ? strings.cached(start, length) : strings.decode(start, length)
    ) as string;
  }

  /** The record, which owns its data. */
  record(): LogRecord {
    const { contents, numbers, values } = this;
    const end = FIRST_EXTRA + this.extraCount;
    for (let slot = 0; slot < end; slot++) {
      if (contents[slot] === NUMBER) values[slot] = numbers[slot];
      else if (contents[slot] === TEXT) values[slot] = this.text(slot);
    }
    return this.decoded();
  }

  /** The record, when all but the floats is decoded: among the values. */
  decoded(): LogRecord {
    const { contents, numbers, values } = this;
    const record = new LogRecord(null);
    if (contents[SLOTS.name] !== NOTHING) record.name = values[SLOTS.name] as string;
    if (contents[SLOTS.msg] !== NOTHING) record.msg = values[SLOTS.msg];
    if (contents[SLOTS.args] !== NOTHING) record.args = values[SLOTS.args];
    if (contents[SLOTS.levelname] !== NOTHING) record.levelname = values[SLOTS.levelname] as string;
    if (contents[SLOTS.levelno] !== NOTHING) record.levelno = values[SLOTS.levelno] as number;
    if (contents[SLOTS.pathname] !== NOTHING) record.pathname = values[SLOTS.pathname] as string;
    if (contents[SLOTS.filename] !== NOTHING) record.filename = values[SLOTS.filename] as string;
    if (contents[SLOTS.module] !== NOTHING) record.module = values[SLOTS.module] as string;
    if (contents[SLOTS.exc_info] !== NOTHING) record.exc_info = values[SLOTS.exc_info] as string;
    if (contents[SLOTS.exc_text] !== NOTHING) record.exc_text = values[SLOTS.exc_text] as string;
    if (contents[SLOTS.stack_info] !== NOTHING) record.stack_info = values[SLOTS.stack_info] as string;
    if (contents[SLOTS.lineno] !== NOTHING) record.lineno = values[SLOTS.lineno] as number;
    if (contents[SLOTS.funcName] !== NOTHING) record.funcName = values[SLOTS.funcName] as string;
    record.created = numbers[SLOTS.created] as number;
    record.msecs = numbers[SLOTS.msecs] as number;
    record.relativeCreated = numbers[SLOTS.relativeCreated] as number;
    if (contents[SLOTS.thread] !== NOTHING) record.thread = values[SLOTS.thread] as number;
    if (contents[SLOTS.threadName] !== NOTHING) record.threadName = values[SLOTS.threadName] as string;
    if (contents[SLOTS.processName] !== NOTHING) record.processName = values[SLOTS.processName] as string;
    if (contents[SLOTS.process] !== NOTHING) record.process = values[SLOTS.process] as number;
    if (contents[SLOTS.taskName] !== NOTHING) record.taskName = values[SLOTS.taskName] as string;
    if (contents[SLOTS.message] !== NOTHING) record.message = values[SLOTS.message] as string;
    if (contents[SLOTS.asctime] !== NOTHING) record.asctime = values[SLOTS.asctime] as string;
    for (let i = 0; i < this.extraCount; i++) record.extras.set(this.extras[i], values[FIRST_EXTRA + i]);
    return record;
  }
}
