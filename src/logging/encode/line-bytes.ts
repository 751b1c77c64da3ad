// The bytes of a line, and the room for them: where its memory has none for what comes next, the line moves to other memory.
//
// start ≤ at ≤ limit, and behind `limit` lie OVERRUN_BYTES more, so that text may be copied in whole words.

import { Buffer } from 'node:buffer';
import type { Literal } from './literal.ts';

const NOWHERE = Buffer.alloc(0);

const BLANK = 0x20;
const TAB = 0x09;
const DELETE = 0x7f;
const HIGH_BITS = 0x80808080 | 0;

/** Bytes behind the end of a line's memory that a word may be written over. */
export const OVERRUN_BYTES = 4;

/** Where lines get their memory from. */
export interface LineMemory {
  /** Gives the line the place where the next one is to be written, empty, by its method `begin`. */
  begin(line: LineBytes): void;
  /** Gives the line other memory, with room for `size` bytes and OVERRUN_BYTES more, by its method `move`. */
  enlarge(line: LineBytes, size: number): void;
}

export class LineBytes {
  readonly #memory: LineMemory;
  protected bytes: Buffer = NOWHERE;
  protected view: DataView = new DataView(NOWHERE.buffer);
  protected start = 0;
  protected at = 0;
  protected limit = 0;

  constructor(memory: LineMemory) {
    this.#memory = memory;
  }

  /** Begins a line in the bytes from `start` on. */
  begin(bytes: Buffer, view: DataView, start: number): void {
    this.bytes = bytes;
    this.view = view;
    this.start = start;
    this.at = start;
    this.limit = bytes.length - OVERRUN_BYTES;
  }

  /** Goes on with the line in other bytes, from `start` on. */
  move(bytes: Buffer, view: DataView, start: number): void {
    const { length } = this;
    bytes.set(this.bytes.subarray(this.start, this.at), start);
    this.bytes = bytes;
    this.view = view;
    this.start = start;
    this.at = start + length;
    this.limit = bytes.length - OVERRUN_BYTES;
  }

  /** Whether the line begins at a place in some bytes. */
  isAt(bytes: Uint8Array, place: number): boolean {
    return this.bytes === bytes && this.start === place;
  }

  /** How many bytes the line has so far. */
  get length(): number {
    return this.at - this.start;
  }

  /** The line so far, where it is UTF-8. */
  toString(): string {
    return this.bytes.toString('utf8', this.start, this.at);
  }

  literal({ words, length }: Literal): void {
    if (this.at + length > this.limit) this.grow(length);
    const { view } = this;
    let { at } = this;
    this.at = at + length;
    for (let i = 0; i < words.length; i++, at += 4) view.setInt32(at, words[i] as number, true);
  }

  /** Begins the line anew, where its memory has it now: what was written meanwhile by others stays. */
  restart(): void {
    this.#memory.begin(this);
  }

  /** Cuts the line to the bytes that it had at some time before. */
  truncate(length: number): void {
    this.at = this.start + length;
  }

  /** Puts one ASCII character in the place of another. */
  patch(place: number, code: number): void {
    this.bytes[this.start + place] = code;
  }

  /** Whether all bytes from `place` on are ASCII that a terminal shows, or tabs. */
  isPlainFrom(place: number): boolean {
    const { bytes, view } = this;
    let at = this.start + place;
    for (const end = this.at - 3; at < end; at += 4) {
      if (!isPlainWord(view.getInt32(at, true)) && !arePlain(bytes, at, at + 4)) return false;
    }
    return arePlain(bytes, at, this.at);
  }

  /** Takes the text from `place` on out of the line, which is UTF-8. */
  takeFrom(place: number): string {
    const text = this.bytes.toString('utf8', this.start + place, this.at);
    this.truncate(place);
    return text;
  }

  /** Makes room for `size` bytes more than the line has. */
  protected grow(size: number): void {
    // With as much again as was written: so what is copied is never more than that.
    this.#memory.enlarge(this, 2 * this.length + size);
  }

  /** Blanks for which there is room. */
  protected blanks(count: number): void {
    const { bytes } = this;
    let { at } = this;
    for (const end = at + count; at < end; at++) bytes[at] = BLANK;
    this.at = at;
  }
}

/** Whether four bytes are neither controls, DEL nor outside of ASCII; also false where one is a tab. */
function isPlainWord(word: number): boolean {
  return (((word - 0x20202020) | (word + 0x01010101) | word) & HIGH_BITS) === 0;
}

function arePlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= DELETE || (byte < BLANK && byte !== TAB)) return false;
  }
  return true;
}
