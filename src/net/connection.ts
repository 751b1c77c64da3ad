// One accepted socket, read into frames from its first byte to its close. Nothing is ever written to it, and reading
// never pauses. Knows no listener and nothing of what a frame holds.

import type { Socket } from 'node:net';

import { FrameReader, type FramingError } from './frame-reader.ts';

/**
 * Why a connection is gone. `bytes` counts the unfinished frame that was lost with it, prefix included.
 *
 * A reset that waits behind unread data shows as a close by the peer, since libuv reports the end of the data so. What
 * the kernel held is read either way.
 */
export type Disconnect =
  /** The peer closed between two frames. */
  | { readonly why: 'end' }
  /** The peer closed inside a frame. */
  | { readonly why: 'truncated'; readonly bytes: number }
  /** The connection broke; the error's code is ECONNRESET, ETIMEDOUT and the like. */
  | { readonly why: 'reset'; readonly bytes: number; readonly error: NodeJS.ErrnoException }
  /** The peer speaks another protocol, which the error names. */
  | { readonly why: 'protocol'; readonly error: FramingError }
  /** This side closed. */
  | { readonly why: 'closed'; readonly bytes: number };

/** What the owner of a connection gives it and is told by it. */
export interface ConnectionOptions {
  readonly maxFrame: number;
  readonly onChunk: (bytes: number) => void;
  readonly onFrame: (payload: Uint8Array, connection: Connection) => void;
  readonly onFrameError: (connection: Connection, error: unknown) => void;
  readonly onOversize: (connection: Connection, length: number) => void;
  readonly onClose: (connection: Connection, disconnect: Disconnect) => void;
}

/** A peer, and what it has sent so far. */
export class Connection {
  /** 1 for the first connection of its server, and so on. */
  readonly id: number;
  /** Undefined when the peer was gone before it was accepted: what it sent is read all the same. */
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly #reader: FrameReader;
  #frameErrors = 0;

  /** Takes a socket that nobody has read from yet. */
  constructor(id: number, socket: Socket, options: ConnectionOptions) {
    this.id = id;
    this.remoteAddress = socket.remoteAddress;
    this.remotePort = socket.remotePort;
    this.#reader = new FrameReader({
      maxFrame: options.maxFrame,
      onFrame: (payload) => {
        try {
          options.onFrame(payload, this);
        } catch (error) {
          this.#frameErrors++;
          options.onFrameError(this, error);
        }
      },
      onOversize: (length) => options.onOversize(this, length),
    });
    this.#read(socket, options);
  }

  /** Frames handed on. */
  get frames(): number {
    return this.#reader.frames;
  }

  /** Bytes read. */
  get bytes(): number {
    return this.#reader.bytes;
  }

  /** Frames skipped for being over the limit. */
  get oversize(): number {
    return this.#reader.oversize;
  }

  /** Frames whose handler threw. */
  get frameErrors(): number {
    return this.#frameErrors;
  }

  #read(socket: Socket, options: ConnectionOptions): void {
    const reader = this.#reader;
    let error: Error | null = null;
    socket.on('data', (chunk: Uint8Array) => {
      options.onChunk(chunk.length);
      reader.push(chunk);
      if (reader.failure !== null) socket.destroy();
    });
    socket.once('error', (reason) => {
      error = reason;
    });
    socket.once('close', () => options.onClose(this, disconnectOf(reader, error, socket.readableEnded)));
  }
}

function disconnectOf(reader: FrameReader, error: Error | null, ended: boolean): Disconnect {
  const bytes = reader.end();
  if (reader.failure !== null) return { why: 'protocol', error: reader.failure };
  if (error !== null) return { why: 'reset', bytes, error };
  if (!ended) return { why: 'closed', bytes };
  return bytes > 0 ? { why: 'truncated', bytes } : { why: 'end' };
}
