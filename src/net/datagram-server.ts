// A server for datagrams: hands on the frame in each, as DatagramHandler sends them, as bytes.

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';

import { AllowList, plainAddress } from './access/allow-list.ts';
import { type Peer, PeerRefusedError } from './access/peer.ts';
import { checkedMaxFrame, FRAME_BYTES_MAX } from './framing/frame-reader.ts';
import { type LikelyProtocol, likelyProtocol } from './framing/likely-protocol.ts';
import { Lifecycle } from './lifecycle.ts';
import { type BoundAddress, boundAddress } from './listen/bound-address.ts';
import {
  type Endpoint,
  EndpointError,
  endpointsOf,
  formatEndpoint,
  HOST_DEFAULT,
  UDP_PORT_DEFAULT,
} from './listen/endpoint.ts';
import { ListenError } from './listen/listen-error.ts';
import { hostToBind } from './listen/loopback.ts';
import { socketKind } from './listen/socket-activation.ts';
import type { LogServerOptions } from './log-server-options.ts';
import { type DrainOptions, idlePeriod } from './reading/drain.ts';

// What comes while the process is busy waits in the kernel, and what finds no room there is lost without a word. Linux
// gives no more than net.core.rmem_max.
const RECEIVE_BUFFER_BYTES = 8 * 2 ** 20;

const PREFIX_BYTES = 4;

export interface DatagramServerOptions extends Pick<LogServerOptions, 'allowFrom'> {
  /** UDP endpoints or their texts, one or several. Default `udp://127.0.0.1:9021`. */
  readonly listen?: string | Endpoint | readonly (string | Endpoint)[] | undefined;
  /** The longest payload that is handed on, in bytes: 1 to 2**24 - 1, default 8 MiB. No datagram has more than 65,503. */
  readonly maxFrame?: number | undefined;
  /**
   * Takes each payload: `bytes`, which is the whole datagram, from `start` to `end`. They are valid during the call only.
   * An exception costs that frame and no other, and is emitted as 'frameError'.
   */
  readonly onFrame: (bytes: Uint8Array, start: number, end: number, peer: Peer) => void;
}

/** The events of a DatagramServer, with the arguments of their listeners. */
export interface DatagramServerEvents {
  /** A datagram came from an address that is not listened to. */
  refused: [peer: Peer, error: PeerRefusedError];
  /** A datagram is no frame. */
  malformed: [peer: Peer, error: DatagramError];
  /** A frame of `length` bytes is over the limit and was skipped. */
  oversize: [peer: Peer, length: number];
  /** onFrame threw. */
  frameError: [peer: Peer, error: unknown];
  /** The system had an error instead of a datagram; listening goes on. */
  receiveError: [error: Error];
}

/** A datagram that is not a length prefix and as many bytes as it says. Its message is one line. */
export class DatagramError extends Error {
  override readonly name: string = 'DatagramError';
  readonly code: 'ERR_DATAGRAM' = 'ERR_DATAGRAM';
  /** What it looks like, where it has no length of a frame; else null. */
  readonly protocol: LikelyProtocol | null;

  constructor(message: string, protocol: LikelyProtocol | null) {
    super(message);
    this.protocol = protocol;
  }
}

/**
 * The receiving end of DatagramHandler, up to its frames. What the network or the kernel loses on the way is not seen
 * here.
 *
 * A server listens once. The constructor throws EndpointError for text that names no endpoint or address, TypeError for
 * an endpoint of connections, and RangeError for a `maxFrame` out of range.
 */
export class DatagramServer extends EventEmitter<DatagramServerEvents> {
  readonly #life: Lifecycle;
  readonly #endpoints: readonly Endpoint[];
  readonly #allowList: AllowList | null;
  readonly #maxFrame: number;
  readonly #onFrame: DatagramServerOptions['onFrame'];
  readonly #bound: Map<Socket, BoundAddress> = new Map();
  #peer: Peer = { id: 0, transport: 'udp', remoteAddress: undefined, remotePort: undefined, subject: null };
  #datagrams = 0;
  #bytes = 0;

