// Cuts a byte stream into SocketHandler's frames: a 4-byte big-endian length (`struct.pack('>L', …)`), then a payload of
// that length, which is bytes and nothing more here.
//
// Invariant: taken ≤ kept.length ≤ length of the frame being read, or it is skipped and nothing is kept; between frames, and
// so during onFrame, all three are 0.

import { type LikelyProtocol, likelyProtocol } from './likely-protocol.ts';

/** The highest limit a reader accepts, in bytes. An announced length above it has its top byte set: some other protocol. */
export const FRAME_BYTES_MAX: number = 2 ** 24 - 1;

/** The limit of a reader whose `maxFrame` is left out, in bytes. */
export const FRAME_BYTES_DEFAULT: number = 8 * 2 ** 20;

/**
 * Bytes that each reader has of its own for a frame that does not lie whole in a chunk; more than nearly every record
 * has. So a frame of up to this length is never skipped for want of memory, whatever other readers hold.
 */
export const FRAME_ALLOWANCE_BYTES: number = 4 * 1024;

const PREFIX_BYTES = 4;
const NOTHING = new Uint8Array(0);

export interface FrameReaderOptions {
  /** The longest payload that is handed on, in bytes: 1 to `FRAME_BYTES_MAX`, default 8 MiB. */
  readonly maxFrame?: number | undefined;
  /**
   * Takes each payload, without its length prefix, in the order of the stream: `bytes` from `start` to `end`. Of a frame
   * that lies whole in a chunk these are the chunk's own bytes; one that chunks cut has a buffer to itself, from 0 to its
   * length. They are valid during the call only: keep a copy (`bytes.slice(start, end)`), never a view.
   */
  readonly onFrame: (bytes: Uint8Array, start: number, end: number) => void;
  /** Told of each frame that is skipped for being over the limit, when its length (in bytes) is known. */
  readonly onOversize?: ((length: number) => void) | undefined;
  /**
   * Asked for the memory of a frame that does not lie whole in a chunk, beyond the `FRAME_ALLOWANCE_BYTES` bytes that each
   * reader has of its own. Without one there is no bound but `maxFrame`.
   */
  readonly budget?: FrameBudget | undefined;
  /** Told of each frame that is skipped because the budget has no room for it, with its length in bytes. */
  readonly onOverBudget?: ((length: number) => void) | undefined;
}

/** Memory for frames over `FRAME_ALLOWANCE_BYTES` that have not arrived whole, which several readers may share. */
export interface FrameBudget {
  /** Reserves that many bytes and returns true; false where fewer are left, and nothing is reserved. */
  reserve(bytes: number): boolean;
  /** Takes back bytes that were reserved. */
  release(bytes: number): void;
}

/** The limit to use for the one asked for. Throws RangeError when that is no whole number from 1 to `FRAME_BYTES_MAX`. */
export function checkedMaxFrame(maxFrame: number = FRAME_BYTES_DEFAULT): number {
  if (!Number.isInteger(maxFrame) || maxFrame < 1 || maxFrame > FRAME_BYTES_MAX) {
    throw new RangeError(`maxFrame must be a whole number from 1 to ${FRAME_BYTES_MAX}, not ${maxFrame}`);
  }
  return maxFrame;
}

/** Why a stream is no stream of frames. Its message is one line and names the likely protocol. */
export class FramingError extends Error {
  override readonly name: string = 'FramingError';
  readonly code: 'ERR_FRAME_LENGTH' = 'ERR_FRAME_LENGTH';
  readonly protocol: LikelyProtocol;
  /** The length announced, in bytes: 2**24 or more. */
  readonly length: number;
  /** Where in the stream the length stands, in bytes. Other than 0, whole frames came before it. */
  readonly offset: number;

  constructor(length: number, offset: number) {
    const { protocol, label } = likelyProtocol(length);
    const bytes = length.toString(16).padStart(8, '0');
    super(`no frame length at byte ${offset} of the stream: 0x${bytes}; this looks like ${label}`);
    this.protocol = protocol;
    this.length = length;
    this.offset = offset;
  }
}

