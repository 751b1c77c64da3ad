// The strings in a frame. Where there is no memory behind it, so that it can be read four bytes at a time, it is copied to
// where there is.

import { Buffer, isUtf8 } from 'node:buffer';
import { FIELD_COUNT, SLOTS as FIELD_SLOTS } from '../logging/event/index.ts';
import { ENTRIES_MAX } from './template/template.ts';

/** The longest frame that fits, in bytes. */
export const FRAME_BYTES_MAX: number = 16 * 1024;
/** Bytes behind it: words and numbers may be read so far beyond the end of the frame. */
const OVERRUN_BYTES = 64;
/** Memory of so few bytes, as a FrameReader has for a frame that was cut, is not worth a view of its own. */
const COPIED_BYTES_MAX = 4096;
/** Memory of more is not kept for the sake of its last frame. */
const VIEWED_BYTES_MAX = 16 * 2 ** 20;

/** The most bytes of a string that is kept: names and paths are shorter. */
export const CACHED_BYTES_MAX = 64;
const SLOTS = 1024;
const SLOT_WORDS = CACHED_BYTES_MAX / 4;

/** What is mostly not seen again is worth keeping only if it is short. */
const CACHED_MESSAGE_BYTES_MAX = 32;
const SELDOM_REPEATED: readonly number[] = [
  FIELD_SLOTS.msg,
  FIELD_SLOTS.message,
  FIELD_SLOTS.exc_text,
  FIELD_SLOTS.stack_info,
  FIELD_SLOTS.asctime,
];

/** By slot of a text: up to how many bytes it is looked for in the cache. */
export const CACHED_BYTES: Uint8Array = Uint8Array.from({ length: FIELD_COUNT + ENTRIES_MAX }, (_, slot) =>
  SELDOM_REPEATED.includes(slot) ? CACHED_MESSAGE_BYTES_MAX : CACHED_BYTES_MAX,
);

/** Strings of fewer bytes than this are one block, filled up with zeros; of others, their last bytes are. */
const BLOCK = 16;

/** By the length of a string shorter than a block: what counts in each of its four words. */
const MASKS: Int32Array = Int32Array.from({ length: BLOCK * 4 }, (_, i) => {
  const bytes = Math.min(Math.max((i >> 2) - 4 * (i & 3), 0), 4);
  return bytes === 4 ? -1 : ~(-1 << (8 * bytes));
});

/** Methods of every Buffer that its types leave out. */
interface SlicedBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

/**
 * Reads strings, the short ones through a cache that compares bytes: direct-mapped, a slot holding the last string that
 * fell on it.
 */
