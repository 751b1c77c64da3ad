// The file of a Unix socket: made with its mode, put in the place of a dead one, and removed by the process that
// made it.

import { once } from 'node:events';
import { chmodSync, linkSync, lstatSync, mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { join } from 'node:path';

/** sun_path of unix(7), without the byte that ends it; BSDs have room for less. */
const PATH_BYTES_MAX = process.platform === 'linux' ? 107 : 103;

/** What the name that a socket is bound by is longer than the one it gets: a dot, six characters, and `/s`. */
const HIDDEN_NAME_EXTRA_BYTES = 9;

/** A path that cannot be a socket's. Its message is a reason in one line. */
export class SocketFileError extends Error {
  override readonly name: string = 'SocketFileError';
  readonly code: 'EADDRINUSE' | 'EEXIST' | 'ENAMETOOLONG';

  constructor(code: 'EADDRINUSE' | 'EEXIST' | 'ENAMETOOLONG', message: string) {
    super(message);
    this.code = code;
  }
}

/** A socket's file, by the numbers that no other file has while the socket is bound. */
export class SocketFile {
  readonly path: string;
  readonly #device: bigint;
  readonly #inode: bigint;

  constructor(path: string) {
    const { dev, ino } = lstatSync(path, { bigint: true });
    this.path = path;
    this.#device = dev;
    this.#inode = ino;
  }

  /** Removes the file, unless another process's stands there by now. Call it while the socket is still bound. */
  remove(): void {
    if (this.isThere()) unlinkSync(this.path);
  }

  isThere(): boolean {
    const found = lstatSync(this.path, { bigint: true, throwIfNoEntry: false });
    return found?.dev === this.#device && found.ino === this.#inode;
  }
}

/**
 * Makes `server` listen at `path`, for the users that `mode` lets write to the file. It is bound in a folder that only this
 * user can enter, and appears at `path` when its mode is set: so there is no moment in which others may connect, and the
 * process's umask, which all threads share, is left alone.
 *
 * A socket without a listener is replaced. Anything else that stands there stays.
 * @throws SocketFileError, or the system's error
 */
export async function listenAtPath(server: Server, path: string, mode: number, backlog: number): Promise<SocketFile> {
  const most = PATH_BYTES_MAX - HIDDEN_NAME_EXTRA_BYTES;
  if (Buffer.byteLength(path) > most) {
    throw new SocketFileError('ENAMETOOLONG', `the path has more than ${most} bytes, and the system takes no more`);
  }
  const stale = await deadSocket(path);
  const folder = mkdtempSync(`${path}.`);
  try {
    const hidden = join(folder, 's');
    server.listen({ path: hidden, backlog, exclusive: true });
    await once(server, 'listening');
    chmodSync(hidden, mode);
    stale?.remove();
    linkSync(hidden, path);
    return new SocketFile(path);
  } catch (error) {
    server.close();
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw inUse();
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The socket at a path when it has no listener; null when there is nothing. */
async function deadSocket(path: string): Promise<SocketFile | null> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isSocket()) throw new SocketFileError('EEXIST', 'there is a file that is no socket');
  const file = new SocketFile(path);
  const probe = connect(path);
  try {
    await once(probe, 'connect');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED') return file;
    if (code === 'ENOENT') return null;
    // Full, or not for this user, or no stream: alive in any case, as far as can be told.
    throw inUse();
  } finally {
    probe.destroy();
  }
  throw inUse();
}

function inUse(): SocketFileError {
  return new SocketFileError('EADDRINUSE', 'another program listens there');
}
