// What the frames of one sender have in common, written down: runs of bytes that stay the same (keys, opcodes, memo
// indexes), and a placeholder after each, where a value stands.

import { FIELD_COUNT, slotOf } from '../../logging/event/index.ts';

/** What stands in a placeholder. The values come with their opcodes; what is none of these is in the run of bytes before it. */
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

/** In place of a field's slot: the value is an extra. */
export const EXTRA: number = FIELD_COUNT;

/** The slot of the field of a key, or EXTRA. */
export function fieldOf(key: string): number {
  const slot = slotOf(key);
  return slot < 0 ? EXTRA : slot;
}

/** Records have some twenty entries; one with many more is no record of the logging module. */
export const ENTRIES_MAX = 200;

/** A run of bytes and the placeholder after it, as found in a frame. */
export interface TemplatePart {
  /** Where the run lies in the frame. */
  readonly from: number;
  readonly to: number;
  readonly placeholder: Placeholder;
  /** What the value becomes: a slot, or EXTRA. */
  readonly field: number;
  /** The value's key. */
  readonly key: string;
  /** The text itself (`constant`), or the key of the value that has it (`repeated`). */
  readonly source: string;
}

/** One run of bytes and the placeholder after it. */
export class TemplateStep {
  /** Where its bytes begin in the tree's words. */
  readonly word: number;
  /** How many there are. */
  readonly length: number;
  /** What counts in their last word. */
  readonly mask: number;
  readonly placeholder: Placeholder;
  readonly field: number;
  readonly key: string;
  readonly source: string;
  /** What field the source is, or EXTRA. */
  readonly sourceField: number;
  /** The first of the steps that may follow. */
  next: TemplateStep | null = null;
  /** Another one that may stand in this one's place. */
  sibling: TemplateStep | null = null;

  constructor(word: number, part: TemplatePart) {
    this.word = word;
    this.length = part.to - part.from;
    this.mask = ~(-1 << (8 * (this.length & 3)));
    this.placeholder = part.placeholder;
    this.field = part.field;
    this.key = part.key;
    this.source = part.source;
    this.sourceField = fieldOf(part.source);
  }
}
