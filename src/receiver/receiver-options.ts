// The options of a Receiver, and its events.

import type { LogEvent, LogRecord, Manager } from '../logging/index.ts';
import type { Connection, Disconnect, FrameVerifier, Peer } from '../net/index.ts';
import type { RecordDecoderOptions } from '../record/index.ts';
import type { ServerOptions } from './endpoint-set.ts';
import type { Rejection } from './rejections.ts';

export interface ReceiverOptions extends RecordDecoderOptions, ServerOptions {
  /**
   * Takes the signatures off the frames, before anything in them is read: none is decoded that it throws a
   * FrameSignatureError for. Without it no frame is signed: one that is gives no record.
   */
  readonly verify?: Pick<FrameVerifier, 'verify'> | undefined;
  /** Whose loggers handle the records. Default: the one of `getLogger`. */
  readonly manager?: Manager | undefined;
  /** Handle every record as this logger, whatever its own name. */
  readonly logname?: string | undefined;
  /**
   * Records that may wait for a `for await` loop; the newest beyond are dropped and counted, as are those beyond 64 MiB.
   * Default 10,000.
   */
  readonly queueLimit?: number | undefined;
  /**
   * Told of each event before its handlers are. A listener of 'record' takes the records, so that those without a handler
   * are not the last resort's, and has each of them decoded; this does neither, unless it calls `event.record()`. The event
   * is valid during the call only. What it throws is a rejection, and the record is handled all the same.
   */
  readonly onRecord?: ((event: LogEvent, peer: Peer) => void) | undefined;
}

/** The events of a Receiver, with the arguments of their listeners. */
export interface ReceiverEvents {
  /** A record, after its handlers have had it. */
  record: [record: LogRecord, peer: Peer];
  rejected: [rejection: Rejection];
  connection: [connection: Connection];
  disconnect: [connection: Connection, disconnect: Disconnect];
  /** The system refused to hand over a connection (its file table is full, say) or a datagram; listening goes on. */
  acceptError: [error: Error];
}
