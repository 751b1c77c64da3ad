// The bytes of one pickle: opcodes with their arguments, in frames where the protocol has them. Knows no value.

import { limitReached } from '../errors.ts';
import { op } from './op.ts';

/** Bytes of a frame from which the next value starts a new one, and of an argument that stands outside of frames. */
const FRAME_TARGET = 64 * 1024;

/** A frame of fewer bytes is written without its header. */
const FRAME_LEAST = 4;

/** FRAME and its length. */
const FRAME_HEADER = 9;

/** Grows as it is written; ERR_PICKLE_LIMIT where more than `maxBytes` come together. */
export class PickleWriter {
  #bytes: Uint8Array = new Uint8Array(1024);
  #view: DataView = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #maxBytes: number;
  #framing = false;
  /** Where the open frame's header goes; -1 where none is open. */
  #frame = -1;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Everything from here on goes into frames. */
  startFraming(): void {
    this.#framing = true;
  }

  /** Between two values: here a frame that has grown large enough may end. */
  boundary(): void {
    if (this.#frame >= 0 && this.#length - this.#frame - FRAME_HEADER >= FRAME_TARGET) this.#endFrame();
  }

  /** An opcode without an argument. */
  code(code: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = code;
  }

  /** An opcode with an argument of one byte. */
  uint1(code: number, value: number): void {
    const at = this.#reserve(2);
    this.#bytes[at] = code;
    this.#bytes[at + 1] = value;
  }

  uint2(code: number, value: number): void {
    const at = this.#reserve(3);
    this.#bytes[at] = code;
    this.#view.setUint16(at + 1, value, true);
  }

  /** Four bytes, signed or not. */
  int4(code: number, value: number): void {
    const at = this.#reserve(5);
    this.#bytes[at] = code;
    this.#view.setInt32(at + 1, value, true);
  }

  float8(code: number, value: number): void {
    const at = this.#reserve(9);
    this.#bytes[at] = code;
    this.#view.setFloat64(at + 1, value);
  }

  /** An opcode and its line of text, all ASCII, without the newline. */
  line(code: number, text: string): void {
    const at = this.#reserve(text.length + 2);
    this.#bytes[at] = code;
    for (let i = 0; i < text.length; i++) this.#bytes[at + 1 + i] = text.charCodeAt(i);
    this.#bytes[at + 1 + text.length] = NEWLINE;
  }

  /** A line of bytes. */
  lineOfBytes(code: number, content: Uint8Array): void {
    const at = this.#reserve(content.length + 2);
    this.#bytes[at] = code;
    this.#bytes.set(content, at + 1);
    this.#bytes[at + 1 + content.length] = NEWLINE;
  }

  /** An opcode, the number of bytes that follow in 1, 4 or 8 bytes, and those bytes: outside of frames if many. */
  counted(code: number, size: 1 | 4 | 8, content: Uint8Array): void {
    const framing = this.#framing;
    if (content.length >= FRAME_TARGET) {
      this.#endFrame();
      this.#framing = false;
    }
    const at = this.#reserve(1 + size + content.length);
    this.#bytes[at] = code;
    if (size === 1) this.#bytes[at + 1] = content.length;
    else this.#view.setUint32(at + 1, content.length, true);
    if (size === 8) this.#view.setUint32(at + 5, 0, true);
    this.#bytes.set(content, at + 1 + size);
    this.#framing = framing;
  }

  /** As `counted` of a text that is ASCII and no longer than a frame; false, and nothing written, where it is not. */
  countedAscii(code: number, size: 1 | 4, text: string): boolean {
    const { length } = text;
    if (length >= FRAME_TARGET) return false;
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) > 0x7f) return false;
    const start = this.#reserve(1 + size + length);
    const bytes = this.#bytes;
    bytes[start] = code;
    if (size === 1) bytes[start + 1] = length;
    else this.#view.setUint32(start + 1, length, true);
    const at = start + 1 + size;
    for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
    return true;
  }

  /** Ends the open frame; what was written, in memory of its own. */
  end(): Uint8Array {
    this.#endFrame();
    return this.#bytes.slice(0, this.#length);
  }

  #endFrame(): void {
    const start = this.#frame;
    if (start < 0) return;
    this.#frame = -1;
    const content = this.#length - start - FRAME_HEADER;
    if (content < FRAME_LEAST) {
      this.#bytes.copyWithin(start, start + FRAME_HEADER, this.#length);
      this.#length -= FRAME_HEADER;
      return;
    }
    this.#bytes[start] = op.FRAME;
    this.#view.setUint32(start + 1, content, true);
    this.#view.setUint32(start + 5, 0, true);
  }

  /** Room for so many bytes, in a frame; where they go. */
  #reserve(count: number): number {
    if (this.#framing && this.#frame < 0) {
      this.#frame = this.#length;
      this.#grow(FRAME_HEADER);
    }
    return this.#grow(count);
  }

  #grow(count: number): number {
    const at = this.#length;
    const length = at + count;
    if (length > this.#maxBytes) throw limitReached('maxBytes', this.#maxBytes, 'bytes of a pickle');
    if (length > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(length, Math.min(this.#bytes.length * 2, this.#maxBytes)));
      bytes.set(this.#bytes.subarray(0, at));
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    this.#length = length;
    return at;
  }
}

const NEWLINE = 0x0a;
