// Listens on TCP and hands on the frames of every peer. Knows nothing of what a frame holds.

import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

import { Connection, type Disconnect } from './connection.ts';
import { checkedMaxFrame } from './frame-reader.ts';
import { quietPeriod, quietTurns } from './quiet.ts';

// SocketHandler gives a connect one second, which is also what Linux waits before it repeats one that found the queue
// full; and some senders open a connection per record. The kernel lowers this to its own limit.
const BACKLOG = 4096;

// Milliseconds without a byte until the kernel asks whether the peer still exists. An idle peer is never closed for
// being idle, so this is the only way to find out that its machine is gone.
const KEEP_ALIVE_DELAY = 60_000;

export interface LogServerOptions {
  /** The address or name to bind; default 127.0.0.1, which other machines cannot reach. */
  readonly host?: string | undefined;
  /** The port to bind; default 9020, `logging.handlers.DEFAULT_TCP_LOGGING_PORT`. 0 lets the system choose. */
  readonly port?: number | undefined;
  /** The longest payload that is handed on, in bytes: 1 to 2**24 - 1, default 8 MiB. */
  readonly maxFrame?: number | undefined;
  /**
   * Takes each payload, in order per connection. The bytes are valid during the call only. An exception costs that
   * frame and no other: it is counted, and emitted as 'frameError'.
   */
  readonly onFrame: (payload: Uint8Array, connection: Connection) => void;
}

export interface DrainOptions {
  /** Milliseconds without a byte on any connection that mean nothing is left to read; default 200. */
  readonly quiet?: number | undefined;
  /** Milliseconds after which draining ends in any case; default 10,000. */
  readonly limit?: number | undefined;
}

/** The events of a LogServer, with the arguments of their listeners. */
export interface LogServerEvents {
  connection: [connection: Connection];
  disconnect: [connection: Connection, disconnect: Disconnect];
  /** A frame of `length` bytes is over the limit and is being skipped. */
  oversize: [connection: Connection, length: number];
  /** onFrame threw. */
  frameError: [connection: Connection, error: unknown];
  /** The system refused to hand over a connection (its file table is full, say); listening goes on. */
  acceptError: [error: Error];
}

/**
 * The receiving end of SocketHandler, up to its frames: as the cookbook's `LogRecordSocketReceiver`, but that it never
 * takes a short read for the end, and never believes a length.
 *
 * It writes nothing to a peer, closes none for being idle and never pauses reading: a stock client loses two records
 * whenever its connection is closed, and drops a record after a second of a full socket buffer.
 *
 * A server listens once: for another port, or after a failure, make another. The constructor throws RangeError for a
 * `maxFrame` out of range.
 */
export class LogServer extends EventEmitter<LogServerEvents> {
  readonly #options: LogServerOptions;
  readonly #maxFrame: number;
  readonly #listener: Server;
  readonly #connections: Map<Socket, Connection> = new Map();
  #accepted = 0;
  #bytes = 0;
  #listening: Promise<AddressInfo> | null = null;
  #drained: Promise<void> | null = null;
  #closed: Promise<void> | null = null;

  constructor(options: LogServerOptions) {
    super();
    this.#options = options;
    this.#maxFrame = checkedMaxFrame(options.maxFrame);
    this.#listener = createServer({ keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY }, (socket) =>
      this.#accept(socket),
    );
  }

  /**
   * Binds and listens; resolves to the address bound. Rejects with the system's error, e.g. code EADDRINUSE, EACCES,
   * EADDRNOTAVAIL, ENOTFOUND. A second call returns the first one's promise.
   */
  listen(): Promise<AddressInfo> {
    this.#listening ??= this.#listen();
    return this.#listening;
  }

  /** The address bound, or null while it does not listen. */
  get address(): AddressInfo | null {
    return this.#listener.address() as AddressInfo | null;
  }

  /** The connections that are open. */
  get connections(): readonly Connection[] {
    return [...this.#connections.values()];
  }

  /**
   * Ends without losing what has arrived: accepts the connections that wait in the kernel, stops listening, reads until
   * every peer is gone or none has sent anything for a while, then closes. Never rejects. A second call returns the
   * first one's promise.
   */
  drain(options: DrainOptions = {}): Promise<void> {
    this.#drained ??= this.#drain(options.quiet ?? 200, options.limit ?? 10_000);
    return this.#drained;
  }

  /**
   * Stops listening and closes every connection at once; what the kernel still holds is lost. Resolves when all are
   * gone and their 'disconnect' events are out. Never rejects. Cuts a drain short.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #listen(): Promise<AddressInfo> {
    if (this.#closed !== null || this.#drained !== null) throw new Error('a server that was closed stays closed');
    const { host = '127.0.0.1', port = 9020 } = this.#options;
    this.#listener.listen({ host, port, backlog: BACKLOG });
    await once(this.#listener, 'listening');
    this.#listener.on('error', (error) => this.emit('acceptError', error));
    return this.#listener.address() as AddressInfo;
  }

  async #drain(quiet: number, limit: number): Promise<void> {
    const deadline = performance.now() + limit;
    await this.#settled();
    await quietTurns(() => this.#accepted, deadline);
    this.#listener.close();
    await Promise.race([this.#allGone(), quietPeriod(() => this.#bytes, quiet, deadline)]);
    await this.close();
  }

  async #close(): Promise<void> {
    await this.#settled();
    const listenerGone = new Promise<void>((resolve) => this.#listener.close(() => resolve()));
    const allGone = this.#allGone();
    for (const socket of this.#connections.keys()) socket.destroy();
    await Promise.all([listenerGone, allGone]);
  }

  /** A name that is still being looked up would start to listen after a close: waits for it, come what may. */
  async #settled(): Promise<void> {
    await this.#listening?.catch(() => {});
  }

  async #allGone(): Promise<void> {
    const gone = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));
    await Promise.all([...this.#connections.keys()].map(gone));
  }

  #accept(socket: Socket): void {
    this.#accepted++;
    const connection = new Connection(this.#accepted, socket, {
      maxFrame: this.#maxFrame,
      onChunk: (bytes) => {
        this.#bytes += bytes;
      },
      onFrame: this.#options.onFrame,
      onFrameError: (connection, error) => this.emit('frameError', connection, error),
      onOversize: (connection, length) => this.emit('oversize', connection, length),
      onClose: (connection, disconnect) => {
        this.#connections.delete(socket);
        this.emit('disconnect', connection, disconnect);
      },
    });
    this.#connections.set(socket, connection);
    this.emit('connection', connection);
  }
}
