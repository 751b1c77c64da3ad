// The bytes of lines that wait, in blocks, so that many lines are one write. Knows no sink.

import { Buffer } from 'node:buffer';
import { type LineBuffer, OVERRUN } from '../encode/line-buffer.ts';
import type { TextEncoding } from './text-encoding.ts';

/**
 * Bytes of a block: the next one has room for as much as waits already, or 8 MiB. A block is one write, and a write ends
 * in a later turn of the event loop, which may bring 4 MiB to be written; a few sizes, so that blocks can be used again.
 */
const BLOCKS: readonly number[] = [64 * 1024, 1024 * 1024, 8 * 1024 * 1024];

const MOST = BLOCKS.at(-1) as number;

/** How many blocks are used again: memory for a new one has the garbage collector look for some to free. */
const MOST_SPARES = 3;

/** UTF-8 has no more bytes for a UTF-16 unit. */
const MOST_UTF8 = 3;

/** A text of so many UTF-16 units is measured, where guessing its bytes would take much more memory than it does. */
const MEASURED = 64 * 1024;

const SURROGATE = /[\ud800-\udfff]/;

/** Where the bytes of some lines lie that are not removed yet. */
interface Block {
  readonly bytes: Buffer;
  readonly view: DataView;
  start: number;
  end: number;
}

/** Lines as bytes, first in, first out. No line is in two blocks. */
export class BlockQueue {
  readonly #encoding: TextEncoding;
  #blocks: Block[] = [];
  /** Empty ones, to be used again. */
  readonly #spares: Block[] = [];

  constructor(encoding: TextEncoding) {
    this.#encoding = encoding;
  }

  /** The bytes that can be written at once: a view, whose bytes stay as they are until they are removed. */
  get first(): Uint8Array {
    const block = this.#blocks[0];
    return block === undefined ? new Uint8Array(0) : block.bytes.subarray(block.start, block.end);
  }

  /**
   * Adds lines, with everything replaced in them that cannot be encoded.
   * @param joined the same lines as one text
   * @returns how many bytes each has
   */
  add(lines: readonly string[], joined: string): number[] {
    // Surrogates are looked at line by line: the last of one line and the first of the next may look like a pair.
    if (!this.#encoding.isUtf8 || SURROGATE.test(joined)) return lines.map((line) => this.#addOther(line));
    const most = joined.length > MEASURED ? Buffer.byteLength(joined) : joined.length * MOST_UTF8;
    const block = this.#room(most);
    const start = block.end;
    const written = block.bytes.write(joined, start);
    block.end += written;
    if (written === joined.length) return lines.map((line) => line.length);
    let end = start;
    return lines.map((line) => {
      const from = end;
      end = endOfUnits(block, from, line.length);
      return end - from;
    });
  }

  /** Begins a line of at most so many bytes behind all others. */
  begin(space: LineBuffer, most: number): void {
    const { bytes, view, end } = this.#room(most + OVERRUN);
    space.begin(bytes, view, end);
  }

  /** The line that was begun is one of so many bytes. */
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
    if (!BLOCKS.includes(block.bytes.length)) return;
    block.start = 0;
    block.end = 0;
    spares.push(block);
    spares.sort((one, other) => other.bytes.length - one.bytes.length);
    // The smallest is soonest made again.
    if (spares.length > MOST_SPARES) spares.pop();
  }

  #addOther(line: string): number {
    const encoded = this.#encoding.encode(this.#encoding.prepare(line));
    const block = this.#room(encoded.length);
    block.bytes.set(encoded, block.end);
    block.end += encoded.length;
    return encoded.length;
  }

  #room(size: number): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.bytes.length - last.end >= size) return last;
    // One that a line was begun in, and no line came of it.
    if (last !== undefined && last.start === last.end) this.#keep(this.#blocks.pop() as Block);
    const waiting = this.#blocks.reduce((sum, { start, end }) => sum + end - start, 0);
    const wanted = Math.max(BLOCKS.find((bytes) => bytes >= Math.max(size, waiting)) ?? MOST, size);
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

/** Where a text of so many UTF-16 units ends that begins at a place. */
function endOfUnits({ bytes, view }: Block, start: number, units: number): number {
  let at = start;
  for (let left = units; left > 0; ) {
    if (left >= 4 && (view.getInt32(at) & 0x80808080) === 0) {
      at += 4;
      left -= 4;
      continue;
    }
    const byte = bytes[at] as number;
    at += byte < 0x80 ? 1 : byte < 0xe0 ? 2 : 3; // longer ones are pairs of surrogates
    left--;
  }
  return at;
}