/**
 * Reads frames from chunks cut anywhere, in time linear in their bytes.
 *
 * A payload that lies whole in a chunk is handed on where it lies; one that straddles chunks is gathered in a buffer
 * of `FRAME_ALLOWANCE_BYTES` bytes, which grows with the bytes that came, to twice as many at most, never with the length
 * announced. A frame over the limit, or one that the budget has no room for, is skipped and counted, none of it kept. An
 * announced length of 2**24 or more ends the stream for good: see `failure`.
 *
 * Throws RangeError when `maxFrame` is no whole number from 1 to `FRAME_BYTES_MAX`.
 */
export class FrameReader {
  readonly #maxFrame: number;
  readonly #onFrame: FrameReaderOptions['onFrame'];
  readonly #onOversize: FrameReaderOptions['onOversize'];
  readonly #budget: FrameBudget | undefined;
  readonly #onOverBudget: FrameReaderOptions['onOverBudget'];

  // The frame being read: its length, once all bytes of the prefix are there; whether it is one to skip; how much of its
  // payload has passed; and what was kept of that, if chunks cut it.
  #length = 0;
  #prefixBytes = 0;
  #skips = false;
  #taken = 0;
  #kept: Uint8Array = NOTHING;

  #frames = 0;
  #bytes = 0;
  #oversize = 0;
  #overBudget = 0;
  #failure: FramingError | null = null;
  /** Whether a chunk is being read, and so perhaps a callback running. */
  #isReading = false;
  #thrown: unknown[] = [];

  constructor(options: FrameReaderOptions) {
    this.#maxFrame = checkedMaxFrame(options.maxFrame);
    this.#onFrame = options.onFrame;
    this.#onOversize = options.onOversize;
    this.#budget = options.budget;
    this.#onOverBudget = options.onOverBudget;
  }

  /** Payloads handed on. */
  get frames(): number {
    return this.#frames;
  }

  /** Bytes read: all that was pushed, up to and with the prefix that failed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Frames skipped for being over the limit. */
  get oversize(): number {
    return this.#oversize;
  }

  /** Frames skipped because the budget had no room for them. */
  get overBudget(): number {
    return this.#overBudget;
  }

  /** Bytes read of a frame that is not whole yet, prefix included; 0 between frames. */
  get unfinished(): number {
    return this.#prefixBytes + this.#taken;
  }

  /** Set once the stream has turned out not to be one of frames: what is pushed from then on is ignored. */
  get failure(): FramingError | null {
    return this.#failure;
  }

