// All layouts that are known, as a tree: what several have in common from the start on is there once. Holds bytes and
// steps, and reads no frame.

import { fieldOf, type Placeholder, type TemplatePart } from './template.ts';

/** Room for the runs of bytes, in words of four. When it is full, learning starts afresh. */
const MAX_WORDS = 16 * 1024;
/** What may follow one step, at most; one more, and what follows it is learned afresh. */
const MAX_SIBLINGS = 32;
/** The longest run of bytes. */
export const MAX_RUN = 512;

/** One run of bytes and the hole after it. */
export class Step {
  /** Where its bytes begin in the tree's words. */
  readonly word: number;
  /** How many there are. */
  readonly length: number;
  /** What counts in their last word. */
  readonly mask: number;
  readonly hole: Placeholder;
  readonly field: number;
  readonly key: string;
  readonly source: string;
  /** What field the source is, or EXTRA. */
  readonly sourceField: number;
  /** The first of the steps that may follow. */
  next: Step | null = null;
  /** Another one that may stand in this one's place. */
  sibling: Step | null = null;

  constructor(word: number, part: TemplatePart) {
    this.word = word;
    this.length = part.to - part.from;
    this.mask = ~(-1 << (8 * (this.length & 3)));
    this.hole = part.hole;
    this.field = part.field;
    this.key = part.key;
    this.source = part.source;
    this.sourceField = fieldOf(part.source);
  }
}

export class TemplateTrie {
  /** The runs of bytes, little-endian; each ends with a word that is filled up with zeros, or is all zeros. */
  readonly words: Int32Array = new Int32Array(MAX_WORDS);
  #used = 0;
  first: Step | null = null;

  /** Adds what is not there yet of a layout, given the frame that it was found in. */
  add(frame: Uint8Array, parts: readonly TemplatePart[]): void {
    const wanted = parts.reduce((sum, { from, to }) => sum + ((to - from) >> 2) + 1, 0);
    if (wanted > MAX_WORDS) return;
    if (this.#used + wanted > MAX_WORDS) {
      this.#used = 0;
      this.first = null;
    }
    let parent: Step | null = null;
    for (const part of parts) {
      const siblings: Step | null = parent === null ? this.first : parent.next;
      parent = this.#find(siblings, frame, part) ?? this.#insert(parent, frame, part);
    }
  }

  #find(siblings: Step | null, frame: Uint8Array, part: TemplatePart): Step | null {
    for (let step = siblings; step !== null; step = step.sibling) {
      if (step.hole === part.hole && step.length === part.to - part.from && this.#holds(step, frame, part.from)) {
        return step;
      }
    }
    return null;
  }

  #holds(step: Step, frame: Uint8Array, from: number): boolean {
    for (let i = 0; i <= step.length >> 2; i++) {
      if (this.words[step.word + i] !== wordOf(frame, from + 4 * i, from + step.length)) return false;
    }
    return true;
  }

  #insert(parent: Step | null, frame: Uint8Array, part: TemplatePart): Step {
    const step = new Step(this.#used, part);
    for (let i = 0; i <= step.length >> 2; i++) {
      this.words[this.#used++] = wordOf(frame, part.from + 4 * i, part.to);
    }
    let siblings = 0;
    let last: Step | null = null;
    for (let each = parent === null ? this.first : parent.next; each !== null; each = each.sibling) {
      siblings++;
      last = each;
    }
    if (last !== null && siblings < MAX_SIBLINGS) last.sibling = step;
    else if (parent === null) this.first = step;
    else parent.next = step;
    return step;
  }
}

/** Four bytes as a word, little-endian; those from `end` on are zeros. */
function wordOf(bytes: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let i = Math.min(at + 4, end) - 1; i >= at; i--) word = (word << 8) | (bytes[i] as number);
  return word;
}
