// Bytes to an open file descriptor. Knows no text and no file name.

import sonicBoom from 'sonic-boom';

// sonic-boom is CommonJS: Node gives an ES module its class as a property of the default export.
const { SonicBoom } = sonicBoom;

/**
 * Writes all of the bytes, asynchronously: after a short write it goes on, and where a pipe is full it tries again.
 * @param progress told of the bytes of each write
 * @throws the system's error; `progress` has told how far it came
 */
export function writeBytes(fd: number, bytes: Uint8Array, progress: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // One instance for one call: after an error it would keep the rest, and where that goes is for the caller to say.
    const sonic = new SonicBoom({ dest: fd, sync: false, contentMode: 'buffer' });
    sonic.on('write', progress);
    sonic.on('drain', resolve);
    sonic.on('error', reject);
    sonic.write(bytes as unknown as string); // its types do not know its contentMode
  });
}
