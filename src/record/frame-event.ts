// Where the values of a frame lie, and the record that they make. Knows no layout and no opcode.

import type { Buffer } from 'node:buffer';
import { CONTENTS, FIRST_EXTRA, LogRecord, type RawRecord, SLOTS } from '../logging/index.ts';
import { CACHED_BYTES, FrameStrings } from './frame-strings.ts';
import { setField } from './record-fields.ts';
import { MAX_ENTRIES } from './template/template.ts';
import type { Step } from './template/template-trie.ts';

const { nothing: NOTHING, text: TEXT, number: NUMBER, value: VALUE } = CONTENTS;

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
export class FrameEvent implements RawRecord {
  readonly strings: FrameStrings = new FrameStrings();
  readonly contents: Uint8Array = new Uint8Array(ALL_SLOTS);
  /** The contents of all fields, in words: cleared so, they cost a fifth of what `fill` does. */
  readonly #cleared: Int32Array = new Int32Array(this.contents.buffer, 0, Math.ceil(FIRST_EXTRA / 4));
  readonly starts: Int32Array = new Int32Array(ALL_SLOTS);
  readonly lengths: Int32Array = new Int32Array(ALL_SLOTS);
  /** Fields that are ints or floats. */
  readonly numbers: Float64Array = new Float64Array(ALL_SLOTS);
  /** What is neither text nor a field's number. */
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

  /** The slot of the value that a step gives. */
  slotOf({ field, key }: Step): number {
    if (field < FIRST_EXTRA) return field;
    this.extras[this.extraCount] = key;
    return FIRST_EXTRA + this.extraCount++;
  }

  /** Takes the value that a step gives, decoded. */
  put(step: Step, value: unknown): void {
    const slot = this.slotOf(step);
    this.contents[slot] = VALUE;
    this.values[slot] = value;
  }

  /** Takes a text that stands under another name, in a field or an extra. */
  repeat(step: Step): void {
    const { source, sourceField } = step;
    const from = sourceField < FIRST_EXTRA ? sourceField : FIRST_EXTRA + this.extras.indexOf(source);
    const slot = this.slotOf(step);
    this.contents[slot] = this.contents[from] as number;
    this.starts[slot] = this.starts[from] as number;
    this.lengths[slot] = this.lengths[from] as number;
    this.values[slot] = this.values[from];
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
    const record = new LogRecord(null);
    const end = FIRST_EXTRA + this.extraCount;
    for (let slot = 0; slot < end; slot++) {
      const content = contents[slot];
      if (content === NOTHING) continue;
      const value = content === TEXT ? this.text(slot) : content === NUMBER ? numbers[slot] : values[slot];
      setField(record, slot, this.extras[slot - FIRST_EXTRA] as string, value);
    }
    return record;
  }
}
