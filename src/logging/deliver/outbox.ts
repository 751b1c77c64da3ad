// The delivery engine: messages wait in their order, go out over a transport, and are each accounted for. One bound, one
// back-off, one flush and one close for every handler that sends over a network.

import { performance } from 'node:perf_hooks';
import type { BoundedCounter } from '../bounded-counter.ts';
import { RingQueue } from '../write/ring-queue.ts';
import { Watermark } from '../write/watermark.ts';
import { Backoff, type BackoffSettings } from './backoff.ts';
import { RefusedError, type Transport } from './transport.ts';

/** What the handlers that send over a network have as options. */
export interface OutboxOptions {
  /**
   * Bytes that may wait to be sent, where a record counts 64 at least; the newest records beyond are dropped and counted.
   * Default 64 MiB.
   */
  readonly maxPending?: number | undefined;
  /** Milliseconds that connecting, sending and closing may each take. Default 10,000. */
  readonly timeout?: number | undefined;
}

/** Options of an Outbox: times, in milliseconds, that differ from `timeout`. */
export interface OutboxLimits extends OutboxOptions {
  readonly openTimeout?: number;
  readonly sendTimeout?: number;
}

/** Where the account of the messages is kept: a Handler. Each message is counted in one of the three, once. */
export interface OutboxOwner extends BackoffSettings {
  /** Messages that were handed over. */
  written: number;
  /** Messages that can never be sent. */
  failed: number;
  /** Messages given up for want of room or of time, by level name. */
  readonly dropped: BoundedCounter;
  /** Told of each attempt that fails, and of each message that is refused. */
  handleError(error: unknown, record: null): void;
}

interface Message {
  readonly bytes: Uint8Array;
  /** The record's level, by which it is counted if it is dropped. */
  readonly levelname: string;
}

/** Stands in the queue where the connection is to be closed. */
const HANG_UP: Message = Object.freeze({ bytes: new Uint8Array(0), levelname: '' });

const PENDING_BYTES_MAX: number = 64 * 1024 * 1024;

/** A message counts this much at least: an empty one takes memory too. */
const MESSAGE_BYTES_MIN = 64;

/** Milliseconds after which sockets are read before more is sent: a transport may never have to wait. */
const TURN_MS_MAX = 10;

/** Messages in their order, on their way out. */
export class Outbox {
  readonly #transport: Transport;
  readonly #owner: OutboxOwner;
  readonly #backoff: Backoff;
  readonly #maxPending: number;
  readonly #timeout: number;
  readonly #openTimeout: number;
  readonly #sendTimeout: number;
  readonly #queue: RingQueue<Message> = new RingQueue();
  #pending = 0;
  #waiting = 0;
  /** Places of the queue taken so far, and those that have been left again. */
  #entered = 0;
  #left = 0;
  /** Of `#left`. */
  readonly #flushes: Watermark = new Watermark();
  #state: 'idle' | 'running' | 'backing off' = 'idle';
  #retry: NodeJS.Timeout | undefined;
  /** Whether the connection has taken anything since it was opened. */
  #proven = false;
  #closing: Promise<void> | null = null;
  /** Set when `close` has waited long enough. */
  #overdue: Error | null = null;

  constructor(transport: Transport, owner: OutboxOwner, options: OutboxLimits = {}) {
    const { maxPending = PENDING_BYTES_MAX, timeout = 10_000, openTimeout = timeout, sendTimeout = timeout } = options;
    this.#transport = transport;
    this.#owner = owner;
    this.#backoff = new Backoff(owner);
    this.#maxPending = maxPending;
    this.#timeout = timeout;
    this.#openTimeout = openTimeout;
    this.#sendTimeout = sendTimeout;
  }

  /** Bytes that wait, those that are being handed over included. */
  get pending(): number {
    return this.#pending;
  }

  /** Messages that wait, likewise. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes a message, whose bytes stay as they are, or drops it where there is no room. */
  push(bytes: Uint8Array, levelname: string): void {
    const size = sizeOf(bytes);
    if (this.#pending + size > this.#maxPending) {
      this.#owner.dropped.add(levelname);
      return;
    }
    this.#pending += size;
    this.#waiting++;
    this.#enter({ bytes, levelname });
  }

  /** Closes the connection, where there is one, behind all that waits; the next message opens another. */
  hangUp(): void {
    const { length } = this.#queue;
    const isAsked = length > 0 && this.#queue.at(length - 1) === HANG_UP;
    if (this.#transport.isOpen && !isAsked) this.#enter(HANG_UP);
  }

  /**
   * Resolves when everything so far was handed over, or refused. Does not wait for the end of a back-off.
   * @throws the transport's error when an attempt fails meanwhile; what waits stays, and is tried again
   */
  flush(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve();
    const flushed = this.#flushes.wait(this.#entered);
    if (this.#state === 'backing off') this.#start();
    return flushed;
  }

  /**
   * Sends what waits and closes the connection. A later message opens another.
   * @throws the transport's error when an attempt fails, or one that says that the time is over; what could not be sent
   *   is dropped then, and counted
   */
  close(): Promise<void> {
    this.#closing ??= this.#close().finally(() => {
      this.#closing = null;
    });
    return this.#closing;
  }

