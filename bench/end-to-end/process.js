// What Linux tells about another process.

import { readFileSync } from 'node:fs';

/** Milliseconds of a clock tick: Linux tells programs of a hundred in a second, whatever its own clock. */
const TICK = 10;

/**
 * The time that all threads of a process have had on a processor, in milliseconds; null where the system does not say.
 * @param {number} pid
 */
export function processorTime(pid) {
  try {
    // The program's name, in parentheses, may hold anything. (proc_pid_stat(5): utime is the 14th field, stime the 15th)
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) * TICK;
  } catch {
    return null;
  }
}

/**
 * The most memory that a process has had resident so far, in bytes; null where the system does not say.
 * @param {number} pid
 */
export function memoryPeak(pid) {
  try {
    const found = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found === null ? null : Number(found[1]) * 1024;
  } catch {
    return null;
  }
}
