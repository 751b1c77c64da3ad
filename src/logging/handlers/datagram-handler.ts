// Records to a receiver of Python's DatagramHandler: one datagram each, which nothing tells whether it arrives.

import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { checkPort, checkProtocol, framedPickle } from '../deliver/framed-pickle.ts';
import { LoggingError } from '../errors.ts';
import type { LogRecord } from '../event/log-record.ts';
import { Handler } from '../handler.ts';

/** Options of a DatagramHandler. */
export interface DatagramHandlerOptions {
  /** The pickle protocol, 0 to 5. Default 1, as Python's: every Python reads it. */
  readonly protocol?: number;
  /** The IP version that a host name is looked up for. Default 4, as Python's; an address says its own. */
  readonly family?: 4 | 6;
  /** Bytes that may wait to be sent; the newest records beyond are dropped and counted. Default 64 MiB. */
  readonly maxPending?: number;
}

/** Bytes that a UDP datagram over IPv4 can hold. */
const MOST_BYTES = 65_507;

interface Waiting {
  readonly frame: Uint8Array;
  readonly levelname: string;
}

/**
 * Python's DatagramHandler: sends each record, pickled, as one UDP datagram, with its length prefix. The host's name is
 * looked up once, by the first record. A record over 65,507 bytes fits no datagram: it is counted as an error.
 */
export class DatagramHandler extends Handler {
  readonly host: string;
  readonly port: number;
  readonly protocol: number;

  readonly #family: 4 | 6;
  readonly #maxPending: number;
  #socket: Socket | null = null;
  /** The host's address; null while it is not known. */
  #address: string | null;
  /** Records that wait for the address; null while it is not being looked up. */
  #unaddressed: Waiting[] | null = null;
  #pending = 0;
  #flushed: (() => void)[] = [];

  /**
   * @throws LoggingError `ERR_CONFIG` for a port or a protocol that is none; and for a null port, which is Python's Unix
   *   datagram socket: Node has none
   */
  constructor(host: string, port: number | null, options: DatagramHandlerOptions = {}) {
    super();
    if (port === null)
      throw new LoggingError('ERR_CONFIG', 'there are no Unix datagram sockets here: a port is needed');
    const version = isIP(host);
    this.host = host;
    this.port = checkPort(port);
    this.protocol = checkProtocol(options.protocol ?? 1);
    this.#family = version === 0 ? (options.family ?? 4) : (version as 4 | 6);
    this.#maxPending = options.maxPending ?? 64 * 1024 * 1024;
    this.#address = version === 0 ? null : host;
  }

  /** Bytes that wait to be sent. */
  get pending(): number {
    return this.#pending;
  }

  /** The record as it is sent, length prefix included. For subclasses to override; errors as in `framedPickle`. */
  makePickle(record: LogRecord): Uint8Array {
    return framedPickle(record, this.formatter, this.protocol);
  }

  /** @throws Error for a record that does not fit a datagram */
  override emit(record: LogRecord): void {
    const frame = this.makePickle(record);
    if (frame.length > MOST_BYTES) throw new Error(`a record of more than ${MOST_BYTES} bytes does not fit a datagram`);
    const levelname = String(record.levelname);
    if (this.#pending + frame.length > this.#maxPending) {
      this.dropped.add(levelname);
      return;
    }
    this.#pending += frame.length;
    if (this.#address !== null) this.#send(frame, this.#address);
    else if (this.#unaddressed !== null) this.#unaddressed.push({ frame, levelname });
    else void this.#lookUp({ frame, levelname });
  }

  /** Resolves when every record so far was sent, or its error counted. */
  override flush(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#flushed.push(resolve);
    });
  }

  /** As in Python, a record after it opens another socket. */
  override async close(): Promise<void> {
    await this.flush();
    this.#socket?.close();
    this.#socket = null;
  }

  async #lookUp(first: Waiting): Promise<void> {
    const waiting = [first];
    this.#unaddressed = waiting;
    try {
      this.#address = (await lookup(this.host, { family: this.#family })).address;
      for (const { frame } of waiting) this.#send(frame, this.#address);
    } catch (error) {
      this.handleError(error, null);
      for (const { frame, levelname } of waiting) {
        this.dropped.add(levelname);
        this.#done(frame);
      }
    } finally {
      this.#unaddressed = null;
    }
  }

  #send(frame: Uint8Array, address: string): void {
    this.#socket ??= this.#open();
    this.#socket.send(frame, this.port, address, (error) => {
      if (error !== null) this.handleError(error, null);
      this.#done(frame);
    });
  }

  #open(): Socket {
    const socket = createSocket(this.#family === 6 ? 'udp6' : 'udp4');
    socket.on('error', (error) => this.handleError(error, null));
    // What is being sent keeps a program alive; the socket does not.
    socket.unref();
    return socket;
  }

  #done(frame: Uint8Array): void {
    this.#pending -= frame.length;
    if (this.#pending === 0) for (const resolve of this.#flushed.splice(0)) resolve();
  }
}
