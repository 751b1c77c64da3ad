// One logging event as loggers and handlers get it: its fields at hand, and its LogRecord on demand.

import type { Lookup } from '../text/lookup.ts';
import type { LogRecord } from './log-record.ts';

/**
 * What a Logger, a Handler and a Formatter are given. There are two kinds: a LogRecord, which is its own record, and a
 * frame of which nothing is decoded yet, which is valid during the call only, as the next one takes its place.
 *
 * Once `record()` was called, the record is all that counts: a filter or a listener may have changed it, so `frame` is
 * null from then on, and every field is read from the record.
 */
export interface LogEvent extends Lookup {
  /** The name of its logger. */
  readonly name: string | null;
  readonly levelname: string | null;
  readonly levelno: number | bigint | null;
  /** When it was logged, in seconds since 1970. */
  readonly created: number;
  /** Its fields as they lie in the frame; null where the record is what counts. */
  readonly frame: FrameFields | null;
  /** The value of a field of the table, as LogRecord has it, by its slot. */
  value(slot: number): unknown;
  /** The value that a format's name stands for, as `LogRecord.get`. */
  get(name: string): unknown;
  /** The record, which owns its data: the one thing of an event that may be kept. */
  record(): LogRecord;
}

/** What stands in a slot of FrameFields. */
export const ABSENT = 0;
/** Text that is bytes of the frame, and UTF-8. */
export const TEXT = 1;
/** A number, an int or a float as the field has it. */
export const NUMBER = 2;
/** Any other value: None, a bool, a number of an extra, or a text that is not in the frame. */
export const VALUE = 3;

/**
 * Where the values of one record lie in its frame. Slots are those of the field table, then one for each extra, in their
 * order. They are arrays, so that reading them for a line costs little.
 */
export interface FrameFields {
  /** The memory that the frame lies in, with room behind it: text may be read in words to the end of its last word. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** By slot: ABSENT (the field is as in `new LogRecord()`), TEXT, NUMBER or VALUE. */
  readonly kinds: Uint8Array;
  /** By slot of TEXT: where it begins in `bytes`, and how many bytes it has. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  /** By slot of NUMBER. */
  readonly numbers: Float64Array;
  /** By slot of VALUE. */
  readonly values: unknown[];
  /** The names of the extras. */
  readonly extras: readonly string[];
  readonly extraCount: number;
  /** The text of a slot of TEXT, decoded. */
  text(slot: number): string;
}
