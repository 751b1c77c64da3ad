// Opcodes out of chunks that are cut anywhere, in constant memory: an argument that is too long to be of use is passed
// over, not kept. Knows where opcodes end, and not what they do.

import { type ArgumentSpan, locateArgument } from '../arguments.ts';
import { PickleError, type PickleErrorCode } from '../errors.ts';
import { type Opcode, opcodes } from '../opcodes.ts';

/**
 * Takes one opcode: its byte and stream offset, its argument in `bytes` from `from` to `to` (`from` is -1 where it was
 * too long to be kept), and the stream offset after it. Returns the stream offset of the next opcode, which may lie further on.
 */
export type OpcodeHandler = (
  code: number,
  offset: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  next: number,
) => number;

/** Why there are no more opcodes. */
export interface Break {
  readonly code: PickleErrorCode;
  readonly message: string;
  readonly offset: number;
  /** The opcode's byte; -1 where the data ended before one. */
  readonly opcode: number;
}

export class OpcodeReader {
  /** Set once the bytes can no longer be read as opcodes. Nothing is read after that. */
  broken: Break | null = null;
  readonly #handle: OpcodeHandler;
  readonly #maxKept: number;
  readonly #span: ArgumentSpan = { from: 0, to: 0, next: 0, wanted: 0 };
  /** Stream offset of the next byte to come. */
  #offset: number;

  /** The opcode that is not all there yet: its bytes so far, how many it is known to have, where its last line begins. */
  readonly #held: Uint8Array;
  #heldSize = 0;
  #heldWanted = 0;
  #lineStart = 0;

  /** What is being passed over: bytes, or lines, of the argument of the opcode `#skipped`, or the rest of a frame. */
  #skipBytes = 0;
  #skipLines = 0;
  #skipped = NONE;
  /** Stream offset of the opcode that is held or passed over. */
  #at = 0;

  /** Arguments, or lines of them, of more than `maxKept` bytes are not kept; of up to 8 bytes, they always are. */
  constructor(offset: number, maxKept: number, handle: OpcodeHandler) {
    this.#offset = offset;
    this.#maxKept = Math.max(maxKept, 8);
    this.#handle = handle;
    // An opcode, a length or a newline, and two lines.
    this.#held = new Uint8Array(1 + 8 + 2 * (this.#maxKept + 1));
  }

