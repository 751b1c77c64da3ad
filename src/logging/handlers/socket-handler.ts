// Records to a receiver of Python's SocketHandler, this one or another, over TCP or a Unix socket.

import { connect, type Socket } from 'node:net';
import { checkPort, checkProtocol, framedPickle } from '../deliver/framed-pickle.ts';
import { Outbox } from '../deliver/outbox.ts';
import { StreamTransport } from '../deliver/transports/stream-transport.ts';
import type { LogRecord } from '../event/log-record.ts';
import { OutboxHandler } from './outbox-handler.ts';

/** Options of a SocketHandler. */
export interface SocketHandlerOptions {
  /** The pickle protocol, 0 to 5. Default 1, as Python's: every Python reads it. */
  readonly protocol?: number;
  /** Closes the connection when a record cannot be sent for its own sake; the next one opens another. Default false. */
  readonly closeOnError?: boolean;
  /** Bytes that may wait for the receiver; the newest records beyond are dropped and counted. Default 64 MiB. */
  readonly maxPending?: number;
  /** Milliseconds that `close` waits for the receiver. Default 5000. */
  readonly closeTimeout?: number;
}

/** Milliseconds that a connection may take to come about. */
const CONNECT_MS_MAX = 5000;

/**
 * Python's SocketHandler: sends each record, pickled, to a host and port, or to a Unix socket. The connection is opened
 * by the first record and kept. Unlike Python's it never blocks, and records wait while there is no connection. It
 * is tried again after 1, 2, 4, … 30 seconds (`retryStart`, `retryFactor`, `retryMax`). A receiver that does not read is
 * waited for.
 *
 * A record is sent once its last byte is the operating system's: those in a receiver's queue when it dies are lost, as
 * with Python's handler. Those that were being handed over (64 KiB, or one longer record) are sent again, and may arrive
 * twice.
 */
export class SocketHandler extends OutboxHandler {
  readonly host: string;
  readonly port: number | null;
  readonly protocol: number;
  closeOnError: boolean;
  protected readonly outbox: Outbox;

  /**
   * @param host a host; with a null `port` the path of a Unix socket
   * @throws LoggingError `ERR_CONFIG` for a port or a protocol that is none
   */
  constructor(host: string, port: number | null, options: SocketHandlerOptions = {}) {
    super();
    this.host = host;
    this.port = port === null ? null : checkPort(port);
    this.protocol = checkProtocol(options.protocol ?? 1);
    this.closeOnError = options.closeOnError ?? false;
    const transport = new StreamTransport(
      () => this.makeSocket(),
      (error) => this.handleError(error, null),
    );
    this.outbox = new Outbox(transport, this, {
      maxPending: options.maxPending,
      timeout: options.closeTimeout ?? 5000,
      openTimeout: CONNECT_MS_MAX,
      sendTimeout: Number.POSITIVE_INFINITY,
    });
  }

  /** The record as it is sent, length prefix included. For subclasses to override; errors as in `framedPickle`. */
  makePickle(record: LogRecord): Uint8Array {
    return framedPickle(record, this.formatter, this.protocol);
  }

  /** A connection that is being opened. For subclasses to override, with TLS, say. */
  makeSocket(): Socket {
    return this.port === null ? connect({ path: this.host }) : connect({ host: this.host, port: this.port });
  }

  /** As Handler's; with `closeOnError`, an error of a record closes the connection too, behind the records before it. */
  override handleError(error: unknown, record: LogRecord | null): void {
    super.handleError(error, record);
    if (record !== null && this.closeOnError) this.outbox.hangUp();
  }

  protected override payload(record: LogRecord): Uint8Array {
    return this.makePickle(record);
  }
}
