// The template of one frame, if it is of the kind that is worth knowing: a record that is a flat dict of text, numbers and
// None. Whether the pickle is sound is not asked here: the decoder has read it before.

import { Buffer } from 'node:buffer';
import { fieldTable } from '../../logging/event/index.ts';
import { ENTRIES_MAX, EXTRA, fieldOf, PLACEHOLDERS, type Placeholder, type TemplatePart } from './template.ts';
import { RUN_BYTES_MAX } from './template-trie.ts';

/**
 * What LogRecord takes for its fields as it is, by slot; then what it takes for extras. A value of another kind, or one that
 * is missing where it is needed, and nothing is learned. A None needs no placeholder where LogRecord has null already.
 */
const KINDS: readonly (readonly (Placeholder | 'none')[])[] = (() => {
  const { text, int, float, scalar } = PLACEHOLDERS;
  const ofKind = { text: [text], int: [int], float: [float], any: [text, scalar] } as const;
  const fields = fieldTable.map(({ kind, isNone }) => (isNone ? [...ofKind[kind], 'none' as const] : ofKind[kind]));
  return [...fields, ofKind.any];
})();
/** Without them, a record would have the time at which it was read. */
const NEEDED: readonly string[] = ['created', 'msecs', 'relativeCreated'];

/** A text in the memo: a key, or the value of one. */
interface Memoized {
  readonly placeholder: typeof PLACEHOLDERS.constant | typeof PLACEHOLDERS.repeated;
  readonly source: string;
}

/** The parts of a frame that decodes to a record, or null where frames like it are better decoded one by one. */
export function learnTemplate(frame: Uint8Array): TemplatePart[] | null {
  return new Learner(frame).learn();
}

class Learner {
  readonly #bytes: Buffer;
  #at = 0;
  /** Where the run of bytes began that the next placeholder ends. */
  #from = 0;
  readonly #parts: TemplatePart[] = [];
  readonly #memo: Map<number, Memoized | null> = new Map();
  readonly #keys: Set<string> = new Set();

