// The output pipeline that a configuration's file describes. SIGHUP reads it again while records go on coming.

import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { recordBytes } from '../../logging/event/index.ts';
import {
  type ConfigDocument,
  dictConfig,
  type Handler,
  type LogEvent,
  type LogRecord,
  Manager,
  MemoryHandler,
  StreamHandler,
  WARNING,
} from '../../logging/index.ts';
import type { Receiver } from '../../receiver/index.ts';
import { reasonOf } from '../command-failure.ts';
import { LossCounters } from '../monitoring/loss-counters.ts';
import type { Messages } from '../monitoring/messages.ts';
import { failureIn, type ReadConfig, readConfigFile } from '../settings/config-file.ts';
import type { StandardOutputs } from './output.ts';
import { closeAll, type OutputPipeline } from './output-pipeline.ts';

/** Milliseconds that handlers have to write what they were given, before others open the same files. */
const FLUSH_MS_MAX = 5000;

/** Records that are held back meanwhile: about as many as arrive in a second. */
const HELD_RECORDS_MAX = 100_000;

/** Milliseconds between two attempts of a handler to write what it could not write in time. */
const RETRY_DELAY_MS = 1000;

/** What one reading of the file has made. */
interface Opened {
  readonly manager: Manager;
  /** Each before those that it hands its records to. */
  readonly handlers: readonly Handler[];
}

/** What the pipeline of a configuration's file is made with. */
export interface ConfigPipelineOptions {
  readonly path: string;
  /** What the file says now. */
  readonly config: ReadConfig;
  readonly outputs: StandardOutputs;
  /** Bytes that may wait in each handler. */
  readonly maxBacklog: number;
  readonly messages: Messages;
}

/** The pipeline of a configuration's file. */
export class ConfigPipeline implements OutputPipeline {
  readonly losses: LossCounters;
  readonly #options: ConfigPipelineOptions;
  #opened: Opened;
  /** Handlers that get no more records, and have yet to write some. */
  readonly #retired: Set<Handler> = new Set();
  /** Resolves when the file was read as often as was asked. */
  #reloads: Promise<void> = Promise.resolve();
  #waiting = false;
  #closing = false;

  /** @throws CommandFailure for what the system refuses, a file that cannot be opened say */
  constructor(options: ConfigPipelineOptions) {
    this.#options = options;
    this.#opened = this.#open(options.config.document);
    this.losses = new LossCounters(() => [...this.#retired, ...this.#opened.handlers, options.outputs.stdout]);
  }

  get manager(): Manager {
    return this.#opened.manager;
  }

  /** Reads the file again when its turn has come. One that waits for its turn is enough: it reads what is there then. */
  reload(receiver: Receiver): void {
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
    await closeAll([...this.#retired, ...this.#opened.handlers, this.#options.outputs.stdout]);
  }

  /** Where the file cannot be read, or not be put into effect, all stays as it was. */
  async #reload(receiver: Receiver): Promise<void> {
    const { path, config, messages } = this.#options;
    try {
      const { document, section } = readConfigFile(path);
      await this.#replace(document, receiver);
      messages.info('cli', `reloaded ${path}`);
      if (isDeepStrictEqual(section, config.section)) return;
      messages.say(
        'cli',
        WARNING,
        `the settings under picklewire in ${path} have changed: restart to put them into effect`,
      );
    } catch (error) {
      messages.error('cli', `not reloaded: ${reasonOf(error)}`);
    }
  }

  /**
   * Records that come meanwhile are held back: so those of before are on file when the same file is opened anew, and what
   * comes next goes behind them. Where that takes too long, the handlers of before go on by themselves.
   */
  async #replace(document: ConfigDocument, receiver: Receiver): Promise<void> {
    const before = this.#opened;
    const holding = new HoldingManager(this.#options.maxBacklog);
    receiver.manager = holding;
    try {
      const written = Promise.all(before.handlers.map(hasWritten));
      const late = new AbortController();
      await Promise.race([written, holding.full, delay(FLUSH_MS_MAX, undefined, { signal: late.signal })]);
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
    const { path, outputs, maxBacklog } = this.#options;
    const { streams } = outputs;
    const manager = new Manager();
    manager.lastResort = new StreamHandler(streams.stderr, WARNING);
    try {
      void dictConfig(document, { manager, streams, maxPending: maxBacklog });
    } catch (error) {
      throw failureIn(path, error);
    }
    return { manager, handlers: manager.handlers().reverse() };
  }

  /** Closes a handler when it has written all that it has. */
  async #retire(handler: Handler): Promise<void> {
    this.#retired.add(handler);
    while (!(await hasWritten(handler))) await delay(RETRY_DELAY_MS, undefined, { ref: false });
    try {
      await handler.close();
    } catch (error) {
      handler.handleError(error, null);
    }
    this.#retired.delete(handler);
    this.losses.retire(handler);
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
  /** Resolves when the records held are as many, or as large, as may be. */
  readonly full: Promise<void>;
  readonly #maxBytes: number;
  readonly #held: [record: LogRecord, name: string | null | undefined][] = [];
  #bytes = 0;
  #onFull: () => void = () => {};

  /** @param maxBytes bytes that the records may take, about */
  constructor(maxBytes: number) {
    super();
    this.#maxBytes = maxBytes;
    this.full = new Promise((resolve) => {
      this.#onFull = resolve;
    });
  }

  override handle(event: LogEvent, name?: string | null): void {
    const record = event.record();
    this.#bytes += recordBytes(record);
    if (this.#held.push([record, name]) >= HELD_RECORDS_MAX || this.#bytes >= this.#maxBytes) this.#onFull();
  }

  /** Gives another one all that it holds, in order. */
  handOver(manager: Manager): void {
    for (const [record, name] of this.#held) manager.handle(record, name);
  }
}