  async #close(): Promise<void> {
    const timer = setTimeout(() => {
      this.#overdue = new Error(`not everything was sent within ${this.#timeout} ms`);
      this.#transport.destroy(this.#overdue);
    }, this.#timeout);
    try {
      this.#enter(HANG_UP);
      await this.flush();
    } finally {
      clearTimeout(timer);
      this.#overdue = null;
    }
  }

  #enter(message: Message): void {
    this.#queue.push(message);
    this.#entered++;
    if (this.#state === 'idle') this.#start();
  }

  #start(): void {
    clearTimeout(this.#retry);
    this.#state = 'running';
    void this.#run();
  }

  async #run(): Promise<void> {
    try {
      let began = performance.now();
      while (this.#queue.length > 0) {
        await this.#advance();
        if (performance.now() - began < TURN_MS_MAX) continue;
        await new Promise((resolve) => setImmediate(resolve));
        began = performance.now();
      }
      this.#state = 'idle';
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Does what comes next; throws where that is to be tried again later. */
  async #advance(): Promise<void> {
    if (this.#overdue !== null) throw this.#overdue;
    if (this.#queue.at(0) === HANG_UP) {
      if (this.#transport.isOpen) await this.#transport.close();
      this.#leave(1);
      return;
    }
    try {
      if (!this.#transport.isOpen) {
        this.#proven = false;
        await this.#inTime(this.#transport.open(), this.#openTimeout);
      }
      const batch = this.#batch();
      const bytes = batch.length === 1 ? (batch[0] as Message).bytes : Buffer.concat(batch.map((each) => each.bytes));
      await this.#sent(this.#transport.send(bytes), batch.length);
    } catch (error) {
      // Of a host with several addresses, Node has an error for each, and no text for all.
      const reason = error instanceof AggregateError ? error.errors.at(-1) : error;
      if (!this.#proven || this.#overdue !== null) throw reason;
      // A connection that was good has broken, which says nothing of the next one.
      this.#proven = false;
      this.#owner.handleError(reason, null);
    }
  }

  /** Counts messages as handed over when they are, or as failed where they are refused for good. */
  async #sent(sending: Promise<void>, count: number): Promise<void> {
    try {
      await this.#inTime(sending, this.#sendTimeout);
      this.#owner.written += count;
    } catch (error) {
      if (!(error instanceof RefusedError) || error.retryAfter !== null) throw error;
      this.#owner.failed += count;
      this.#owner.handleError(error, null);
    }
    this.#proven = true;
    this.#backoff.reset();
    this.#leave(count);
  }

  /** The oldest messages that can be sent as one. */
  #batch(): Message[] {
    const batch: Message[] = [];
    let bytes = 0;
    for (let next = this.#queue.at(0); next !== undefined && next !== HANG_UP; next = this.#queue.at(batch.length)) {
      bytes += next.bytes.length;
      if (batch.length > 0 && bytes > this.#transport.batchBytesMax) break;
      batch.push(next);
    }
    return batch;
  }

  /** The first places of the queue are done with. */
  #leave(count: number): void {
    for (let i = 0; i < count; i++) {
      const message = this.#queue.at(0) as Message;
      this.#queue.shift();
      if (message === HANG_UP) continue;
      this.#pending -= sizeOf(message.bytes);
      this.#waiting--;
    }
    this.#left += count;
    this.#flushes.reached(this.#left);
  }

  /** An attempt has failed: the next one waits, or there is none. */
  #fail(error: Error): void {
    const isLast = this.#closing !== null;
    if (this.#overdue === null) this.#owner.handleError(error, null);
    if (isLast) {
      this.#abandon();
    } else {
      this.#state = 'backing off';
      const delay = this.#backoff.next(error instanceof RefusedError ? (error.retryAfter ?? 0) : 0);
      // A program that ends without closing its handlers is not kept alive by a receiver that stays away.
      this.#retry = setTimeout(() => this.#start(), delay).unref();
    }
    this.#flushes.rejectAll(this.#overdue ?? error);
  }

  /** Drops what waits. */
  #abandon(): void {
    for (const message of this.#queue.takeAll()) if (message !== HANG_UP) this.#owner.dropped.add(message.levelname);
    this.#left = this.#entered;
    this.#pending = 0;
    this.#waiting = 0;
    this.#backoff.reset();
    this.#state = 'idle';
  }

  async #inTime(work: Promise<void>, limit: number): Promise<void> {
    if (limit === Number.POSITIVE_INFINITY) return work;
    const timer = setTimeout(() => this.#transport.destroy(new Error(`no answer within ${limit} ms`)), limit);
    try {
      await work;
    } finally {
      clearTimeout(timer);
    }
  }
}

function sizeOf(bytes: Uint8Array): number {
  return Math.max(bytes.length, MESSAGE_BYTES_MIN);
}
