// Finds those who stopped in the middle of something. One timer for all, which runs only while somebody is in the middle.
// Knows neither who they are nor what they do.

/** Sweeps in which nothing came that make a stall. */
const IDLE_SWEEPS_MAX = 5;

/**
 * Counts sweeps rather than time: a process that was busy, or stopped, for longer than the time-out has read nothing
 * meanwhile, and must not blame its peers for that. It sees one sweep, then reads.
 */
export class IdleWatch<T> {
  readonly #period: number;
  readonly #onIdle: (member: T) => void;
  /** Sweeps since each was last heard of. */
  readonly #members: Map<T, number> = new Map();
  #timer: NodeJS.Timeout | null = null;

  /** `onIdle` is told of each that was silent for `timeout` milliseconds, or up to a quarter more. */
  constructor(timeout: number, onIdle: (member: T) => void) {
    this.#period = timeout / (IDLE_SWEEPS_MAX - 1);
    this.#onIdle = onIdle;
  }

  /** Something came from `member`, which is in the middle of something now, or is not. */
  touch(member: T, midFrame: boolean): void {
    if (midFrame) {
      this.#members.set(member, 0);
      this.#timer ??= setInterval(() => this.#sweep(), this.#period).unref();
    } else if (this.#members.size > 0) {
      this.#members.delete(member);
    }
  }

  #sweep(): void {
    for (const [member, sweeps] of this.#members) {
      if (sweeps + 1 < IDLE_SWEEPS_MAX) {
        this.#members.set(member, sweeps + 1);
      } else {
        this.#members.delete(member);
        this.#onIdle(member);
      }
    }
    if (this.#members.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
