// A connection that is made when it is needed, and again when it is lost: TCP, or a Unix stream socket. Knows no text.

import { once } from 'node:events';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { LoggingError } from '../errors.ts';
import type { Transport } from './outbox.ts';

/** Bytes over a stream. An idle connection keeps no program alive. */
export class StreamTransport implements Transport {
  readonly joins = true;
  readonly #to: NetConnectOpts;
  #socket: Socket | null = null;

  constructor(to: NetConnectOpts) {
    this.#to = to;
  }

  /** @throws the system's error; LoggingError `ERR_CONFIG` where the path is that of a datagram socket */
  async open(): Promise<void> {
    if (this.#socket !== null) return;
    const socket = connect(this.#to);
    this.#socket = socket;
    const lose = (): void => {
      if (this.#socket === socket) this.#socket = null;
    };
    // Whoever waits for the socket is told of its errors as well.
    socket.on('error', lose).on('end', lose).on('close', lose);
    socket.resume();
    try {
      await once(socket, 'connect');
    } catch (error) {
      throw 'path' in this.#to && (error as NodeJS.ErrnoException).code === 'EPROTOTYPE'
        ? datagramSocket(this.#to.path)
        : error;
    }
    socket.unref();
  }

  send(bytes: Uint8Array): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      if (socket === null) throw new Error('the connection was closed');
      socket.ref();
      socket.write(bytes, (error) => {
        socket.unref();
        // A write that is cut short by `destroy` is not an error to Node.
        const failure = error ?? (socket.destroyed ? (socket.errored ?? new Error('the connection was closed')) : null);
        if (failure === null) resolve();
        else reject(failure);
      });
    });
  }

  destroy(error: Error): void {
    this.#socket?.destroy(error);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.end(() => socket.destroy());
  }
}

/** The error that says why a path cannot be sent to. */
export function datagramSocket(path: string): LoggingError {
  return new LoggingError('ERR_CONFIG', `${path} is a Unix datagram socket, and Node has stream sockets only`);
}
