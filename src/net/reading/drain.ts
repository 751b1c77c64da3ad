// Waiting until a counter of events, of whatever kind, stands still.

import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';

// Turns of the event loop without an event that mean none is due. The first may end without having asked the kernel,
// when the wait begins in the middle of a turn; the second has asked it (libuv accepts one connection in a turn or all,
// by version, but never none of those that wait). The third is a margin for systems where the kernel answers late.
const IDLE_TURNS = 3;

/** How long to wait for what may still come. */
export interface DrainOptions {
  /** Milliseconds without a byte from any peer that mean nothing is left to read; default 200. */
  readonly idle?: number | undefined;
  /** Milliseconds after which draining ends in any case; default 10,000. */
  readonly limit?: number | undefined;
}

/**
 * Resolves when `count()` has not changed for `IDLE_TURNS` turns of the event loop in a row, or when
 * `performance.now()` has passed `deadline`.
 */
export async function idleTurns(count: () => number, deadline: number): Promise<void> {
  let last = count();
  let idle = 0;
  while (idle < IDLE_TURNS && performance.now() < deadline) {
    await turn();
    const now = count();
    idle = now === last ? idle + 1 : 0;
    last = now;
  }
}

/**
 * Resolves when `count()` has not changed for a whole stretch of `period` milliseconds, or when `performance.now()` has
 * passed `deadline`. Does not keep the process running by itself.
 */
export async function idlePeriod(count: () => number, period: number, deadline: number): Promise<void> {
  let last: number;
  do {
    last = count();
    await delay(Math.max(0, Math.min(period, deadline - performance.now())), undefined, { ref: false });
    // A timer that comes late, after a long computation, fires before the sockets are read: let them be read.
    await idleTurns(count, deadline);
  } while (count() !== last && performance.now() < deadline);
}
