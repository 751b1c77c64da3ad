// How long to wait between attempts that fail: Python's SocketHandler's retryStart, retryFactor and retryMax.

/** Seconds between attempts. Read at each failure, so that they may change while a handler is in use. */
export interface BackoffSettings {
  /** From a first failed attempt to the next. */
  readonly retryStart: number;
  /** What each further wait is multiplied by. */
  readonly retryFactor: number;
  /** The longest wait. */
  readonly retryMax: number;
}

/** The longest time that a timer of Node takes; a longer one ends at once. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** The waits after attempts that fail one after another: 1, 2, 4, … 30 seconds, say. */
export class Backoff {
  readonly #settings: BackoffSettings;
  /** Seconds waited last, null before the first failure. */
  #period: number | null = null;

  constructor(settings: BackoffSettings) {
    this.#settings = settings;
  }

  /**
   * Milliseconds to wait after an attempt that has failed.
   * @param atLeast seconds that the other side asks for; more than retryMax counts as retryMax
   */
  next(atLeast = 0): number {
    const { retryStart, retryFactor, retryMax } = this.#settings;
    this.#period = this.#period === null ? retryStart : Math.min(this.#period * retryFactor, retryMax);
    const seconds = Math.max(this.#period, Math.min(atLeast, retryMax));
    return Math.min(seconds * 1000, DELAY_MS_MAX);
  }

  /** An attempt has succeeded: the next failure is a first one. */
  reset(): void {
    this.#period = null;
  }
}
