// One endpoint that connections come to: binds it, and hands each accepted socket on unread.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { StreamTransport } from '../reading/connection.ts';
import { type BoundAddress, boundAddress, boundToPath } from './bound-address.ts';
import { type Endpoint, EndpointError, formatEndpoint } from './endpoint.ts';
import { ListenError } from './listen-error.ts';
import { hostToBind } from './loopback.ts';
import { socketKind } from './socket-activation.ts';
import { listenAtPath, type SocketFile } from './unix-socket.ts';

// SocketHandler gives a connect one second, which is also what Linux waits before it repeats one that found the queue
// full; and some senders open a connection per record. The kernel lowers this to its own limit.
const BACKLOG_CONNECTIONS = 4096;

// Milliseconds without a byte until the kernel asks whether the peer still exists. An idle peer is never closed for
// being idle, so this is the only way to find out that its machine is gone.
const KEEP_ALIVE_DELAY_MS = 60_000;

export interface StreamListenerEvents {
  readonly onSocket: (socket: Socket, transport: StreamTransport) => void;
  readonly onAcceptError: (error: Error) => void;
}

/** Listens on TCP, for TLS, on a Unix socket, or on a socket that was handed over. Once. */
export class StreamListener {
  readonly #endpoint: Endpoint;
  readonly #events: StreamListenerEvents;
  readonly #server: Server;
  #transport: StreamTransport = 'tcp';
  #bound: BoundAddress | null = null;
  #file: SocketFile | null = null;

  /** Throws TypeError for an endpoint of datagrams. */
  constructor(endpoint: Endpoint, events: StreamListenerEvents) {
    if (endpoint.transport === 'udp') throw new TypeError(`${formatEndpoint(endpoint)} is for a DatagramServer`);
    this.#endpoint = endpoint;
    this.#events = events;
    // No delay for what TLS answers in a handshake, which clients wait for.
    const options = { keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS, noDelay: true };
    this.#server = createServer(options, (socket) => events.onSocket(socket, this.#transport));
  }

  /** What is bound, while it listens; else null. */
  get bound(): BoundAddress | null {
    return this.#server.listening ? this.#bound : null;
  }

  /**
   * Binds and listens. `unixMode` is the mode of a Unix socket's file.
   * @throws ListenError
   */
  async listen(unixMode: number): Promise<BoundAddress> {
    try {
      this.#bound = await this.#bind(unixMode);
    } catch (error) {
      throw new ListenError(this.#endpoint, error);
    }
    this.#server.on('error', this.#events.onAcceptError);
    return this.#bound;
  }

  /** Stops listening, and resolves when every connection is closed too. */
  close(): Promise<void> {
    try {
      this.#file?.remove();
    } catch {
      // It has no listener from here on: the next process that listens at that path replaces it.
    }
    this.#file = null;
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #bind(unixMode: number): Promise<BoundAddress> {
    const [server, endpoint] = [this.#server, this.#endpoint];
    switch (endpoint.transport) {
      case 'unix':
        this.#transport = 'unix';
        this.#file = await listenAtPath(server, endpoint.path, unixMode, BACKLOG_CONNECTIONS);
        return boundToPath(endpoint.path);
      case 'fd': {
        const { kind, path } = socketKind(endpoint.fd);
        if (kind === 'udp') throw new EndpointError('it is a socket of datagrams');
        if (kind === 'unix' && endpoint.tls) throw new EndpointError('it is a Unix socket: no TLS there');
        this.#transport = kind === 'unix' ? 'unix' : endpoint.tls ? 'tls' : 'tcp';
        server.listen({ fd: endpoint.fd, backlog: BACKLOG_CONNECTIONS });
        await once(server, 'listening');
        return path === null ? this.#boundAddress() : boundToPath(path);
      }
      default: {
        const { transport, host, port } = endpoint;
        this.#transport = transport as 'tcp' | 'tls';
        server.listen({ host: hostToBind(host), port, backlog: BACKLOG_CONNECTIONS });
        await once(server, 'listening');
        return this.#boundAddress();
      }
    }
  }

  #boundAddress(): BoundAddress {
    const { address, port } = this.#server.address() as AddressInfo;
    return boundAddress(this.#transport as 'tcp' | 'tls', address, port);
  }
}
