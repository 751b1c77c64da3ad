// Messages as HTTP requests, one after another. Knows no record.

import { type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Transport } from './outbox.ts';

/** One request: what Node's `request` takes, and a body. */
export interface HttpMessage {
  readonly secure: boolean;
  readonly options: RequestOptions;
  readonly body: string;
}

/**
 * Each message a request on a connection of its own. A message that never left, since there was no connection, is sent
 * again; one that may have arrived is not.
 */
export class HttpTransport implements Transport {
  readonly joins = false;
  readonly #toMessage: (text: string) => HttpMessage;
  readonly #onLost: (error: Error) => void;
  #request: ClientRequest | null = null;

  /** @param onLost told why a message was given up, or that the server refused it */
  constructor(toMessage: (text: string) => HttpMessage, onLost: (error: Error) => void) {
    this.#toMessage = toMessage;
    this.#onLost = onLost;
  }

  async open(): Promise<void> {}

  async send(bytes: Uint8Array): Promise<void> {
    const { secure, options, body } = this.#toMessage(Buffer.from(bytes).toString());
    await new Promise<void>((resolve, reject) => {
      let connected = false;
      let answered = false;
      const request = (secure ? httpsRequest : httpRequest)({ ...options, agent: false });
      this.#request = request;
      request.on('socket', (socket) => {
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          connected = true;
        });
      });
      request.on('response', (response) => {
        answered = true;
        const status = response.statusCode ?? 0;
        if (status >= 400) this.#onLost(new Error(`the server answered ${status}`));
        response.on('error', () => {}); // nobody reads the rest
        response.resume();
      });
      request.on('error', (error) => {
        if (!connected) {
          reject(error);
        } else if (!answered) {
          answered = true;
          this.#onLost(error);
        }
      });
      request.on('close', resolve);
      request.end(body);
    });
  }

  destroy(error: Error): void {
    this.#request?.destroy(error);
  }

  async close(): Promise<void> {}
}
