// A server for streams: listens for connections, and hands on the frames of every peer as bytes.

import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

import { AllowList } from './access/allow-list.ts';
import { ConnectionLimiter, checkedLimits, type Usage } from './access/connection-limits.ts';
import { PeerRefusedError } from './access/peer.ts';
import { checkedMaxFrame } from './framing/frame-reader.ts';
import { Lifecycle } from './lifecycle.ts';
import type { BoundAddress } from './listen/bound-address.ts';
import { endpointsOf } from './listen/endpoint.ts';
import { StreamListener } from './listen/stream-listener.ts';
import type { LogServerEvents, LogServerOptions } from './log-server-options.ts';
import { addressOf, Connection, type ConnectionOwner, type StreamTransport } from './reading/connection.ts';
import { type DrainOptions, idlePeriod, idleTurns } from './reading/drain.ts';
import { IdleWatch } from './reading/idle-watch.ts';
import { READ_BYTES_MAX, ReadQuota } from './reading/read-quota.ts';
import { readInto, readMemory } from './reading/socket-reading.ts';
import { TlsHandshakes } from './tls/tls-handshakes.ts';
import type { TlsSettings } from './tls/tls-settings.ts';

/** The default mode of a Unix socket's file: its owner may connect. */
const UNIX_MODE_DEFAULT = 0o600;

/**
 * The receiving end of SocketHandler, up to its frames: as the cookbook's `LogRecordSocketReceiver`, but that it never
 * takes a short read for the end, and never believes a length.
 *
 * It writes nothing to a peer (TLS does, for itself), closes none for being idle between frames and keeps none waiting
 * but for what others have sent: a stock client loses two records whenever its connection is closed, and drops a record
 * after a second of a full socket buffer.
 *
 * A server listens once: for another port, or after a failure, make another. The constructor throws RangeError for a
 * limit out of range, EndpointError for text that names no endpoint or address, TlsSettingsError for certificates that
 * cannot be used, and TypeError for options that contradict each other.
 */
export class LogServer extends EventEmitter<LogServerEvents> {
  readonly #life: Lifecycle;
  readonly #unixMode: number;
  readonly #allowList: AllowList | null;
  readonly #limiter: ConnectionLimiter;
  readonly #idleWatch: IdleWatch<Connection>;
  readonly #quota: ReadQuota<Connection>;
  /** What all sockets are read into, if there is such memory. */
  readonly #memory: Uint8Array | null = readMemory(READ_BYTES_MAX);
  readonly #listeners: readonly StreamListener[];
  readonly #handshaker: TlsHandshakes | null;
  readonly #owner: ConnectionOwner;
  readonly #connections: Map<Socket, Connection> = new Map();
  /** Sockets whose TLS handshake is under way. */
  readonly #handshakes: Set<Socket> = new Set();
  /** Sockets that came, and peers that were told of. */
  #accepted = 0;
  #peers = 0;
  #bytes = 0;
  #isClosing = false;

