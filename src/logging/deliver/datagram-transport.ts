// Messages as UDP datagrams. Knows no text.

import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns';
import type { Transport } from './outbox.ts';

/** Each message a datagram to the host's first address, which is looked up anew after an error. */
export class DatagramTransport implements Transport {
  readonly joins = false;
  readonly #host: string;
  readonly #port: number;
  readonly #onLost: (error: Error) => void;
  #socket: Socket | null = null;
  #address = '';
  /** Fails what is under way: a look-up or a datagram, neither of which can be called off. */
  #fail: ((error: Error) => void) | null = null;

  /** @param onLost told why a message was given up: the system does not send one of that length */
  constructor(host: string, port: number, onLost: (error: Error) => void) {
    this.#host = host;
    this.#port = port;
    this.#onLost = onLost;
  }

  open(): Promise<void> {
    if (this.#socket !== null) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      lookup(this.#host, (error, address, family) => {
        if (this.#fail !== reject) return;
        if (error !== null) {
          this.destroy(error);
          return;
        }
        this.#socket = createSocket(family === 6 ? 'udp6' : 'udp4').unref();
        this.#socket.on('error', (failure) => this.destroy(failure));
        this.#address = address;
        resolve();
      });
    });
  }

  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#socket === null) throw new Error('the socket was closed');
      this.#fail = reject;
      this.#socket.send(bytes, this.#port, this.#address, (error) => {
        if (this.#fail !== reject) return;
        if (error !== null && (error as NodeJS.ErrnoException).code !== 'EMSGSIZE') {
          this.destroy(error);
          return;
        }
        if (error !== null) this.#onLost(error);
        resolve();
      });
    });
  }

  destroy(error: Error): void {
    this.#fail?.(error);
    this.#fail = null;
    this.#socket?.close();
    this.#socket = null;
  }

  async close(): Promise<void> {
    this.#socket?.close();
    this.#socket = null;
  }
}
