// What gave no record, and why: one table of the codes, and what is told of each rejection.

import {
  FrameSignatureError,
  type LikelyProtocol,
  type Peer,
  type RefusalCode,
  type SignatureFault,
} from '../net/index.ts';
import type { PickleErrorCode } from '../pickle/index.ts';
import type { ReceiverStats } from './stats.ts';

/** Why something gave no record. Codes are stable; messages may get better. */
export type RejectionCode =
  | RefusalCode
  | PickleErrorCode
  | 'ERR_FRAME_OVERSIZE'
  | 'ERR_FRAME_MEMORY'
  | 'ERR_FRAME_IDLE_TIMEOUT'
  | 'ERR_FRAME_LENGTH'
  | 'ERR_FRAME_SIGNATURE'
  | 'ERR_DATAGRAM'
  | 'ERR_RECORD_NOT_A_DICT'
  | 'ERR_RECORD_FIELD'
  | 'ERR_RECORD'
  | 'ERR_RECORD_LISTENER';

/** The metric that counts rejections of a code: its name without `picklewire_` and `_total`. */
export type RejectionMetric =
  | 'decode_errors'
  | 'idle_timeout'
  | 'over_budget'
  | 'oversize'
  | 'refused'
  | 'wrong_protocol';

/** What is the same of all rejections of one code. */
export interface RejectionKind {
  /** Who finds it: the network, before a frame is looked into, or the receiver. */
  readonly source: 'net' | 'receiver';
  /** The count of the receiver's `stats` that grows with `rejected`; null where that is the only one. */
  readonly counter: Extract<
    keyof ReceiverStats,
    'idleTimeout' | 'overBudget' | 'oversize' | 'refused' | 'unverified' | 'wrongProtocol'
  > | null;
  readonly metric: RejectionMetric;
  /** What was rejected, as the documents say it. */
  readonly meaning: string;
}

/** A row for every code, which is all that counts, messages, metrics and documents know it by. */
export const rejectionTable: Readonly<Record<RejectionCode, RejectionKind>> = {
  ERR_PEER_NOT_ALLOWED: net('refused', 'refused', 'a peer whose address may not send'),
  ERR_PEER_LIMIT: net('refused', 'refused', 'a connection over a limit on connections'),
  ERR_TLS_HANDSHAKE: net('refused', 'refused', 'a connection whose TLS handshake failed'),
  ERR_FRAME_LENGTH: net('wrongProtocol', 'wrong_protocol', 'a connection that speaks another protocol, closed'),
  ERR_FRAME_IDLE_TIMEOUT: net(
    'idleTimeout',
    'idle_timeout',
    'a connection without a byte for too long inside a frame, closed',
  ),
  ERR_FRAME_OVERSIZE: net('oversize', 'oversize', 'a frame over the limit, skipped'),
  ERR_FRAME_MEMORY: net('overBudget', 'over_budget', 'a frame over the memory for unfinished frames, skipped'),
  ERR_FRAME_SIGNATURE: net('unverified', 'decode_errors', 'a frame refused for its signature'),
  ERR_DATAGRAM: net(null, 'decode_errors', 'a datagram that is no frame'),
  ERR_PICKLE_TRUNCATED: receiver('a pickle that ends too early'),
  ERR_PICKLE_OPCODE: receiver('a byte that is no opcode: no pickle, perhaps'),
  ERR_PICKLE_STACK: receiver('a pickle whose opcode needs more values than there are'),
  ERR_PICKLE_MARK: receiver('a pickle whose opcode needs a mark, and there is none'),
  ERR_PICKLE_MEMO: receiver('a pickle that takes from the memo what was never stored'),
  ERR_PICKLE_TYPE: receiver('a pickle whose opcode has a value of the wrong type'),
  ERR_PICKLE_ARGUMENT: receiver('a pickle whose opcode has an argument that cannot be read'),
  ERR_PICKLE_TEXT: receiver('a pickle with bytes that are no text in their encoding'),
  ERR_PICKLE_FRAME: receiver('a pickle whose own framing is wrong'),
  ERR_PICKLE_FORBIDDEN_GLOBAL: receiver('a class or function that is not on the allow-list'),
  ERR_PICKLE_CONSTRUCTOR: receiver('an allowed class with arguments that Python never pickles for it'),
  ERR_PICKLE_PERSISTENT_ID: receiver('a pickle with a persistent id'),
  ERR_PICKLE_EXTENSION: receiver('a pickle with a code of copyreg’s extension registry'),
  ERR_PICKLE_BUFFER: receiver('a pickle with an out-of-band buffer'),
  ERR_PICKLE_UNPICKLABLE: receiver('a value that cannot be pickled'),
  ERR_PICKLE_LIMIT: receiver('a pickle over a limit of the decoder'),
  ERR_RECORD_NOT_A_DICT: receiver('a pickle of something else than a dict'),
  ERR_RECORD_FIELD: receiver('a record with an attribute of the wrong type'),
  ERR_RECORD: receiver('a frame that failed with an error of another kind: of the caller’s own `verify`, say'),
  ERR_RECORD_LISTENER: receiver(
    "a record whose listener of 'record', or `onRecord`, threw; it was handled all the same",
  ),
};

/** A frame, a datagram or a peer that gave no record; or a record whose listener failed. */
export interface Rejection {
  readonly code: RejectionCode;
  /** What is wrong, in one line. */
  readonly message: string;
  /** The global that was refused, or that came in place of a record, as `module.name`; or null. */
  readonly global: string | null;
  /** What is wrong with the frame's signature; or null. */
  readonly signature: SignatureFault | null;
  /** What the peer seems to speak, where it is not what belongs here; or null. */
  readonly protocol: LikelyProtocol | null;
  /** The peer it came from. */
  readonly peer: Peer | null;
  readonly error: unknown;
}

/** What an error of a frame, a peer or a listener says, under a code that is known from where it came. */
export function rejectionOf(code: RejectionCode, error: unknown, peer: Peer): Rejection {
  const message = error instanceof Error ? error.message : String(error);
  const { global = null, protocol = null } = (error ?? {}) as Partial<Pick<Rejection, 'global' | 'protocol'>>;
  const signature = error instanceof FrameSignatureError ? error.reason : null;
  return { code, message, global, signature, protocol, peer, error };
}

/** The code of what was thrown for a frame: the error's own where the table has it, else ERR_RECORD. */
export function codeOf(error: unknown): RejectionCode {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && Object.hasOwn(rejectionTable, code) ? (code as RejectionCode) : 'ERR_RECORD';
}

function net(counter: RejectionKind['counter'], metric: RejectionMetric, meaning: string): RejectionKind {
  return { source: 'net', counter, metric, meaning };
}

function receiver(meaning: string): RejectionKind {
  return { source: 'receiver', counter: null, metric: 'decode_errors', meaning };
}
