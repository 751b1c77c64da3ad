// Records that handlers did not write: dropped for want of room, or failed; by handler and level.

import type { Handler } from '../../logging/index.ts';

/** The levels that are told apart; a stranger can choose any name. */
export const LEVELS: readonly string[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];
export const OTHER_LEVEL = 'other';

/** How many records one handler lost. */
interface Lost {
  readonly handler: string;
  /** By level, those that a full queue had no room for. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Records or writes that failed. */
  readonly errors: number;
}

/** The losses of the handlers in use, and of those that were. */
export class LossCounters {
  readonly #inUse: () => Iterable<Handler>;
  /** Of handlers that are gone, by name. */
  readonly #former: Map<string, Lost> = new Map();

  /** @param inUse the handlers whose counts still grow */
  constructor(inUse: () => Iterable<Handler>) {
    this.#inUse = inUse;
  }

  /** Keeps the counts of a handler that is not in use any more. */
  retire(handler: Handler): void {
    const lost = lostBy(handler);
    this.#former.set(lost.handler, sum(this.#former.get(lost.handler), lost));
  }

  /** By the name of the handler. */
  counts(): Map<string, Lost> {
    const counts = new Map(this.#former);
    for (const handler of this.#inUse()) {
      const lost = lostBy(handler);
      counts.set(lost.handler, sum(counts.get(lost.handler), lost));
    }
    return counts;
  }

  /** Records dropped by all handlers, by level. */
  dropped(): Map<string, number> {
    const all = new Map<string, number>();
    for (const { dropped } of this.counts().values()) addTo(all, dropped);
    return all;
  }
}

/** `12 records dropped (ERROR 2, INFO 10)`; null where none was. */
export function droppedText(dropped: ReadonlyMap<string, number>): string | null {
  let total = 0;
  for (const count of dropped.values()) total += count;
  if (total === 0) return null;
  const levels = [...LEVELS, OTHER_LEVEL].toReversed().filter((level) => dropped.has(level));
  const parts = levels.map((level) => `${level} ${dropped.get(level)}`);
  return `${total} ${total === 1 ? 'record' : 'records'} dropped (${parts.join(', ')})`;
}

function lostBy(handler: Handler): Lost {
  const dropped = new Map<string, number>();
  for (const [name, count] of handler.dropped) addTo(dropped, [[LEVELS.includes(name) ? name : OTHER_LEVEL, count]]);
  let errors = 0;
  for (const count of handler.errors.values()) errors += count;
  // What flags describe has one handler, and no name for it.
  return { handler: handler.name ?? 'output', dropped, errors };
}

function sum(one: Lost | undefined, other: Lost): Lost {
  const dropped = new Map(one?.dropped);
  addTo(dropped, other.dropped);
  return { handler: other.handler, dropped, errors: (one?.errors ?? 0) + other.errors };
}

function addTo(sums: Map<string, number>, counts: Iterable<readonly [string, number]>): void {
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
}
