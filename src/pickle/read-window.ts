// How far a pickle reaches in its stream, and the frame that its opcodes stand in. All offsets are the stream's, in bytes.

import { limitReached, PickleError } from './errors.ts';

/** Instead of a number of bytes wanted: the rest of a line. */
export const LINE = 0;

const NO_FRAME = -1;

/** The bytes that one pickle may take: up to `maxBytes` of them, and no argument across the end of a frame. */
export class PickleExtent {
  readonly #maxBytes: number;
  #start = 0;
  #frameEnd = NO_FRAME;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Where the pickle begins. */
  get start(): number {
    return this.#start;
  }

  /** A new pickle begins at this offset, in no frame. */
  begin(offset: number): void {
    this.#start = offset;
    this.#frameEnd = NO_FRAME;
  }

  /** FRAME: the next `size` bytes, from the offset `from` on, belong together. */
  beginFrame(size: number, from: number): void {
    if (this.#frameEnd > from) throw new PickleError('ERR_PICKLE_FRAME', 'a frame begins inside another');
    if (from + size > this.#start + this.#maxBytes) throw this.#tooManyBytes();
    this.#frameEnd = from + size;
  }

  /**
   * How far arguments may be read in a piece of the stream that begins at the offset `base`: up to its end, which is
   * `limit`, cut at the end of the frame and of what a pickle may have. As an index into the piece, like `limit`.
   */
  readable(limit: number, base: number): number {
    const allowed = Math.min(limit, this.#start + this.#maxBytes - base);
    return this.#frameEnd === NO_FRAME ? allowed : Math.min(allowed, this.#frameEnd - base);
  }

  /**
   * `wanted` bytes (or a LINE) are missing from the offset `from` on; `end` is as far as could be read. True when the
   * frame ends at `from`, so that the opcode can be read again without it; false when the bytes have yet to come. An
   * argument that would cross the frame's end fails, as one that is more than a pickle may have.
   */
  leaveFrame(from: number, end: number, wanted: number): boolean {
    if (this.#frameEnd !== NO_FRAME) {
      if (from === this.#frameEnd) {
        this.#frameEnd = NO_FRAME;
        return true;
      }
      if (wanted === LINE ? end >= this.#frameEnd : from + wanted > this.#frameEnd) {
        throw new PickleError('ERR_PICKLE_FRAME', 'an argument crosses the end of its frame');
      }
    }
    const last = wanted === LINE ? end + 1 : from + wanted;
    if (last > this.#start + this.#maxBytes) throw this.#tooManyBytes();
    return false;
  }

  /** Where a pickle ends whose STOP is before the offset `next`: after the frame that STOP stands in. */
  stopEnd(next: number): number {
    return Math.max(next, this.#frameEnd);
  }

  #tooManyBytes(): PickleError {
    return limitReached('maxBytes', this.#maxBytes, 'bytes in a pickle');
  }
}
