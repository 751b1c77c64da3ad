// The life of a server: it listens once, is drained once and closed once, whatever is called twice, early or meanwhile.

import type { BoundAddress } from './listen/bound-address.ts';
import type { DrainOptions } from './reading/drain.ts';

/** What a server does in each part of its life. */
export interface LifecycleSteps {
  /** Binds all that is to be listened on, and returns the first of it. What it throws is followed by `release`. */
  bind(): Promise<BoundAddress>;
  /**
   * Stops listening, where reading can go on without, and reads until nothing came for `idle` milliseconds, or until
   * `performance.now()` has passed `deadline`.
   */
  readUntilIdle(idle: number, deadline: number): Promise<void>;
  /** Lets go of all that is bound or connected; may be called more than once. Never rejects. */
  release(): Promise<void>;
}

/** Calls the steps of one server, each at its time. */
export class Lifecycle {
  readonly #steps: LifecycleSteps;
  #listening: Promise<BoundAddress> | null = null;
  #drained: Promise<void> | null = null;
  #closed: Promise<void> | null = null;

  constructor(steps: LifecycleSteps) {
    this.#steps = steps;
  }

  /** Binds all, or releases what was bound by then and rejects. A second call returns the first one's promise. */
  listen(): Promise<BoundAddress> {
    this.#listening ??= this.#listen();
    return this.#listening;
  }

  /** Reads what has arrived, then closes. Never rejects. A second call returns the first one's promise. */
  drain({ idle = 200, limit = 10_000 }: DrainOptions = {}): Promise<void> {
    this.#drained ??= this.#drain(idle, performance.now() + limit);
    return this.#drained;
  }

  /** Releases all at once, and cuts a drain short. Never rejects. A second call returns the first one's promise. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #listen(): Promise<BoundAddress> {
    if (this.#closed !== null || this.#drained !== null) throw new Error('a server that was closed stays closed');
    try {
      return await this.#steps.bind();
    } catch (error) {
      // Not close(), which waits for this to be over.
      await this.#steps.release();
      throw error;
    }
  }

  async #drain(idle: number, deadline: number): Promise<void> {
    await this.#settled();
    await this.#steps.readUntilIdle(idle, deadline);
    await this.close();
  }

  async #close(): Promise<void> {
    await this.#settled();
    await this.#steps.release();
  }

  /** A name that is still being looked up would start to listen after a close: waits for it, whether it succeeds or not. */
  async #settled(): Promise<void> {
    await this.#listening?.catch(() => {});
  }
}
