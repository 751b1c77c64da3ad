// Everything at once that peers do wrong, to the command as it is installed: no whole good frame is lost, none comes
// twice, each connection's come in order, and neither memory nor time is kept by it.
//
//     npx vitest run test/faults
//
// runs it alone. PICKLEWIRE_FAULT_SEED and PICKLEWIRE_FAULT_ROUNDS ask for other connections, or for more of them.

import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { builtPackage, picklewire, scratchFolder } from '../cli/command.ts';
import { MAX_FRAME, plans } from './plan.ts';
import { announce, drip, sendPlan, stall } from './senders.ts';

const folder = builtPackage();
const seed = Number(process.env['PICKLEWIRE_FAULT_SEED'] ?? randomInt(2 ** 31));
const rounds = Number(process.env['PICKLEWIRE_FAULT_ROUNDS'] ?? 1);

const CONNECTIONS = 60;
const LIARS = 200;
const DRIPPING = 20;
const STALLING = 20;
const MEGABYTES = 250;
/** Milliseconds. */
const PATIENCE = 30_000;

const hasProc = existsSync('/proc/self/status');
if (!hasProc) process.stderr.write('skipped: memory and idle time of the faults test are read from /proc\n');

test(`faults of seed ${seed}`, { timeout: 120_000 * rounds }, async () => {
  const output = join(scratchFolder(), 'records.log');
  const limits = ['--max-frame', String(MAX_FRAME), '--frame-timeout', '3'];
  const receiver = picklewire(folder, [
    'serve',
    '--port',
    '0',
    '--format',
    '%(message)s',
    '--output',
    output,
    ...limits,
  ]);
  const pid = receiver.child.pid as number;
  const port = await receiver.port();
  const written = (): string => readFileSync(output, 'utf8');

  for (let round = 0; round < rounds; round++) {
    const planned = plans(CONNECTIONS, seed + round);
    const before = written().length;
    const lines = (): string[] => written().slice(before).split('\n');
    const arrived = (messages: readonly string[]): Promise<void> =>
      until(() => {
        const there = new Set(lines());
        return messages.every((message) => there.has(message));
      });
    const regular = Promise.all(planned.map((plan) => sendPlan(port, plan, () => arrived(plan.messages))));
    const dripped = Array.from({ length: DRIPPING }, (_, n) => `dripped ${n}`);
    await Promise.all([
      regular,
      // 4 GiB is no length of a frame, and ends the connection; the longest that is one may be announced by anybody.
      ...Array.from({ length: LIARS }, () => announce(port, 2 ** 32 - 1, regular)),
      ...Array.from({ length: LIARS }, () => announce(port, MAX_FRAME, regular)),
      ...dripped.map((message, n) => drip(port, message, 5 + n)),
      ...Array.from({ length: STALLING }, (_, n) => stall(port, `never whole ${n}`)),
    ]);

    const every = planned.flatMap(({ messages }) => messages).concat(dripped);
    await arrived(every);
    const got = lines();
    planned.forEach(({ messages }, number) => {
      const mine = got.filter((line) => line.startsWith(`${number}:`));
      // A length is compared first: the difference of two long lists of long texts tells nobody anything.
      expect(mine.length, `records of connection ${number}`).toBe(messages.length);
      expect(mine.findIndex((line, i) => line !== messages[i])).toBe(-1);
    });
    expect(got.filter((line) => line.startsWith('dripped')).toSorted()).toEqual(dripped.toSorted());
    expect(got.filter((line) => line.startsWith('never'))).toEqual([]);
  }

  if (hasProc) {
    expect(peakMegabytes(pid)).toBeLessThan(MEGABYTES);
    const ticks = cpuTicks(pid);
    await delay(1000);
    // Of the 100 that there are in a second.
    expect(cpuTicks(pid) - ticks).toBeLessThanOrEqual(5);
  }
  receiver.kill('SIGTERM');
  expect(await receiver.ended).toEqual({ code: 0, signal: null });
});

/** Resolves when the condition holds, or has not for so long that it will not: what is missing, the expectations say. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!condition() && performance.now() < deadline) await delay(50);
}

/** The most memory that the process has had, in megabytes: see proc_pid_status(5). */
function peakMegabytes(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** The processor time that the process has used, in clock ticks: see proc_pid_stat(5). */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
