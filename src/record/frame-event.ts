// A record that lies in its frame: where its values are, and the LogRecord that they make on demand.

import type { Buffer } from 'node:buffer';
import {
  ABSENT,
  asFloat,
  FIELD_COUNT,
  type FrameFields,
  isFloatSlot,
  type LogEvent,
  LogRecord,
  NUMBER,
  SLOTS,
  setField,
  slotOf,
  TEXT,
  VALUE,
} from '../logging/event/index.ts';
import { CACHED_BYTES, FrameStrings } from './frame-strings.ts';
import { ENTRIES_MAX, type TemplateStep } from './template/template.ts';
import type { ValueSink } from './template/value-sink.ts';

/** A whole number of words. */
const SLOT_COUNT = (FIELD_COUNT + ENTRIES_MAX + 3) & ~3;

/** By slot: what a field is where nothing is said of it. */
const DEFAULTS: readonly unknown[] = Array.from({ length: FIELD_COUNT }, (_, slot) => new LogRecord(null).value(slot));

const { name: NAME, levelname: LEVELNAME, levelno: LEVELNO, created: CREATED, message: MESSAGE } = SLOTS;

/** One frame at a time: a template matcher fills it in. */
export class FrameEvent implements LogEvent, FrameFields, ValueSink {
  readonly strings: FrameStrings = new FrameStrings();
  readonly kinds: Uint8Array = new Uint8Array(SLOT_COUNT);
  /** The kinds of all fields, in words: cleared so, they cost a fifth of what `fill` does. */
  readonly #cleared: Int32Array = new Int32Array(this.kinds.buffer, 0, Math.ceil(FIELD_COUNT / 4));
  readonly starts: Int32Array = new Int32Array(SLOT_COUNT);
  readonly lengths: Int32Array = new Int32Array(SLOT_COUNT);
  readonly numbers: Float64Array = new Float64Array(SLOT_COUNT);
  readonly values: unknown[] = new Array<unknown>(SLOT_COUNT).fill(null);
  readonly extras: string[] = new Array<string>(ENTRIES_MAX).fill('');
  extraCount = 0;
  #record: LogRecord | null = null;

  /** Takes a frame, of which nothing is located yet; returns where it begins in `bytes`. */
  begin(source: Uint8Array, start: number, length: number): number {
    this.#record = null;
    this.extraCount = 0;
    const cleared = this.#cleared;
    for (let i = 0; i < cleared.length; i++) cleared[i] = 0; // ABSENT
    return this.strings.take(source, start, length);
  }

  takeText(step: TemplateStep, start: number, length: number): boolean {
    if (!this.strings.isUtf8(start, length)) return false;
    const slot = this.#slotOf(step);
    this.kinds[slot] = TEXT;
    this.starts[slot] = start;
    this.lengths[slot] = length;
    return true;
  }

  takeNumber({ field }: TemplateStep, value: number): void {
    this.kinds[field] = NUMBER;
    this.numbers[field] = value;
  }

  takeValue(step: TemplateStep, value: unknown): void {
    const slot = this.#slotOf(step);
    this.kinds[slot] = VALUE;
    this.values[slot] = value;
  }

  takeRepeated(step: TemplateStep): void {
    const { source, sourceField } = step;
    const from = sourceField < FIELD_COUNT ? sourceField : FIELD_COUNT + this.extras.indexOf(source);
    const slot = this.#slotOf(step);
    this.kinds[slot] = this.kinds[from] as number;
    this.starts[slot] = this.starts[from] as number;
    this.lengths[slot] = this.lengths[from] as number;
    this.values[slot] = this.values[from];
  }

  /** The slot of the value that a step gives. */
  #slotOf({ field, key }: TemplateStep): number {
    if (field < FIELD_COUNT) return field;
    this.extras[this.extraCount] = key;
    return FIELD_COUNT + this.extraCount++;
  }

  get bytes(): Buffer {
    return this.strings.bytes;
  }

  get view(): DataView {
    return this.strings.view;
  }

  get frame(): FrameFields | null {
    return this.#record === null ? this : null;
  }

  get name(): string | null {
    return this.value(NAME) as string | null;
  }

  get levelname(): string | null {
    return this.value(LEVELNAME) as string | null;
  }

  get levelno(): number | bigint | null {
    if (this.#record !== null) return this.#record.levelno;
    return this.kinds[LEVELNO] === ABSENT ? null : (this.numbers[LEVELNO] as number);
  }

  get created(): number {
    return this.#record === null ? (this.numbers[CREATED] as number) : this.#record.created;
  }

  text(slot: number): string {
    const start = this.starts[slot] as number;
    const length = this.lengths[slot] as number;
    const { strings } = this;
    const isCached = length <= (CACHED_BYTES[slot] as number);
    return (isCached ? strings.cached(start, length) : strings.decode(start, length)) as string;
  }

  value(slot: number): unknown {
    if (this.#record !== null) return this.#record.value(slot);
    switch (this.kinds[slot]) {
      case TEXT:
        return this.text(slot);
      case NUMBER:
        return this.numbers[slot];
      case VALUE:
        return this.values[slot];
      default:
        return DEFAULTS[slot];
    }
  }

  get(name: string): unknown {
    if (this.#record !== null) return this.#record.get(name);
    const slot = slotOf(name);
    if (slot < 0) return this.#extra(name);
    const value = this.value(slot);
    if (isFloatSlot(slot)) return asFloat(value as number);
    return value === null && slot >= MESSAGE ? undefined : value;
  }

  record(): LogRecord {
    this.#record ??= this.#decode();
    return this.#record;
  }

  #extra(name: string): unknown {
    for (let i = 0; i < this.extraCount; i++) {
      if (this.extras[i] === name) return this.value(FIELD_COUNT + i);
    }
    return undefined;
  }

  #decode(): LogRecord {
    const { kinds, numbers, values, extras, extraCount } = this;
    const record = new LogRecord(null);
    for (let slot = 0; slot < FIELD_COUNT; slot++) {
      const kind = kinds[slot];
      if (kind === ABSENT) continue;
      setField(record, slot, kind === TEXT ? this.text(slot) : kind === NUMBER ? numbers[slot] : values[slot]);
    }
    for (let i = 0; i < extraCount; i++) record.extras.set(extras[i], this.value(FIELD_COUNT + i));
    return record;
  }
}
