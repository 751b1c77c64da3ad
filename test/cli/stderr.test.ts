// Handlers of a configuration that write to standard error, which is where Python's StreamHandler writes by default.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { pickleRecord } from '../record/pickles.ts';
import { sendTo } from './clients.ts';
import { builtPackage, picklewire, scratchFolder } from './command.ts';

const folder = builtPackage();

test('a standard error that nobody reads gets --max-backlog bytes, and the rest is dropped and counted', async () => {
  const cwd = scratchFolder();
  const handlers = { e: { class: 'logging.StreamHandler' } };
  writeFileSync(join(cwd, 'log.json'), JSON.stringify({ version: 1, handlers, root: { handlers: ['e'] } }));
  const args = ['serve', '--config', 'log.json', '--port', '0', '--max-backlog', '100000'];
  const running = picklewire(folder, args, { cwd });
  const port = await running.port();
  const stderr = running.child.stderr as Readable;
  stderr.pause();
  const payload = pickleRecord('x'.repeat(1000));
  await sendTo(port, ...Array.from({ length: 2000 }, () => payload));
  stderr.resume();
  // The pipe is read in order: what comes behind the records is told of all of them.
  await running.printed(/^x+$/m);
  running.kill('SIGUSR1');
  const [, dropped] = await running.printed(/^picklewire: 2000 records from 1 connection, (\d+) records dropped/m);
  expect(Number(dropped)).toBeGreaterThan(1000);
  expect(running.stderr.match(/^x+$/gm)).toHaveLength(2000 - Number(dropped));
});
