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
 * A message is handed over when the server answers with a status below 400. 429 and those from 500 up ask for it again
 * later, as does a request that fails before its answer: the message may have arrived, and then arrives twice. Any other
 * status refuses it for good.
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
      let failure: Error = new Error('the server closed the connection without an answer');
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
        failure = error;
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
function refusalOf({ statusCode = 0, headers }: IncomingMessage): RefusedError | null {
  if (statusCode < 400) return null;
  const isTemporary = statusCode === 429 || statusCode >= 500;
  return new RefusedError(`the server answered ${statusCode}`, isTemporary ? secondsOf(headers['retry-after']) : null);
}

/** The seconds that a Retry-After asks to wait (RFC 9110, 10.2.3): a number of them, or a date. 0 where it says neither. */
function secondsOf(retryAfter: string | undefined): number {
  if (retryAfter === undefined) return 0;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return seconds > 0 ? seconds : 0;
}
