// How many connections the limit of open files leaves room for: each of them is one. Opens none.

import { readFileSync } from 'node:fs';

/** Left for everything else: outputs, the files that SIGHUP opens anew, monitoring, and what Node has open itself. */
const RESERVED_FILES = 128;

/**
 * The number of connections that was asked for, or as many as there can be. Beyond that the kernel's and Node's ways
 * differ, and some versions close a connection without a word.
 * @param limits the text of proc_pid_limits(5)
 */
export function connectionsWithin(limits: string, asked: number): number {
  const most = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  return Math.min(asked, Math.max(1, most - RESERVED_FILES));
}

/** The limits of this process; empty where the system has no such file. */
export function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return '';
  }
}
