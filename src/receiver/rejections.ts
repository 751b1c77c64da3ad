// What gave no record, and why. Knows no socket, and decides nothing.

import { FrameSignatureError, type LikelyProtocol, type Peer, type SignatureFault } from '../net/index.ts';

/** A frame, a datagram or a peer that gave no record; or a record whose listener failed. */
export interface Rejection {
  /**
   * The error's code. Of frames: those of picklewire/pickle, `ERR_RECORD_NOT_A_DICT`, `ERR_RECORD_FIELD`,
   * `ERR_FRAME_OVERSIZE`, `ERR_FRAME_MEMORY` (it did not fit the memory for unfinished frames), `ERR_FRAME_SIGNATURE`,
   * `ERR_FRAME_STALLED` (no byte came for too long, inside a frame; the connection was closed), `ERR_FRAME_LENGTH` (the
   * peer speaks another protocol; the connection was closed), `ERR_DATAGRAM` (a datagram that is no frame). Of peers:
   * `ERR_PEER_NOT_ALLOWED`, `ERR_PEER_LIMIT`, `ERR_TLS_HANDSHAKE`. Of records: `ERR_RECORD_LISTENER` (a listener of
   * 'record', or onRecord, threw).
   */
  readonly code: string;
  /** What is wrong, in one line. */
  readonly message: string;
  /** The global that was refused, or that came in place of a record, as `module.name`; or null. */
  readonly global: string | null;
  /** What is wrong with the frame's signature; or null. */
  readonly signature: SignatureFault | null;
  /** What the peer seems to speak, where it is not what belongs here; or null. */
  readonly protocol: LikelyProtocol | null;
  /** Whom it came from. */
  readonly peer: Peer | null;
  readonly error: unknown;
}

/** What an error of a frame, a peer or a listener says, where it is not known what it is. */
export function rejectionOf(code: string, error: unknown, peer: Peer): Rejection {
  const message = error instanceof Error ? error.message : String(error);
  const { global = null, protocol = null } = (error ?? {}) as Partial<Pick<Rejection, 'global' | 'protocol'>>;
  const signature = error instanceof FrameSignatureError ? error.reason : null;
  return { code, message, global, signature, protocol, peer, error };
}
