// A connection that is made when it is needed, and again when it is lost: TCP, TLS, or a Unix stream socket.

import type { Socket } from 'node:net';
import { LoggingError } from '../../errors.ts';
import type { Transport } from '../transport.ts';

/**
 * Bytes over a stream. An idle connection keeps no program alive. What the other side sends is read and thrown away, since
 * reading is how its end is noticed.
 */
export class StreamTransport implements Transport {
  readonly batchBytesMax: number = 64 * 1024;
  readonly #connect: () => Socket;
  readonly #onLost: (error: Error) => void;
  #socket: Socket | null = null;
  #connected = false;
  /** Fails the call that is under way. */
  #reject: ((error: Error) => void) | null = null;

  /**
   * @param connect a socket that is being connected
   * @param onLost told of an error of a connection that was not in use
   */
  constructor(connect: () => Socket, onLost: (error: Error) => void) {
    this.#connect = connect;
    this.#onLost = onLost;
  }

  get isOpen(): boolean {
    return this.#connected && this.#socket?.destroyed === false;
  }

  /** @throws the system's error; LoggingError `ERR_CONFIG` where the path is that of a datagram socket */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = this.#connect();
      let failure: Error | null = null;
      this.#socket = socket;
      this.#connected = false;
      this.#reject = reject;
      socket.setNoDelay(true);
      socket.on('connect', () => {
        if (this.#socket !== socket) return;
        this.#connected = true;
        this.#reject = null;
        resolve();
      });
      socket.on('error', (error: NodeJS.ErrnoException & { address?: string }) => {
        failure = error.code === 'EPROTOTYPE' ? unixDatagramSocket(String(error.address)) : error;
      });
      socket.on('end', () => socket.destroy());
      socket.resume();
      socket.on('close', () => {
        if (this.#socket === socket) this.#lose(failure);
      });
    });
  }

  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = this.#socket;
      if (socket === null) throw closedByReceiver();
      this.#reject = reject;
      socket.ref();
      socket.write(bytes, (error) => {
        socket.unref();
        // Where the connection has broken its close decides: a write that is cut short by it is no error to Node.
        if (error || socket.destroyed || this.#reject !== reject) return;
        this.#reject = null;
        resolve();
      });
    });
  }

  destroy(error: Error): void {
    const socket = this.#socket;
    const reject = this.#reject;
    this.#socket = null;
    this.#reject = null;
    socket?.destroy();
    reject?.(error);
  }

  /** Resolves when the other side is sure to be told that nothing comes any more. */
  close(): Promise<void> {
    const socket = this.#socket;
    if (socket === null) return Promise.resolve();
    socket.ref();
    return new Promise((resolve) => {
      socket.on('close', () => resolve());
      socket.destroySoon();
    });
  }

  /** The connection is no more. */
  #lose(failure: Error | null): void {
    const reject = this.#reject;
    this.#socket = null;
    this.#reject = null;
    if (reject !== null) reject(failure ?? closedByReceiver());
    else if (failure !== null) this.#onLost(failure);
  }
}

function closedByReceiver(): Error {
  return new Error('the receiver closed the connection');
}

/** The error that says why a path cannot be sent to. */
export function unixDatagramSocket(path: string): LoggingError {
  return new LoggingError('ERR_CONFIG', `${path} is a Unix datagram socket, and Node has stream sockets only`);
}
