// Where a line is written byte by byte, at the place from which it goes to the file. Knows no record but by its slots.

import { Buffer } from 'node:buffer';
import { type Literal, LONE_SURROGATE, type RawLine, type RawRecord } from '../event/raw-record.ts';
import { escapeAscii, quote } from './json/quote.ts';
import { floatJSON } from './json/room.ts';

const NOWHERE = Buffer.alloc(0);

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const BLANK = 0x20;
const POINT = 0x2e;
const ZERO = 0x30;
const HALF_DIGITS = 8;
const HALF = 10 ** HALF_DIGITS;
const TWO_HALVES = 10 ** 15;
const TWO_TO_30 = 2 ** 30;
const TWO_TO_33 = 2 ** 33;
const NOT_ASCII = 0x80808080 | 0;

/** What counts in a word of which so many bytes are text. */
const MASKS = [0, 0xff, 0xffff, 0xffffff] as const;

/** Texts of so many UTF-16 units are copied by themselves, if they are ASCII: a call of Node's costs as much as 30. */
const SHORT = 32;

/** Bytes behind the end that a word may be written over. */
export const OVERRUN = 4;

/** Room in a block of bytes, for one line at a time. */
export class LineBuffer implements RawLine {
  #bytes: Buffer = NOWHERE;
  #view: DataView = new DataView(NOWHERE.buffer);
  #start = 0;
  #at = 0;
  /** Where the room ends; there are OVERRUN bytes behind it. */
  #end = 0;

