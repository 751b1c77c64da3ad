// Bytes to an open file descriptor.

import fs from 'node:fs';

/** Milliseconds after which a pipe that was full, or a file that was busy, is tried again: nothing says when it is not. */
const BUSY_DELAY = 100;

/**
 * Writes all of the bytes, asynchronously: after a short write it goes on, and where a pipe is full or a file is busy it
 * tries again. The bytes are to stay as they are until then: no copy is made, which would be memory for the garbage
 * collector to look for.
 * @param progress told of the bytes of each write
 * @throws the system's error; `progress` has told how far it came
 */
export function writeBytes(fd: number, bytes: Uint8Array, progress: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const write = (rest: Uint8Array): void => {
      fs.write(fd, rest, (error, written) => {
        if (error === null) {
          progress(written);
          if (written < rest.length) write(rest.subarray(written));
          else resolve();
        } else if (error.code === 'EAGAIN' || error.code === 'EBUSY') {
          setTimeout(write, BUSY_DELAY, rest);
        } else {
          reject(error);
        }
      });
    };
    write(bytes);
  });
}
