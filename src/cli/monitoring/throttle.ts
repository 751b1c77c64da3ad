// A limit on how often a thing is said: the first of each kind at once, later ones at most once a minute, with their number.

/** Milliseconds between two lines of one kind. */
const WINDOW_MS = 60_000;

/** How many kinds are told apart for each code, and the longest name of one: strangers choose them. */
const DETAILS_MAX = 50;
const DETAIL_UNITS_MAX = 200;

/** The kind of all whose details find no room. No detail that has a kind of its own is as long. */
const OTHERS: string = '(others)'.padEnd(DETAIL_UNITS_MAX + 1);

interface Kind {
  /** When it was said last, in milliseconds. */
  last: number;
  /** How many came since, and what the latest one was. */
  more: number;
  latest: string;
}

/** How a line is said; `count` is how many it stands for. */
export type SayCounted = (text: string, count: number) => void;

/** Limits the lines of each kind, so that every kind is said and none floods the others. */
export class Throttle {
  readonly #say: SayCounted;
  readonly #now: () => number;
  /** By code, then by what tells the kinds of one code apart. */
  readonly #codes: Map<string, Map<string, Kind>> = new Map();
  #timer: NodeJS.Timeout | null = null;

  /** @param now milliseconds of any clock that goes forward only */
  constructor(say: SayCounted, now: () => number = () => performance.now()) {
    this.#say = say;
    this.#now = now;
  }

  /**
   * Says a text, now or with others of its kind.
   * @param code one of a fixed set
   * @param detail what tells kinds of one code apart; may be a stranger's choice
   */
  offer(code: string, detail: string, text: string): void {
    const details = this.#codes.get(code) ?? new Map<string, Kind>();
    this.#codes.set(code, details);
    const key =
      detail.length <= DETAIL_UNITS_MAX && (details.has(detail) || details.size < DETAILS_MAX) ? detail : OTHERS;
    const kind = details.get(key);
    const now = this.#now();
    if (kind === undefined || (kind.more === 0 && now - kind.last >= WINDOW_MS)) {
      details.set(key, { last: now, more: 0, latest: '' });
      this.#say(text, 1);
      return;
    }
    kind.more++;
    kind.latest = text;
    this.#timer ??= setTimeout(() => this.sweep(), kind.last + WINDOW_MS - now).unref();
  }

  /** Says of each kind what has come since it was said a minute ago or earlier. Called by itself as long as there is any. */
  sweep(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const now = this.#now();
    let next = Infinity;
    const kinds = [...this.#codes.values()].flatMap((details) => [...details.values()]);
    for (const kind of kinds) {
      if (kind.more === 0) continue;
      const due = kind.last + WINDOW_MS;
      if (due > now) {
        next = Math.min(next, due);
        continue;
      }
      const { latest, more } = kind;
      kind.last = now;
      kind.more = 0;
      kind.latest = '';
      this.#say(latest, more);
    }
    if (next < Infinity) this.#timer = setTimeout(() => this.sweep(), next - now).unref();
  }
}
