// Records to a receiver of Python's SocketHandler, this one or another, over TCP or a Unix socket. Knows no listener.

import { connect, type Socket } from 'node:net';
import { checkPort, checkProtocol, framedPickle } from '../deliver/framed-pickle.ts';
import type { LogRecord } from '../event/log-record.ts';
import { Handler } from '../handler.ts';
import { RingQueue } from '../write/ring-queue.ts';

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

/** A record on its way. */
interface Waiting {
  readonly frame: Uint8Array;
  readonly levelname: string;
}

/** Somebody who waits until the first `target` records are out of the queue. */
interface Waiter {
  readonly target: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Bytes that are handed over at once, if several records wait. */
const BATCH = 64 * 1024;

/** Milliseconds that a connection may take to come about. */
const CONNECT_TIMEOUT = 5000;

/**
 * Python's SocketHandler: sends each record, pickled, to a host and port, or to a Unix socket. The connection is opened
 * by the first record and kept. Unlike Python's it never blocks, and records wait while there is no connection. It
 * is tried again after 1, 2, 4, … 30 seconds (`retryStart`, `retryFactor`, `retryMax`).
 *
 * A record is sent once its last byte is the operating system's: those in a receiver's queue when it dies are lost, as
 * with Python's handler. Those that were being handed over (64 KiB, or one longer record) are sent again, and may arrive
 * twice.
 */
export class SocketHandler extends Handler {
  readonly host: string;
  readonly port: number | null;
  readonly protocol: number;
  closeOnError: boolean;
  /** Seconds from a first failed attempt to the next. */
  retryStart = 1;
  /** What each further wait is multiplied by. */
  retryFactor = 2;
  /** The longest wait, in seconds. */
  retryMax = 30;

  readonly #maxPending: number;
  readonly #closeTimeout: number;
  readonly #queue: RingQueue<Waiting> = new RingQueue();
  #pending = 0;
  /** Records taken so far, and those that have left the queue. */
  #accepted = 0;
  #gone = 0;
  /** How many records, from the oldest on, the system is being given. */
  #writing = 0;
  #socket: Socket | null = null;
  /** `leaving`: what is being written goes out, and nothing after it. */
  #state: 'idle' | 'connecting' | 'connected' | 'leaving' | 'backing off' = 'idle';
  /** Whether this connection has taken anything yet. */
  #proven = false;
  /** Seconds to wait after the next failed attempt. */
  #period: number | null = null;
  #retry: NodeJS.Timeout | undefined;
  #waiters: Waiter[] = [];

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
    this.#maxPending = options.maxPending ?? 64 * 1024 * 1024;
    this.#closeTimeout = options.closeTimeout ?? 5000;
  }

  /** Bytes that wait for the receiver. */
  get pending(): number {
    return this.#pending;
  }

  /** The record as it is sent, length prefix included. For subclasses to override; errors as in `framedPickle`. */
  makePickle(record: LogRecord): Uint8Array {
    return framedPickle(record, this.formatter, this.protocol);
  }

  /** A connection that is being opened. For subclasses to override, with TLS, say. */
  makeSocket(): Socket {
    return this.port === null ? connect({ path: this.host }) : connect({ host: this.host, port: this.port });
  }

  override emit(record: LogRecord): void {
    const frame = this.makePickle(record);
    const levelname = String(record.levelname);
    if (this.#pending + frame.length > this.#maxPending) {
      this.dropped.add(levelname);
      return;
    }
    this.#queue.push({ frame, levelname });
    this.#pending += frame.length;
    this.#accepted++;
    this.#proceed();
  }

