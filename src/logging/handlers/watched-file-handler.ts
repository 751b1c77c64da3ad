// A FileHandler that notices when its file is moved away or removed.

import { FileHandler, type FileLine } from './file-handler.ts';

/**
 * Writes each record to the file that has the name: when that is another one than before (by device and inode), or none,
 * the name is opened anew. Python looks before each record; here the name is looked up once for all records that are
 * written together, those of one turn of the event loop, or that came while the disk was busy.
 */
export class WatchedFileHandler extends FileHandler {
  protected override async place(_line: FileLine): Promise<void> {
    if (this.file.isOpen && (await this.file.isReplaced())) await this.file.close();
  }
}
