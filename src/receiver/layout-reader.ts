// Frames to records by the layouts that are known: bytes that stay the same are compared, and the values between them go
// straight into the record. What is not exactly as some layout says is left to the decoder of all pickles.

import { LogRecord } from '../logging/index.ts';
import { PyFloat } from '../pickle/index.ts';
import { FrameText, MAX_FRAME } from './frame-text.ts';
import type { LayoutTree, Step } from './layout-tree.ts';

/** Ints of so many digits are safe, and within every limit. */
const SAFE_DIGITS = 15;
/** No INT or LONG is read that has more bytes before its newline. */
export const MAX_LINE: number = SAFE_DIGITS + 1;

export class LayoutReader {
  readonly #tree: LayoutTree;
  readonly #text: FrameText = new FrameText();
  /** Where the value ends that was read last. */
  #end = 0;

  constructor(tree: LayoutTree) {
    this.#tree = tree;
  }

  /**
   * The record of a frame that is as some layout says, or null. A step has no effect unless it fits, and two that may
   * stand in one place never both fit, so the first that does is right.
   */
  read(frame: Uint8Array): LogRecord | null {
    const { length } = frame;
    if (length > MAX_FRAME) return null;
    const text = this.#text;
    const { bytes, view } = text;
    const { words } = this.#tree;
    bytes.set(frame);
    const record = new LogRecord(null);
    let frameEnd = 0;
    let at = 0;
    for (let step = this.#tree.first; step !== null; ) {
      // The run of bytes: whole words, then what is left of one.
      let p = at;
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
          if (size > length - p) return null;
          const value = size <= step.cachedBytes ? text.cached(p, size) : text.decode(p, size);
          if (value === null) return null;
          p += size;
          switch (step.field) {
            case 0:
              record.name = value;
              break;
            case 1:
              record.msg = value;
              break;
            case 2:
              record.args = value;
              break;
            case 3:
              record.levelname = value;
              break;
            case 5:
              record.pathname = value;
              break;
            case 6:
              record.filename = value;
              break;
            case 7:
              record.module = value;
              break;
            case 8:
              record.exc_info = value;
              break;
            case 9:
              record.exc_text = value;
              break;
            case 10:
              record.stack_info = value;
              break;
            case 12:
              record.funcName = value;
              break;
            case 17:
              record.threadName = value;
              break;
            case 18:
              record.processName = value;
              break;
            case 20:
              record.taskName = value;
              break;
            case 21:
              record.message = value;
              break;
            case 22:
              record.asctime = value;
              break;
            default:
              record.extras.set(step.key, value);
          }
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
          switch (step.field) {
            case 4:
              record.levelno = value;
              break;
            case 11:
              record.lineno = value;
              break;
            case 16:
              record.thread = value;
              break;
            default:
              record.process = value;
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
          switch (step.field) {
            case 13:
              record.created = value;
              break;
            case 14:
              record.msecs = value;
              break;
            default:
              record.relativeCreated = value;
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
          switch (step.field) {
            case 1:
              record.msg = value;
              break;
            case 2:
              record.args = value;
              break;
            default:
              record.extras.set(step.key, value);
          }
          break;
        }
        case 4: // constant
          setText(record, step, step.source);
          break;
        case 5: // repeated
          setText(record, step, record.get(step.source) as string);
          break;
        case 6: // frame
          frameEnd = p + 8 + view.getUint32(p, true);
          if (view.getUint32(p + 4, true) !== 0) return null;
          p += 8;
          break;
        default:
          // end: what lies beyond the frame is left over from others, and no record reaches into it
          return p === length && (frameEnd === 0 || frameEnd === p) ? record : null;
      }
      at = p;
      step = step.next;
    }
    return null;
  }

  /** The int at `p`, which ends at `end`; null where there is none, or one that is seldom met. */
  #readInt(p: number): number | null {
    const { bytes, view } = this.#text;
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
    const { bytes } = this.#text;
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
    const { bytes } = this.#text;
    const size = bytes[start] as number;
    if (size > 6) return null;
    let value = 0;
    for (let i = start + size; i > start; i--) value = value * 256 + (bytes[i] as number);
    this.#end = start + 1 + size;
    return size > 0 && (bytes[start + size] as number) >= 0x80 ? value - 2 ** (8 * size) : value;
  }

  /** The None, bool, int or float at `p`, which ends at `end`; undefined where there is none. */
  #readScalar(p: number): unknown {
    const { bytes, view } = this.#text;
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

// The numbers are those of FIELDS, spelled out: so they become a table of jumps.

function setText(record: LogRecord, { field, key }: Step, value: string): void {
  switch (field) {
    case 0:
      record.name = value;
      return;
    case 1:
      record.msg = value;
      return;
    case 2:
      record.args = value;
      return;
    case 3:
      record.levelname = value;
      return;
    case 5:
      record.pathname = value;
      return;
    case 6:
      record.filename = value;
      return;
    case 7:
      record.module = value;
      return;
    case 8:
      record.exc_info = value;
      return;
    case 9:
      record.exc_text = value;
      return;
    case 10:
      record.stack_info = value;
      return;
    case 12:
      record.funcName = value;
      return;
    case 17:
      record.threadName = value;
      return;
    case 18:
      record.processName = value;
      return;
    case 20:
      record.taskName = value;
      return;
    case 21:
      record.message = value;
      return;
    case 22:
      record.asctime = value;
      return;
    default:
      record.extras.set(key, value);
  }
}
