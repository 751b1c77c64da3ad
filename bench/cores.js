// Which core a process runs on, where the system lets it be chosen: on Linux, with taskset. Knows no benchmark.

import { spawnSync } from 'node:child_process';

/** The core of what is measured. */
export const MEASURED_CORE = '1';
/** The core of what only feeds it. */
export const OTHER_CORE = '0';

/** Whether cores can be chosen, and there are two: of the machine, as the process that started this may be kept on one. */
export const choosesCores = [MEASURED_CORE, OTHER_CORE].every(
  (core) => spawnSync('taskset', ['-c', core, 'true']).status === 0,
);

/** Keeps this process, and those it starts from here on, on one core; does nothing where that cannot be. @param {string} core */
export function stayOn(core) {
  if (choosesCores) spawnSync('taskset', ['-a', '-c', '-p', core, String(process.pid)]);
}

/** The command that runs a program on one core. @param {string} core @param {readonly string[]} command */
export function commandOn(core, command) {
  return choosesCores ? ['taskset', '-c', core, ...command] : [...command];
}