  /**
   * Reads the next bytes of the stream and calls back for every frame they complete. The chunk is the caller's again
   * when this returns.
   *
   * An exception from a callback costs that frame only: the chunk is read to its end, then the exception is thrown
   * (an AggregateError, if there were several), and the next push goes on where this one stopped.
   * @throws Error when a callback of this reader calls it: the bytes of a stream have one order
   */
  push(chunk: Uint8Array): void {
    this.#refuseCallbacks();
    this.#isReading = true;
    const bytes = plain(chunk);
    let at = 0;
    while (at < bytes.length && this.#failure === null) {
      if (this.#prefixBytes < PREFIX_BYTES) at = this.#readPrefix(bytes, at);
      if (this.#prefixBytes === PREFIX_BYTES) at = this.#readPayload(bytes, at);
    }
    this.#isReading = false;
    if (this.#thrown.length > 0) this.#throw();
  }

  /**
   * Ends the stream: returns how many bytes of an unfinished frame it stopped in, prefix included, and lets go of them;
   * 0 when it stopped between frames or had failed.
   * @throws Error when a callback of this reader calls it
   */
  end(): number {
    this.#refuseCallbacks();
    const { unfinished } = this;
    this.#nextFrame();
    return unfinished;
  }

  #refuseCallbacks(): void {
    if (this.#isReading) throw new Error('a callback of a FrameReader called push() or end() of the same reader');
  }

  #readPrefix(chunk: Uint8Array, start: number): number {
    let at = start;
    while (this.#prefixBytes < PREFIX_BYTES && at < chunk.length) {
      this.#length = this.#length * 256 + chunk[at++]!;
      this.#prefixBytes++;
    }
    this.#bytes += at - start;
    if (this.#prefixBytes < PREFIX_BYTES) return at;
    if (this.#length > FRAME_BYTES_MAX) {
      this.#failure = new FramingError(this.#length, this.#bytes - PREFIX_BYTES);
      this.#nextFrame();
    } else if (this.#length > this.#maxFrame) {
      this.#oversize++;
      this.#skips = true;
      this.#call(this.#onOversize, this.#length);
    }
    return at;
  }

  #readPayload(chunk: Uint8Array, start: number): number {
    const stop = Math.min(start + this.#length - this.#taken, chunk.length);
    this.#bytes += stop - start;
    if (stop - start === this.#length && !this.#skips) this.#handOn(chunk, start, stop);
    else this.#gather(chunk.subarray(start, stop));
    return stop;
  }

  /** Takes a part of the payload of a frame that chunks cut, or that is skipped. */
  #gather(part: Uint8Array): void {
    const fits = this.#skips || this.#keep(part);
    this.#taken += part.length;
    if (!fits) this.#skipUnfit();
    if (this.#taken < this.#length) return;
    if (this.#skips) this.#nextFrame();
    else this.#handOn(this.#kept, 0, this.#length);
  }

  /** Keeps a part of the payload; false where the budget has no room for it. */
  #keep(part: Uint8Array): boolean {
    const size = this.#taken + part.length;
    if (size > this.#kept.length) {
      const room = Math.min(Math.max(size, this.#kept.length * 2, FRAME_ALLOWANCE_BYTES), this.#length);
      const more = shared(room) - shared(this.#kept.length);
      if (more > 0 && this.#budget?.reserve(more) === false) return false;
      const grown = new Uint8Array(room);
      grown.set(this.#kept);
      this.#kept = grown;
    }
    this.#kept.set(part, this.#taken);
    return true;
  }

  #skipUnfit(): void {
    this.#skips = true;
    this.#overBudget++;
    this.#letGo();
    this.#call(this.#onOverBudget, this.#length);
  }

  #handOn(bytes: Uint8Array, start: number, end: number): void {
    this.#frames++;
    this.#nextFrame();
    try {
      this.#onFrame(bytes, start, end);
    } catch (error) {
      this.#thrown.push(error);
    }
  }

  #nextFrame(): void {
    this.#length = 0;
    this.#prefixBytes = 0;
    this.#skips = false;
    this.#taken = 0;
    this.#letGo();
  }

  #letGo(): void {
    if (this.#kept === NOTHING) return;
    const reserved = shared(this.#kept.length);
    if (reserved > 0) this.#budget?.release(reserved);
    this.#kept = NOTHING;
  }

  #call<T>(callback: ((value: T) => void) | undefined, value: T): void {
    try {
      callback?.(value);
    } catch (error) {
      this.#thrown.push(error);
    }
  }

  #throw(): never {
    const thrown = this.#thrown;
    this.#thrown = [];
    throw thrown.length === 1 ? thrown[0] : new AggregateError(thrown, `${thrown.length} callbacks failed`);
  }
}

/** A chunk as a plain Uint8Array, whose `slice` copies: that of a Buffer is one more view. */
function plain(chunk: Uint8Array): Uint8Array {
  const isPlain = Object.getPrototypeOf(chunk) === Uint8Array.prototype;
  return isPlain ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
}

/** How many bytes of a buffer are the budget's. */
function shared(size: number): number {
  return Math.max(0, size - FRAME_ALLOWANCE_BYTES);
}