  push(chunk: Uint8Array): void {
    for (let p = 0; p < chunk.length && this.broken === null; ) {
      let taken: number;
      if (this.#skipBytes > 0 || this.#skipLines > 0) taken = this.#skip(chunk, p);
      else if (this.#heldSize > 0) taken = this.#fill(chunk, p);
      else taken = this.#read(chunk, p);
      p += taken;
    }
  }

  /** Says that no more bytes come, and where that leaves an opcode or a frame unfinished. */
  end(): void {
    if (this.broken !== null) return;
    const opcode = this.#heldSize > 0 ? (this.#held[0] as number) : this.#skipped;
    if (opcode !== NONE) this.#break('ERR_PICKLE_TRUNCATED', 'the data ends inside an argument', this.#at, opcode);
    else if (this.#skipBytes > 0) this.#break('ERR_PICKLE_TRUNCATED', 'the data ends inside a frame', this.#at, STOP);
  }

  /** Reads whole opcodes from `chunk[start]` on; how many bytes that took, those held or passed over included. */
  #read(chunk: Uint8Array, start: number): number {
    const base = this.#offset - start;
    const span = this.#span;
    let p = start;
    while (p < chunk.length && this.#skipBytes === 0) {
      const code = chunk[p] as number;
      if (!this.#locate(code, chunk, p, chunk.length, base + p)) {
        p = chunk.length;
        break;
      }
      const offset = base + p;
      p = span.next;
      this.#give(code, offset, chunk, base + p);
    }
    this.#offset = base + p;
    return p - start;
  }

  /** Adds bytes of a chunk to those that are held, no more than are known to be wanted. */
  #fill(chunk: Uint8Array, start: number): number {
    const held = this.#held;
    const room = chunk.length - start;
    let size: number;
    if (this.#heldWanted === LINE) {
      const newline = chunk.indexOf(0x0a, start);
      size = newline < 0 ? room : newline + 1 - start;
      if (this.#heldSize - this.#lineStart + size - (newline < 0 ? 0 : 1) > this.#maxKept) {
        this.#skipRest(held[0] as number, 0, this.#lineStart === 1);
        return 0;
      }
    } else {
      size = Math.min(room, this.#heldWanted - this.#heldSize);
    }
    held.set(chunk.subarray(start, start + size), this.#heldSize);
    const total = this.#heldSize + size;
    this.#offset += size;
    this.#heldSize = 0;
    const code = held[0] as number;
    if (this.#locate(code, held, 0, total, this.#at)) this.#give(code, this.#at, held, this.#offset);
    return size;
  }

  /** Passes bytes over; how many. */
  #skip(chunk: Uint8Array, start: number): number {
    let size = Math.min(this.#skipBytes, chunk.length - start);
    if (this.#skipLines > 0) {
      const newline = chunk.indexOf(0x0a, start);
      size = newline < 0 ? chunk.length - start : newline + 1 - start;
      if (newline >= 0) this.#skipLines--;
    } else {
      this.#skipBytes -= size;
    }
    this.#offset += size;
    if (this.#skipBytes === 0 && this.#skipLines === 0 && this.#skipped !== NONE) {
      const code = this.#skipped;
      this.#skipped = NONE;
      this.#handle(code, this.#at, chunk, -1, -1, this.#offset);
    }
    return size;
  }

  /** Finds the argument of the opcode at `bytes[p]`. False when it is cut by `end`, and held or passed over from now on. */
  #locate(code: number, bytes: Uint8Array, p: number, end: number, offset: number): boolean {
    const span = this.#span;
    try {
      if (locateArgument(code, bytes, p + 1, end, Number.POSITIVE_INFINITY, span)) return true;
    } catch (error) {
      if (!(error instanceof PickleError)) throw error;
      this.#break(error.code, error.reason, offset, code);
      return false;
    }
    this.#at = offset;
    const { from, wanted } = span;
    if ((wanted === LINE ? end - from : wanted) > this.#maxKept) {
      this.#skipRest(code, wanted === LINE ? 0 : wanted - (end - from), from === p + 1);
      return false;
    }
    if (bytes !== this.#held) this.#held.set(bytes.subarray(p, end));
    this.#heldSize = end - p;
    this.#heldWanted = wanted === LINE ? LINE : from - p + wanted;
    this.#lineStart = from - p;
    return false;
  }

  /** Passes over so many bytes of an argument; or of none, the rest of its line, and the second if that was the first. */
  #skipRest(code: number, bytes: number, isFirstLine: boolean): void {
    this.#heldSize = 0;
    this.#skipped = code;
    this.#skipBytes = bytes;
    this.#skipLines = bytes > 0 ? 0 : isFirstLine && isPair(code) ? 2 : 1;
  }

  /** Hands on the opcode whose argument `#span` says. */
  #give(code: number, offset: number, bytes: Uint8Array, next: number): void {
    const { from, to } = this.#span;
    const kept = this.#isKept(code, bytes, from, to);
    const target = this.#handle(code, offset, bytes, kept ? from : -1, to, next);
    if (target > next) {
      this.#at = offset;
      this.#skipBytes = target - next;
    }
  }

  #isKept(code: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from <= this.#maxKept) return true;
    if (!isPair(code)) return false;
    const newline = bytes.indexOf(0x0a, from);
    return newline - from <= this.#maxKept && to - newline - 1 <= this.#maxKept;
  }

  #break(code: PickleErrorCode, message: string, offset: number, opcode: number): void {
    this.broken = { code, message, offset, opcode };
  }
}

function isPair(code: number): boolean {
  return PAIRS.has(code);
}

const NONE = -1;
const LINE = 0;
const STOP = 0x2e;
const PAIRS: ReadonlySet<number> = new Set(
  opcodes.filter(({ argument }: Opcode) => argument === 'stringnl_noescape_pair').map(({ code }) => code),
);
