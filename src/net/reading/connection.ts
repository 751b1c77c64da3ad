// One accepted socket, read into frames from its first byte to its close. Nothing is ever written to it.

import type { Socket } from 'node:net';

import { plainAddress } from '../access/allow-list.ts';
import type { Peer } from '../access/peer.ts';
import { type FrameBudget, FrameReader, type FramingError } from '../framing/frame-reader.ts';
import { startReading, stopReading } from './socket-reading.ts';

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
  /** No byte came for too long, inside a frame. */
  | { readonly why: 'idle-timeout'; readonly bytes: number }
  /** This side closed. */
  | { readonly why: 'closed'; readonly bytes: number };

/** What a connection asks of its owner, and tells it: one for all connections. */
export interface ConnectionOwner {
  readonly maxFrame: number;
  /** `bytes` more were read, and all frames in them handed on. */
  onRead(connection: Connection, bytes: number): void;
  onFrame(bytes: Uint8Array, start: number, end: number, connection: Connection): void;
  onFrameError(connection: Connection, error: unknown): void;
  onOversize(connection: Connection, length: number): void;
  onOverBudget(connection: Connection, length: number): void;
  onClose(connection: Connection, disconnect: Disconnect, socket: Socket): void;
}

/** What connections come over. */
export type StreamTransport = 'tcp' | 'tls' | 'unix';

/** What is known of a socket when it is accepted. */
export interface Accepted {
  readonly id: number;
  readonly transport: StreamTransport;
  readonly subject: string | null;
  readonly budget: FrameBudget;
}

/** A peer, and what it has sent so far. */
export class Connection implements Peer {
  readonly id: number;
  readonly transport: StreamTransport;
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly subject: string | null;
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  #frameErrors = 0;
  #isTimedOut = false;

  /** Takes a socket from which nothing was read yet. */
  constructor(socket: Socket, { id, transport, subject, budget }: Accepted, owner: ConnectionOwner) {
    this.id = id;
    this.transport = transport;
    this.remoteAddress = addressOf(socket);
    this.remotePort = socket.remotePort;
    this.subject = subject;
    this.#socket = socket;
    this.#reader = new FrameReader({
      maxFrame: owner.maxFrame,
      budget,
      onFrame: (bytes, start, end) => {
        try {
          owner.onFrame(bytes, start, end, this);
        } catch (error) {
          this.#frameErrors++;
          owner.onFrameError(this, error);
        }
      },
      onOversize: (length) => owner.onOversize(this, length),
      onOverBudget: (length) => owner.onOverBudget(this, length),
    });
    this.#read(owner);
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

  /** Frames skipped because the memory for unfinished frames had no room for them. */
  get overBudget(): number {
    return this.#reader.overBudget;
  }

  /** Bytes read of a frame that is not whole yet, prefix included; 0 between frames. */
  get unfinished(): number {
    return this.#reader.unfinished;
  }

  /** Frames whose handler threw. */
  get frameErrors(): number {
    return this.#frameErrors;
  }

  /** Closes the connection, for which no byte came for too long inside a frame. */
  closeIdle(): void {
    this.#isTimedOut = true;
    this.#socket.destroy();
  }

  /** Leaves what comes in the kernel, while others have their turn. */
  stopReading(): void {
    stopReading(this.#socket);
  }

  /** Goes on where `stopReading` stopped. */
  startReading(): void {
    startReading(this.#socket);
  }

  #read(owner: ConnectionOwner): void {
    const [socket, reader] = [this.#socket, this.#reader];
    socket.on('data', (chunk: Uint8Array) => {
      reader.push(chunk);
      owner.onRead(this, chunk.length);
      if (reader.failure !== null) socket.destroy();
    });
    // Most errors come from a socket that is closing. Those of TLS after the handshake do not: it would stay open, and
    // keep all that its peer goes on sending.
    socket.on('error', (error) => socket.destroy(error));
    socket.once('close', () => owner.onClose(this, this.#disconnect(), socket));
  }

  #disconnect(): Disconnect {
    const [socket, reader] = [this.#socket, this.#reader];
    const bytes = reader.end();
    if (reader.failure !== null) return { why: 'protocol', error: reader.failure };
    if (this.#isTimedOut) return { why: 'idle-timeout', bytes };
    if (socket.errored !== null) return { why: 'reset', bytes, error: socket.errored };
    if (!socket.readableEnded) return { why: 'closed', bytes };
    return bytes > 0 ? { why: 'truncated', bytes } : { why: 'end' };
  }
}

/** The address of a socket's peer; undefined over a Unix socket, and when the peer was gone before it was accepted. */
export function addressOf(socket: Socket): string | undefined {
  const address = socket.remoteAddress;
  return address === undefined ? undefined : plainAddress(address);
}