  /** Begins a line, in the bytes from `start` on. */
  begin(bytes: Buffer, view: DataView, start: number): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#start = start;
    this.#at = start;
    this.#end = bytes.length - OVERRUN;
  }

  /** How many bytes the line has so far. */
  get length(): number {
    return this.#at - this.#start;
  }

  literal({ words, length }: Literal): boolean {
    const view = this.#view;
    let at = this.#at;
    if (at + length > this.#end) return false;
    for (let i = 0; i < words.length; i++, at += 4) view.setInt32(at, words[i] as number, true);
    this.#at += length;
    return true;
  }

  string(text: string): boolean {
    const { length } = text;
    const bytes = this.#bytes;
    let at = this.#at;
    // No unit has more than three bytes in UTF-8.
    if (at + 3 * length > this.#end) return false;
    if (length < SHORT) {
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code >= 0x80) break;
        bytes[at++] = code;
      }
      if (i === length) {
        this.#at = at;
        return true;
      }
    }
    if (LONE_SURROGATE.test(text)) return false;
    this.#at += bytes.write(text, this.#at);
    return true;
  }

  column(text: string, width: number, left: boolean): boolean {
    const missing = width - text.length;
    return left ? this.string(text) && this.#blanks(missing) : this.#blanks(missing) && this.string(text);
  }

  int(value: number, width = 0, left = false): boolean {
    if (!(value >= 0 && value < TWO_HALVES)) return this.column(String(value), width, left);
    // Two halves that are small ints: dividing those is cheap, and to make a string of either is not.
    const high = value < HALF ? 0 : Math.floor(value / HALF);
    const low = value - high * HALF;
    const digits = high === 0 ? digitsOf(low) : digitsOf(high) + HALF_DIGITS;
    const missing = width - digits;
    if (this.#at + Math.max(width, digits) > this.#end) return false;
    if (!left) this.#blanks(missing);
    this.#at += digits;
    const rest = this.#digits(low, this.#at, high === 0 ? digits : HALF_DIGITS);
    if (high > 0) this.#digits(high, rest, digits - HALF_DIGITS);
    return !left || this.#blanks(missing);
  }

  float(value: number): boolean {
    if (!(value >= 1 && value < TWO_TO_33) || Number.isInteger(value)) return this.string(floatJSON(value));
    const whole = Math.floor(value);
    // Floats below 2**33 lie closer together than millionths: where one is a millionth's, it is no shorter decimal's.
    const millionths = Math.round(value * 1e6);
    if (millionths / 1e6 === value) return this.#decimal(whole, millionths - whole * 1e6, 6);
    // From 2004 to 2038 the seconds since 1970 are multiples of 2**-22: each is nearest to some seventh decimal, by an
    // exact product, and is that, unless it is as near to another.
    if (value >= TWO_TO_30 && value < 2 * TWO_TO_30) {
      const place = (value - whole) * 1e7;
      const nearest = Math.round(place);
      if (Math.abs(place - nearest) < 0.5 && nearest < 1e7) return this.#decimal(whole, nearest, 7);
    }
    return this.string(floatJSON(value));
  }

  text(raw: RawRecord, slot: number, width = 0, left = false): boolean {
    const start = raw.starts[slot] as number;
    const length = raw.lengths[slot] as number;
    const isAscii = this.#copy(raw.view, start, length);
    if (isAscii === null) return false;
    if (width === 0) {
      this.#at += length;
      return true;
    }
    const characters = isAscii ? length : charactersIn(raw.bytes, start, length);
    return this.#inColumns(length, characters, width, left);
  }

  quoted(raw: RawRecord, slot: number): boolean {
    const { view } = raw;
    const [target, bytes] = [this.#view, this.#bytes];
    const start = raw.starts[slot] as number;
    const end = start + (raw.lengths[slot] as number);
    let at = this.#at;
    if (at + (end - start) + 2 > this.#end) return false;
    bytes[at++] = QUOTE;
    for (let p = start; p < end; ) {
      const word = view.getInt32(p, true);
      const left = end - p;
      target.setInt32(at, word, true);
      const special = specialIn(word) & (left < 4 ? (MASKS[left] as number) : -1);
      if (special === 0) {
        const taken = left < 4 ? left : 4;
        p += taken;
        at += taken;
        continue;
      }
      // The first of the bytes that are special is the lowest bit that is set.
      const before = (31 - Math.clz32(special & -special)) >> 3;
      p += before;
      at += before;
      const escaped = escapeAscii[raw.bytes[p] as number];
      if (escaped === undefined) return this.string(quote(raw.text(slot)));
      // What is still to come must find room behind it.
      if (at + escaped.length + (end - p) + 1 > this.#end) return false;
      for (let i = 0; i < escaped.length; i++) bytes[at++] = escaped.charCodeAt(i);
      p++;
    }
    bytes[at++] = QUOTE;
    this.#at = at;
    return true;
  }

  newline(): boolean {
    if (this.#at > this.#start && this.#bytes[this.#at - 1] === LINE_FEED) return true;
    if (this.#at >= this.#end) return false;
    this.#bytes[this.#at++] = LINE_FEED;
    return true;
  }

  /** Writes a whole number and so many decimals, without the zeros at their end. */
  #decimal(whole: number, decimals: number, places: number): boolean {
    let [left, count] = [decimals, places];
    for (let tenth = left / 10; Number.isInteger(tenth); tenth = left / 10) {
      left = tenth;
      count--;
    }
    if (!this.int(whole) || this.#at + 1 + count > this.#end) return false;
    this.#bytes[this.#at] = POINT;
    this.#at += 1 + count;
    this.#digits(left, this.#at, count);
    return true;
  }

  /** Writes the last digits of a number, zeros in front included, up to a place; returns where they begin. */
  #digits(value: number, end: number, count: number): number {
    const bytes = this.#bytes;
    let left = value;
    let at = end;
    for (let i = 0; i < count; i++) {
      const tens = (left / 10) | 0;
      bytes[--at] = ZERO + left - tens * 10;
      left = tens;
    }
    return at;
  }

  /** Copies text behind the line, of which it does not become a part yet: whether it is ASCII; null for want of room. */
  #copy(source: DataView, start: number, length: number): boolean | null {
    const view = this.#view;
    let at = this.#at;
    if (at + length > this.#end) return null;
    const end = start + length;
    let all = 0;
    let p = start;
    for (; p + 4 <= end; p += 4, at += 4) {
      const word = source.getInt32(p, true);
      view.setInt32(at, word, true);
      all |= word;
    }
    if (p < end) {
      const word = source.getInt32(p, true);
      view.setInt32(at, word, true);
      all |= word & (MASKS[end - p] as number);
    }
    return (all & NOT_ASCII) === 0;
  }

  /** Takes what was copied in, with blanks beside it. */
  #inColumns(length: number, characters: number, width: number, left: boolean): boolean {
    const missing = width - characters;
    if (missing <= 0 || left) {
      this.#at += length;
      return this.#blanks(missing);
    }
    if (this.#at + missing + length > this.#end) return false;
    this.#bytes.copyWithin(this.#at + missing, this.#at, this.#at + length);
    const filled = this.#blanks(missing);
    this.#at += length;
    return filled;
  }

  #blanks(count: number): boolean {
    if (count <= 0) return true;
    if (this.#at + count > this.#end) return false;
    const bytes = this.#bytes;
    let at = this.#at;
    for (const end = at + count; at < end; at++) bytes[at] = BLANK;
    this.#at = at;
    return true;
  }
}

/** How many decimal digits an int has that is less than HALF. */
function digitsOf(value: number): number {
  let digits = 1;
  for (let power = 10; power <= value; power *= 10) digits++;
  return digits;
}

/** The highest bit of each byte that JSON escapes, or that is not ASCII; bytes above the first of them may be said to be. */
function specialIn(word: number): number {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  const special =
    ((quotes - 0x01010101) & ~quotes) |
    ((backslashes - 0x01010101) & ~backslashes) |
    ((word - 0x20202020) & ~word) |
    (word + 0x01010101) |
    word;
  return special & NOT_ASCII;
}

/** How many characters a text has, which is UTF-8. */
function charactersIn(bytes: Uint8Array, start: number, length: number): number {
  let count = 0;
  for (let i = start; i < start + length; i++) if (((bytes[i] as number) & 0xc0) !== 0x80) count++;
  return count;
}