  /** As Handler's; with `closeOnError`, an error of a record closes the connection too. */
  override handleError(error: unknown, record: LogRecord | null): void {
    super.handleError(error, record);
    if (record === null || !this.closeOnError || this.#state !== 'connected') return;
    this.#state = 'leaving';
    this.#socket?.destroySoon();
  }

  /**
   * Resolves when every record so far was handed to the operating system.
   * @throws the system's error when an attempt to connect fails meanwhile; the records stay, and are tried again
   */
  override flush(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve();
    const flushed = new Promise<void>((resolve, reject) => {
      this.#waiters.push({ target: this.#accepted, resolve, reject });
    });
    if (this.#state === 'backing off') this.#tryAgain();
    return flushed;
  }

  /**
   * Sends what waits and closes the connection. As in Python, a record after it opens another.
   * @throws the system's error, or one that says that the time is over, where records could not be sent: they are
   *   counted as dropped
   */
  override async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const message = `the receiver did not take its records within ${this.#closeTimeout} ms`;
      timer = setTimeout(() => reject(new Error(message)), this.#closeTimeout);
    });
    try {
      await Promise.race([this.flush().then(() => this.#endConnection()), late]);
    } catch (error) {
      this.#abandon(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Does what can be done next for the records that wait. */
  #proceed(): void {
    if (this.#queue.length === 0) {
      // An open connection with nothing to send keeps no program alive.
      this.#socket?.unref();
    } else if (this.#state === 'idle') {
      this.#connect();
    } else if (this.#state === 'connected' && this.#writing === 0) {
      this.#write();
    }
  }

  #connect(): void {
    let socket: Socket;
    try {
      socket = this.makeSocket();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#socket = socket;
    this.#state = 'connecting';
    this.#proven = false;
    let failure: unknown = null;
    socket.setNoDelay(true);
    socket.setTimeout(CONNECT_TIMEOUT, () => socket.destroy(new Error('connecting took too long')));
    socket.on('connect', () => {
      socket.setTimeout(0);
      if (this.#socket !== socket) return;
      this.#state = 'connected';
      this.#proceed();
    });
    socket.on('error', (error) => {
      // A name with several addresses fails with all their errors in one, which has no text.
      failure = error instanceof AggregateError ? error.errors.at(-1) : error;
    });
    // A receiver says nothing; reading is how its end is noticed.
    socket.on('end', () => socket.destroy());
    socket.resume();
    socket.on('close', () => {
      if (this.#socket === socket) this.#closed(failure);
    });
  }

  /** Hands over the oldest records. */
  #write(): void {
    const socket = this.#socket as Socket;
    const frames: Uint8Array[] = [];
    let bytes = 0;
    for (let next = this.#queue.at(0); next !== undefined; next = this.#queue.at(frames.length)) {
      if (frames.length > 0 && bytes + next.frame.length > BATCH) break;
      frames.push(next.frame);
      bytes += next.frame.length;
    }
    this.#writing = frames.length;
    socket.ref();
    socket.write(frames.length === 1 ? (frames[0] as Uint8Array) : Buffer.concat(frames, bytes), (error) => {
      // After an error the connection closes, and what was being written is tried again on the next.
      if (error || this.#socket !== socket) return;
      this.#proven = true;
      this.#period = null;
      for (let i = 0; i < this.#writing; i++) this.#queue.shift();
      this.#pending -= bytes;
      this.#left(this.#writing);
      this.#writing = 0;
      this.#proceed();
    });
  }

  /** The connection is no more. */
  #closed(failure: unknown): void {
    const asked = this.#state === 'leaving';
    this.#socket = null;
    this.#state = 'idle';
    this.#writing = 0;
    if (failure !== null && this.#proven) this.handleError(failure, null);
    if (this.#proven || asked) this.#proceed();
    else this.#fail(failure ?? new Error('the receiver closed the connection at once'));
  }

  /** An attempt has failed: the next one waits. */
  #fail(error: unknown): void {
    this.handleError(error, null);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
    this.#period = this.#period === null ? this.retryStart : Math.min(this.#period * this.retryFactor, this.retryMax);
    this.#state = 'backing off';
    // A program that ends without closing its handlers is not kept alive by a receiver that stays away.
    this.#retry = setTimeout(() => this.#tryAgain(), this.#period * 1000).unref();
  }

  #tryAgain(): void {
    clearTimeout(this.#retry);
    this.#state = 'idle';
    this.#proceed();
  }

  /** So many records have left the queue. */
  #left(count: number): void {
    this.#gone += count;
    while (this.#waiters[0] !== undefined && this.#waiters[0].target <= this.#gone) this.#waiters.shift()?.resolve();
  }

  /** Resolves when the receiver is sure to be told that nothing comes any more. */
  async #endConnection(): Promise<void> {
    const socket = this.#socket;
    if (socket === null || this.#state !== 'connected') return;
    this.#state = 'leaving';
    socket.ref();
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.destroySoon();
    });
  }

  /** Drops what waits. */
  #abandon(error: unknown): void {
    clearTimeout(this.#retry);
    const left = this.#queue.takeAll();
    for (const { levelname } of left) this.dropped.add(levelname);
    this.#pending = 0;
    this.#writing = 0;
    this.#gone += left.length;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
    this.#state = 'idle';
    this.#period = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }
}
