// The bytes of lines that wait, in blocks, first in, first out, so that many lines are one write. No line is in two blocks.

import { Buffer } from 'node:buffer';
import { type LineBytes, type LineMemory, OVERRUN_BYTES } from '../encode/line-bytes.ts';

/**
 * Bytes of a block: the next one has room for as much as waits already, or 8 MiB. A block is one write, and a write ends
 * in a later turn of the event loop, which may bring 4 MiB to be written; a few sizes, so that blocks can be used again.
 */
const BLOCK_BYTES: readonly number[] = [64 * 1024, 1024 * 1024, 8 * 1024 * 1024];

const BLOCK_BYTES_MAX = BLOCK_BYTES.at(-1) as number;

/** How many blocks are used again: memory for a new one has the garbage collector look for some to free. */
const SPARES_MAX = 3;

/** The room that a line finds when it begins; nearly all lines are shorter, and others move. */
const LINE_BYTES = 4096;

/** Where the bytes of some lines lie that are not removed yet. */
interface Block {
  readonly bytes: Buffer;
  readonly view: DataView;
  start: number;
  end: number;
}

export class BlockQueue implements LineMemory {
  #blocks: Block[] = [];
  /** Empty ones, to be used again. */
  readonly #spares: Block[] = [];

  /** The bytes that can be written at once: a view, whose bytes stay as they are until they are removed. */
  get first(): Uint8Array {
    const block = this.#blocks[0];
    return block === undefined ? new Uint8Array(0) : block.bytes.subarray(block.start, block.end);
  }

  /** Begins a line behind all others. One that was begun before and not taken is no more. */
  begin(line: LineBytes): void {
    const { bytes, view, end } = this.#room(LINE_BYTES + OVERRUN_BYTES);
    line.begin(bytes, view, end);
  }

  enlarge(line: LineBytes, size: number): void {
    const { bytes, view, end } = this.#room(size + OVERRUN_BYTES);
    line.move(bytes, view, end);
  }

  /** Whether a line begins where the next one is to be taken: not if another was written and taken in the same place. */
  holds(line: LineBytes): boolean {
    const last = this.#blocks.at(-1);
    return last !== undefined && line.isAt(last.bytes, last.end);
  }

  /** Takes the line that was begun, of `bytes` bytes. */
  take(bytes: number): void {
    (this.#blocks.at(-1) as Block).end += bytes;
  }

  /** Removes bytes of the first block; with a negative number, puts back what was removed of its first line. */
  remove(bytes: number): void {
    const block = this.#blocks[0];
    if (block === undefined) return;
    block.start += bytes;
    if (block.start < block.end) return;
    this.#blocks.shift();
    this.#keep(block);
  }

  clear(): void {
    this.#blocks = [];
    this.#spares.length = 0;
  }

  /** Keeps a block that is empty, unless it is of a size of its own, or there are enough of them. */
  #keep(block: Block): void {
    const spares = this.#spares;
    if (!BLOCK_BYTES.includes(block.bytes.length)) return;
    block.start = 0;
    block.end = 0;
    spares.push(block);
    spares.sort((one, other) => other.bytes.length - one.bytes.length);
    // The smallest is soonest made again.
    if (spares.length > SPARES_MAX) spares.pop();
  }

  /** A block with room for `size` bytes behind those that it has. */
  #room(size: number): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.bytes.length - last.end >= size) return last;
    // One that a line was begun in, and no line came of it.
    if (last !== undefined && last.start === last.end) this.#keep(this.#blocks.pop() as Block);
    const waiting = this.#blocks.reduce((sum, { start, end }) => sum + end - start, 0);
    const wanted = Math.max(BLOCK_BYTES.find((bytes) => bytes >= Math.max(size, waiting)) ?? BLOCK_BYTES_MAX, size);
    const spare = this.#spares.findLastIndex(({ bytes }) => bytes.length >= wanted);
    const block = spare < 0 ? newBlock(wanted) : (this.#spares.splice(spare, 1)[0] as Block);
    this.#blocks.push(block);
    return block;
  }
}

function newBlock(size: number): Block {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, view: new DataView(bytes.buffer), start: 0, end: 0 };
}
