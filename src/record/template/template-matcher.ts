// Frames to their values by the templates that are known: bytes that stay the same are compared, and what lies between them
// is handed on. What is not exactly as some template says is left to the decoder of all pickles.

import type { LogRecord } from '../../logging/event/index.ts';
import { PyFloat } from '../../pickle/index.ts';
import { FrameEvent } from '../frame-event.ts';
import { FRAME_BYTES_MAX } from '../frame-strings.ts';
import { RecordBuilder } from '../record-builder.ts';
import type { TemplateTrie } from './template-trie.ts';
import type { ValueSink } from './value-sink.ts';

const NO_BYTES = new Uint8Array(0);

/** Ints of 15 digits are safe, and within every limit. */
const SAFE_DIGITS_MAX = 15;
/** And of 9 they are small ints to V8. */
const SMALL_DIGITS_MAX = 9;
/** No INT or LONG is read that has more bytes before its newline. */
export const LINE_BYTES_MAX: number = SAFE_DIGITS_MAX + 1;

export class TemplateMatcher {
  readonly #trie: TemplateTrie;
  readonly #event: FrameEvent = new FrameEvent();
  readonly #builder: RecordBuilder = new RecordBuilder();
  /** The memory of the frame that is read. */
  #bytes: Uint8Array = NO_BYTES;
  #view: DataView = new DataView(NO_BYTES.buffer);
  /** Where the value ends that was read last. */
  #end = 0;
  #isGarbled = false;

  constructor(trie: TemplateTrie) {
    this.#trie = trie;
  }

  /** Whether the last frame was given up for a text that is not UTF-8, where the template is known. */
  get isGarbled(): boolean {
    return this.#isGarbled;
  }

  /** The frame from `start` to `end`, if it is as some template says, located, until the next call; or null. */
  locate(source: Uint8Array, start = 0, end: number = source.length): FrameEvent | null {
    return this.#read(source, start, end, this.#event) ? this.#event : null;
  }

  /** The record of a frame that is as some template says, as `locate` gives it, but made on the way; or null. */
  read(payload: Uint8Array): LogRecord | null {
    return this.#read(payload, 0, payload.length, this.#builder) ? this.#builder.record : null;
  }

