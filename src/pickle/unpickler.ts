// Decoding pickles that come one after another in chunks, cut anywhere. Knows how many bytes the machine wants, and no
// opcode.

import { Machine } from './machine.ts';
import { resolveOptions, type UnpickleOptions } from './options.ts';
import { PendingBytes } from './pending-bytes.ts';
import { truncated } from './unpickle.ts';

/**
 * A resumable decoder of concatenated pickles. Chunks are decoded in place, but for an opcode whose argument is cut,
 * which is copied until it is whole; so memory is bounded by the values and the limits, and time is linear in the bytes
 * however small the chunks. The memo is new for each pickle; out-of-band buffers are handed out over all of them.
 *
 * Values and errors are those of the bytes decoded as a whole, with offsets from the start of the stream.
 */
export class Unpickler {
  readonly #machine: Machine;
  readonly #pending: PendingBytes = new PendingBytes();
  /** Stream offset of the next chunk. */
  #offset = 0;
  #inPickle = false;
  #bytesConsumed = 0;
  #ended = false;
  #busy = false;
  #error: unknown = null;

  constructor(options: UnpickleOptions = {}) {
    this.#machine = new Machine(resolveOptions(options));
  }

  /** Bytes of the stream up to the end of the last whole pickle, with the frame that its STOP stood in. */
  get bytesConsumed(): number {
    return this.#bytesConsumed;
  }

  /** What the next `push` or `end` will throw; null while nothing has failed. */
  get error(): unknown {
    return this.#error;
  }

  /**
   * Takes the next bytes of the stream, which the caller may overwrite afterwards, and returns the values of the pickles
   * that they complete. A pickle is complete when its STOP is there, and the rest of the frame that STOP stands in.
   *
   * Throws the PickleError of the first pickle that fails, and the same one ever after; if the chunk completed others
   * before it, those are returned, and the next `push` or `end` throws. A TypeError for a chunk that is no Uint8Array,
   * a push after `end`, and one from within `persistentLoad` or a constructor.
   */
  push(chunk: Uint8Array): unknown[] {
    this.#checkUsable();
    if (this.#ended) throw new TypeError('push after end');
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a chunk must be a Uint8Array');
    const values: unknown[] = [];
    this.#busy = true;
    try {
      this.#decode(chunk, values);
    } catch (error) {
      this.#error = error;
      if (values.length === 0) throw error;
    } finally {
      this.#busy = false;
    }
    return values;
  }

  /**
   * Says that there are no more bytes. ERR_PICKLE_TRUNCATED, at the offset of the unfinished opcode, when that cuts a
   * pickle short or the frame that its STOP stands in. A stream of no bytes is one of no pickles.
   */
  end(): void {
    this.#checkUsable();
    this.#ended = true;
    if (!this.#inPickle) return;
    const { bytes, length } = this.#pending;
    this.#error = truncated(this.#offset - length, length === 0 ? -1 : (bytes[0] as number));
    throw this.#error;
  }

  #checkUsable(): void {
    if (this.#error !== null) throw this.#error;
    if (this.#busy) throw new TypeError('a push from within a push: a pickle within a pickle needs its own Unpickler');
  }

  #decode(chunk: Uint8Array, values: unknown[]): void {
    const machine = this.#machine;
    const pending = this.#pending;
    const base = this.#offset;
    for (let at = 0; at < chunk.length; ) {
      if (!this.#inPickle) {
        machine.begin(base + at);
        this.#inPickle = true;
      }
      let stopped = false;
      if (pending.length === 0) {
        stopped = machine.run(chunk, at, chunk.length, base);
        at = machine.position;
        if (!stopped) {
          pending.append(chunk, at, chunk.length, machine.wanted);
          at = chunk.length;
        }
      } else {
        const wantedEnd = at + machine.wanted - pending.length;
        const newline = machine.inLine ? chunk.indexOf(NEWLINE, at) : -1;
        const end = newline < 0 ? wantedEnd : Math.min(wantedEnd, newline + 1);
        const to = Math.min(end, chunk.length);
        pending.append(chunk, at, to, machine.wanted);
        at = to;
        // The machine is given no more than it wants, so that it stops after the opcode, or before it to want more.
        // Stryker disable next-line ConditionalExpression: only the time tells, which would be quadratic
        if (to === end) {
          stopped = machine.run(pending.bytes, 0, pending.length, base + at - pending.length);
          if (machine.position > 0) pending.clear();
        }
      }
      if (stopped) {
        values.push(machine.takeValue());
        this.#inPickle = false;
        this.#bytesConsumed = base + at;
      }
    }
    this.#offset = base + chunk.length;
  }
}

const NEWLINE = 0x0a;
