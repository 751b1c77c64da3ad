// All that a receiver listens on: connections and datagrams as one source of frames.

import {
  type BoundAddress,
  type Connection,
  DatagramServer,
  type DrainOptions,
  type Endpoint,
  type ListenOptions,
  LogServer,
  type LogServerOptions,
  type Peer,
  type TlsSettings,
} from '../net/index.ts';
import { endpointsOf, socketKind } from '../net/listen/index.ts';

/** Where a receiver listens, to whom, and within what limits. */
export type ServerOptions = ListenOptions &
  Pick<LogServerOptions, 'tls' | 'unixMode' | 'allowFrom' | 'connectionLimits' | 'maxFrame'>;

/** Takes each payload, of a connection or a datagram alike: `bytes` from `start` to `end`, valid during the call only. */
export type OnFrame = (bytes: Uint8Array, start: number, end: number, peer: Peer) => void;

/** A LogServer, a DatagramServer, or both. */
export class EndpointSet {
  /** Of each endpoint, whether it is for datagrams. */
  readonly #forDatagrams: readonly boolean[];
  /** For connections; null where there are only datagrams. */
  readonly streams: LogServer | null;
  /** For datagrams; null where there are only connections. */
  readonly datagrams: DatagramServer | null;
  #listening: Promise<BoundAddress> | null = null;

  /** Throws as LogServer and DatagramServer do. */
  constructor(options: ServerOptions, onFrame: OnFrame) {
    const { tls, unixMode, allowFrom, connectionLimits, maxFrame } = options;
    const endpoints = endpointsOf(options);
    this.#forDatagrams = endpoints.map(isForDatagrams);
    const streams = endpoints.filter((_, index) => !this.#forDatagrams[index]);
    const datagrams = endpoints.filter((_, index) => this.#forDatagrams[index]);
    const common = { allowFrom, maxFrame, onFrame };
    this.streams =
      streams.length === 0 ? null : new LogServer({ ...common, listen: streams, tls, unixMode, connectionLimits });
    this.datagrams = datagrams.length === 0 ? null : new DatagramServer({ ...common, listen: datagrams });
  }

  /** Binds all endpoints, or none. A second call returns the first one's promise. */
  listen(): Promise<BoundAddress> {
    this.#listening ??= this.#listen();
    return this.#listening;
  }

  /** What is bound, in the order of the options; empty while it does not listen. */
  get bound(): readonly BoundAddress[] {
    const [streams, datagrams] = [[...(this.streams?.bound ?? [])], [...(this.datagrams?.bound ?? [])]];
    return this.#forDatagrams.flatMap((isDatagram) => (isDatagram ? datagrams : streams).shift() ?? []);
  }

  get connections(): readonly Connection[] {
    return this.streams?.connections ?? [];
  }

  /** How many connections are open. */
  get open(): number {
    return this.streams?.open ?? 0;
  }

  /** Bytes that came, length prefixes included. */
  get bytes(): number {
    return (this.streams?.bytes ?? 0) + (this.datagrams?.bytes ?? 0);
  }

  /** Bytes of `maxUnfinished` that are taken now. */
  get unfinished(): number {
    return this.streams?.unfinished ?? 0;
  }

  /** Whether a client's certificate says who it is. */
  get asksForCertificate(): boolean {
    return this.streams?.asksForCertificate ?? false;
  }

  /** As LogServer's. */
  setTls(tls: TlsSettings): void {
    if (this.streams === null) throw new TypeError('a server without TLS has no certificates to change');
    this.streams.setTls(tls);
  }

  /** Reads what has arrived, at all endpoints, then closes. */
  async drain(options?: DrainOptions): Promise<void> {
    await Promise.all([this.streams?.drain(options), this.datagrams?.drain(options)]);
  }

  async #listen(): Promise<BoundAddress> {
    try {
      await this.streams?.listen();
      await this.datagrams?.listen();
    } catch (error) {
      await Promise.all([this.streams?.close(), this.datagrams?.close()]);
      throw error;
    }
    return this.bound[0] as BoundAddress;
  }
}

function isForDatagrams(endpoint: Endpoint): boolean {
  return endpoint.transport === 'udp' || (endpoint.transport === 'fd' && socketKind(endpoint.fd).kind === 'udp');
}
