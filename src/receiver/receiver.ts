// The receiver: frames in, records handled. What goes wrong with one frame or one peer stays with it.

import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import { defaultManager, type LogRecord, type Manager } from '../logging/index.ts';
import {
  type Connection,
  type Disconnect,
  type DrainOptions,
  FrameSignatureError,
  type FrameVerifier,
  isSigned,
  LogServer,
  type SignatureFault,
} from '../net/index.ts';
import { RecordDecoder, type RecordDecoderOptions } from './record-decoder.ts';
import { RecordQueue } from './record-queue.ts';

export interface ReceiverOptions extends RecordDecoderOptions {
  /** The address to bind. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** The port to bind; 0 lets the system choose. Default 9020. */
  readonly port?: number | undefined;
  /** The longest frame that is decoded, in bytes. Default 8 MiB; longer ones are skipped and counted. */
  readonly maxFrame?: number | undefined;
  /**
   * Takes the signatures off the frames, before anything in them is read: none is decoded that it throws a
   * FrameSignatureError for. Without it no frame is signed: one that is gives no record.
   */
  readonly verify?: Pick<FrameVerifier, 'verify'> | undefined;
  /** Whose loggers handle the records. Default: the one of `getLogger`. */
  readonly manager?: Manager | undefined;
  /** Handle every record as this logger, whatever its own name. */
  readonly logname?: string | undefined;
  /** Records that may wait for a `for await` loop; the newest beyond are dropped and counted. Default 10,000. */
  readonly queueLimit?: number | undefined;
}

/** A frame, or a connection, that gave no record; or a record whose listener failed. */
export interface Rejection {
  /**
   * The error's code: of picklewire/pickle, `ERR_RECORD_NOT_A_DICT`, `ERR_RECORD_FIELD`, `ERR_FRAME_OVERSIZE`,
   * `ERR_FRAME_SIGNATURE`, `ERR_FRAME_LENGTH` (the peer speaks another protocol), or `ERR_RECORD_LISTENER` (a listener
   * of 'record' threw).
   */
  readonly code: string;
  /** What is wrong, in one line. */
  readonly message: string;
  /** The global that was refused, or that came in place of a record, as `module.name`; or null. */
  readonly global: string | null;
  /** What is wrong with the frame's signature; or null. */
  readonly signature: SignatureFault | null;
  readonly connection: Connection;
  readonly error: unknown;
}

/** The events of a Receiver, with the arguments of their listeners. */
export interface ReceiverEvents {
  /** A record, after its handlers have had it. */
  record: [record: LogRecord, connection: Connection];
  rejected: [rejection: Rejection];
  connection: [connection: Connection];
  disconnect: [connection: Connection, disconnect: Disconnect];
  /** The system refused to hand over a connection (its file table is full, say); listening goes on. */
  acceptError: [error: Error];
}

/** Counts since the receiver was made. */
export interface ReceiverStats {
  /** Connections accepted. */
  connections: number;
  /** Records handled. */
  records: number;
  /** Rejections: frames that gave no record, connections that were foreign, and records whose listener failed. */
  rejected: number;
  /** Frames over the limit, skipped. */
  oversize: number;
  /** Frames refused for their signature: with the wrong one, without, or signed where there is no key. */
  unverified: number;
  /** Connections that ended inside a frame: a stock client does that when it gives up. */
  truncated: number;
  /** Connections that were no SocketHandler's. */
  foreign: number;
  /** Payloads that went on after their pickle. */
  trailing: number;
  /** Records that a lagging `for await` loop did not get. */
  dropped: number;
}

