// The receiver: frames in, records handled. What goes wrong with one frame or one peer stays with it.

import { EventEmitter } from 'node:events';
import { defaultManager, type LogEvent, type LogRecord, type Manager } from '../logging/index.ts';
import { isSigned } from '../net/framing/index.ts';
import {
  type BoundAddress,
  type Connection,
  type Disconnect,
  type DrainOptions,
  FrameSignatureError,
  type FrameVerifier,
  type Peer,
  type TlsSettings,
} from '../net/index.ts';
import { RecordDecoder } from '../record/index.ts';
import { EndpointSet } from './endpoint-set.ts';
import type { ReceiverEvents, ReceiverOptions } from './receiver-options.ts';
import { RecordQueue } from './record-queue.ts';
import { codeOf, type RejectionCode, rejectionOf, rejectionTable } from './rejections.ts';
import type { ReceiverStats } from './stats.ts';

/** What a record is told by of the client certificate that was shown with it. */
const SUBJECT = 'tls_subject';

/**
 * Receives the records of SocketHandlers and DatagramHandlers; made by `createReceiver`.
 *
 * Where TLS clients must show a certificate, `extras` of a record has its subject as `tls_subject`, and that name comes
 * from nowhere else.
 */
export class Receiver extends EventEmitter<ReceiverEvents> implements AsyncIterable<LogRecord> {
  readonly #endpoints: EndpointSet;
  readonly #decoder: RecordDecoder;
  readonly #verifier: Pick<FrameVerifier, 'verify'> | null;
  #manager: Manager;
  readonly #logname: string | undefined;
  readonly #queueLimit: number;
  readonly #onRecord: ReceiverOptions['onRecord'];
  readonly #queues: Set<RecordQueue> = new Set();
  readonly #counts = {
    connections: 0,
    frames: 0,
    records: 0,
    rejected: 0,
    refused: 0,
    oversize: 0,
    overBudget: 0,
    unverified: 0,
    truncated: 0,
    idleTimeout: 0,
    wrongProtocol: 0,
    dropped: 0,
  };
  #closing: Promise<void> | null = null;

  /**
   * @throws RangeError for a limit out of range; EndpointError for text that names nothing to listen on, or no address;
   *   TlsSettingsError for certificates that cannot be used; TypeError for options that contradict each other
   */
  constructor(options: ReceiverOptions) {
    super();
    const { verify = null, manager = defaultManager, logname, queueLimit = 10_000, onRecord } = options;
    this.#decoder = new RecordDecoder(options);
    this.#verifier = verify;
    this.#manager = manager;
    this.#logname = logname;
    this.#queueLimit = queueLimit;
    this.#onRecord = onRecord;
    this.#endpoints = new EndpointSet(options, (bytes, start, end, peer) => this.#receive(bytes, start, end, peer));
    this.#watchStreams();
    this.#watchDatagrams();
  }

  /** Binds and listens on all endpoints, or on none: rejects with a ListenError, whose code is the system's. */
  listen(): Promise<BoundAddress> {
    return this.#endpoints.listen();
  }

  /** What is bound, in the order of the options; empty while it does not listen. */
  get bound(): readonly BoundAddress[] {
    return this.#endpoints.bound;
  }

  /** The first of what is bound, or null while it does not listen. */
  get address(): BoundAddress | null {
    return this.bound[0] ?? null;
  }

  /**
   * Shows these certificates, and asks for theirs, from the next TLS handshake on.
   * @throws TlsSettingsError when they cannot be used, or change whether clients need one, and TypeError on a receiver
   *   without TLS: then nothing changes
   */
  setTls(tls: TlsSettings): void {
    this.#endpoints.setTls(tls);
  }

  /** Whose loggers handle the records from now on. */
  get manager(): Manager {
    return this.#manager;
  }

  set manager(manager: Manager) {
    this.#manager = manager;
  }

  get stats(): Readonly<ReceiverStats> {
    const { open, bytes, unfinished, datagrams } = this.#endpoints;
    const { trailing } = this.#decoder;
    return { ...this.#counts, open, bytes, unfinished, datagrams: datagrams?.datagrams ?? 0, trailing };
  }

  /** The connections that are open. */
  get connections(): readonly Connection[] {
    return this.#endpoints.connections;
  }

  /**
   * Ends without losing what has arrived: takes the connections that wait in the kernel, reads until all is quiet, then
   * closes all endpoints, and ends every `for await` loop. The handlers are not closed: they are their owner's.
   */
  close(options?: DrainOptions): Promise<void> {
    this.#closing ??= this.#endpoints.drain(options).then(() => {
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

  /** The one door: every frame, whole or gathered, of a connection or a datagram, signed or not. */
  #receive(bytes: Uint8Array, start: number, end: number, peer: Peer): void {
    this.#counts.frames++;
    let event: LogEvent;
    try {
      event = this.#eventOf(bytes, start, end);
    } catch (error) {
      this.#refuse(bytes.subarray(start, end), error, peer);
      return;
    }
    this.#counts.records++;
    if (this.#endpoints.asksForCertificate) nameSubject(event.record(), peer);
    if (this.#onRecord !== undefined) this.#tell(this.#onRecord, event, peer);
    this.#handle(event);
    if (this.#queues.size > 0) this.#queue(event.record());
    if (this.listenerCount('record') > 0) this.emit('record', event.record(), peer);
  }

  #queue(record: LogRecord): void {
    for (const queue of this.#queues) {
      if (!queue.push(record)) this.#counts.dropped++;
    }
  }

  #eventOf(bytes: Uint8Array, start: number, end: number): LogEvent {
    if (this.#verifier === null) return this.#decoder.event(bytes, start, end);
    return this.#decoder.event(this.#verifier.verify(bytes.subarray(start, end)));
  }

  #tell(onRecord: NonNullable<ReceiverOptions['onRecord']>, event: LogEvent, peer: Peer): void {
    try {
      onRecord(event, peer);
    } catch (error) {
      this.#reject('ERR_RECORD_LISTENER', error, peer);
    }
  }

  /** What finds no handler goes to the Manager's last resort, as in Python, unless the records are taken here. */
  #handle(event: LogEvent): void {
    const isTaken = this.#queues.size > 0 || this.listenerCount('record') > 0;
    if (isTaken && !this.#manager.loggerFor(this.#logname ?? event.name).hasHandlers()) return;
    this.#manager.handle(event, this.#logname);
  }

  #watchStreams(): void {
    const { streams } = this.#endpoints;
    if (streams === null) return;
    streams.on('connection', (connection) => {
      this.#counts.connections++;
      this.emit('connection', connection);
    });
    streams.on('disconnect', (connection, disconnect) => this.#disconnected(connection, disconnect));
    streams.on('refused', (peer, error) => this.#reject(error.code, error, peer));
    streams.on('oversize', (connection, length) => this.#oversize(connection, length));
    streams.on('overBudget', (connection, length) => {
      const message = `a frame of ${length} bytes did not fit the memory for unfinished frames and was skipped`;
      this.#reject('ERR_FRAME_MEMORY', new RangeError(message), connection);
    });
    streams.on('acceptError', (error) => this.emit('acceptError', error));
    streams.on('frameError', (connection, error) => this.#reject('ERR_RECORD_LISTENER', error, connection));
  }

  #watchDatagrams(): void {
    const { datagrams } = this.#endpoints;
    if (datagrams === null) return;
    datagrams.on('refused', (peer, error) => this.#reject(error.code, error, peer));
    datagrams.on('malformed', (peer, error) => this.#reject(error.code, error, peer));
    datagrams.on('oversize', (peer, length) => this.#oversize(peer, length));
    datagrams.on('receiveError', (error) => this.emit('acceptError', error));
    datagrams.on('frameError', (peer, error) => this.#reject('ERR_RECORD_LISTENER', error, peer));
  }

  #oversize(peer: Peer, length: number): void {
    const message = `a frame of ${length} bytes is over the limit and was skipped`;
    this.#reject('ERR_FRAME_OVERSIZE', new RangeError(message), peer);
  }

  #disconnected(connection: Connection, disconnect: Disconnect): void {
    if (disconnect.why === 'protocol') {
      this.#reject(disconnect.error.code, disconnect.error, connection);
    } else if (disconnect.why === 'idle-timeout') {
      const message = `nothing came after ${disconnect.bytes} bytes of a frame, and the connection was closed`;
      this.#reject('ERR_FRAME_IDLE_TIMEOUT', new Error(message), connection);
    } else if (disconnect.why === 'truncated' || (disconnect.why === 'reset' && disconnect.bytes > 0)) {
      this.#counts.truncated++;
    }
    this.emit('disconnect', connection, disconnect);
  }

  #refuse(payload: Uint8Array, error: unknown, peer: Peer): void {
    let reason = error;
    if (this.#verifier === null && isSigned(payload)) {
      reason = new FrameSignatureError('no-keys', 'the frame is signed, and there is no key here to check it with');
    }
    this.#reject(codeOf(reason), reason, peer);
  }

  #reject(code: RejectionCode, error: unknown, peer: Peer): void {
    const { counter } = rejectionTable[code];
    if (counter !== null) this.#counts[counter]++;
    this.#counts.rejected++;
    this.emit('rejected', rejectionOf(code, error, peer));
  }
}

/** Says in a record whose certificate came with it, and takes that name from all who showed none. */
function nameSubject(record: LogRecord, { subject }: Peer): void {
  if (subject === null) record.extras.delete(SUBJECT);
  else record.extras.set(SUBJECT, subject);
}

/**
 * Makes a receiver of SocketHandler's records: `await receiver.listen()`, and every record goes to the handlers of the
 * loggers, to the listeners of 'record', and to `for await (const record of receiver)`.
 */
export function createReceiver(options: ReceiverOptions = {}): Receiver {
  return new Receiver(options);
}
