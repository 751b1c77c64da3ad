// Loaded into the measured process before its program (`node --import`): tells its parent what the process has used.

/**
 * @typedef {object} Usage
 * @property {number} processor milliseconds of processor time, all threads together
 * @property {NodeJS.MemoryUsage} memory
 * @property {number} peak the most memory that was resident so far, in bytes
 */

import { readFileSync } from 'node:fs';
import { processorTime } from '../measure.js';

process.on('message', ({ collect }) => {
  if (collect) {
    globalThis.gc?.();
    globalThis.gc?.();
  }
  process.send?.({ processor: processorTime(), memory: process.memoryUsage(), peak: peakResident() });
});
// The channel keeps no program running that has ended; and one whose parent has ended is no use.
process.channel?.unref();
process.once('disconnect', () => process.exit());

/** Linux's maxRSS has what the parent had at the fork in it; VmHWM is of this program alone, see proc(5). */
function peakResident() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
