// The policy of a configuration's file, which SIGHUP reads again while records go on coming. Knows no flag and no socket.

import { setTimeout as delay } from 'node:timers/promises';
import {
  type ConfigDocument,
  dictConfig,
  type Handler,
  type LogRecord,
  Manager,
  MemoryHandler,
  StreamHandler,
  WARNING,
} from '../logging/index.ts';
import type { Receiver } from '../receiver/index.ts';
import { failureIn, readConfigFile } from './config-file.ts';
import { reasonOf } from './failure.ts';
import type { StandardOutputs } from './output.ts';
import { closeAll, type Policy } from './policy.ts';

/** Milliseconds that handlers have to write what they were given, before others open the same files. */
const FLUSH_LIMIT = 5000;

/** Records that are held back meanwhile, at most: about as many as arrive in a second. */
const MAX_HELD = 100_000;

/** Milliseconds between two attempts of a handler to write what it could not write in time. */
const RETRY_DELAY = 1000;

/** What one reading of the file has made. */
interface Opened {
  readonly manager: Manager;
  /** Each before those that it hands its records to. */
  readonly handlers: readonly Handler[];
}

/** The policy of a configuration's file. */
export class ConfigPolicy implements Policy {
  readonly #path: string;
  readonly #outputs: StandardOutputs;
  readonly #say: (line: string) => void;
  #opened: Opened;
  /** Handlers that get no more records, and have yet to write some. */
  readonly #retired: Set<Handler> = new Set();
  /** Resolves when the file was read as often as was asked. */
  #reloads: Promise<void> = Promise.resolve();
  #waiting = false;
  #closing = false;

  /** @throws CommandFailure for a file that cannot be read, or used */
  constructor(path: string, outputs: StandardOutputs, say: (line: string) => void) {
    this.#path = path;
    this.#outputs = outputs;
    this.#say = say;
    this.#opened = this.#open(readConfigFile(path).document);
  }

  get manager(): Manager {
    return this.#opened.manager;
  }

  /** Reads the file again when its turn has come. One that waits for its turn is enough: it reads what is there then. */
  hangUp(receiver: Receiver): void {
    if (this.#waiting || this.#closing) return;
    this.#waiting = true;
    this.#reloads = this.#reloads.then(() => {
      this.#waiting = false;
      return this.#closing ? undefined : this.#reload(receiver);
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#reloads;
    // Standard output comes last, as others write to it until they are closed.
    await closeAll([...this.#retired, ...this.#opened.handlers, this.#outputs.stdout]);
  }

  /** Where the file is no use, or cannot be put into effect, all stays as it was. */
  async #reload(receiver: Receiver): Promise<void> {
    try {
      await this.#replace(readConfigFile(this.#path).document, receiver);
      this.#say(`reloaded ${this.#path}`);
    } catch (error) {
      this.#say(`not reloaded: ${reasonOf(error)}`);
    }
  }

  /**
   * Records that come meanwhile are held back: so those of before are on file when the same file is opened anew, and what
   * comes next goes behind them. Where that takes too long, the handlers of before go on by themselves.
   */
  async #replace(document: ConfigDocument, receiver: Receiver): Promise<void> {
    const before = this.#opened;
    const holding = new HoldingManager();
    receiver.manager = holding;
    try {
      const written = Promise.all(before.handlers.map(hasWritten));
      const late = new AbortController();
      await Promise.race([written, holding.full, delay(FLUSH_LIMIT, undefined, { signal: late.signal })]);
      late.abort();
      this.#opened = this.#open(document);
    } finally {
      receiver.manager = this.#opened.manager;
      holding.handOver(this.#opened.manager);
    }
    for (const handler of before.handlers) void this.#retire(handler);
  }

  /** @throws CommandFailure for what the system refuses, a file that cannot be opened say; nothing is open then */
  #open(document: ConfigDocument): Opened {
    const { streams } = this.#outputs;
    const manager = new Manager();
    manager.lastResort = new StreamHandler(streams.stderr, WARNING);
    try {
      void dictConfig(document, { manager, streams });
    } catch (error) {
      throw failureIn(this.#path, error);
    }
    return { manager, handlers: manager.handlers().reverse() };
  }

  /** Closes a handler when it has written all that it has. */
  async #retire(handler: Handler): Promise<void> {
    this.#retired.add(handler);
    while (!(await hasWritten(handler))) await delay(RETRY_DELAY, undefined, { ref: false });
    try {
      await handler.close();
    } catch (error) {
      handler.handleError(error, null);
    }
    this.#retired.delete(handler);
  }
}

/** Waits until a handler has written what it has; false where it could not. */
async function hasWritten(handler: Handler): Promise<boolean> {
  // Such a one is to forget what it has.
  if (handler instanceof MemoryHandler && !handler.flushOnClose) return true;
  try {
    await handler.flush();
    return true;
  } catch {
    return false; // which it has reported
  }
}

/** Holds back the records that it is given. */
class HoldingManager extends Manager {
  /** Resolves when there are so many that no more should come. */
  readonly full: Promise<void>;
  readonly #held: [record: LogRecord, name: string | null][] = [];
  #onFull: () => void = () => {};

  constructor() {
    super();
    this.full = new Promise((resolve) => {
      this.#onFull = resolve;
    });
  }

  override handle(record: LogRecord, name: string | null = record.name): void {
    if (this.#held.push([record, name]) === MAX_HELD) this.#onFull();
  }

  /** Gives another one all that it holds, in order. */
  handOver(manager: Manager): void {
    for (const [record, name] of this.#held) manager.handle(record, name);
  }
}
