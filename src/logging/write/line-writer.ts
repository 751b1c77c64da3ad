// Lines on their way to a sink: a queue and the loop that empties it, in large batches and with retries.
// Knows no file and no record.

import { LineBuffer } from '../encode/line-buffer.ts';
import { BlockQueue } from './block-queue.ts';
import { RingQueue } from './ring-queue.ts';
import type { TextEncoding } from './text-encoding.ts';
import { Watermark } from './watermark.ts';

/** Texts are encoded together when they have so many UTF-16 units, or are to be written: each by itself takes longer. */
const ENCODED_TOGETHER = 16 * 1024;

/** No encoding, with no error handler, makes more bytes of a UTF-16 unit: `&#65535;` in UTF-16. */
const MOST_BYTES = 16;

/** Milliseconds between a failed attempt and the next. */
const RETRY_DELAY = 1000;

const MAX_PENDING: number = 64 * 1024 * 1024;

/** Bytes that a waiting line counts at least, when lines are bounded: an empty one takes memory too. */
const LEAST = 64;

/** Lines that may wait however few bytes may. */
const FEW = 1024;

/** Where lines go. One call at a time; what a call throws is retried. */
export interface LineSink<L extends object> {
  /**
   * Gets ready for a batch that begins with a line; called with null after `poke` where there is none.
   * @param begun whether the beginning of the line has been written
   * @returns whether that beginning is where the rest will go: otherwise the line is written anew
   */
  ready(line: L | null, begun: boolean): Promise<boolean>;
  /** Whether a line can be written with those before it, of which `ahead` bytes have not been written yet. */
  joins(line: L, ahead: number): boolean;
  /** Writes bytes, which stay as they are until all are written, telling `progress` of those of each write. */
  write(bytes: Uint8Array, progress: (bytes: number) => void): Promise<void>;
  /** Called between batches; `ready` comes again where lines follow. */
  close(): Promise<void>;
}

/** Options of everything that writes lines. */
export interface LineWriterOptions {
  /**
   * Bytes that may wait to be written, and lines: one for every 64 of them, but 1024 at least. What comes beyond is
   * dropped. Default 64 MiB.
   */
  readonly maxPending?: number;
  /** Told of an error of the sink: once, until something was written again. Nothing is lost by it; it is tried again. */
  readonly onError?: (error: Error) => void;
}

/**
 * Writes lines in their order. What comes in one turn of the event loop, or while the sink is busy, goes out together,
 * so that nothing waits for a timer, and neither a full disk nor a slow pipe blocks the caller.
 */
export class LineWriter<L extends object> {
  readonly #sink: LineSink<L>;
  readonly #maxPending: number;
  readonly #maxLines: number;
  readonly #onError: (error: Error) => void;
  readonly #encoding: TextEncoding;
  readonly #queue: RingQueue<L> = new RingQueue();
  readonly #blocks: BlockQueue;
  /** The line that was begun last. */
  readonly #space: LineBuffer = new LineBuffer();
  /** The texts of the queue's last lines, which are not encoded yet, one by one and joined. */
  #texts: string[] = [];
  #text = '';
  /** Bytes of the other lines that are not written. */
  #pending = 0;
  /** Bytes of its first line that are. */
  #begun = 0;
  /** Lines that came, and lines done with, since ever. */
  #accepted = 0;
  #done = 0;
  #poked = false;
  #state: 'idle' | 'scheduled' | 'running' | 'failed' = 'idle';
  /** The loop, when it runs. */
  #running: Promise<void> = Promise.resolve();
  /** Whether the loop is to stop after this batch. */
  #halting = false;
  /** Whether the last attempt failed, and its error was reported. */
  #failing = false;
  #retry: NodeJS.Timeout | undefined;
  /** Of lines that are done with. */
  readonly #waiters: Watermark = new Watermark();

  /** @param encoding whose error handler refuses nothing that it is given here */
  constructor(sink: LineSink<L>, encoding: TextEncoding, options: LineWriterOptions = {}) {
    this.#sink = sink;
    this.#encoding = encoding;
    this.#blocks = new BlockQueue(encoding);
    this.#maxPending = options.maxPending ?? MAX_PENDING;
    this.#maxLines = Math.max(FEW, this.#maxPending / LEAST);
    this.#onError = options.onError ?? (() => {});
  }

  /** Bytes accepted and not yet written. */
  get pending(): number {
    this.#encode();
    return this.#pending;
  }

