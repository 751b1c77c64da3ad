// A peer as it is told to others, and the error of one that is turned away.

import type { LikelyProtocol } from '../framing/likely-protocol.ts';

/** Who sent something: a connection, or the sender of a datagram. */
export interface Peer {
  /** 1 for the first of its server, and so on; connections and senders of datagrams are numbered apart. */
  readonly id: number;
  readonly transport: 'tcp' | 'tls' | 'udp' | 'unix';
  /** Undefined over a Unix socket, and when the peer was gone before it was accepted. */
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  /** The subject of the certificate that the peer showed, if it was asked for one: text as in RFC 4514. */
  readonly subject: string | null;
}

/** Why a peer is turned away. */
export type RefusalCode = 'ERR_PEER_NOT_ALLOWED' | 'ERR_PEER_LIMIT' | 'ERR_TLS_HANDSHAKE';

/** A peer that is turned away, and why, in one line. */
export class PeerRefusedError extends Error {
  override readonly name: string = 'PeerRefusedError';
  readonly code: RefusalCode;
  /** What it seems to speak, where it is not what the endpoint takes; else null. */
  readonly protocol: LikelyProtocol | null;

  constructor(code: RefusalCode, message: string, protocol: LikelyProtocol | null = null) {
    super(message);
    this.code = code;
    this.protocol = protocol;
  }
}
