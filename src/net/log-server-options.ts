// The options of a LogServer, and its events.

import type { ConnectionLimitOptions } from './access/connection-limits.ts';
import type { Peer, PeerRefusedError } from './access/peer.ts';
import type { ListenOptions } from './listen/endpoint.ts';
import type { Connection, Disconnect } from './reading/connection.ts';
import type { TlsSettings } from './tls/tls-settings.ts';

export interface LogServerOptions extends ListenOptions {
  /** What TLS endpoints show, and ask for: PEM. With `ca`, a client must show a certificate of it. */
  readonly tls?: TlsSettings | undefined;
  /** The mode of Unix sockets' files: a user that may write to one may connect. Default 0o600. */
  readonly unixMode?: number | undefined;
  /**
   * The addresses, and ranges of them, that are listened to: `10.0.0.0/8`, `fd00::1`. Default: all; an empty list keeps
   * all out. A connection of another address is closed at once; Unix sockets have modes instead.
   */
  readonly allowFrom?: readonly string[] | undefined;
  /** How many connections there may be, and what their unfinished frames may take up. */
  readonly connectionLimits?: ConnectionLimitOptions | undefined;
  /** The longest payload that is handed on, in bytes: 1 to 2**24 - 1, default 8 MiB. Longer ones are skipped and counted. */
  readonly maxFrame?: number | undefined;
  /**
   * Takes each payload, in order per connection: `bytes` from `start` to `end`. They are valid during the call only, being
   * memory that others are read into next: keep or post a copy (`bytes.slice(start, end)`), never a view. An exception
   * costs that frame and no other: it is counted, and emitted as 'frameError'.
   */
  readonly onFrame: (bytes: Uint8Array, start: number, end: number, connection: Connection) => void;
}

/** The events of a LogServer, with the arguments of their listeners. */
export interface LogServerEvents {
  /** A connection was taken in; over TLS, once its handshake is over. */
  connection: [connection: Connection];
  disconnect: [connection: Connection, disconnect: Disconnect];
  /** A peer was turned away: it may not connect, there is no room for it, or its TLS handshake failed. */
  refused: [peer: Peer, error: PeerRefusedError];
  /** A frame of `length` bytes is over the limit and is being skipped. */
  oversize: [connection: Connection, length: number];
  /** A frame of `length` bytes found no room in the memory for unfinished frames, and is being skipped. */
  overBudget: [connection: Connection, length: number];
  /** onFrame threw. */
  frameError: [connection: Connection, error: unknown];
  /** The system refused to hand over a connection (its file table is full, say); listening goes on. */
  acceptError: [error: Error];
}
