// Records to a receiver of Python's DatagramHandler: one datagram each, which nothing tells whether it arrives.

import { isIP } from 'node:net';
import { checkPort, checkProtocol, framedPickle } from '../deliver/framed-pickle.ts';
import { Outbox, type OutboxOptions } from '../deliver/outbox.ts';
import { DatagramTransport } from '../deliver/transports/datagram-transport.ts';
import { LoggingError } from '../errors.ts';
import type { LogRecord } from '../event/log-record.ts';
import { OutboxHandler } from './outbox-handler.ts';

/** Options of a DatagramHandler. */
export interface DatagramHandlerOptions extends OutboxOptions {
  /** The pickle protocol, 0 to 5. Default 1, as Python's: every Python reads it. */
  readonly protocol?: number;
  /** The IP version that a host name is looked up for. Default 4, as Python's; an address says its own. */
  readonly family?: 4 | 6;
}

/** Bytes that a UDP datagram over IPv4 can hold. */
const DATAGRAM_BYTES_MAX = 65_507;

/**
 * Python's DatagramHandler: sends each record, pickled, as one UDP datagram, with its length prefix. The host's name is
 * looked up by the first record, and again after an error; records wait for it. A record over 65,507 bytes fits no
 * datagram: it is counted as failed.
 */
export class DatagramHandler extends OutboxHandler {
  readonly host: string;
  readonly port: number;
  readonly protocol: number;
  protected readonly outbox: Outbox;

  /**
   * @throws LoggingError `ERR_CONFIG` for a port or a protocol that is none; and for a null port, which is Python's Unix
   *   datagram socket: Node has none
   */
  constructor(host: string, port: number | null, options: DatagramHandlerOptions = {}) {
    super();
    if (port === null)
      throw new LoggingError('ERR_CONFIG', 'there are no Unix datagram sockets here: a port is needed');
    this.host = host;
    this.port = checkPort(port);
    this.protocol = checkProtocol(options.protocol ?? 1);
    const family = isIP(host) === 0 ? (options.family ?? 4) : 0;
    this.outbox = new Outbox(new DatagramTransport(host, port, family), this, options);
  }

  /** The record as it is sent, length prefix included. For subclasses to override; errors as in `framedPickle`. */
  makePickle(record: LogRecord): Uint8Array {
    return framedPickle(record, this.formatter, this.protocol);
  }

  /** @throws Error for a record that does not fit a datagram */
  protected override payload(record: LogRecord): Uint8Array {
    const frame = this.makePickle(record);
    if (frame.length <= DATAGRAM_BYTES_MAX) return frame;
    throw new Error(`a record of more than ${DATAGRAM_BYTES_MAX} bytes does not fit a datagram`);
  }
}
