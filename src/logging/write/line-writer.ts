// Lines on their way to a destination: a queue, and the loop that empties it, in large batches and with retries.

import { LineBuffer } from '../encode/line-buffer.ts';
import type { TextEncoding } from '../encode/text-encoding.ts';
import { BlockQueue } from './block-queue.ts';
import { RingQueue } from './ring-queue.ts';
import { Watermark } from './watermark.ts';

/** Milliseconds between a failed attempt and the next. */
const RETRY_DELAY = 1000;

const PENDING_BYTES_MAX: number = 64 * 1024 * 1024;

/** Bytes that a waiting line counts at least, when lines are bounded: an empty one takes memory too. */
const LINE_BYTES_MIN = 64;

/** Lines that may wait however few bytes may. */
const PENDING_LINES_MIN = 1024;

/** Where lines end up. One call at a time; what a call throws is retried. */
export interface LineDestination<L extends object> {
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
  /** Told of each line, when all of it is written. */
  written(line: L): void;
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
  /** Told of an error of the destination: once, until something was written again. Nothing is lost by it; it is tried again. */
  readonly onError?: (error: Error) => void;
}

/**
 * Writes lines in their order. What comes in one turn of the event loop, or while the destination is busy, goes out together,
 * so that nothing waits for a timer, and neither a full disk nor a slow pipe blocks the caller.
 */
export class LineWriter<L extends object> {
  readonly #destination: LineDestination<L>;
  readonly #maxPending: number;
  readonly #maxLines: number;
  readonly #onError: (error: Error) => void;
  readonly #queue: RingQueue<L> = new RingQueue();
  readonly #blocks: BlockQueue = new BlockQueue();
  readonly #line: LineBuffer;
  /** Bytes of lines that are not written. */
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

  constructor(destination: LineDestination<L>, encoding: TextEncoding, options: LineWriterOptions = {}) {
    this.#destination = destination;
    this.#line = new LineBuffer(this.#blocks, encoding);
    this.#maxPending = options.maxPending ?? PENDING_BYTES_MAX;
    this.#maxLines = Math.max(PENDING_LINES_MIN, this.#maxPending / LINE_BYTES_MIN);
    this.#onError = options.onError ?? (() => {});
  }

  /** Bytes accepted and not yet written. */
  get pending(): number {
    return this.#pending;
  }

  /** The line that was begun last. */
  get line(): LineBuffer {
    return this.#line;
  }

  /** A line, empty, to be written where it will wait; `commit` takes it, and the next `begin` does without it. */
  begin(): LineBuffer {
    this.#blocks.begin(this.#line);
    return this.#line;
  }

  /**
   * Takes the line that was begun last; false where there is no room for it.
   * @throws Error where another line was written in its place meanwhile: its bytes are taken once
   */
  commit(line: L): boolean {
    if (!this.#blocks.holds(this.#line))
      throw new Error('another record was logged while the line of this one was written');
    const { length } = this.#line;
    if (this.#queue.length >= this.#maxLines || this.#pending + length > this.#maxPending) return false;
    this.#blocks.take(length);
    this.#pending += length;
    this.#queue.push(line, length);
    this.#accepted++;
    this.#schedule();
    return true;
  }

  /** Takes a line that is a text; false where there is no room for it. Errors as of `LineBuffer.string`. */
  push(line: L, text: string): boolean {
    this.begin().string(text);
    return this.commit(line);
  }

  /** Calls the destination's `ready` soon, if need be without a line, and again until it succeeds. */
  poke(): void {
    this.#poked = true;
    this.#hurry();
  }

  /**
   * Resolves when everything that came so far is written, and a `poke` obeyed.
   * @throws the destination's error when an attempt fails meanwhile; the lines stay, and are tried again
   */
  flush(): Promise<void> {
    if (this.#queue.length === 0 && !this.#poked) return Promise.resolve();
    const flushed = this.#waiters.wait(this.#accepted);
    this.#hurry();
    return flushed;
  }

  /**
   * Writes what is pending and closes the destination. Lines that come later make it ready again.
   * @throws the destination's error when the last attempt fails; the lines stay, and wait for another to come or for `flush`
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
      await this.#destination.close();
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
      if (!(await this.#destination.ready(first, this.#begun > 0))) this.#startAnew();
    } catch (error) {
      this.#poked ||= poked;
      throw error;
    }
    if (first === null) {
      this.#advance(0, 0);
      return;
    }

    const bytes = this.#blocks.first;
    let ahead = this.#queue.sizeAt(0) - this.#begun;
    let count = 1;
    for (let line = this.#queue.at(count); line !== undefined; line = this.#queue.at(++count)) {
      const size = this.#queue.sizeAt(count);
      if (ahead + size > bytes.length || !this.#destination.joins(line, ahead)) break;
      ahead += size;
    }
    let left = count;
    const progress = (written: number): void => {
      left = this.#advance(written, left);
    };
    if (ahead > 0) await this.#destination.write(bytes.subarray(0, ahead), progress);
    else progress(0);
  }

  /** The first line is to be written from its beginning. */
  #startAnew(): void {
    this.#blocks.remove(-this.#begun);
    this.#pending += this.#begun;
    this.#begun = 0;
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
      const line = this.#queue.at(0) as L;
      this.#queue.shift();
      this.#done++;
      this.#destination.written(line);
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
