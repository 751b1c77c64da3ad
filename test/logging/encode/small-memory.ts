// Memory for one line that has hardly more room than is asked for, among bytes that are not the line's.

import { type LineBytes, type LineMemory, OVERRUN_BYTES } from '../../../src/logging/encode/line-bytes.ts';

/** What stands before a line, and behind its room. */
const GUARD = 0xaa;
const BEHIND_BYTES = 16;

/** One place that a line has, or had. */
interface Place {
  /** All of the memory; what the line is told of ends BEHIND_BYTES before its end. */
  readonly all: Buffer;
  /** A copy of it, as the line left it. */
  left?: Buffer;
}

export class SmallMemory implements LineMemory {
  readonly #room: number;
  readonly #slack: (move: number) => number;
  readonly #guard: Buffer;
  readonly #behind: Buffer = Buffer.alloc(BEHIND_BYTES, GUARD);
  readonly #places: Place[] = [];
  moves = 0;

  /**
   * @param before bytes before the line that are not its own
   * @param room bytes that a line has when it begins
   * @param slack bytes that it gets beyond what it asks for, by the number of the move
   */
  constructor(before: number, room: number, slack: (move: number) => number = () => 0) {
    this.#guard = Buffer.alloc(before, GUARD);
    this.#room = room;
    this.#slack = slack;
  }

  begin(line: LineBytes): void {
    const bytes = this.#place(this.#room);
    line.begin(bytes, viewOf(bytes), this.#guard.length);
  }

  enlarge(line: LineBytes, size: number): void {
    const bytes = this.#place(size + this.#slack(this.moves++));
    line.move(bytes, viewOf(bytes), this.#guard.length);
  }

  /** The bytes of the line, which has so many. */
  bytesOf(length: number): Buffer {
    const { all } = this.#places.at(-1) as Place;
    return all.subarray(this.#guard.length, this.#guard.length + length);
  }

  /** Throws where bytes were written that are not the line's, or in a place that it had left. */
  check(): void {
    for (const { all, left = all } of this.#places) {
      if (!all.subarray(0, this.#guard.length).equals(this.#guard)) throw new Error('written before the line');
      if (!all.subarray(-BEHIND_BYTES).equals(this.#behind)) throw new Error('written behind the memory of the line');
      if (!all.equals(left)) throw new Error('written where the line was before');
    }
  }

  #place(room: number): Buffer {
    const former = this.#places.at(-1);
    if (former !== undefined) former.left = Buffer.from(former.all);
    const all = Buffer.alloc(this.#guard.length + room + OVERRUN_BYTES + BEHIND_BYTES, GUARD);
    this.#places.push({ all });
    return all.subarray(0, -BEHIND_BYTES);
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
