// When frames are read by learned layouts, and when a layout is learned: so that it pays where senders repeat themselves,
// and costs next to nothing where they do not.

import type { LogRecord } from '../../logging/index.ts';
import type { Limits } from '../../pickle/index.ts';
import type { FrameEvent } from '../frame-event.ts';
import { MAX_FRAME } from '../frame-strings.ts';
import { learnTemplate } from './template-learner.ts';
import { MAX_LINE, TemplateMatcher } from './template-matcher.ts';
import { TemplateTrie } from './template-trie.ts';

/** A frame read by a layout saves what so many frames cost that are tried in vain. */
const CREDIT_OF_A_HIT = 4;
const MOST_CREDIT = 256;
/** Where most are tried in vain, one in so many is tried. */
const TRIED_WITHOUT_CREDIT = 64;
/** So many layouts may be learned in a row. */
const MOST_LESSONS = 64;
/** To learn one takes as long as to decode dozens of frames. It is earned back by so many frames that layouts do not read, */
const FRAMES_PER_LESSON = 4096;
/** and each that they do counts for so many. */
const FRAMES_OF_A_HIT = 64;

/**
 * Whether reading by a layout keeps within limits by itself. What a layout has of entries, containers and memo slots is
 * the same in each frame, and the decoder has let the first one pass; what differs are the lengths of text and numbers.
 */
export function limitsAllowTemplates({ maxBytes, maxLineBytes }: Limits): boolean {
  return maxBytes >= MAX_FRAME && maxLineBytes >= MAX_LINE;
}

export class TemplateCache {
  readonly #tree: TemplateTrie = new TemplateTrie();
  readonly #reader: TemplateMatcher = new TemplateMatcher(this.#tree);
  #credit = MOST_CREDIT;
  #lessons = MOST_LESSONS;
  /** Frames, counted towards the next lesson. */
  #frames = 0;
  #untried = 0;

  /** The frame from `start` to `end`, if its layout is known, located, until the next call; or null: then learn from it. */
  locate(source: Uint8Array, start?: number, end?: number): FrameEvent | null {
    return this.#isTried() ? this.#tried(this.#reader.locate(source, start, end)) : null;
  }

  /** The record of a frame, likewise; it owns its data. */
  read(frame: Uint8Array): LogRecord | null {
    return this.#isTried() ? this.#tried(this.#reader.read(frame)) : null;
  }

  /** Learns the layout of the frame that `locate` or `read` gave null for, and that is a record all the same. */
  learn(frame: Uint8Array): void {
    // Of a layout that is known, there is nothing to learn.
    if (this.#untried > 0 || this.#lessons === 0 || this.#reader.isGarbled) return;
    this.#lessons--;
    const layout = learnTemplate(frame);
    if (layout !== null) this.#tree.add(frame, layout);
  }

  #isTried(): boolean {
    if (this.#credit === 0 && ++this.#untried < TRIED_WITHOUT_CREDIT) {
      this.#earn(1);
      return false;
    }
    this.#untried = 0;
    return true;
  }

  #tried<T>(found: T | null): T | null {
    if (found === null) {
      this.#credit = Math.max(this.#credit - 1, 0);
      this.#earn(1);
    } else {
      this.#credit = Math.min(this.#credit + CREDIT_OF_A_HIT, MOST_CREDIT);
      this.#earn(FRAMES_OF_A_HIT);
    }
    return found;
  }

  #earn(frames: number): void {
    this.#frames += frames;
    if (this.#frames < FRAMES_PER_LESSON) return;
    this.#frames -= FRAMES_PER_LESSON;
    this.#lessons = Math.min(this.#lessons + 1, MOST_LESSONS);
  }
}
