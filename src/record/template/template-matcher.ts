// Frames to their values by the layouts that are known: bytes that stay the same are compared, and what lies between them
// is located. What is not exactly as some layout says is left to the decoder of all pickles.

import { CONTENTS, LogRecord } from '../../logging/index.ts';
import { PyFloat } from '../../pickle/index.ts';
import { CACHED, FrameEvent } from '../frame-event.ts';
import { MAX_FRAME } from '../frame-strings.ts';
import { setField, setTime } from '../record-fields.ts';
import type { TemplateTrie } from './template-trie.ts';

const { text: TEXT, number: NUMBER } = CONTENTS;

/** Ints of so many digits are safe, and within every limit. */
const SAFE_DIGITS = 15;
/** No INT or LONG is read that has more bytes before its newline. */
export const MAX_LINE: number = SAFE_DIGITS + 1;

export class TemplateMatcher {
  readonly #tree: TemplateTrie;
  readonly #frame: FrameEvent = new FrameEvent();
  /** Where the value ends that was read last. */
  #end = 0;
  #isGarbled = false;

  constructor(tree: TemplateTrie) {
    this.#tree = tree;
  }

  /** Whether the last frame was given up for a text that is not UTF-8, where the layout is known. */
  get isGarbled(): boolean {
    return this.#isGarbled;
  }

  /** The frame from `start` to `end`, if it is as some layout says, located, until the next call; or null. */
  locate(source: Uint8Array, start = 0, end: number = source.length): FrameEvent | null {
    return this.#walk(source, start, end, null) ? this.#frame : null;
  }

  /** The record of a frame that is as some layout says, as `locate` and `record` give it, but at once; or null. */
  read(payload: Uint8Array): LogRecord | null {
    const record = new LogRecord(null);
    return this.#walk(payload, 0, payload.length, record) ? record : null;
  }

  /**
   * Whether a frame is as some layout says. A step has no effect unless it fits, and two that may stand in one place
   * never both fit, so the first that does is right.
   * @param record what is given the values, where otherwise they are located
   */
  #walk(source: Uint8Array, start: number, end: number, record: LogRecord | null): boolean {
    this.#isGarbled = false;
    const length = end - start;
    if (length > MAX_FRAME) return false;
    const frame = this.#frame;
    let at = record === null ? frame.begin(source, start, length) : frame.strings.take(source, start, length);
    const last = at + length;
    const { bytes, view, strings, contents, starts, lengths, numbers } = frame;
    const { words } = this.#tree;
    let frameEnd = 0;
    for (let step = this.#tree.first; step !== null; ) {
      // The run of bytes: whole words, then what is left of one.
      let p = at;
      if (p + step.length > last) {
        step = step.sibling;
        continue;
      }
      let word = step.word;
      const lastWord = word + (step.length >> 2);
      while (word < lastWord && view.getInt32(p, true) === words[word]) {
        word++;
        p += 4;
      }
      if (word < lastWord || (view.getInt32(p, true) & step.mask) !== words[word]) {
        step = step.sibling;
        continue;
      }
      p = at + step.length;
      switch (step.hole) {
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
          if (record === null) {
            if (!strings.isUtf8(p, size)) return this.#garbled();
            const slot = frame.slotOf(step);
            contents[slot] = TEXT;
            starts[slot] = p;
            lengths[slot] = size;
          } else {
            const text = size <= (CACHED[step.field] as number) ? strings.cached(p, size) : strings.decode(p, size);
            if (text === null) return this.#garbled();
            setField(record, step.field, step.key, text);
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
          if (record === null) {
            contents[step.field] = NUMBER;
            numbers[step.field] = value;
          } else {
            setField(record, step.field, step.key, value);
          }
          break;
        }
        case 2: {
          // float
          if (bytes[p] !== 0x47) {
            step = step.sibling;
            continue;
          }
          const value = view.getFloat64(p + 1);
          if (record === null) {
            contents[step.field] = NUMBER;
            numbers[step.field] = value;
          } else {
            setTime(record, step.field, value);
          }
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
          if (record === null) frame.put(step, value);
          else setField(record, step.field, step.key, value);
          break;
        }
        case 4: // constant
          if (record === null) frame.put(step, step.source);
          else setField(record, step.field, step.key, step.source);
          break;
        case 5: // repeated
          if (record === null) frame.repeat(step);
          else setField(record, step.field, step.key, record.get(step.source));
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

  #garbled(): false {
    this.#isGarbled = true;
    return false;
  }

  /** The int at `p`, which ends at `end`; null where there is none, or one that is seldom met. */
  #readInt(p: number): number | null {
    const { bytes, view } = this.#frame;
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
    const { bytes } = this.#frame;
    let value = 0;
    let i = start;
    for (; i <= start + SAFE_DIGITS; i++) {
      const digit = (bytes[i] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (i === start || i > start + SAFE_DIGITS || bytes[start] === 0x30) return null;
    if (long && bytes[i++] !== 0x4c) return null;
    if (bytes[i] !== 0x0a) return null;
    this.#end = i + 1;
    return value;
  }

  #readLong1(start: number): number | null {
    const { bytes } = this.#frame;
    const size = bytes[start] as number;
    if (size > 6) return null;
    let value = 0;
    for (let i = start + size; i > start; i--) value = value * 256 + (bytes[i] as number);
    this.#end = start + 1 + size;
    return size > 0 && (bytes[start + size] as number) >= 0x80 ? value - 2 ** (8 * size) : value;
  }

  /** The None, bool, int or float at `p`, which ends at `end`; undefined where there is none. */
  #readScalar(p: number): unknown {
    const { bytes, view } = this.#frame;
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
