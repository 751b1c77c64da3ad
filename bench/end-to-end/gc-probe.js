// Loaded before `picklewire serve`, which it leaves as it is: tells its parent how long the garbage collector took.

import { PerformanceObserver } from 'node:perf_hooks';

let milliseconds = 0;
/** @param {PerformanceObserverEntryList} entries */
const add = (entries) => {
  for (const { duration } of entries.getEntries()) milliseconds += duration;
};
new PerformanceObserver(add).observe({ entryTypes: ['gc'] });

process.on('message', () => {
  // What was collected last is told to the observer a turn later.
  setTimeout(() => process.send?.(milliseconds), 10);
});
process.channel?.unref();
