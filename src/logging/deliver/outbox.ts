// Text on its way to somewhere on a network: waits, retries, and a bound for both. Knows no protocol and no record.

import type { BoundedCounter } from '../bounded-counter.ts';
import { textEncoding } from '../encode/text-encoding.ts';
import { LineWriter } from '../write/line-writer.ts';

/** A way to somewhere else. One call at a time, but for `destroy`. */
export interface Transport {
  /** Whether messages are one stream of bytes, and may be sent many at a time. */
  readonly joins: boolean;
  /** Gets ready to send, connecting if need be. What it throws is reported and tried again. */
  open(): Promise<void>;
  /** Sends bytes; what it throws is reported, and the same bytes are sent again. */
  send(bytes: Uint8Array): Promise<void>;
  /** Ends what is under way: `open` or `send` fails with the error, or gives up what it was doing. */
  destroy(error: Error): void;
  /** Gives back what `open` got. */
  close(): Promise<void>;
}

/** What the handlers that send text over a network have as options. */
export interface OutboxOptions {
  /** Bytes that may wait to be sent; the newest records beyond are dropped and counted. Default 64 MiB. */
  readonly maxPending?: number;
  /** Milliseconds that connecting, sending and closing may each take. Default 10,000. */
  readonly timeout?: number;
}

interface Message {
  /** The record's level, by which it is counted if it is dropped. */
  readonly levelname: string;
}

const utf8 = textEncoding('utf-8', 'backslashreplace');

/** Messages in their order, sent by a Transport. What cannot be sent is tried again every second, and waits until then. */
export class Outbox {
  /** How many messages were given up, by level name. */
  readonly dropped: BoundedCounter;
  readonly #link: Transport;
  readonly #timeout: number;
  readonly #writer: LineWriter<Message>;
  /** Whether `close` has waited long enough. */
  #overdue: Error | null = null;

  /** @param onError told of an error of the link: once, until something was sent again */
  constructor(link: Transport, options: OutboxOptions, dropped: BoundedCounter, onError: (error: Error) => void) {
    this.dropped = dropped;
    this.#link = link;
    this.#timeout = options.timeout ?? 10_000;
    this.#writer = new LineWriter<Message>(
      {
        ready: () => this.#ready(),
        joins: () => link.joins,
        // Progress is only reported of all the bytes, so that no message is ever begun.
        write: (bytes, progress) => this.#write(bytes, progress),
        written: () => {},
        close: () => link.close(),
      },
      utf8,
      { ...(options.maxPending === undefined ? {} : { maxPending: options.maxPending }), onError },
    );
  }

  /** Takes a message, or drops it where there is no room. */
  push(message: string, levelname: string): void {
    if (!this.#writer.push({ levelname }, message)) this.dropped.add(levelname);
  }

  /**
   * Resolves when everything pushed so far was sent.
   * @throws the link's error when an attempt fails meanwhile; what was not sent stays
   */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  /**
   * Sends what is pending and closes the link. A later message opens it again.
   * @throws the link's error when an attempt fails or time runs out; what was not sent is dropped and counted
   */
  async close(): Promise<void> {
    const timer = setTimeout(() => {
      this.#overdue = this.#late('not everything was sent');
      this.#link.destroy(this.#overdue);
    }, this.#timeout);
    try {
      await this.#writer.close();
    } catch (error) {
      for (const { levelname } of this.#writer.abandon()) this.dropped.add(levelname);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#overdue = null;
    }
  }

  async #ready(): Promise<boolean> {
    if (this.#overdue !== null) throw this.#overdue;
    await this.#inTime(this.#link.open());
    return true;
  }

  async #write(bytes: Uint8Array, progress: (bytes: number) => void): Promise<void> {
    await this.#inTime(this.#link.send(bytes));
    progress(bytes.length);
  }

  async #inTime(work: Promise<void>): Promise<void> {
    const timer = setTimeout(() => this.#link.destroy(this.#late('no answer')), this.#timeout);
    try {
      await work;
    } catch (error) {
      // Of a host with several addresses, Node has an error for each, and no text for all.
      throw error instanceof AggregateError ? error.errors.at(-1) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  #late(what: string): Error {
    return new Error(`${what} within ${this.#timeout} ms`);
  }
}