  constructor(frame: Uint8Array) {
    this.#bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  }

  learn(): TemplatePart[] | null {
    if (this.#takes(0x80)) this.#at++; // PROTO
    if (this.#takes(0x95)) this.#placeholder(PLACEHOLDERS.frame, EXTRA, '', 8); // FRAME
    if (!this.#takes(0x7d)) return null; // EMPTY_DICT
    this.#put(null);
    if (!this.#takes(0x28)) return null; // MARK
    // SETITEMS
    while (!this.#takes(0x75)) {
      if (this.#keys.size === ENTRIES_MAX || !this.#entry()) return null;
    }
    if (!this.#takes(0x2e)) return null; // STOP
    this.#placeholder(PLACEHOLDERS.end, EXTRA, '', 0);
    const complete = NEEDED.every((name) => this.#keys.has(name));
    const short = this.#parts.every(({ from, to }) => to - from <= RUN_BYTES_MAX);
    return complete && short ? this.#parts : null;
  }

  #takes(opcode: number): boolean {
    if (this.#bytes[this.#at] !== opcode) return false;
    this.#at++;
    return true;
  }

  /** A placeholder after the bytes so far, whose own bytes there are `size` of. */
  #placeholder(placeholder: Placeholder, field: number, key: string, size: number, source = ''): void {
    this.#parts.push({ from: this.#from, to: this.#at, placeholder, field, key, source });
    this.#at += size;
    this.#from = this.#at;
  }

  #entry(): boolean {
    const key = this.#key();
    if (key === null || this.#keys.has(key)) return false;
    this.#keys.add(key);
    const field = fieldOf(key);
    return this.#value(key, field, KINDS[field] as readonly (Placeholder | 'none')[]);
  }

  /** A key is part of the bytes that stay the same. */
  #key(): string | null {
    const known = this.#get();
    if (known !== undefined) return known?.placeholder === PLACEHOLDERS.constant ? known.source : null;
    const text = this.#textSpan();
    if (text === null) return null;
    const key = this.#bytes.toString('utf8', text.from, text.to);
    // What is no UTF-8 is read otherwise (and where this character was sent as such, nothing is lost).
    if (key.includes('\ufffd')) return null;
    this.#at = text.to;
    this.#put({ placeholder: PLACEHOLDERS.constant, source: key });
    return key;
  }

  #value(key: string, field: number, kinds: readonly (Placeholder | 'none')[]): boolean {
    if (kinds.includes('none') && this.#takes(0x4e)) return true; // NONE
    const known = this.#get();
    if (known !== undefined) {
      if (known === null || !kinds.includes(PLACEHOLDERS.text)) return false;
      this.#placeholder(known.placeholder, field, key, 0, known.source);
      return true;
    }
    const text = this.#textSpan();
    if (text !== null) {
      if (!kinds.includes(PLACEHOLDERS.text)) return false;
      this.#placeholder(PLACEHOLDERS.text, field, key, text.to - this.#at);
      this.#put({ placeholder: PLACEHOLDERS.repeated, source: key });
      return true;
    }
    const { placeholder, size } = this.#number();
    const kind = placeholder !== null && kinds.includes(placeholder) ? placeholder : PLACEHOLDERS.scalar;
    if (size === 0 || !kinds.includes(kind)) return false;
    this.#placeholder(kind, field, key, size);
    return true;
  }

  /** The text that stands here: BINUNICODE, SHORT_BINUNICODE, BINSTRING or SHORT_BINSTRING. */
  #textSpan(): { from: number; to: number } | null {
    const bytes = this.#bytes;
    const opcode = bytes[this.#at];
    if (opcode === 0x58 || opcode === 0x54) {
      const from = this.#at + 5;
      return { from, to: from + bytes.readUInt32LE(this.#at + 1) };
    }
    if (opcode !== 0x8c && opcode !== 0x55) return null;
    const from = this.#at + 2;
    return { from, to: from + bytes.readUInt8(this.#at + 1) };
  }

  /** How many bytes the None, bool or number has that stands here, 0 where there is none, and the placeholder that is just for it. */
  #number(): { placeholder: Placeholder | null; size: number } {
    const bytes = this.#bytes;
    switch (bytes[this.#at]) {
      case 0x4e: // NONE
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        return { placeholder: null, size: 1 };
      case 0x47: // BINFLOAT
        return { placeholder: PLACEHOLDERS.float, size: 9 };
      case 0x4b: // BININT1
        return { placeholder: PLACEHOLDERS.int, size: 2 };
      case 0x4d: // BININT2
        return { placeholder: PLACEHOLDERS.int, size: 3 };
      case 0x4a: // BININT
        return { placeholder: PLACEHOLDERS.int, size: 5 };
      case 0x8a: // LONG1
        return { placeholder: PLACEHOLDERS.int, size: 2 + bytes.readUInt8(this.#at + 1) };
      case 0x49: {
        // INT, which is a bool after a 0
        const size = bytes.indexOf(0x0a, this.#at) + 1 - this.#at;
        return { placeholder: bytes[this.#at + 1] === 0x30 ? null : PLACEHOLDERS.int, size };
      }
      case 0x4c: // LONG
        return { placeholder: PLACEHOLDERS.int, size: bytes.indexOf(0x0a, this.#at) + 1 - this.#at };
      default:
        return { placeholder: null, size: 0 };
    }
  }

  /** BINPUT, LONG_BINPUT or MEMOIZE, if there is one here. */
  #put(value: Memoized | null): void {
    if (this.#takes(0x94)) this.#memo.set(this.#memo.size, value);
    else if (this.#takes(0x71)) this.#memo.set(this.#bytes.readUInt8(this.#at++), value);
    else if (this.#takes(0x72)) {
      this.#memo.set(this.#bytes.readUInt32LE(this.#at), value);
      this.#at += 4;
    }
  }

  /** BINGET or LONG_BINGET: what it takes from the memo (null: no text); undefined where neither stands here. */
  #get(): Memoized | null | undefined {
    if (this.#takes(0x68)) return this.#memo.get(this.#bytes.readUInt8(this.#at++)) ?? null;
    if (!this.#takes(0x6a)) return undefined;
    this.#at += 4;
    return this.#memo.get(this.#bytes.readUInt32LE(this.#at - 4)) ?? null;
  }
}
