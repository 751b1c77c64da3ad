// Messages as HTTP requests, one after another, each on a connection of its own.

import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { RefusedError, type Transport } from '../transport.ts';

/** One request: what Node's `request` takes, and a body. */
export interface HttpMessage {
  readonly secure: boolean;
  readonly options: RequestOptions;
  readonly body: Uint8Array;
}

/** Bytes of an answer's body that are read, and thrown away, before the connection is closed. */
const ANSWER_BYTES_MAX: number = 64 * 1024;

/**
 * A message that never left, since there was no connection, is sent again. One that may have arrived is not: it is
 * refused, as is one that the server answers with a status from 400 up.
 */
export class HttpTransport implements Transport {
  readonly batchBytesMax = 0;
  readonly isOpen = false;
  readonly #messageOf: (bytes: Uint8Array) => HttpMessage;
  #request: ClientRequest | null = null;

  constructor(messageOf: (bytes: Uint8Array) => HttpMessage) {
    this.#messageOf = messageOf;
  }

  async open(): Promise<void> {}

  /** @throws RefusedError by the server's answer, or for what no request can be made of; else the system's error */
  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const { request, body } = this.#begin(bytes);
      this.#request = request;
      let answer: IncomingMessage | null = null;
      let connected = false;
      let failure: Error = new Error('the server closed the connection without an answer');
      request.on('socket', (socket) => {
        socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
          connected = true;
        });
      });
      request.on('response', (response) => {
        answer = response;
        let left = ANSWER_BYTES_MAX;
        response.on('error', () => {}); // the status has come, and decides
        response.on('data', (chunk: Uint8Array) => {
          left -= chunk.length;
          if (left < 0) request.destroy();
        });
      });
      request.on('error', (error) => {
        failure = connected ? new RefusedError(error.message, null) : error;
      });
      request.on('close', () => {
        this.#request = null;
        const refusal = answer === null ? failure : refusalOf(answer);
        if (refusal === null) resolve();
        else reject(refusal);
      });
      request.end(body);
    });
  }

  destroy(error: Error): void {
    this.#request?.destroy(error);
  }

  async close(): Promise<void> {}

  #begin(bytes: Uint8Array): { request: ClientRequest; body: Uint8Array } {
    try {
      const { secure, options, body } = this.#messageOf(bytes);
      return { request: (secure ? httpsRequest : httpRequest)({ ...options, agent: false }), body };
    } catch (error) {
      throw new RefusedError((error as Error).message, null);
    }
  }
}

/** Why the server does not take a message; null where it does. */
function refusalOf({ statusCode = 0 }: IncomingMessage): RefusedError | null {
  return statusCode < 400 ? null : new RefusedError(`the server answered ${statusCode}`, null);
}