  /** Takes a line and its text; false where there is no room for it. */
  push(line: L, text: string): boolean {
    if (this.#queue.length >= this.#maxLines || !this.#hasRoom(text)) return false;
    this.#queue.push(line);
    this.#texts.push(text);
    this.#text += text;
    this.#accepted++;
    if (this.#text.length >= ENCODED_TOGETHER) this.#encode();
    this.#schedule();
    return true;
  }

  /** A line to be written where it will wait, of at most so many bytes, that `end` takes; null where it must be text. */
  begin(most: number): LineBuffer | null {
    if (!this.#encoding.isUtf8) return null;
    this.#encode();
    this.#blocks.begin(this.#space, most);
    return this.#space;
  }

  /** Takes the line that was begun last; false where there is no room for it. */
  end(line: L): boolean {
    const { length } = this.#space;
    if (this.#queue.length >= this.#maxLines || this.#pending + length > this.#maxPending) return false;
    this.#blocks.take(length);
    this.#pending += length;
    this.#queue.push(line, length);
    this.#accepted++;
    this.#schedule();
    return true;
  }

  /** Calls the sink's `ready` soon, if need be without a line, and again until it succeeds. */
  poke(): void {
    this.#poked = true;
    this.#hurry();
  }

  /**
   * Resolves when everything that came so far is written, and a `poke` obeyed.
   * @throws the sink's error when an attempt fails meanwhile; the lines stay, and are tried again
   */
  flush(): Promise<void> {
    if (this.#queue.length === 0 && !this.#poked) return Promise.resolve();
    const flushed = this.#waiters.wait(this.#accepted);
    this.#hurry();
    return flushed;
  }

  /**
   * Writes what is pending and closes the sink. Lines that come later make it ready again.
   * @throws the sink's error when the last attempt fails; the lines stay, and wait for another to come or for `flush`
   */
  async close(): Promise<void> {
    let failure: Error | null = null;
    try {
      await this.flush();
    } catch (error) {
      failure = error as Error;
    }
    this.#halting = true;
    await this.#running;
    clearTimeout(this.#retry);
    try {
      await this.#sink.close();
    } finally {
      this.#halting = false;
      this.#state = 'idle';
      if (failure !== null) this.#waiters.rejectAll(failure);
      else if (this.#queue.length > 0) this.#schedule();
    }
    if (failure !== null) throw failure;
  }

  /** Gives up what is pending, and returns it. */
  abandon(): L[] {
    this.#blocks.clear();
    this.#texts = [];
    this.#text = '';
    this.#pending = 0;
    this.#begun = 0;
    this.#done = this.#accepted;
    return this.#queue.takeAll();
  }

  /** Does not wait until it is time to try again. */
  #hurry(): void {
    if (this.#state === 'failed') this.#start();
    else this.#schedule();
  }

  #schedule(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'scheduled';
    setImmediate(() => this.#start());
  }

  #start(): void {
    if (this.#state === 'running' || this.#halting) return;
    clearTimeout(this.#retry);
    this.#state = 'running';
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    try {
      while ((this.#queue.length > 0 || this.#poked) && !this.#halting) await this.#writeBatch();
      this.#state = 'idle';
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  async #writeBatch(): Promise<void> {
    const first = this.#queue.at(0) ?? null;
    const poked = this.#poked;
    this.#poked = false;
    try {
      if (!(await this.#sink.ready(first, this.#begun > 0))) this.#startAnew();
    } catch (error) {
      this.#poked ||= poked;
      throw error;
    }
    if (first === null) {
      this.#advance(0, 0);
      return;
    }

    this.#encode();
    const bytes = this.#blocks.first;
    let ahead = this.#queue.sizeAt(0) - this.#begun;
    let count = 1;
    for (let line = this.#queue.at(count); line !== undefined; line = this.#queue.at(++count)) {
      const size = this.#queue.sizeAt(count);
      if (ahead + size > bytes.length || !this.#sink.joins(line, ahead)) break;
      ahead += size;
    }
    let left = count;
    const progress = (written: number): void => {
      left = this.#advance(written, left);
    };
    if (ahead > 0) await this.#sink.write(bytes.subarray(0, ahead), progress);
    else progress(0);
  }

  /** The first line is to be written from its beginning. */
  #startAnew(): void {
    this.#blocks.remove(-this.#begun);
    this.#pending += this.#begun;
    this.#begun = 0;
  }

  /** Whether a text finds room. It is measured only where it might not. */
  #hasRoom(text: string): boolean {
    const units = this.#text.length + text.length;
    if (this.#pending + units * MOST_BYTES <= this.#maxPending) return true;
    this.#encode();
    return this.#pending + this.#encoding.byteLength(this.#encoding.prepare(text)) <= this.#maxPending;
  }

  #encode(): void {
    const texts = this.#texts;
    if (texts.length === 0) return;
    const sizes = this.#blocks.add(texts, this.#text);
    const first = this.#queue.length - sizes.length;
    for (let i = 0; i < sizes.length; i++) {
      const bytes = sizes[i] as number;
      this.#queue.setSize(first + i, bytes);
      this.#pending += bytes;
    }
    this.#texts = [];
    this.#text = '';
  }

  /** Bytes were written: removes those of the first `limit` lines that are done, and returns how many are left. */
  #advance(bytes: number, limit: number): number {
    this.#failing = false;
    this.#blocks.remove(bytes);
    this.#pending -= bytes;
    this.#begun += bytes;
    let left = limit;
    for (; left > 0; left--) {
      if (this.#queue.length === 0) break;
      const size = this.#queue.sizeAt(0);
      if (size > this.#begun) break;
      this.#begun -= size;
      this.#queue.shift();
      this.#done++;
    }
    if (!this.#poked) this.#waiters.reached(this.#done);
    return left;
  }

  #fail(error: Error): void {
    this.#state = 'failed';
    // A program that ends without closing its writers is not kept alive by a disk that stays full.
    this.#retry = setTimeout(() => this.#start(), RETRY_DELAY).unref();
    this.#waiters.rejectAll(error);
    if (this.#failing) return;
    this.#failing = true;
    this.#onError(error);
  }
}
