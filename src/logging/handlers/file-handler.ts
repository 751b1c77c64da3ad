// Records as lines in a file. Knows no network.

import { openSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LogRecord } from '../log-record.ts';
import { BufferedWriter } from './buffered-writer.ts';
import { StreamHandler, type TextStream } from './stream-handler.ts';

/** Options of a FileHandler. */
export interface FileHandlerOptions {
  /** `a` appends (the default), `w` empties the file first, `x` fails where it exists. */
  readonly mode?: 'a' | 'w' | 'x';
  /** Opens the file with the first record, not at once. Default false. */
  readonly delay?: boolean;
  /** Bytes that may wait for the disk; the newest records beyond are dropped and counted. Default 64 MiB. */
  readonly maxPending?: number;
}

/**
 * Writes each record to a file, as UTF-8, lone surrogates as `\udXXX`. Writes are asynchronous: `close` resolves when
 * all is on file. A write error is reported once and retried.
 */
export class FileHandler extends StreamHandler {
  /** The file's absolute path. */
  readonly baseFilename: string;
  readonly #options: FileHandlerOptions;
  #writer: BufferedWriter | null = null;
  #closed = false;

  /** @throws the system's error where the file cannot be opened, unless that is delayed */
  constructor(filename: string, options: FileHandlerOptions = {}) {
    super();
    this.baseFilename = resolve(filename);
    this.#options = options;
    if (!options.delay) this.#writer = this.#open();
  }

  /** The writer of the file, opened if it is not open. */
  override get stream(): TextStream {
    this.#writer ??= this.#open();
    return this.#writer;
  }

  /** As in Python, a record after `close` opens the file again, unless that would empty it. */
  override emit(record: LogRecord): void {
    if (this.#closed && this.#options.mode === 'w') return;
    super.emit(record);
  }

  override async flush(): Promise<void> {
    await this.#writer?.flush();
  }

  /**
   * Resolves when every byte is written and the file is closed.
   * @throws the system's error when the last attempt to write fails
   */
  override async close(): Promise<void> {
    const writer = this.#writer;
    this.#writer = null;
    this.#closed = true;
    await writer?.close();
  }

  #open(): BufferedWriter {
    const { mode = 'a', maxPending } = this.#options;
    return new BufferedWriter(openSync(this.baseFilename, mode === 'x' ? 'wx' : mode), {
      ...(maxPending === undefined ? {} : { maxPending }),
      onError: (error) => this.handleError(error, null),
    });
  }
}
