// What monitoring asks over HTTP: metrics, and whether the program lives and takes records.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostToBind } from '../../net/listen/index.ts';
import { failure } from '../command-failure.ts';
import type { HostPort } from '../settings/listeners.ts';

/** One scraper or two read this: they need no more time, and no more of anything. */
const REQUEST_MS_MAX = 5000;
const HEADER_BYTES_MAX = 8192;
const CONNECTIONS_MAX = 64;

/** What is asked for. */
export interface StatusSources {
  /** The type and the text of `/metrics`. */
  readonly metrics: () => Promise<readonly [contentType: string, text: string]>;
  /** Whether records are taken: `/ready` is 503 otherwise. */
  readonly isReady: () => boolean;
}

/** Serves `/metrics`, `/health` and `/ready`, to GET and HEAD. */
export class StatusServer {
  readonly #sources: StatusSources;
  readonly #server: Server;

  constructor(sources: StatusSources) {
    this.#sources = sources;
    this.#server = createServer(
      {
        maxHeaderSize: HEADER_BYTES_MAX,
        headersTimeout: REQUEST_MS_MAX,
        requestTimeout: REQUEST_MS_MAX,
        connectionsCheckingInterval: 1000,
      },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = CONNECTIONS_MAX;
    this.#server.keepAliveTimeout = REQUEST_MS_MAX;
  }

  /**
   * Resolves to the URL that is served.
   * @throws CommandFailure where it cannot be bound
   */
  async listen({ host, port }: HostPort): Promise<string> {
    try {
      this.#server.listen({ host: hostToBind(host), port });
      await once(this.#server, 'listening');
    } catch (error) {
      throw failure(`cannot serve --metrics on port ${port} of ${host}`, error);
    }
    // A connection that the system refuses to hand over is the scraper's loss.
    this.#server.on('error', () => {});
    // It is no reason to go on by itself.
    this.#server.unref();
    const { address, family, port: bound } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, type, body] = await this.#answerTo(request).catch((): Answer => [500, TEXT, 'no metrics\n']);
    response.writeHead(status, {
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
      ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
    });
    response.end(request.method === 'HEAD' ? '' : body);
  }

  async #answerTo({ method, url = '' }: IncomingMessage): Promise<Answer> {
    const path = url.split('?')[0];
    if (path !== '/metrics' && path !== '/health' && path !== '/ready') return [404, TEXT, 'not found\n'];
    if (method !== 'GET' && method !== 'HEAD') return [405, TEXT, 'GET or HEAD only\n'];
    if (path === '/metrics') return [200, ...(await this.#sources.metrics())];
    if (path === '/health' || this.#sources.isReady()) return [200, TEXT, 'ok\n'];
    return [503, TEXT, 'not taking records\n'];
  }
}

type Answer = readonly [status: number, contentType: string, body: string];

const TEXT = 'text/plain; charset=utf-8';