  constructor({ listen, allowFrom, maxFrame, onFrame }: DatagramServerOptions) {
    super();
    const fallback: Endpoint = { transport: 'udp', host: HOST_DEFAULT, port: UDP_PORT_DEFAULT };
    this.#endpoints = endpointsOf({ listen: listen ?? fallback });
    for (const endpoint of this.#endpoints) {
      if (endpoint.transport === 'udp' || endpoint.transport === 'fd') continue;
      throw new TypeError(`${formatEndpoint(endpoint)} is for a LogServer`);
    }
    this.#allowList = allowFrom === undefined ? null : new AllowList(allowFrom);
    this.#maxFrame = checkedMaxFrame(maxFrame);
    this.#onFrame = onFrame;
    this.#life = new Lifecycle({
      bind: () => this.#bindAll(),
      readUntilIdle: (idle, deadline) => this.#readUntilIdle(idle, deadline),
      release: () => this.#release(),
    });
  }

  /**
   * Binds all endpoints, or none; resolves to the first, as it is bound. Rejects with a ListenError, whose code is the
   * system's. A second call returns the first one's promise.
   */
  listen(): Promise<BoundAddress> {
    return this.#life.listen();
  }

  /** What is bound, in the order of the options; empty while it does not listen. */
  get bound(): readonly BoundAddress[] {
    return [...this.#bound.values()];
  }

  /** Datagrams received from addresses that may send them. */
  get datagrams(): number {
    return this.#datagrams;
  }

  /** Bytes in them, prefixes included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Reads until nothing has come for a while, then closes. Never rejects. A second call returns the first's promise. */
  drain(options?: DrainOptions): Promise<void> {
    return this.#life.drain(options);
  }

  /** Closes at once; what the kernel still holds is lost. Never rejects. */
  close(): Promise<void> {
    return this.#life.close();
  }

  async #bindAll(): Promise<BoundAddress> {
    for (const endpoint of this.#endpoints) await this.#bind(endpoint);
    return this.bound[0] as BoundAddress;
  }

  async #bind(endpoint: Endpoint): Promise<void> {
    let socket: Socket | null = null;
    try {
      const where = addressToBind(endpoint);
      socket = createSocket(where.family === 'IPv6' ? 'udp6' : 'udp4', (bytes, from) => this.#receive(bytes, from));
      // With a file descriptor, bind() emits it at once.
      const listening = once(socket, 'listening');
      socket.bind(where.options);
      await listening;
      enlargeBuffer(socket);
      const { address, port } = socket.address();
      this.#bound.set(socket, boundAddress('udp', address, port));
      socket.on('error', (error) => this.emit('receiveError', error));
    } catch (error) {
      socket?.close();
      throw new ListenError(endpoint, error);
    }
  }

  async #readUntilIdle(idle: number, deadline: number): Promise<void> {
    if (this.#bound.size > 0) await idlePeriod(() => this.#datagrams, idle, deadline);
  }

  async #release(): Promise<void> {
    const sockets = [...this.#bound.keys()];
    this.#bound.clear();
    await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    const peer = this.#peerOf(plainAddress(from.address), from.port);
    if (this.#allowList?.has(from.address) === false) {
      this.emit('refused', peer, new PeerRefusedError('ERR_PEER_NOT_ALLOWED', `${peer.remoteAddress} may not send`));
      return;
    }
    this.#datagrams++;
    this.#bytes += datagram.length;
    const error = faultOf(datagram);
    if (error !== null) {
      this.emit('malformed', peer, error);
      return;
    }
    const length = datagram.length - PREFIX_BYTES;
    if (length > this.#maxFrame) {
      this.emit('oversize', peer, length);
      return;
    }
    try {
      // A plain Uint8Array, as FrameReader hands on.
      const bytes = new Uint8Array(datagram.buffer, datagram.byteOffset, datagram.length);
      this.#onFrame(bytes, PREFIX_BYTES, datagram.length, peer);
    } catch (error) {
      this.emit('frameError', peer, error);
    }
  }

  /** The sender: the same as before, if it is, and otherwise a new one. */
  #peerOf(remoteAddress: string, remotePort: number): Peer {
    const last = this.#peer;
    if (last.remoteAddress !== remoteAddress || last.remotePort !== remotePort) {
      this.#peer = { id: last.id + 1, transport: 'udp', remoteAddress, remotePort, subject: null };
    }
    return this.#peer;
  }
}

function addressToBind(endpoint: Endpoint): {
  family: 'IPv4' | 'IPv6';
  options: Parameters<Socket['bind']>[0] & object;
} {
  if (endpoint.transport === 'fd') {
    const { kind, host } = socketKind(endpoint.fd);
    if (kind !== 'udp' || endpoint.tls) throw new EndpointError('it is no socket of datagrams');
    return { family: host?.includes(':') ? 'IPv6' : 'IPv4', options: { fd: endpoint.fd } };
  }
  const { host, port } = endpoint as { host: string; port: number };
  return { family: host.includes(':') ? 'IPv6' : 'IPv4', options: { address: hostToBind(host), port } };
}

/** What is wrong with a datagram, or null. */
function faultOf(datagram: Buffer): DatagramError | null {
  const { length } = datagram;
  if (length < PREFIX_BYTES) return new DatagramError(`a datagram of ${length} bytes has no length prefix`, null);
  const announced = datagram.readUInt32BE();
  if (announced === length - PREFIX_BYTES) return null;
  if (announced <= FRAME_BYTES_MAX) {
    const rest = `${length - PREFIX_BYTES} bytes follow`;
    return new DatagramError(`a datagram announces ${announced} bytes, and ${rest}`, null);
  }
  const { protocol, label } = likelyProtocol(announced);
  return new DatagramError(`a datagram of ${length} bytes is no frame; this looks like ${label}`, protocol);
}

function enlargeBuffer(socket: Socket): void {
  try {
    if (socket.getRecvBufferSize() < RECEIVE_BUFFER_BYTES) socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // BSDs refuse what Linux cuts down: then it stays as the system made it.
  }
}
