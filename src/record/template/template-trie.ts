// All templates that are known, as a trie: what several have in common from the start on is there once.

import { type TemplatePart, TemplateStep } from './template.ts';

/** Room for the runs of bytes, in words of four. When it is full, learning starts afresh. */
const WORDS_MAX = 16 * 1024;
/** What may follow one step, at most; one more, and what follows it is learned afresh. */
const SIBLINGS_MAX = 32;
/** The longest run of bytes. */
export const RUN_BYTES_MAX = 512;

export class TemplateTrie {
  /** The runs of bytes, little-endian; each ends with a word that is filled up with zeros, or is all zeros. */
  readonly words: Int32Array = new Int32Array(WORDS_MAX);
  #used = 0;
  first: TemplateStep | null = null;

  /** Adds what is not there yet of a template, given the frame that it was found in. */
  add(frame: Uint8Array, parts: readonly TemplatePart[]): void {
    const wanted = parts.reduce((sum, { from, to }) => sum + ((to - from) >> 2) + 1, 0);
    if (wanted > WORDS_MAX) return;
    if (this.#used + wanted > WORDS_MAX) {
      this.#used = 0;
      this.first = null;
    }
    let parent: TemplateStep | null = null;
    for (const part of parts) {
      const siblings: TemplateStep | null = parent === null ? this.first : parent.next;
      parent = this.#find(siblings, frame, part) ?? this.#insert(parent, frame, part);
    }
  }

  #find(siblings: TemplateStep | null, frame: Uint8Array, part: TemplatePart): TemplateStep | null {
    for (let step = siblings; step !== null; step = step.sibling) {
      if (
        step.placeholder === part.placeholder &&
        step.length === part.to - part.from &&
        this.#holds(step, frame, part.from)
      ) {
        return step;
      }
    }
    return null;
  }

  #holds(step: TemplateStep, frame: Uint8Array, from: number): boolean {
    for (let i = 0; i <= step.length >> 2; i++) {
      if (this.words[step.word + i] !== wordOf(frame, from + 4 * i, from + step.length)) return false;
    }
    return true;
  }

  #insert(parent: TemplateStep | null, frame: Uint8Array, part: TemplatePart): TemplateStep {
    const step = new TemplateStep(this.#used, part);
    for (let i = 0; i <= step.length >> 2; i++) {
      this.words[this.#used++] = wordOf(frame, part.from + 4 * i, part.to);
    }
    let siblings = 0;
    let last: TemplateStep | null = null;
    for (let each = parent === null ? this.first : parent.next; each !== null; each = each.sibling) {
      siblings++;
      last = each;
    }
    if (last !== null && siblings < SIBLINGS_MAX) last.sibling = step;
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
