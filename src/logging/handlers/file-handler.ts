// Events as lines in a file.

import { countCharacters } from '../encode/characters.ts';
import { type TextEncoding, textEncoding } from '../encode/text-encoding.ts';
import { LoggingError } from '../errors.ts';
import type { LogEvent } from '../event/log-event.ts';
import type { LineSink } from '../write/line-sink.ts';
import { LineWriter } from '../write/line-writer.ts';
import { absolutePath, FILE_MODES, type FileMode, LogFile } from '../write/log-file.ts';
import { StreamHandler, type TextStream } from './stream-handler.ts';

/** What all handlers that write files have as options. */
export interface CommonFileOptions {
  /**
   * `utf-8` (the default), `utf-8-sig`, `utf-16`, `utf-16-le`, `utf-16-be`, `latin-1` or `ascii`, in any of Python's
   * spellings. Null is the default: it is UTF-8 whatever the locale.
   */
  readonly encoding?: string | null;
  /**
   * What becomes of a character that the encoding does not hold: `backslashreplace` (the default), `replace`, `ignore`,
   * `xmlcharrefreplace`, `surrogateescape` (what was a byte over 127 is that byte again), or `strict`: the record is
   * refused, and counted in `errors`. Null, Python's None, is `strict`.
   */
  readonly errors?: string | null;
  /** Opens the file with the first record, not at once. Default false. */
  readonly delay?: boolean;
  /** Bytes that may wait for the disk; the newest records beyond are dropped and counted. Default 64 MiB. */
  readonly maxPending?: number;
}

const NO_TEXT = { characters: 0 };

/** Options of a FileHandler. */
export interface FileHandlerOptions extends CommonFileOptions {
  /** `a` appends (the default), `w` empties the file first, `x` fails where it exists. */
  readonly mode?: FileMode;
}

/** What may decide into which file a line goes, while it is on its way. */
export interface FileLine {
  /** The record's level, by which it is counted if it is dropped. */
  readonly levelname: string;
  /** Characters (code points) of the record's text, its terminator and its encoding apart; as `lineOf` has it. */
  readonly characters: number;
  /** When the record was emitted, in seconds since 1970; as `lineOf` has it. */
  readonly time: number;
  /**
   * A record; a text that was written to `stream`; a record that the encoding refused, of which nothing is written; or the
   * place where `doRollover` was called.
   */
  readonly kind: 'record' | 'text' | 'refused' | 'rollover';
}

/**
 * Writes each record to a file. Writes are asynchronous: `flush` and `close` resolve when all is on file. What cannot be
 * written, or a file that cannot be opened, is reported once and tried again every second; meanwhile records wait.
 */
export class FileHandler extends StreamHandler {
  /** The file's absolute path. */
  readonly baseFilename: string;
  readonly mode: FileMode;
  /** Python's name of the encoding. */
  readonly encoding: string;
  /** Python's name of the error handler. */
  readonly errorHandler: string;
  readonly delay: boolean;
  /** The file: for `place` to close, and to open where that decides. */
  protected readonly file: LogFile;
  readonly #encoding: TextEncoding;
  readonly #writer: LineWriter<FileLine>;
  #line: FileLine = { levelname: '', characters: 0, time: 0, kind: 'record' };
  readonly #sink: LineSink;
  #closed = false;
  /** Why the file is to be opened again before the next write, if it is. */
  #reopen: 'asked' | 'if replaced' | null = null;

