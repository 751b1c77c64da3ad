// The receiver: frames in, records handled. What goes wrong with one frame or one peer stays with it.

import { EventEmitter } from 'node:events';
import {
  type Arrival,
  defaultManager,
  type Handler,
  type LogRecord,
  type Manager,
  type RawRecord,
} from '../logging/index.ts';
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

const { emit: ownEmit } = EventEmitter.prototype;

/** What a record is told by of the client certificate that was shown with it. */
const SUBJECT = 'tls_subject';

/**
 * Receives the records of SocketHandlers and DatagramHandlers; made by `createReceiver`.
 *
 * Where TLS clients must show a certificate, `extras` of a record has its subject as `tls_subject`, and that name comes
 * from nowhere else.
 */
export class Receiver extends EventEmitter<ReceiverEvents> implements AsyncIterable<LogRecord> {
  readonly #servers: EndpointSet;
  readonly #decoder: RecordDecoder;
  readonly #verifier: Pick<FrameVerifier, 'verify'> | null;
  #manager: Manager;
  readonly #logname: string | undefined;
  readonly #queueLimit: number;
  readonly #onRecord: ((record: Arrival, peer: Peer) => void) | undefined;
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
    this.#servers = new EndpointSet(options, (bytes, start, end, peer) =>
      this.#receive(bytes.subarray(start, end), peer),
    );
    this.#watchStreams();
    this.#watchDatagrams();
  }

  /** Binds and listens on all endpoints, or on none: rejects with a ListenError, whose code is the system's. */
  listen(): Promise<BoundAddress> {
    return this.#servers.listen();
  }

  /** What is bound, in the order of the options; empty while it does not listen. */
  get bound(): readonly BoundAddress[] {
    return this.#servers.bound;
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
    this.#servers.setTls(tls);
  }

  /** Whose loggers handle the records from now on. */
  get manager(): Manager {
    return this.#manager;
  }

  set manager(manager: Manager) {
    this.#manager = manager;
  }

  get stats(): Readonly<ReceiverStats> {
    const { open, bytes, unfinished, datagrams } = this.#servers;
    const { trailing } = this.#decoder;
    return { ...this.#counts, open, bytes, unfinished, datagrams: datagrams?.datagrams ?? 0, trailing };
  }

  /** The connections that are open. */
  get connections(): readonly Connection[] {
    return this.#servers.connections;
  }

  /**
   * Ends without losing what has arrived: takes the connections that wait in the kernel, reads until all is quiet, then
   * closes all endpoints, and ends every `for await` loop. The handlers are not closed: they are their owner's.
   */
  close(options?: DrainOptions): Promise<void> {
    this.#closing ??= this.#servers.drain(options).then(() => {
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

  #receive(payload: Uint8Array, peer: Peer): void {
    this.#counts.frames++;
    let record: LogRecord;
    try {
      const frame = this.#verifier === null ? payload : this.#verifier.verify(payload);
      const handler = this.#rawHandler();
      const located = handler === null ? undefined : this.#decoder.locate(frame);
      if (handler !== null && located && this.#handleRaw(handler, located, peer)) return;
      record = this.#decoder.decode(frame, located);
    } catch (error) {
      this.#refuse(payload, error, peer);
      return;
    }
    this.#counts.records++;
    if (this.#servers.asksForCertificate) nameSubject(record, peer);
    if (this.#onRecord !== undefined) this.#tell(this.#onRecord, record, peer);
    this.#handle(record, this.#logname ?? record.name);
    for (const queue of this.#queues) {
      if (!queue.push(record)) this.#counts.dropped++;
    }
    this.emit('record', record, peer);
  }

  /** Whom records go to, where that is one handler alone, and it can do without them; else null. */
  #rawHandler(): Handler | null {
    const handler = this.#manager.onlyHandler;
    const isWanted = this.#queues.size > 0 || this.#servers.asksForCertificate || this.listenerCount('record') > 0;
    return handler?.takesRaw && !isWanted && this.emit === ownEmit ? handler : null;
  }

  #handleRaw(handler: Handler, raw: RawRecord, peer: Peer): boolean {
    if (!handler.handleRaw(raw)) return false;
    this.#counts.records++;
    const { levelno, created } = raw;
    if (this.#onRecord !== undefined) this.#tell(this.#onRecord, { levelno, created }, peer);
    return true;
  }

  #tell(onRecord: (record: Arrival, peer: Peer) => void, record: Arrival, peer: Peer): void {
    try {
      onRecord(record, peer);
    } catch (error) {
      this.#reject('ERR_RECORD_LISTENER', error, peer);
    }
  }

  /** What finds no handler goes to the Manager's last resort, as in Python, unless somebody takes the records here. */
  #handle(record: LogRecord, name: string | null): void {
    const taken = this.#queues.size > 0 || this.listenerCount('record') > 0;
    if (taken && !this.#manager.loggerFor(name).hasHandlers()) return;
    this.#manager.handle(record, name);
  }

  #watchStreams(): void {
    const { streams } = this.#servers;
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
    const { datagrams } = this.#servers;
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
