// Lines on their way to a sink: a queue and the loop that empties it, in large batches and with retries.
// Knows no file and no record.

import { LineQueue } from './line-queue.ts';

/**
 * Bytes that make a full batch. Of 100,000 lines of 85 bytes, writing one at a time took 1.7 s (Node 20), 16 KiB at a
 * time 14 ms, 64 KiB 6 ms, 1 MiB 3 ms.
 */
const BATCH = 64 * 1024;

/** Milliseconds between a failed attempt and the next. */
const RETRY_DELAY = 1000;

const MAX_PENDING: number = 64 * 1024 * 1024;

/** Bytes that a waiting line counts at least, when lines are bounded: an empty one takes memory too. */
const LEAST = 64;

/** Lines that may wait however few bytes may. */
const FEW = 1024;

/** What is written whole, and counted when it is not. */
export interface Line {
  readonly text: string;
  /** How many bytes the sink makes of the text. */
  readonly bytes: number;
}

/** Where lines go. One call at a time; what a call throws is retried. */
export interface LineSink<L extends Line> {
  /**
   * Gets ready for a batch that begins with a line; called with null after `poke` where there is none.
   * @param begun whether the beginning of the line has been written
   * @returns whether that beginning is where the rest will go: otherwise the line is written anew
   */
  ready(line: L | null, begun: boolean): Promise<boolean>;
  /** Whether a line can be written with those before it, of which `ahead` bytes have not been written yet. */
  joins(line: L, ahead: number): boolean;
  /** Writes a text but for its first `skip` bytes, telling `progress` of the bytes of each write. */
  write(text: string, skip: number, progress: (bytes: number) => void): Promise<void>;
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

/** Somebody who waits until the first `target` lines are written. */
interface Waiter {
  readonly target: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Writes lines in their order. What comes in one turn of the event loop, or while the sink is busy, goes out together,
 * so that nothing waits for a timer, and neither a full disk nor a slow pipe blocks the caller.
 */
export class LineWriter<L extends Line> {
  readonly #sink: LineSink<L>;
  readonly #maxPending: number;
  readonly #maxLines: number;
  readonly #onError: (error: Error) => void;
  readonly #queue: LineQueue<L> = new LineQueue();
  /** Bytes of the queue's lines that are not written. */
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
  #waiters: Waiter[] = [];

  constructor(sink: LineSink<L>, options: LineWriterOptions = {}) {
    this.#sink = sink;
    this.#maxPending = options.maxPending ?? MAX_PENDING;
    this.#maxLines = Math.max(FEW, this.#maxPending / LEAST);
    this.#onError = options.onError ?? (() => {});
  }

  /** Bytes accepted and not yet written. */
  get pending(): number {
    return this.#pending;
  }

  /** Takes a line; false where there is no room for it. */
  push(line: L): boolean {
    if (this.#pending + line.bytes > this.#maxPending || this.#queue.length >= this.#maxLines) return false;
    this.#queue.push(line);
    this.#pending += line.bytes;
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
    const flushed = new Promise<void>((resolve, reject) => {
      this.#waiters.push({ target: this.#accepted, resolve, reject });
    });
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
      if (failure !== null) this.#rejectAll(failure);
      else if (this.#queue.length > 0) this.#schedule();
    }
    if (failure !== null) throw failure;
  }

  /** Gives up what is pending, and returns it. */
  abandon(): L[] {
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

    const skip = this.#begun;
    let text = first.text;
    let ahead = first.bytes - skip;
    let count = 1;
    for (; ahead < BATCH; count++) {
      const line = this.#queue.at(count);
      if (line === undefined || !this.#sink.joins(line, ahead)) break;
      text += line.text;
      ahead += line.bytes;
    }
    let left = count;
    const progress = (bytes: number): void => {
      left = this.#advance(bytes, left);
    };
    if (ahead > 0) await this.#sink.write(text, skip, progress);
    else progress(0);
  }

  /** The first line is to be written from its beginning. */
  #startAnew(): void {
    this.#pending += this.#begun;
    this.#begun = 0;
  }

  /** Bytes were written: removes those of the first `limit` lines that are done, and returns how many are left. */
  #advance(bytes: number, limit: number): number {
    this.#failing = false;
    this.#pending -= bytes;
    this.#begun += bytes;
    let left = limit;
    for (; left > 0; left--) {
      const line = this.#queue.at(0);
      if (line === undefined || line.bytes > this.#begun) break;
      this.#begun -= line.bytes;
      this.#queue.shift();
      this.#done++;
    }
    if (!this.#poked) this.#resolveWaiters();
    return left;
  }

  #resolveWaiters(): void {
    while (this.#waiters[0] !== undefined && this.#waiters[0].target <= this.#done) this.#waiters.shift()?.resolve();
  }

  #fail(error: Error): void {
    this.#state = 'failed';
    // A program that ends without closing its writers is not kept alive by a disk that stays full.
    this.#retry = setTimeout(() => this.#start(), RETRY_DELAY).unref();
    this.#rejectAll(error);
    if (this.#failing) return;
    this.#failing = true;
    this.#onError(error);
  }

  #rejectAll(error: Error): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }
}
