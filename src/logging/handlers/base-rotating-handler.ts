// What handlers have in common that roll their file over.

import { rename, unlink } from 'node:fs/promises';
import { stat } from '../write/log-file.ts';
import { FileHandler, type FileLine } from './file-handler.ts';

/**
 * A FileHandler that, before some records, moves its file away and begins another. The question is asked, and the files
 * are moved, when a record's turn to be written has come, and everything before it is on file: so each record lands
 * where Python's handlers put it, and meanwhile the program goes on. A rollover that fails is reported and tried again;
 * until it succeeds, records are added to the file as it is (Python loses them).
 */
export abstract class BaseRotatingHandler extends FileHandler {
  /** Python's `namer`: gives a file that is moved away another name than the default one. */
  namer: ((defaultName: string) => string) | null = null;
  /** Python's `rotator`: moves the file, where it is to be more than renamed; records wait for its promise. */
  rotator: ((source: string, destination: string) => void | Promise<void>) | null = null;
  /** The second of the last line for which a rollover was due and did not take place: it is not tried twice in one. */
  #stayed: number | null = null;

  /** Rolls the file over before the next record, due or not; `flush` resolves when it is done. */
  doRollover(): void {
    this.pushRollover();
  }

  /** The name for a file that is moved away, as `namer` has it. */
  rotationFilename(defaultName: string): string {
    return this.namer === null ? defaultName : this.namer(defaultName);
  }

  /** Moves the file, if there is one, as `rotator` does it. */
  protected async rotate(source: string, destination: string): Promise<void> {
    if (this.rotator !== null) await this.rotator(source, destination);
    else if (await exists(source)) await rename(source, destination);
  }

  /** The time of a record, in seconds since 1970. */
  protected now(): number {
    return Date.now() / 1000;
  }

  protected override lineOf(
    { characters }: { readonly characters: number },
    levelname: string,
    kind: FileLine['kind'],
  ): FileLine {
    return { levelname, characters, time: this.now(), kind };
  }

  /** Whether the file is to be rolled over for a line that comes when `position` bytes are in it. */
  protected abstract shouldRollover(line: FileLine, position: number): boolean;

  /**
   * Closes the file and moves it away; the caller opens it again.
   * @param time when the record was emitted that this is for, in seconds since 1970
   * @returns whether another file begins now
   */
  protected abstract rollover(time: number): Promise<boolean>;

  protected override async place(line: FileLine): Promise<void> {
    this.#stayed = null;
    if (line.kind !== 'rollover' && !this.shouldRollover(line, this.file.position)) return;
    let moved = false;
    try {
      moved = await this.rollover(line.time);
    } catch (error) {
      this.handleError(error, null);
    }
    if (!moved) this.#stayed = Math.trunc(line.time);
  }

  protected override joins(line: FileLine, ahead: number): boolean {
    if (line.kind === 'rollover') return false;
    return this.#stayed === Math.trunc(line.time) || !this.shouldRollover(line, this.file.position + ahead);
  }

  /** Whether the name leads to something that is no regular file, and so is not rolled over. */
  protected async isSpecial(): Promise<boolean> {
    return (await stat(this.baseFilename))?.isFile() === false;
  }
}

/** Python's `os.path.exists`. */
export async function exists(path: string): Promise<boolean> {
  return (await stat(path)) !== null;
}

/** Removes a file if it exists, as Python does before it moves another one there. */
export async function removeExisting(path: string): Promise<void> {
  if (await exists(path)) await unlink(path);
}
