// The line that is being written, as bytes, at the place from which it goes to its destination: text, numbers, and what of a
// frame is text, none of which becomes a string on its way.

import { Buffer } from 'node:buffer';
import type { FrameFields } from '../event/log-event.ts';
import { charactersIn, countCharacters, isAsciiWord, WORD_MASKS } from './characters.ts';
import { decimalsOf, digitsOf, LongInts, PLACES, PLACES_BITS, writeDigits } from './digits.ts';
import { ASCII_ESCAPES, ESCAPE_BYTES_MAX, escapeOf, type JsonEscape, specialIn } from './json/escapes.ts';
import { floatJSON } from './json/float-json.ts';
import { quote } from './json/quote.ts';
import { LineBytes, type LineMemory } from './line-bytes.ts';
import { LONE_SURROGATE } from './literal.ts';
import type { TextEncoding } from './text-encoding.ts';

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const BLANK = 0x20;
const POINT = 0x2e;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;

/** Ints up to here are written digit by digit, in two halves; longer ones that come again and again are kept as text. */
const INT_MAX = 10 ** 15;
const SMALL_INT_MAX = 10 ** 8;
const HALF_DIGITS = 8;
const HALF = 10 ** HALF_DIGITS;

/** Texts of fewer UTF-16 units are copied one by one while they are ASCII: a call of Node's costs as much as 30. */
const COPIED_UNITS_MAX = 32;

/** Longer texts are measured: to guess their bytes would take much more memory than they do. */
const GUESSED_UNITS_MAX = 64 * 1024;

/** UTF-8 has no more bytes for a UTF-16 unit. */
const UNIT_BYTES_MAX = 3;

/** One line at a time: `begin` starts the next one, and what is in it counts when its owner takes it from the memory. */
export class LineBuffer extends LineBytes {
  readonly #encoding: TextEncoding;
  readonly #longInts: LongInts = new LongInts();
  /** Characters by which the encoded text is longer than the text was, since some were replaced. */
  #surplus = 0;
  #hasReplaced = false;
  /** Where the text ends and its terminator begins, once the line has ended. */
  #textEnd = 0;
  /** Characters in all: counted only where the encoding is another than UTF-8. */
  #characters = 0;

  constructor(memory: LineMemory, encoding: TextEncoding) {
    super(memory);
    this.#encoding = encoding;
  }

  override begin(bytes: Buffer, view: DataView, start: number): void {
    super.begin(bytes, view, start);
    this.#forget();
  }

  override truncate(length: number): void {
    super.truncate(length);
    if (length === 0) this.#forget();
  }

