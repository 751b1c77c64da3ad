// When frames are read by learned templates, and when a template is learned: so that it pays where senders repeat themselves,
// and costs next to nothing where they do not.

import type { LogRecord } from '../../logging/event/index.ts';
import type { Limits } from '../../pickle/index.ts';
import type { FrameEvent } from '../frame-event.ts';
import { FRAME_BYTES_MAX } from '../frame-strings.ts';
import { learnTemplate } from './template-learner.ts';
import { LINE_BYTES_MAX, TemplateMatcher } from './template-matcher.ts';
import { TemplateTrie } from './template-trie.ts';

/** A frame that a template matches saves what this many cost that are tried in vain. */
const HIT_CREDIT = 4;
const CREDIT_MAX = 256;
/** Without credit, one frame in this many is tried. */
const PROBE_INTERVAL = 64;
/** How many templates may be learned in a row: the learning budget. */
const LEARN_TOKENS_MAX = 64;
/**
 * To learn one takes as long as to decode dozens of frames. It is earned back by this many frames that no template matches;
 * one that is matched counts for HIT_FRAMES.
 */
const TOKEN_FRAMES = 4096;
const HIT_FRAMES = 64;

/**
 * Whether reading by a template keeps within limits by itself. What a template has of entries, containers and memo slots is
 * the same in each frame, and the decoder has let the first one pass; what differs are the lengths of text and numbers.
 */
export function limitsAllowTemplates({ maxBytes, maxLineBytes }: Limits): boolean {
  return maxBytes >= FRAME_BYTES_MAX && maxLineBytes >= LINE_BYTES_MAX;
}

export class TemplateCache {
  readonly #trie: TemplateTrie = new TemplateTrie();
  readonly #matcher: TemplateMatcher = new TemplateMatcher(this.#trie);
  #credit = CREDIT_MAX;
  #tokens = LEARN_TOKENS_MAX;
  /** Frames, counted towards the next token. */
  #frames = 0;
  /** Frames since the last one that was tried. */
  #untried = 0;

  /** The frame from `start` to `end`, if a template matches it, until the next call; or null: then learn from it. */
  locate(source: Uint8Array, start: number, end: number): FrameEvent | null {
    return this.#isTried() ? this.#counted(this.#matcher.locate(source, start, end)) : null;
  }

  /** The record of a frame, likewise; it owns its data. */
  read(payload: Uint8Array): LogRecord | null {
    return this.#isTried() ? this.#counted(this.#matcher.read(payload)) : null;
  }

  /** Learns the template of the frame that `locate` or `read` gave null for, and that is a record all the same. */
  learn(frame: Uint8Array): void {
    // Of a template that is known, there is nothing to learn.
    if (this.#untried > 0 || this.#tokens === 0 || this.#matcher.isGarbled) return;
    this.#tokens--;
    const parts = learnTemplate(frame);
    if (parts !== null) this.#trie.add(frame, parts);
  }

  #isTried(): boolean {
    if (this.#credit === 0 && ++this.#untried < PROBE_INTERVAL) {
      this.#earn(1);
      return false;
    }
    this.#untried = 0;
    return true;
  }

  #counted<T>(found: T | null): T | null {
    if (found === null) {
      this.#credit = Math.max(this.#credit - 1, 0);
      this.#earn(1);
    } else {
      this.#credit = Math.min(this.#credit + HIT_CREDIT, CREDIT_MAX);
      this.#earn(HIT_FRAMES);
    }
    return found;
  }

  #earn(frames: number): void {
    this.#frames += frames;
    if (this.#frames < TOKEN_FRAMES) return;
    this.#frames -= TOKEN_FRAMES;
    this.#tokens = Math.min(this.#tokens + 1, LEARN_TOKENS_MAX);
  }
}
