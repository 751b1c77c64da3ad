// A file that is opened by its name, again and again.

import fs from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeBytes } from './write-fd.ts';

const open = promisify(fs.open);
const close = promisify(fs.close);
const fstat = promisify(fs.fstat) as (fd: number, options: { bigint: true }) => Promise<fs.BigIntStats>;

/** How a file is opened first: `a` appends, `w` empties it, `x` fails where it exists. */
export type FileMode = 'a' | 'w' | 'x';

/** Node's flags for them. */
export const FILE_MODES: Readonly<Record<FileMode, string>> = { a: 'a', w: 'w', x: 'wx' };

/** A file's name, and its descriptor while it is open. One call at a time. */
export class LogFile {
  readonly path: string;
  readonly #mode: FileMode;
  /** Flags of the next opening. */
  #flags: string;
  #fd: number | null = null;
  #stats: fs.BigIntStats | null = null;
  #position = 0;
  #empty = false;
  #openings = 0;

  constructor(path: string, mode: FileMode) {
    this.path = path;
    this.#mode = mode;
    this.#flags = FILE_MODES[mode];
  }

  get isOpen(): boolean {
    return this.#fd !== null;
  }

  /** How often it was opened: another number is, perhaps, another file. */
  get openings(): number {
    return this.#openings;
  }

  /** Bytes in the file when it was opened, and written since. */
  get position(): number {
    return this.#position;
  }

  /** Whether nothing was in it when it was opened, nor was written since. */
  get isEmpty(): boolean {
    return this.#empty;
  }

  /** Opens the file, as `open` does, before it returns. */
  openSync(): void {
    const fd = fs.openSync(this.path, this.#flags);
    this.#adopt(fd, fs.fstatSync(fd, { bigint: true }));
  }

  /**
   * Opens the file, if it is not open: by its mode the first time, to append ever after.
   * @throws the system's error
   */
  async open(): Promise<void> {
    if (this.#fd !== null) return;
    const fd = await open(this.path, this.#flags);
    this.#adopt(fd, await fstat(fd, { bigint: true }));
  }

  /** Lets mode `w` empty the file once more: what was written so far is elsewhere by now, or is not to be kept. */
  startOver(): void {
    if (this.#mode === 'w') this.#flags = FILE_MODES.w;
  }

  /** @throws the system's error; the file is closed all the same */
  async close(): Promise<void> {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) await close(fd);
  }

  /** Writes to the open file. Argument and errors as in `writeBytes`. */
  async write(bytes: Uint8Array, progress: (bytes: number) => void): Promise<void> {
    await writeBytes(this.#fd as number, bytes, (written) => {
      this.#empty = false;
      this.#position += written;
      progress(written);
    });
  }

  /** Whether the name leads elsewhere than to the open file, or nowhere. */
  async isReplaced(): Promise<boolean> {
    const found = await stat(this.path);
    return found === null || found.dev !== this.#stats?.dev || found.ino !== this.#stats.ino;
  }

  #adopt(fd: number, stats: fs.BigIntStats): void {
    this.#fd = fd;
    this.#stats = stats;
    this.#position = Number(stats.size);
    this.#empty = this.#position === 0;
    this.#openings++;
    this.#flags = FILE_MODES.a;
  }
}

/** The absolute path of a file named by a path or a `file:` URL. */
export function absolutePath(filename: string | URL): string {
  return resolve(filename instanceof URL ? fileURLToPath(filename) : filename);
}

/** What the system says of a name; null where it says nothing, as Python's `os.path.exists` reads it. */
export async function stat(path: string): Promise<fs.BigIntStats | null> {
  try {
    return await fs.promises.stat(path, { bigint: true });
  } catch {
    return null;
  }
}
