// Lines to a file descriptor that is open already, in large asynchronous writes.

import { close } from 'node:fs';
import { promisify } from 'node:util';
import type { LineBuffer } from '../encode/line-buffer.ts';
import { textEncoding } from '../encode/text-encoding.ts';
import type { LineSink } from './line-sink.ts';
import { type LineDestination, LineWriter, type LineWriterOptions } from './line-writer.ts';
import { writeBytes } from './write-fd.ts';

/** Options of a BufferedWriter. */
export interface BufferedWriterOptions extends LineWriterOptions {}

/** Every line: none has anything to tell it from the others. */
const LINE = Object.freeze({});

const encoding = textEncoding('utf-8', 'backslashreplace');

/**
 * Writes text as UTF-8 to an open descriptor, lone surrogates as Python's `backslashreplace` writes them (`\udce9`).
 * What is written in one turn of the event loop, or while the descriptor is busy, goes out in one write, so that nothing
 * waits for a timer. Neither a full disk nor a slow pipe blocks the caller.
 */
export class BufferedWriter implements LineSink {
  readonly #writer: LineWriter<object>;
  #closing: Promise<void> | undefined;

  /** @param fd an open descriptor, closed by `close` unless it is 1 or 2 */
  constructor(fd: number, options: BufferedWriterOptions = {}) {
    this.#writer = new LineWriter(new OpenDescriptor(fd), encoding, options);
  }

  /** Bytes accepted and not yet written. */
  get pending(): number {
    return this.#writer.pending;
  }

  /** Takes a text, or says `dropped` where it finds no room or the writer is closed. */
  write(text: string): 'queued' | 'dropped' {
    if (this.#closing !== undefined) return 'dropped';
    return this.#writer.push(LINE, text) ? 'queued' : 'dropped';
  }

  begin(): LineBuffer {
    return this.#writer.begin();
  }

  commit(): boolean {
    return this.#closing === undefined && this.#writer.commit(LINE);
  }

  get tells(): boolean {
    return false;
  }

  /**
   * Resolves when everything accepted so far is written.
   * @throws the system's error when a write fails meanwhile; the text stays, and is retried
   */
  flush(): Promise<void> {
    return this.#closing ?? this.#writer.flush();
  }

  /**
   * Writes what is pending and closes the descriptor; nothing is accepted from here on.
   * @throws the system's error when the last attempt fails: what is still `pending` then is lost
   */
  close(): Promise<void> {
    this.#closing ??= this.#writer.close();
    return this.#closing;
  }
}

/** A descriptor, which is ready until it is closed. */
class OpenDescriptor implements LineDestination<object> {
  readonly #fd: number;
  #open = true;

  constructor(fd: number) {
    this.#fd = fd;
  }

  async ready(): Promise<boolean> {
    if (!this.#open) throw new Error('the descriptor is closed'); // its number may be another file's by now
    return true;
  }

  joins(): boolean {
    return true;
  }

  write(bytes: Uint8Array, progress: (bytes: number) => void): Promise<void> {
    return writeBytes(this.#fd, bytes, progress);
  }

  written(): void {}

  async close(): Promise<void> {
    this.#open = false;
    if (this.#fd !== 1 && this.#fd !== 2) await promisify(close)(this.#fd);
  }
}