  /**
   * Whether a frame is as some template says. A step has no effect unless it fits, and two that may stand in one place never
   * both fit, so the first that does is right.
   */
  #read(source: Uint8Array, start: number, end: number, sink: ValueSink): boolean {
    this.#isGarbled = false;
    const length = end - start;
    if (length > FRAME_BYTES_MAX) return false;
    let at = sink.begin(source, start, length);
    const last = at + length;
    const { bytes, view } = sink.strings;
    this.#bytes = bytes;
    this.#view = view;
    const { words } = this.#trie;
    let frameEnd = 0;
    for (let step = this.#trie.first; step !== null; ) {
      // The run of bytes: whole words, then what is left of one.
      let p = at;
      if (p + step.length > last) {
        step = step.sibling;
        continue;
      }
      let word = step.word;
      const lastWord = word + (step.length >> 2);
      // Two at a time, as long as there are two.
      for (; word + 1 < lastWord; word += 2, p += 8) {
        const differs =
          (view.getInt32(p, true) ^ (words[word] as number)) |
          (view.getInt32(p + 4, true) ^ (words[word + 1] as number));
        if (differs !== 0) break;
      }
      while (word < lastWord && view.getInt32(p, true) === words[word]) {
        word++;
        p += 4;
      }
      if (word < lastWord || (view.getInt32(p, true) & step.mask) !== words[word]) {
        step = step.sibling;
        continue;
      }
      p = at + step.length;
      switch (step.placeholder) {
        case 0: {
          // text
          const opcode = bytes[p];
          let size = 0;
          if (opcode === 0x58 || opcode === 0x54) {
            size = view.getUint32(p + 1, true);
            p += 5;
          } else if (opcode === 0x8c || opcode === 0x55) {
            size = bytes[p + 1] as number;
            p += 2;
          } else {
            step = step.sibling;
            continue;
          }
          if (size > last - p) return false;
          if (!sink.takeText(step, p, size)) {
            this.#isGarbled = true;
            return false;
          }
          p += size;
          break;
        }
        case 1: {
          // int
          const value = this.#readInt(p);
          if (value === null) {
            step = step.sibling;
            continue;
          }
          p = this.#end;
          sink.takeNumber(step, value);
          break;
        }
        case 2: {
          // float
          if (bytes[p] !== 0x47) {
            step = step.sibling;
            continue;
          }
          sink.takeNumber(step, view.getFloat64(p + 1));
          p += 9;
          break;
        }
        case 3: {
          // scalar
          const value = this.#readScalar(p);
          if (value === undefined) {
            step = step.sibling;
            continue;
          }
          p = this.#end;
          sink.takeValue(step, value);
          break;
        }
        case 4: // constant
          sink.takeValue(step, step.source);
          break;
        case 5: // repeated
          sink.takeRepeated(step);
          break;
        case 6: // frame
          frameEnd = p + 8 + view.getUint32(p, true);
          if (view.getUint32(p + 4, true) !== 0) return false;
          p += 8;
          break;
        default:
          // end: what lies beyond the frame belongs to others, and no record reaches into it
          return p === last && (frameEnd === 0 || frameEnd === p);
      }
      at = p;
      step = step.next;
    }
    return false;
  }

  /** The int at `p`, which ends at `end`; null where there is none, or one that is seldom met. */
  #readInt(p: number): number | null {
    const bytes = this.#bytes;
    const view = this.#view;
    const opcode = bytes[p];
    switch (opcode) {
      case 0x4b: // BININT1
        this.#end = p + 2;
        return bytes[p + 1] as number;
      case 0x4d: // BININT2
        this.#end = p + 3;
        return view.getUint16(p + 1, true);
      case 0x4a: // BININT
        this.#end = p + 5;
        return view.getInt32(p + 1, true);
      case 0x8a: // LONG1
        return this.#readLong1(p + 1);
      case 0x4c: // LONG
      case 0x49: // INT
        return this.#readDigits(p + 1, opcode === 0x4c);
      default:
        return null;
    }
  }

  /** Digits that do not begin with a 0, an L where it is a LONG, and a newline. */
  #readDigits(start: number, long: boolean): number | null {
    const bytes = this.#bytes;
    // As many as are a small int, then the others: what V8 takes for a float is multiplied once.
    let value = 0;
    let i = start;
    let digit = 0;
    for (; i < start + SMALL_DIGITS_MAX; i++) {
      digit = (bytes[i] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (i === start + SMALL_DIGITS_MAX) {
      let rest = 0;
      let scale = 1;
      for (; i <= start + SAFE_DIGITS_MAX; i++) {
        digit = (bytes[i] as number) - 0x30;
        if (digit < 0 || digit > 9) break;
        rest = rest * 10 + digit;
        scale *= 10;
      }
      value = value * scale + rest;
    }
    if (i === start || i > start + SAFE_DIGITS_MAX || bytes[start] === 0x30) return null;
    if (long && bytes[i++] !== 0x4c) return null;
    if (bytes[i] !== 0x0a) return null;
    this.#end = i + 1;
    return value;
  }

  #readLong1(start: number): number | null {
    const bytes = this.#bytes;
    const size = bytes[start] as number;
    if (size > 6) return null;
    let value = 0;
    for (let i = start + size; i > start; i--) value = value * 256 + (bytes[i] as number);
    this.#end = start + 1 + size;
    return size > 0 && (bytes[start + size] as number) >= 0x80 ? value - 2 ** (8 * size) : value;
  }

  /** The None, bool, int or float at `p`, which ends at `end`; undefined where there is none. */
  #readScalar(p: number): unknown {
    const bytes = this.#bytes;
    const view = this.#view;
    switch (bytes[p]) {
      case 0x4e: // NONE
        this.#end = p + 1;
        return null;
      case 0x88: // NEWTRUE
        this.#end = p + 1;
        return true;
      case 0x89: // NEWFALSE
        this.#end = p + 1;
        return false;
      case 0x47: {
        // BINFLOAT
        this.#end = p + 9;
        const value = view.getFloat64(p + 1);
        return Number.isInteger(value) ? new PyFloat(value) : value;
      }
      case 0x49: {
        // INT, of which 00 and 01 are bools
        const bool = view.getInt32(p, true);
        if (bool !== 0x0a303049 && bool !== 0x0a313049) break;
        this.#end = p + 4;
        return bool === 0x0a313049;
      }
      default:
    }
    return this.#readInt(p) ?? undefined;
  }
}