export class FrameStrings {
  /** What the frame stands in. */
  bytes: Buffer;
  view: DataView;
  readonly #copy: Buffer;
  readonly #copyView: DataView;
  /** The memory of the last frame that was not copied, which mostly is that of the next. */
  #memory: ArrayBufferLike;
  #memoryBytes: Buffer;
  #memoryView: DataView;
  /** The bytes that the last frame was taken from, how many they were, and where they begin in their memory. */
  #source: Uint8Array | null = null;
  #sourceLength = 0;
  #offset = 0;
  /** Bytes of that memory; 0 where frames in it are copied. */
  #memoryLength = 0;
  /** By slot: the block of the string there, then what comes before that in the string. */
  readonly #words: Int32Array = new Int32Array(SLOTS * SLOT_WORDS);
  readonly #lengths: Uint8Array = new Uint8Array(SLOTS);
  readonly #strings: string[] = new Array<string>(SLOTS).fill('');
  /** By length: where the codes of a short string are gathered. */
  readonly #codes: readonly number[][] = Array.from({ length: BLOCK }, (_, length) =>
    new Array<number>(length).fill(0),
  );

  constructor() {
    const buffer = new ArrayBuffer(FRAME_BYTES_MAX + OVERRUN_BYTES);
    this.#copy = Buffer.from(buffer);
    this.#copyView = new DataView(buffer);
    this.bytes = this.#copy;
    this.view = this.#copyView;
    this.#memory = buffer;
    this.#memoryBytes = this.#copy;
    this.#memoryView = this.#copyView;
  }

  /** Takes the frame of `length` bytes that begins at `start`, until the next one; returns where it begins in `bytes`. */
  take(source: Uint8Array, start: number, length: number): number {
    // Mostly it is of the same chunk as the one before.
    if (source !== this.#source || source.length !== this.#sourceLength) this.#open(source);
    const from = this.#offset + start;
    if (from + length + OVERRUN_BYTES > this.#memoryLength) {
      this.bytes = this.#copy;
      this.view = this.#copyView;
      this.#copy.set(source.length === length ? source : source.subarray(start, start + length));
      return 0;
    }
    this.bytes = this.#memoryBytes;
    this.view = this.#memoryView;
    return from;
  }

  /** Looks whether frames in these bytes are read in place, and where those are in their memory. */
  #open(source: Uint8Array): void {
    const isViewed = this.#views(source.buffer);
    // What is copied is not kept for the sake of a comparison.
    this.#source = isViewed ? source : null;
    this.#sourceLength = source.length;
    this.#offset = source.byteOffset;
    this.#memoryLength = isViewed ? source.buffer.byteLength : 0;
  }

  /** Whether frames in some memory are read in place. */
  #views(buffer: ArrayBufferLike): boolean {
    // What is shared with another thread could change between two looks at it, and the length of some memory can change.
    const isOwn = buffer instanceof ArrayBuffer && (buffer as { readonly resizable?: boolean }).resizable !== true;
    if (!isOwn || buffer.byteLength <= COPIED_BYTES_MAX || buffer.byteLength > VIEWED_BYTES_MAX) return false;
    if (buffer === this.#memory && buffer.byteLength === this.#memoryBytes.length) return true;
    this.#memory = buffer;
    this.#memoryBytes = Buffer.from(buffer);
    this.#memoryView = new DataView(buffer);
    return true;
  }

  /** The string of `length` bytes from `start` on, of which there are up to CACHED_BYTES_MAX; null as `decode` says. */
  cached(start: number, length: number): string | null {
    const { view } = this;
    const words = this.#words;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    if (length < BLOCK) {
      a = view.getInt32(start, true) & (MASKS[4 * length] as number);
      b = view.getInt32(start + 4, true) & (MASKS[4 * length + 1] as number);
      c = view.getInt32(start + 8, true) & (MASKS[4 * length + 2] as number);
      d = view.getInt32(start + 12, true) & (MASKS[4 * length + 3] as number);
    } else {
      const block = start + length - BLOCK;
      a = view.getInt32(block, true);
      b = view.getInt32(block + 4, true);
      c = view.getInt32(block + 8, true);
      d = view.getInt32(block + 12, true);
    }
    let hash =
      Math.imul(a, 0x2c1b3c6d) + Math.imul(b, 0x297a2d39) + Math.imul(c, 0x1b873593) + Math.imul(d, 0x5bd1e995);
    hash = (hash + length) ^ (hash >>> 15);
    const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
    const word = slot * SLOT_WORDS;
    if (
      this.#lengths[slot] === length &&
      ((a ^ (words[word] as number)) |
        (b ^ (words[word + 1] as number)) |
        (c ^ (words[word + 2] as number)) |
        (d ^ (words[word + 3] as number))) ===
        0
    ) {
      let before = word + 4;
      let left = length - BLOCK;
      for (let at = start; left > 0 && words[before] === view.getInt32(at, true); at += 4, left -= 4) before++;
      if (left <= 0) return this.#strings[slot] as string;
    }
    const text = this.decode(start, length);
    if (text === null) return null;
    words[word] = a;
    words[word + 1] = b;
    words[word + 2] = c;
    words[word + 3] = d;
    for (let i = 0; 4 * i < length - BLOCK; i++) words[word + 4 + i] = view.getInt32(start + 4 * i, true);
    this.#lengths[slot] = length;
    this.#strings[slot] = text;
    return text;
  }

  /** Whether `length` bytes from `start` on are UTF-8. */
  isUtf8(start: number, length: number): boolean {
    return this.#isAscii(start, length) || isUtf8(this.bytes.subarray(start, start + length));
  }

  /** The string of `length` bytes from `start` on; null where they are not UTF-8. */
  decode(start: number, length: number): string | null {
    return length < BLOCK ? this.#decodeShort(start, length) : this.#decodeLong(start, length);
  }

  #decodeShort(start: number, length: number): string | null {
    const { bytes } = this;
    const codes = this.#codes[length] as number[];
    let all = 0;
    for (let i = 0; i < length; i++) {
      const byte = bytes[start + i] as number;
      codes[i] = byte;
      all |= byte;
    }
    return all < 0x80 ? String.fromCharCode.apply(null, codes) : this.#decodeUtf8(start, length);
  }

  #decodeLong(start: number, length: number): string | null {
    if (!this.#isAscii(start, length)) return this.#decodeUtf8(start, length);
    return (this.bytes as SlicedBuffer).latin1Slice(start, start + length);
  }

  #decodeUtf8(start: number, length: number): string | null {
    const end = start + length;
    return isUtf8(this.bytes.subarray(start, end)) ? (this.bytes as SlicedBuffer).utf8Slice(start, end) : null;
  }

  #isAscii(start: number, length: number): boolean {
    const { view } = this;
    const last = start + length - 4;
    let all = 0;
    let at = start;
    for (; at <= last; at += 4) all |= view.getInt32(at, true);
    all |= view.getInt32(at, true) & ~(-1 << (8 * (length & 3)));
    return (all & 0x80808080) === 0;
  }
}
