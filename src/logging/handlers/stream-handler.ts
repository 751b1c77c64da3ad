// Records as lines on a stream. Knows nothing of files.

import type { LogRecord } from '../event/log-record.ts';
import { CONTENTS, type RawLine, type RawRecord, SLOTS } from '../event/raw-record.ts';
import { Handler } from '../handler.ts';
import type { Level } from '../levels.ts';

const { handle: ownHandle, format: ownFormat, filter: ownFilter } = Handler.prototype;

/** Bytes that a line may have beside twice those of the record: of the format, and of escapes. */
const MOST_ADDED = 4096;

/** Where lines go: `process.stdout`, a BufferedWriter, or anything that writes text. */
export interface TextStream {
  /** Takes a text. The string `dropped` as result, as from a BufferedWriter, says that it did not. */
  write(text: string): unknown;
  /** Resolves when everything taken is written. */
  flush?(): Promise<void>;
}

/** Where lines go that are bytes from the start. */
export interface RawStream {
  /** A line of at most so many bytes, that `endLine` takes; null where it must be text. */
  beginLine(most: number): RawLine | null;
  /** Takes the line, of a record of that level, or says `dropped`. */
  endLine(levelname: string): 'queued' | 'dropped';
}

/** Writes each record, formatted, and a terminator to a stream, which it does not close. */
export class StreamHandler extends Handler {
  terminator = '\n';
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

  /** The stream, if records may be written to it without being decoded, and `emit` does nothing but that; else null. */
  protected get rawStream(): RawStream | null {
    return null;
  }

  override get takesRaw(): boolean {
    return (
      this.rawStream !== null &&
      this.filters.length === 0 &&
      this.usedFormatter.writesRaw &&
      this.handle === ownHandle &&
      this.format === ownFormat &&
      this.filter === ownFilter
    );
  }

  override handleRaw(raw: RawRecord): boolean {
    const stream = this.rawStream;
    if (stream === null || !this.takesRaw || raw.contents[SLOTS.levelname] !== CONTENTS.text) return false;
    if (!this.accepts(raw)) return true;
    const levelname = raw.text(SLOTS.levelname);
    const line = stream.beginLine(2 * raw.size + MOST_ADDED);
    if (line === null || !this.usedFormatter.formatRaw(raw, line) || !line.string(this.terminator)) return false;
    if (stream.endLine(levelname) === 'dropped') this.dropped.add(levelname);
    return true;
  }

  /** Resolves when the stream has written everything, where the stream can tell. */
  override async flush(): Promise<void> {
    await this.stream.flush?.();
  }
}
