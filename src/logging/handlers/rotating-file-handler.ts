// Records in files of bounded size.

import { rename } from 'node:fs/promises';
import { BaseRotatingHandler, exists, removeExisting } from './base-rotating-handler.ts';
import type { FileHandlerOptions, FileLine } from './file-handler.ts';

/** Options of a RotatingFileHandler. */
export interface RotatingFileHandlerOptions extends FileHandlerOptions {
  /** The size, in bytes, that the file is not to reach. Default 0: it grows without end. Otherwise the mode is `a`. */
  readonly maxBytes?: number;
  /** How many files are kept besides: `app.log.1`, the youngest, to `app.log.N`. Default 0: there is no rollover. */
  readonly backupCount?: number;
}

/**
 * Begins another file when a record would fill the present one. As in Python, what counts is the bytes on file and the
 * *characters* of the record with one for its terminator, and the first record of a file may be of any size.
 */
export class RotatingFileHandler extends BaseRotatingHandler {
  readonly maxBytes: number;
  readonly backupCount: number;

  /** Errors as of FileHandler. */
  constructor(filename: string | URL, options: RotatingFileHandlerOptions = {}) {
    const { maxBytes = 0, backupCount = 0 } = options;
    super(filename, maxBytes > 0 ? { ...options, mode: 'a' } : options);
    this.maxBytes = maxBytes;
    this.backupCount = backupCount;
  }

  protected override async place(line: FileLine): Promise<void> {
    if (line.kind !== 'rollover') await this.file.open(); // its size decides
    await super.place(line);
  }

  protected override shouldRollover(line: FileLine, position: number): boolean {
    return this.maxBytes > 0 && position > 0 && position + line.characters + 1 >= this.maxBytes;
  }

  protected override async rollover(): Promise<boolean> {
    if (await this.isSpecial()) return false;
    await this.file.close();
    for (let index = this.backupCount - 1; index > 0; index--) {
      const source = this.rotationFilename(`${this.baseFilename}.${index}`);
      if (!(await exists(source))) continue;
      const destination = this.rotationFilename(`${this.baseFilename}.${index + 1}`);
      await removeExisting(destination);
      await rename(source, destination);
    }
    if (this.backupCount > 0) {
      const destination = this.rotationFilename(`${this.baseFilename}.1`);
      await removeExisting(destination);
      await this.rotate(this.baseFilename, destination);
    }
    this.file.startOver();
    return this.backupCount > 0;
  }
}
