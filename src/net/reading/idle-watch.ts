// Finds those who stopped in the middle of something. One timer for all, which runs only while somebody is in the middle.
// Knows neither who they are nor what they do.

/** Sweeps in which nothing came that make a stall. */
const SWEEPS = 5;

/**
 * Counts sweeps rather than time: a process that was busy, or stopped, for longer than the time-out has read nothing
 * meanwhile, and must not blame its peers for that. It sees one sweep, then reads.
 */
export class IdleWatch<T> {
  readonly #period: number;
  readonly #onStall: (member: T) => void;
  /** Sweeps since each was last heard of. */
  readonly #members: Map<T, number> = new Map();
  #timer: NodeJS.Timeout | null = null;

  /** `onStall` is told of each that was silent for `timeout` milliseconds, or up to a quarter more. */
  constructor(timeout: number, onStall: (member: T) => void) {
    this.#period = timeout / (SWEEPS - 1);
    this.#onStall = onStall;
  }

  /** Something came from `member`, which is in the middle of something now, or is not. */
  heard(member: T, inTheMiddle: boolean): void {
    if (inTheMiddle) {
      this.#members.set(member, 0);
      this.#timer ??= setInterval(() => this.#sweep(), this.#period).unref();
    } else if (this.#members.size > 0) {
      this.#members.delete(member);
    }
  }

  #sweep(): void {
    for (const [member, sweeps] of this.#members) {
      if (sweeps + 1 < SWEEPS) {
        this.#members.set(member, sweeps + 1);
      } else {
        this.#members.delete(member);
        this.#onStall(member);
      }
    }
    if (this.#members.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
