// Loaded into a receiver before its program, which it leaves as it is: tells its parent what the process has used of
// processors, finer than the system's ticks, and how long the garbage collector took.

import { PerformanceObserver } from 'node:perf_hooks';

/**
 * @typedef {object} Usage
 * @property {number | null} processor milliseconds that all threads have had so far; null where it is not known
 * @property {number | null} collecting milliseconds in the garbage collector so far; null where it is not known
 */

let collecting = 0;
/** @param {PerformanceObserverEntryList} entries */
const add = (entries) => {
  for (const { duration } of entries.getEntries()) collecting += duration;
};
new PerformanceObserver(add).observe({ entryTypes: ['gc'] });

process.on('message', () => {
  // What was collected last is told to the observer a turn later.
  setTimeout(() => {
    const { user, system } = process.cpuUsage();
    process.send?.({ processor: (user + system) / 1000, collecting });
  }, 10);
});
process.channel?.unref();