/** Receives the records of SocketHandlers; made by `createReceiver`. */
export class Receiver extends EventEmitter<ReceiverEvents> implements AsyncIterable<LogRecord> {
  readonly #server: LogServer;
  readonly #decoder: RecordDecoder;
  readonly #verifier: Pick<FrameVerifier, 'verify'> | null;
  #manager: Manager;
  readonly #logname: string | undefined;
  readonly #queueLimit: number;
  readonly #queues: Set<RecordQueue> = new Set();
  readonly #counts = {
    connections: 0,
    records: 0,
    rejected: 0,
    oversize: 0,
    unverified: 0,
    truncated: 0,
    foreign: 0,
    dropped: 0,
  };
  #closing: Promise<void> | null = null;

  /** @throws RangeError for a `maxFrame` out of range */
  constructor(options: ReceiverOptions) {
    super();
    const { host, port, maxFrame, verify = null, manager = defaultManager, logname, queueLimit = 10_000 } = options;
    this.#decoder = new RecordDecoder(options);
    this.#verifier = verify;
    this.#manager = manager;
    this.#logname = logname;
    this.#queueLimit = queueLimit;
    this.#server = new LogServer({
      host,
      port,
      maxFrame,
      onFrame: (payload, connection) => this.#receive(payload, connection),
    });
    this.#server.on('connection', (connection) => {
      this.#counts.connections++;
      this.emit('connection', connection);
    });
    this.#server.on('disconnect', (connection, disconnect) => this.#disconnected(connection, disconnect));
    this.#server.on('oversize', (connection, length) => {
      this.#counts.oversize++;
      const message = `a frame of ${length} bytes is over the limit and was skipped`;
      this.#reject('ERR_FRAME_OVERSIZE', new RangeError(message), connection);
    });
    this.#server.on('acceptError', (error) => this.emit('acceptError', error));
    this.#server.on('frameError', (connection, error) => this.#reject('ERR_RECORD_LISTENER', error, connection));
  }

  /** Binds and listens; rejects with the system's error (code EADDRINUSE, EACCES, …). */
  listen(): Promise<AddressInfo> {
    return this.#server.listen();
  }

  /** The address bound, or null while it does not listen. */
  get address(): AddressInfo | null {
    return this.#server.address;
  }

  /** Whose loggers handle the records from now on. */
  get manager(): Manager {
    return this.#manager;
  }

  set manager(manager: Manager) {
    this.#manager = manager;
  }

  get stats(): Readonly<ReceiverStats> {
    return { ...this.#counts, trailing: this.#decoder.trailing };
  }

  /** The connections that are open. */
  get connections(): readonly Connection[] {
    return this.#server.connections;
  }

  /**
   * Ends without losing what has arrived: takes the connections that wait in the kernel, reads until all is quiet, then
   * closes, and ends every `for await` loop. The handlers are not closed: they are their owner's.
   */
  close(options?: DrainOptions): Promise<void> {
    this.#closing ??= this.#server.drain(options).then(() => {
      for (const queue of this.#queues) queue.end();
    });
    return this.#closing;
  }

  /** Records from now on until the receiver is closed. Handlers and listeners get them all the same. */
  [Symbol.asyncIterator](): AsyncIterator<LogRecord, undefined> {
    const queue = new RecordQueue(this.#queueLimit, (left) => this.#queues.delete(left));
    if (this.#closing === null) this.#queues.add(queue);
    else void this.#closing.then(() => queue.end());
    return queue;
  }

  #receive(payload: Uint8Array, connection: Connection): void {
    let record: LogRecord;
    try {
      record = this.#decoder.decode(this.#verifier === null ? payload : this.#verifier.verify(payload));
    } catch (error) {
      this.#refuse(payload, error, connection);
      return;
    }
    this.#counts.records++;
    this.#handle(record, this.#logname ?? record.name);
    for (const queue of this.#queues) {
      if (!queue.push(record)) this.#counts.dropped++;
    }
    this.emit('record', record, connection);
  }

  /** What finds no handler goes to the Manager's last resort, as in Python, unless somebody takes the records here. */
  #handle(record: LogRecord, name: string | null): void {
    const taken = this.#queues.size > 0 || this.listenerCount('record') > 0;
    if (taken && !this.#manager.loggerFor(name).hasHandlers()) return;
    this.#manager.handle(record, name);
  }

  #disconnected(connection: Connection, disconnect: Disconnect): void {
    if (disconnect.why === 'protocol') {
      this.#counts.foreign++;
      this.#reject(disconnect.error.code, disconnect.error, connection);
    } else if (disconnect.why === 'truncated' || (disconnect.why === 'reset' && disconnect.bytes > 0)) {
      this.#counts.truncated++;
    }
    this.emit('disconnect', connection, disconnect);
  }

  #refuse(payload: Uint8Array, error: unknown, connection: Connection): void {
    let reason = error;
    if (this.#verifier === null && isSigned(payload)) {
      reason = new FrameSignatureError('no-keys', 'the frame is signed, and there is no key here to check it with');
    }
    if (reason instanceof FrameSignatureError) this.#counts.unverified++;
    this.#reject((reason as { code?: string }).code ?? 'ERR_RECORD', reason, connection);
  }

  #reject(code: string, error: unknown, connection: Connection): void {
    this.#counts.rejected++;
    const message = error instanceof Error ? error.message : String(error);
    const global = (error as { global?: string | null } | null)?.global ?? null;
    const signature = error instanceof FrameSignatureError ? error.reason : null;
    this.emit('rejected', { code, message, global, signature, connection, error });
  }
}

/**
 * Makes a receiver of SocketHandler's records: `await receiver.listen()`, and every record goes to the handlers of the
 * loggers, to the listeners of 'record', and to `for await (const record of receiver)`.
 */
export function createReceiver(options: ReceiverOptions = {}): Receiver {
  return new Receiver(options);
}
