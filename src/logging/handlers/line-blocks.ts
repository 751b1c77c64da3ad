// The bytes of lines that wait, in blocks, so that many lines are one write. Knows no sink.

import { Buffer } from 'node:buffer';
import { type LineSpace, OVERRUN } from './line-space.ts';
import type { TextEncoding } from './text-encoding.ts';

/** Bytes of a block, of two sizes so that one can be used again: where more waits, the writes are to be larger. */
const SMALL_BLOCK = 64 * 1024;
const LARGE_BLOCK = 1024 * 1024;

/** How many blocks are used again: memory for a new one has the garbage collector look for some to free. */
const MOST_SPARES = 8;

/** UTF-8 has no more bytes for a UTF-16 unit. */
const MOST_UTF8 = 3;

const SURROGATE = /[\ud800-\udfff]/;

/** Where the bytes of some lines lie that are not removed yet. */
interface Block {
  readonly bytes: Buffer;
  readonly view: DataView;
  start: number;
  end: number;
}

/** Lines as bytes, first in, first out. No line is in two blocks. */
export class LineBlocks {
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
    // Counted only where guessing would take much more memory than the text does.
    const most = joined.length > SMALL_BLOCK ? Buffer.byteLength(joined) : joined.length * MOST_UTF8;
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
  begin(space: LineSpace, most: number): void {
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
  }

  #keep(block: Block): void {
    if (block.bytes.length > LARGE_BLOCK || this.#spares.length === MOST_SPARES) return;
    block.start = 0;
    block.end = 0;
    this.#spares.push(block);
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
    const wanted = Math.max(size, waiting < SMALL_BLOCK ? SMALL_BLOCK : LARGE_BLOCK);
    let block = this.#spares.pop();
    if (block === undefined || block.bytes.length < wanted) {
      const bytes = Buffer.allocUnsafeSlow(wanted);
      block = { bytes, view: new DataView(bytes.buffer), start: 0, end: 0 };
    }
    this.#blocks.push(block);
    return block;
  }
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
