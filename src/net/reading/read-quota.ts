// A quota on the bytes that all connections together are read in one turn of the event loop, shared out among them.

/**
 * Bytes that are read in one turn, beside what the last read brings. libuv reads every socket that has something before
 * it looks at anything else: with thousands of them a turn would last seconds, in which no signal is seen, no timer runs,
 * and no write to a file ends. With `node bench/scale.js --only connections` a record of 10,000 connections takes less
 * time with 1, 2 or 4 MiB than with 8, where what waits to be written is more.
 */
export const TURN_BYTES_MAX: number = 4 * 2 ** 20;

/** A member that has had this many bytes lets the others have their turn. */
const CHUNK_BYTES = 64 * 1024;

/**
 * The most that is ever read at once: about what a kernel holds of a busy connection, so that one read takes it all.
 * `node bench/end-to-end.js` shows what less costs.
 */
export const READ_BYTES_MAX: number = 2 ** 20;

/** The share of the quota that is read before turns are told apart, so that where little is read they cost nothing. */
const UNMETERED_SHARE = 1 / 8;

/** The share of it for those that start in a turn; the rest is for those that are being read. */
const STARTERS_SHARE = 1 / 2;

export interface ReadQuotaEvents<T> {
  /** Stops reading from `member` until it is started. */
  readonly stop: (member: T) => void;
  readonly start: (member: T) => void;
}

/**
 * When a turn has read its quota, all are stopped, and queue up. In the turns that follow the first few are started again,
 * each to have a share of the quota at once, 64 KiB where many wait; as long as one is stopped, a member that has had
 * 64 KiB goes to the end of the queue, and when a turn reads its quota again, those that had something last go behind those
 * that had nothing. So no member is starved, and a stop and a start come to 64 KiB at least, or to the quota for all. Where
 * few send, or little, none is ever stopped.
 */
export class ReadQuota<T> {
  readonly #events: ReadQuotaEvents<T>;
  readonly #quota: number;
  /** How many start in a turn. */
  readonly #batch: number;
  /** Those that are read; while `#isShort`, with their bytes since they started, and those last that had some last. */
  readonly #reading: Map<T, number> = new Map();
  /** Those that are stopped, in the order in which they will be started. */
  readonly #waiting: Set<T> = new Set();
  /** Bytes of this turn, and of some before it as long as they are fewer than `#unmeteredBytes`. */
  #bytes = 0;
  #unmeteredBytes: number;
  /** Whether the end of this turn is waited for. */
  #isTurnEndAwaited = false;
  /** Whether this turn has read its quota. */
  #isOver = false;
  /** Whether some were stopped in this turn or in the one before. */
  #isShort = false;
  /** How many waited when the last turn ended: the rivals of those that were started then. */
  #waitingAtTurnEnd = 0;
  #starts = 0;

  /** `quota` is in bytes. */
  constructor(events: ReadQuotaEvents<T>, quota: number = TURN_BYTES_MAX) {
    this.#events = events;
    this.#quota = quota;
    this.#unmeteredBytes = quota * UNMETERED_SHARE;
    this.#batch = Math.max(1, Math.floor((quota * STARTERS_SHARE) / CHUNK_BYTES));
  }

  /** How often a member was started again. As long as one waits, it grows in every turn. */
  get starts(): number {
    return this.#starts;
  }

  /**
   * The most bytes to read at once next from a member of which `last` bytes came last: few enough to leave something to
   * each of the others that start in the same turn.
   */
  nextReadBytes(last: number): number {
    if (last < CHUNK_BYTES) return CHUNK_BYTES;
    const share = Math.floor((this.#quota * STARTERS_SHARE) / Math.max(1, this.#waitingAtTurnEnd));
    return Math.min(Math.max(share, CHUNK_BYTES), READ_BYTES_MAX);
  }

  /** Takes in one that is being read, and may stop it at once. */
  add(member: T): void {
    if (this.#isOver) this.#stop(member);
    else this.#reading.set(member, 0);
  }

  remove(member: T): void {
    this.#reading.delete(member);
    this.#waiting.delete(member);
  }

  /** `bytes` more were read from `member`: returns whether it goes on being read, and is not stopped. */
  read(member: T, bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes < this.#unmeteredBytes) return true;
    this.#awaitTurnEnd();
    if (this.#isShort) this.#share(member, bytes);
    if (this.#bytes >= this.#quota && !this.#isOver) this.#stopAll();
    return this.#reading.has(member);
  }

  #share(member: T, bytes: number): void {
    const before = this.#reading.get(member);
    // Stopped, and this is what was on its way.
    if (before === undefined) return;
    this.#reading.delete(member);
    if (before + bytes < CHUNK_BYTES) this.#reading.set(member, before + bytes);
    else this.#stop(member);
  }

  #stop(member: T): void {
    this.#waiting.add(member);
    this.#events.stop(member);
  }

  #stopAll(): void {
    this.#isOver = true;
    this.#isShort = true;
    // All that is read counts from now on, so that none has more than a chunk.
    this.#unmeteredBytes = 0;
    for (const member of this.#reading.keys()) this.#stop(member);
    this.#reading.clear();
  }

  #awaitTurnEnd(): void {
    if (this.#isTurnEndAwaited) return;
    this.#isTurnEndAwaited = true;
    setImmediate(() => this.#endTurn());
  }

  #endTurn(): void {
    this.#isTurnEndAwaited = false;
    this.#isOver = false;
    this.#bytes = 0;
    this.#waitingAtTurnEnd = this.#waiting.size;
    if (!this.#isShort) return;
    if (this.#waiting.size === 0) {
      this.#isShort = false;
      this.#unmeteredBytes = this.#quota * UNMETERED_SHARE;
      return;
    }
    let left = this.#batch;
    for (const member of this.#waiting) {
      if (left-- === 0) break;
      this.#waiting.delete(member);
      this.#reading.set(member, 0);
      this.#starts++;
      this.#events.start(member);
    }
    this.#awaitTurnEnd();
  }
}
