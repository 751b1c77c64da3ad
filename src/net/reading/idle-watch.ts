// A time-out for members that stop in the middle of a frame: one timer for all, which runs only while one of them is in
// the middle.

/** Sweeps without a sign of a member after which it is idle. */
const IDLE_SWEEPS_MAX = 5;

/**
 * Counts sweeps rather than time: a process that was busy, or stopped, for longer than the time-out has read nothing
 * meanwhile, and its peers must not be taken for idle. It sees one sweep, then reads.
 */
export class IdleWatch<T> {
  readonly #period: number;
  readonly #onIdle: (member: T) => void;
  /** Sweeps since each was last touched. */
  readonly #members: Map<T, number> = new Map();
  #timer: NodeJS.Timeout | null = null;

  /** `onIdle` is told of each that was silent for `timeout` milliseconds, or up to a quarter more. */
  constructor(timeout: number, onIdle: (member: T) => void) {
    this.#period = timeout / (IDLE_SWEEPS_MAX - 1);
    this.#onIdle = onIdle;
  }

  /** Something came from `member`, which is now in the middle of a frame, or between two. */
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
