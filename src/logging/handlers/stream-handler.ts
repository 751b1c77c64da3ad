// Events as lines on a stream.

import type { LogEvent } from '../event/log-event.ts';
import type { LogRecord } from '../event/log-record.ts';
import { Handler } from '../handler.ts';
import type { Level } from '../levels.ts';
import { isLineSink, type LineSink } from '../write/line-sink.ts';

/** Where lines go: `process.stdout`, a BufferedWriter, or anything that writes text. */
export interface TextStream {
  /** Takes a text. The string `dropped` as result, as from a BufferedWriter, says that it did not. */
  write(text: string): unknown;
  /** Resolves when everything taken is written. */
  flush?(): Promise<void>;
}

/**
 * Writes each record, formatted, and a terminator to a stream, which it does not close. Where the stream is a LineSink,
 * lines are written in place, of events that are not decoded. A subclass that has an `emit` or a `format` of its own is
 * given every record; methods replaced on a handler that is made already are not noticed.
 */
export class StreamHandler extends Handler {
  terminator = '\n';
  readonly #isOwn: boolean;
  /** Whether the record that is being emitted was counted here, or will be. */
  #isTaken = false;
  #stream: TextStream | undefined;
  #sink: LineSink | null;

  /** @param stream without one, whatever `process.stderr` is when a record comes */
  constructor(stream?: TextStream, level?: Level) {
    super(level);
    this.#stream = stream;
    this.#sink = stream !== undefined && isLineSink(stream) ? stream : null;
    this.#isOwn = this.emit === StreamHandler.prototype.emit && this.format === Handler.prototype.format;
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
    this.#sink = isLineSink(stream) ? stream : null;
    return former;
  }

  /** Where lines are written in place; null where the stream takes text. */
  protected get sink(): LineSink | null {
    return this.#sink;
  }

  /** Errors as of Formatter.format. */
  override emit(record: LogRecord): void {
    if (this.sink !== null) {
      this.#write(record, this.sink);
      return;
    }
    this.#isTaken = true;
    const line = this.format(record) + this.terminator;
    if (this.stream.write(line) === 'dropped') this.dropped.add(String(record.levelname));
    else this.written++;
  }

  protected override emitEvent(event: LogEvent): void {
    if (this.#isOwn && this.sink !== null) {
      this.#write(event, this.sink);
      return;
    }
    this.#isTaken = false;
    this.emit(event.record());
    // By an `emit` of a subclass that writes in its own way.
    if (!this.#isTaken) this.written++;
  }

  /** Resolves when the stream has written everything, where the stream can tell. */
  override async flush(): Promise<void> {
    await this.stream.flush?.();
  }

  #write(event: LogEvent, sink: LineSink): void {
    this.#isTaken = true;
    // What a subclass does for the text may be to log: its line is begun when it has its text.
    const text = this.#isOwn ? null : this.format(event.record());
    const line = sink.begin();
    if (text === null) this.usedFormatter.encode(event, line);
    else line.string(text);
    line.end(this.terminator);
    if (!sink.commit(event.levelname)) this.dropped.add(String(event.levelname));
    else if (!sink.tells) this.written++;
  }
}
