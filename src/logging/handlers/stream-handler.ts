// Records as lines on a stream. Knows nothing of files.

import { Handler } from '../handler.ts';
import type { Level } from '../levels.ts';
import type { LogRecord } from '../log-record.ts';
import { Tally } from '../tally.ts';

/** Where lines go: `process.stdout`, a BufferedWriter, or anything that writes text. */
export interface TextStream {
  /** Takes a text. The string `dropped` as result, as from a BufferedWriter, says that it did not. */
  write(text: string): unknown;
  /** Resolves when everything taken is written. */
  flush?(): Promise<void>;
}

/** Writes each record, formatted, and a terminator to a stream, which it does not close. */
export class StreamHandler extends Handler {
  terminator = '\n';
  /** How many records a full stream did not take, by level name. */
  readonly dropped: Tally = new Tally();
  #stream: TextStream | undefined;

  /** @param stream without one, whatever `process.stderr` is when a record comes */
  constructor(stream?: TextStream, level?: Level) {
    super(level);
    this.#stream = stream;
  }

  get stream(): TextStream {
    return this.#stream ?? process.stderr;
  }

  /**
   * Writes to another stream from here on. The former one is flushed; an error of that goes to handleError.
   * @returns the former stream, or null where it is the same
   */
  setStream(stream: TextStream): TextStream | null {
    const former = this.stream;
    if (stream === former) return null;
    former.flush?.().catch((error: unknown) => this.handleError(error, null));
    this.#stream = stream;
    return former;
  }

  override emit(record: LogRecord): void {
    const line = this.format(record) + this.terminator;
    if (this.stream.write(line) === 'dropped') this.dropped.add(String(record.levelname));
  }

  /** Resolves when the stream has written everything, where the stream can tell. */
  override async flush(): Promise<void> {
    await this.stream.flush?.();
  }
}
