// What the frames of one sender have in common, written down: runs of bytes that stay the same (keys, opcodes, memo
// indexes), and a hole after each, where a value stands. Knows neither how a layout is learned nor how frames are read by it.

import { FIRST_EXTRA, recordFields } from '../../logging/index.ts';

/** What stands in a hole. The values come with their opcodes; what is none of these is in the run of bytes before it. */
export const PLACEHOLDERS = {
  /** A str, or a Python 2 str, that is UTF-8. */
  text: 0,
  /** An int. */
  int: 1,
  /** A float. */
  float: 2,
  /** None, a bool, an int or a float. */
  scalar: 3,
  /** Nothing: the value is the step's own text, which the frame took from its memo. */
  constant: 4,
  /** Nothing: the value is the text that the record already has under another name. */
  repeated: 5,
  /** The length of a protocol 4 frame. */
  frame: 6,
  /** Nothing: the pickle ends here. */
  end: 7,
} as const;

export type Placeholder = (typeof PLACEHOLDERS)[keyof typeof PLACEHOLDERS];

/** LogRecord's fields. A step names one by its index here, so that no name is compared while a frame is read. */
export const FIELDS: typeof recordFields = recordFields;

export type FieldName = (typeof FIELDS)[number];

/** In place of a field's index: the value is an extra. */
export const EXTRA: number = FIRST_EXTRA;

/** The field of a key, or EXTRA. */
export function fieldOf(key: string): number {
  const index = (FIELDS as readonly string[]).indexOf(key);
  return index < 0 ? EXTRA : index;
}

/** Records have some twenty entries; one with many more is no record of the logging module. */
export const MAX_ENTRIES = 200;

/** A run of bytes and the hole after it, as found in a frame. */
export interface TemplatePart {
  /** Where the run lies in the frame. */
  readonly from: number;
  readonly to: number;
  readonly hole: Placeholder;
  /** What the value becomes: an index of FIELDS, or EXTRA. */
  readonly field: number;
  /** The value's key. */
  readonly key: string;
  /** The text itself (`constant`), or the key of the value that has it (`repeated`). */
  readonly source: string;
}