  /**
   * @throws the system's error where the file cannot be opened, unless that is delayed; LoggingError `ERR_CONFIG` for
   *   another mode, `ERR_ENCODING` for an encoding or error handler that is not known
   */
  constructor(filename: string | URL, options: FileHandlerOptions = {}) {
    super();
    const { mode = 'a', encoding, errors = 'backslashreplace', delay = false } = options;
    if (!Object.hasOwn(FILE_MODES, mode))
      throw new LoggingError('ERR_CONFIG', `the mode must be a, w or x, not ${mode}`);
    this.#encoding = textEncoding(encoding ?? 'utf-8', errors);
    this.baseFilename = absolutePath(filename);
    this.mode = mode;
    this.encoding = this.#encoding.name;
    this.errorHandler = errors ?? 'strict';
    this.delay = delay;
    this.file = new LogFile(this.baseFilename, mode);
    this.#writer = new LineWriter<FileLine>(
      {
        ready: (line, begun) => this.#ready(line, begun),
        joins: (line, ahead) => this.#isReady && this.joins(line, ahead),
        write: (bytes, progress) => this.#write(bytes, progress),
        written: ({ kind }) => {
          if (kind === 'record') this.written++;
        },
        close: () => this.file.close(),
      },
      this.#encoding,
      {
        ...(options.maxPending === undefined ? {} : { maxPending: options.maxPending }),
        onError: (error) => this.handleError(error, null),
      },
    );
    this.#sink = {
      begin: () => this.#writer.begin(),
      commit: (levelname) => this.#commit(String(levelname), 'record'),
      tells: true,
    };
    if (!delay) this.file.openSync();
  }

  /** The file as a stream: a text written to it takes its turn among the records. */
  override get stream(): TextStream {
    return {
      write: (text) => {
        const line = this.#sink.begin();
        line.string(text);
        line.end('');
        return this.#commit('NOTSET', 'text') ? 'queued' : 'dropped';
      },
      flush: () => this.flush(),
    };
  }

  /** @throws LoggingError `ERR_CONFIG`: a FileHandler writes to its file */
  override setStream(_stream: TextStream): never {
    throw new LoggingError('ERR_CONFIG', `a ${this.constructor.name} writes to its file, and to no other stream`);
  }

  protected override get sink(): LineSink {
    return this.#sink;
  }

  /** As in Python, a record after `close` opens the file again, unless that would empty it. */
  protected override emitEvent(event: LogEvent): void {
    if (this.#closed && this.mode === 'w') {
      this.dropped.add(String(event.levelname));
      return;
    }
    try {
      super.emitEvent(event);
    } catch (error) {
      if (isUnencodable(error)) this.#pushRefused(event);
      throw error;
    }
  }

  /**
   * Opens the file anew under its name: what the name led to was moved away (`logrotate`), or is to be left. Takes
   * effect before the next write, and at once where there is none; `flush` resolves when it has. Opens no file that is
   * not open; whatever the mode, the file is not emptied.
   */
  reopen(): void {
    if (this.file.isOpen) this.#reopen = 'asked';
    this.#writer.poke();
  }

  override flush(): Promise<void> {
    return this.#writer.flush();
  }

  /**
   * Resolves when every byte is written and the file is closed.
   * @throws the system's error when the last attempt to write fails; what was pending is counted as dropped
   */
  override async close(): Promise<void> {
    this.#closed = true;
    this.#reopen = null;
    try {
      await this.#writer.close();
    } catch (error) {
      for (const line of this.#writer.abandon()) if (line.kind === 'record') this.dropped.add(line.levelname);
      throw error;
    }
  }

  /** Takes a turn among the records for a rollover. */
  protected pushRollover(): void {
    this.#writer.begin();
    this.#writer.commit(this.lineOf(NO_TEXT, '', 'rollover'));
  }

  /** What `place` and `joins` are told of a text. Here they need not know its length, nor its time: both are 0. */
  protected lineOf(_text: { readonly characters: number }, levelname: string, kind: FileLine['kind']): FileLine {
    // One for all lines of a level: those that are kept have nothing else to tell them apart.
    if (this.#line.levelname !== levelname || this.#line.kind !== kind) {
      this.#line = { levelname, characters: 0, time: 0, kind };
    }
    return this.#line;
  }

  /**
   * Decides where a line goes that begins a batch, by closing the file or moving it away; the file is then opened if it
   * is not open. What it throws is reported, and tried again.
   */
  protected async place(_line: FileLine): Promise<void> {}

  /** Whether a line goes where those before it go, of which `ahead` bytes are not written yet. */
  protected joins(_line: FileLine, _ahead: number): boolean {
    return true;
  }

  #commit(levelname: string, kind: FileLine['kind']): boolean {
    return this.#writer.commit(this.lineOf(this.#writer.line, levelname, kind));
  }

  /** Python finds out that it cannot encode a record only after it has looked whether the file must be rolled over for it. */
  #pushRefused(event: LogEvent): void {
    const characters = countCharacters(this.format(event.record()));
    this.#writer.begin();
    this.#writer.commit(this.lineOf({ characters }, String(event.levelname), 'refused'));
  }

  async #ready(line: FileLine | null, begun: boolean): Promise<boolean> {
    const { openings } = this.file;
    if (this.#reopen === 'asked' || (this.#reopen !== null && (await this.file.isReplaced()))) {
      await this.file.close();
      if (line === null) await this.file.open();
    }
    this.#reopen = null;
    if (line === null) return true;
    const goesOn = begun && this.file.isOpen;
    if (!goesOn) await this.place(line);
    if (!(line.kind === 'rollover' && this.delay)) await this.file.open();
    if (line.kind !== 'rollover' && !this.#isReady) await this.file.write(this.#encoding.signature, () => {});
    return this.file.openings === openings;
  }

  /** Whether the file is open and has its signature, if it is to have one. */
  get #isReady(): boolean {
    return this.file.isOpen && !(this.file.isEmpty && this.#encoding.signature.length > 0);
  }

  async #write(bytes: Uint8Array, progress: (bytes: number) => void): Promise<void> {
    try {
      await this.file.write(bytes, progress);
    } catch (error) {
      // Room may have been made by removing this very file.
      this.#reopen ??= 'if replaced';
      throw error;
    }
  }
}

function isUnencodable(error: unknown): boolean {
  return error instanceof LoggingError && error.code === 'ERR_UNENCODABLE';
}