  /**
   * How many characters (code points) of text the line has, its terminator apart, before any was replaced that cannot be
   * encoded.
   */
  get characters(): number {
    if (!this.isUtf8) return this.#characters;
    return charactersIn(this.bytes, this.start, this.#textEnd) - this.#surplus;
  }

  /** Whether some text in the line was replaced or is not UTF-8, since it cannot be encoded. */
  get hasReplaced(): boolean {
    return this.#hasReplaced;
  }

  /** Whether it takes UTF-8: otherwise it takes strings only, which it encodes. */
  get isUtf8(): boolean {
    return this.#encoding.isUtf8;
  }

  /**
   * Any text. What cannot be encoded is replaced as the encoding says.
   * @throws LoggingError `ERR_UNENCODABLE` where it replaces nothing
   */
  string(text: string): void {
    const { length } = text;
    const most = length > GUESSED_UNITS_MAX ? Buffer.byteLength(text) : UNIT_BYTES_MAX * length;
    if (this.at + most > this.limit) this.grow(most);
    if (!this.#encoding.isUtf8 || length >= COPIED_UNITS_MAX) {
      this.#encoded(text);
      return;
    }
    const bytes = this.bytes;
    let at = this.at;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        this.#encoded(text);
        return;
      }
      bytes[at++] = code;
    }
    this.at = at;
  }

  /** An int, in `width` columns at least, at their left or their right. */
  int(value: number, width = 0, left = false): void {
    if (!(value >= 0 && value < INT_MAX)) {
      const text = String(value);
      this.string(left ? text.padEnd(width) : text.padStart(width));
      return;
    }
    const known = value >= SMALL_INT_MAX && width === 0 ? this.#longInts.digits(value) : null;
    if (known !== null) {
      this.literal(known);
      return;
    }
    // Two halves that are small ints: dividing those is cheap, and to make a string of either is not.
    const high = value < HALF ? 0 : Math.floor(value / HALF);
    const low = value - high * HALF;
    const digits = high === 0 ? digitsOf(low) : digitsOf(high) + HALF_DIGITS;
    const missing = width - digits;
    const room = digits > width ? digits : width;
    if (this.at + room > this.limit) this.grow(room);
    if (!left && missing > 0) this.blanks(missing);
    this.at += digits;
    writeDigits(this.bytes, low, this.at, high === 0 ? digits : HALF_DIGITS);
    if (high > 0) writeDigits(this.bytes, high, this.at - HALF_DIGITS, digits - HALF_DIGITS);
    if (left && missing > 0) this.blanks(missing);
  }

  /** A float, as Python prints it; what is no number as JSON has it. */
  float(value: number): void {
    const decimals = decimalsOf(value);
    if (decimals < 0) {
      this.string(floatJSON(value));
      return;
    }
    const whole = Math.floor(value);
    this.int(whole);
    const places = decimals & PLACES;
    if (this.at + 1 + places > this.limit) this.grow(1 + places);
    this.bytes[this.at] = POINT;
    this.at += 1 + places;
    writeDigits(this.bytes, decimals >> PLACES_BITS, this.at, places);
  }

  /** The text of a slot, in `width` columns at least, at their left or their right. */
  text(frame: FrameFields, slot: number, width = 0, left = false): void {
    const start = frame.starts[slot] as number;
    const length = frame.lengths[slot] as number;
    // A text may have more bytes than the columns are, and fewer characters.
    if (this.at + length + width > this.limit) this.grow(length + width);
    const isAscii = this.#copy(frame.view, start, length);
    if (width === 0) {
      this.at += length;
      return;
    }
    const missing = width - (isAscii ? length : charactersIn(frame.bytes, start, start + length));
    if (missing <= 0 || left) {
      this.at += length;
      if (missing > 0) this.blanks(missing);
      return;
    }
    this.bytes.copyWithin(this.at + missing, this.at, this.at + length);
    this.blanks(missing);
    this.at += length;
  }

  /** The text of a slot as a JSON string, as `quote` writes it. */
  quotedText(frame: FrameFields, slot: number): void {
    this.quote();
    this.escapedText(frame, slot);
    this.quote();
  }

  /** The quote that a JSON string begins and ends with. */
  quote(): void {
    if (this.at >= this.limit) this.grow(1);
    this.bytes[this.at++] = QUOTE;
  }

  /** As `quotedText`, without the quotes. */
  escapedText(frame: FrameFields, slot: number): void {
    const { view } = frame;
    const start = frame.starts[slot] as number;
    const end = start + (frame.lengths[slot] as number);
    if (this.at + (end - start) > this.limit) this.grow(end - start);
    let target = this.view;
    let at = this.at;
    for (let p = start; p < end; ) {
      const word = view.getInt32(p, true);
      const left = end - p;
      target.setInt32(at, word, true);
      const special = specialIn(word) & (left < 4 ? (WORD_MASKS[left] as number) : -1);
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
      // What is still to come must find room behind it.
      if (at + ESCAPE_BYTES_MAX + (end - p) > this.limit) {
        this.at = at;
        this.grow(ESCAPE_BYTES_MAX + (end - p));
        target = this.view;
        at = this.at;
      }
      const found = escapeOf(view, p);
      if (found === null) {
        this.bytes[at++] = view.getUint8(p++);
        continue;
      }
      target.setInt32(at, found.first, true);
      target.setInt32(at + 4, found.second, true);
      at += found.length;
      p += found.taken;
    }
    this.at = at;
  }

  /** A text as a JSON string, as `quote` writes it. */
  quoted(text: string): void {
    const { length } = text;
    const most = ESCAPE_BYTES_MAX * (length + 1) + 2;
    if (this.at + most > this.limit) this.grow(most);
    const bytes = this.bytes;
    let at = this.at;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= DELETE) {
        this.string(quote(text));
        return;
      }
      if (code >= BLANK && code !== QUOTE && code !== BACKSLASH) {
        bytes[at++] = code;
        continue;
      }
      const { first, second, length: bytesOfEscape } = ASCII_ESCAPES[code] as JsonEscape;
      this.view.setInt32(at, first, true);
      this.view.setInt32(at + 4, second, true);
      at += bytesOfEscape;
    }
    bytes[at++] = QUOTE;
    this.at = at;
  }

  /** Ends the line. */
  end(terminator: string): void {
    const { length } = this;
    const characters = this.#characters;
    const surplus = this.#surplus;
    this.string(terminator);
    this.#textEnd = this.start + length;
    this.#characters = characters;
    this.#surplus = surplus;
  }

  /** A line feed, unless the line ends with one. */
  newline(): void {
    if (this.at > this.start && this.bytes[this.at - 1] === LINE_FEED) return;
    if (this.at >= this.limit) this.grow(1);
    this.bytes[this.at++] = LINE_FEED;
  }

  #forget(): void {
    this.#surplus = 0;
    this.#hasReplaced = false;
    this.#characters = 0;
  }

  /** Text that is long, or not ASCII, or for another encoding than UTF-8. There is room for it as UTF-8. */
  #encoded(text: string): void {
    const encoding = this.#encoding;
    if (encoding.isUtf8 && !LONE_SURROGATE.test(text)) {
      this.at += this.bytes.write(text, this.at);
      return;
    }
    this.#hasReplaced = true;
    const prepared = encoding.prepare(text);
    const encoded = encoding.encode(prepared);
    if (this.at + encoded.length > this.limit) this.grow(encoded.length);
    this.bytes.set(encoded, this.at);
    this.at += encoded.length;
    const characters = countCharacters(text);
    this.#characters += characters;
    if (encoding.isUtf8) this.#surplus += charactersIn(encoded, 0, encoded.length) - characters;
  }

  /** Copies text behind the line, of which it does not become a part yet; returns whether it is ASCII. */
  #copy(source: DataView, start: number, length: number): boolean {
    const view = this.view;
    let at = this.at;
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
      all |= word & (WORD_MASKS[end - p] as number);
    }
    return isAsciiWord(all);
  }
}
