// Messages as UDP datagrams, one each, which nothing tells whether they arrive.

import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { RefusedError, type Transport } from '../transport.ts';

/** What a host name is looked up for: IPv4, IPv6, or with 0 whichever comes first. */
export type IPFamily = 0 | 4 | 6;

/** Datagrams to the host's first address, which is looked up anew after an error. The socket keeps no program alive. */
export class DatagramTransport implements Transport {
  readonly batchBytesMax = 0;
  readonly #host: string;
  readonly #port: number;
  readonly #family: IPFamily;
  #socket: Socket | null = null;
  #address = '';
  /** Fails what is under way: a look-up or a datagram, neither of which can be called off. */
  #reject: (error: Error) => void = () => {};

  constructor(host: string, port: number, family: IPFamily = 0) {
    this.#host = host;
    this.#port = port;
    this.#family = family;
  }

  get isOpen(): boolean {
    return this.#socket !== null;
  }

  /** @throws the system's error where the host has no address */
  async open(): Promise<void> {
    const { address, family } = await this.#unlessDestroyed(lookup(this.#host, { family: this.#family }));
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4').unref();
    socket.on('error', (error) => {
      if (this.#socket === socket) this.destroy(error);
    });
    this.#socket = socket;
    this.#address = address;
  }

  /** @throws RefusedError for a datagram that is too long for the system or the network */
  async send(bytes: Uint8Array): Promise<void> {
    const sending = new Promise<void>((resolve, reject) => {
      if (this.#socket === null) throw new Error('the socket was closed');
      this.#socket.send(bytes, this.#port, this.#address, (error) => (error === null ? resolve() : reject(error)));
    });
    try {
      await this.#unlessDestroyed(sending);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EMSGSIZE') throw new RefusedError(message, null);
      await this.close();
      throw error;
    }
  }

  destroy(error: Error): void {
    this.#reject(error);
    void this.close();
  }

  async close(): Promise<void> {
    this.#socket?.close();
    this.#socket = null;
  }

  /** What comes of the work, or the error of `destroy` where that comes first. */
  #unlessDestroyed<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      work.then(resolve, reject);
    });
  }
}