  constructor(options: LogServerOptions) {
    super();
    const { tls, allowFrom, unixMode = UNIX_MODE_DEFAULT } = options;
    const endpoints = endpointsOf(options);
    const limits = checkedLimits(options.connectionLimits);
    if (tls === undefined && endpoints.some((each) => each.transport === 'tls' || ('tls' in each && each.tls))) {
      throw new TypeError('to listen for TLS there must be a certificate: see the option tls');
    }
    this.#unixMode = unixMode;
    this.#allowList = allowFrom === undefined ? null : new AllowList(allowFrom);
    this.#limiter = new ConnectionLimiter(limits);
    this.#idleWatch = new IdleWatch(limits.frameTimeout, (connection) => connection.closeIdle());
    // Silence is counted against those only that are read.
    this.#quota = new ReadQuota({
      stop: (connection) => {
        this.#idleWatch.touch(connection, false);
        connection.stopReading();
      },
      start: (connection) => {
        this.#idleWatch.touch(connection, connection.unfinished > 0);
        connection.startReading();
      },
    });
    this.#handshaker = tls === undefined ? null : this.#makeHandshaker(tls);
    this.#owner = this.#connectionOwner(checkedMaxFrame(options.maxFrame), options);
    const events = {
      onSocket: (socket: Socket, transport: StreamTransport) =>
        this.#accept(this.#shared(socket, transport), transport),
      onAcceptError: (error: Error) => this.emit('acceptError', error),
    };
    this.#listeners = endpoints.map((endpoint) => new StreamListener(endpoint, events));
    this.#life = new Lifecycle({
      bind: () => this.#bind(),
      readUntilIdle: (idle, deadline) => this.#readUntilIdle(idle, deadline),
      release: () => this.#release(),
    });
  }

  /**
   * Binds and listens on all endpoints, or on none; resolves to the first, as it is bound. Rejects with a ListenError,
   * whose code is the system's, e.g. EADDRINUSE, EACCES, EADDRNOTAVAIL, ENOTFOUND. A second call returns the first
   * one's promise.
   */
  listen(): Promise<BoundAddress> {
    return this.#life.listen();
  }

  /** What is bound, in the order of the options; empty while it does not listen. */
  get bound(): readonly BoundAddress[] {
    return this.#listeners.flatMap(({ bound }) => bound ?? []);
  }

  /** The first of what is bound, or null while it does not listen. */
  get address(): BoundAddress | null {
    return this.bound[0] ?? null;
  }

  /** The connections that are open. */
  get connections(): readonly Connection[] {
    return [...this.#connections.values()];
  }

  /** How many connections are open. */
  get open(): number {
    return this.#connections.size;
  }

  /** Bytes read, of all connections. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of `maxUnfinished` that are taken now; the 4 KiB that each connection has of its own are not counted. */
  get unfinished(): number {
    return this.#limiter.unfinished;
  }

  /** Whether clients of its TLS endpoints must show a certificate. */
  get asksForCertificate(): boolean {
    return this.#handshaker?.asksForCertificate ?? false;
  }

  /**
   * Shows and asks for these certificates from the next TLS handshake on.
   * @throws TlsSettingsError when they cannot be used, or change whether clients need one, and TypeError on a server without
   *   TLS: then nothing changes
   */
  setTls(tls: TlsSettings): void {
    if (this.#handshaker === null) throw new TypeError('a server without TLS has no certificates to change');
    this.#handshaker.set(tls);
  }

  /**
   * Ends without losing what has arrived: accepts the connections that wait in the kernel, stops listening, reads until
   * every peer is gone or none has sent anything for a while, then closes. Never rejects. A second call returns the
   * first one's promise.
   */
  drain(options?: DrainOptions): Promise<void> {
    return this.#life.drain(options);
  }

  /**
   * Stops listening and closes every connection at once; what the kernel still holds is lost. Resolves when all are
   * gone and their 'disconnect' events are out. Never rejects. Cuts a drain short.
   */
  close(): Promise<void> {
    return this.#life.close();
  }

  async #bind(): Promise<BoundAddress> {
    for (const listener of this.#listeners) await listener.listen(this.#unixMode);
    return this.address as BoundAddress;
  }

  async #readUntilIdle(idle: number, deadline: number): Promise<void> {
    await idleTurns(() => this.#accepted, deadline);
    for (const listener of this.#listeners) void listener.close();
    // A handshake that ends is as good as a byte: what its client has to say comes next. So is a connection that is read
    // again, since others wait for their turn after it.
    const count = (): number => this.#bytes + this.#peers + this.#quota.starts;
    await Promise.race([this.#allGone(), idlePeriod(count, idle, deadline)]);
  }

  async #release(): Promise<void> {
    this.#isClosing = true;
    const listenersGone = this.#listeners.map((listener) => listener.close());
    const allGone = this.#allGone();
    for (const socket of [...this.#connections.keys(), ...this.#handshakes]) socket.destroy();
    await Promise.all([...listenersGone, allGone]);
  }

  async #allGone(): Promise<void> {
    const gone = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));
    await Promise.all([...this.#connections.keys(), ...this.#handshakes].map(gone));
  }

  /** The socket to read: one that reads into the memory of all, or the accepted one over TLS, which has its own. */
  #shared(socket: Socket, transport: StreamTransport): Socket {
    const memory = this.#memory;
    if (memory === null || transport === 'tls') return socket;
    return readInto(socket, (last) => memory.subarray(0, this.#quota.nextReadBytes(last)));
  }

  #accept(socket: Socket, transport: StreamTransport): void {
    this.#accepted++;
    const address = addressOf(socket);
    if (transport !== 'unix' && this.#allowList !== null && (address === undefined || !this.#allowList.has(address))) {
      const who = address ?? 'a peer that was gone before its address was known';
      this.#refuse(socket, transport, new PeerRefusedError('ERR_PEER_NOT_ALLOWED', `${who} may not connect`));
      return;
    }
    const usage = this.#limiter.enter(originOf(address, transport));
    if (typeof usage === 'string') {
      this.#refuse(socket, transport, new PeerRefusedError('ERR_PEER_LIMIT', usage));
      return;
    }
    socket.once('close', () => this.#limiter.leave(usage));
    if (this.#handshaker === null || transport !== 'tls') {
      this.#connect(socket, transport, null, usage);
      return;
    }
    this.#handshakes.add(socket);
    socket.once('close', () => this.#handshakes.delete(socket));
    this.#handshaker.begin(socket);
  }

  #connect(socket: Socket, transport: StreamTransport, subject: string | null, budget: Usage): void {
    const connection = new Connection(socket, { id: ++this.#peers, transport, subject, budget }, this.#owner);
    this.#connections.set(socket, connection);
    this.#quota.add(connection);
    this.emit('connection', connection);
  }

  #refuse(socket: Socket | undefined, transport: StreamTransport, error: PeerRefusedError): void {
    const remoteAddress = socket === undefined ? undefined : addressOf(socket);
    const peer = { id: ++this.#peers, transport, remoteAddress, remotePort: socket?.remotePort, subject: null };
    socket?.destroy();
    this.emit('refused', peer, error);
  }

  #makeHandshaker(tls: TlsSettings): TlsHandshakes {
    return new TlsHandshakes(tls, {
      onSecure: (socket, transportSocket, subject) => {
        if (transportSocket !== undefined) this.#handshakes.delete(transportSocket);
        const usage = this.#limiter.usageOf(originOf(addressOf(transportSocket ?? socket), 'tls'));
        if (usage === undefined) socket.destroy();
        else this.#connect(socket, 'tls', subject, usage);
      },
      onFailure: (transportSocket, error) => {
        if (!this.#isClosing) this.#refuse(transportSocket, 'tls', error);
      },
    });
  }

  #connectionOwner(maxFrame: number, { onFrame }: LogServerOptions): ConnectionOwner {
    return {
      maxFrame,
      onFrame,
      onRead: (connection, bytes) => {
        this.#bytes += bytes;
        const isRead = this.#quota.read(connection, bytes);
        this.#idleWatch.touch(connection, isRead && connection.unfinished > 0);
      },
      onFrameError: (connection, error) => this.emit('frameError', connection, error),
      onOversize: (connection, length) => this.emit('oversize', connection, length),
      onOverBudget: (connection, length) => this.emit('overBudget', connection, length),
      onClose: (connection, disconnect, socket) => {
        this.#idleWatch.touch(connection, false);
        this.#quota.remove(connection);
        this.#connections.delete(socket);
        this.emit('disconnect', connection, disconnect);
      },
    };
  }
}

/** What a connection is counted for: its address, or one name for all that have none. */
function originOf(address: string | undefined, transport: StreamTransport): string {
  return address ?? (transport === 'unix' ? 'Unix sockets' : 'unknown addresses');
}
