// SIGHUP without a configuration: the output file is opened anew.

import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { pickleRecord } from '../record/pickles.ts';
import { sendTo } from './clients.ts';
import { builtPackage, picklewire, scratchFolder } from './command.ts';
import { sendUntil } from './traffic.ts';

const folder = builtPackage();
const ENDED_WELL = { code: 0, signal: null };

describe('SIGHUP, without a configuration', () => {
  test('opens the output file anew under its name', async () => {
    const cwd = scratchFolder();
    const args = ['serve', '--port', '0', '--format', '%(message)s', '--output', 'app.log'];
    const running = picklewire(folder, args, { cwd });
    const port = await running.port();
    let stopped = false;
    const sending = sendUntil(port, () => stopped);
    for (let round = 1; round <= 3; round++) {
      while (statSync(join(cwd, 'app.log'), { throwIfNoEntry: false })?.size === 0) await delay(2);
      renameSync(join(cwd, 'app.log'), join(cwd, `app.log.${round}`));
      running.kill('SIGHUP');
      while ((running.stderr.match(/^picklewire: reopened .*app\.log$/gm)?.length ?? 0) < round) await delay(2);
    }
    stopped = true;
    const sent = await sending;
    running.kill('SIGTERM');
    expect(await running.ended).toEqual(ENDED_WELL);
    const names = ['app.log.1', 'app.log.2', 'app.log.3', 'app.log'];
    const lines = names.map((name) => readFileSync(join(cwd, name), 'utf8').split('\n').slice(0, -1));
    expect(lines.flat()).toEqual(sent);
  });

  test('says why the file could not be opened, and writes to it once it can', async () => {
    const cwd = scratchFolder();
    mkdirSync(join(cwd, 'logs'));
    const args = ['serve', '--port', '0', '--format', '%(message)s', '--output', 'logs/app.log'];
    const running = picklewire(folder, args, { cwd });
    const port = await running.port();
    renameSync(join(cwd, 'logs'), join(cwd, 'old'));
    running.kill('SIGHUP');
    await running.printed(/^picklewire: not reopened yet: ENOENT.*$/m);
    await sendTo(port, pickleRecord('m'));
    mkdirSync(join(cwd, 'logs'));
    running.kill('SIGTERM');
    expect(await running.ended).toEqual(ENDED_WELL);
    expect(readFileSync(join(cwd, 'logs/app.log'), 'utf8')).toBe('m\n');
  });

  test('and without a file ends it well: it is what a terminal sends that is closed', async () => {
    const running = picklewire(folder, ['serve', '--port', '0', '--format', '%(message)s']);
    await sendTo(await running.port(), pickleRecord('m'));
    running.kill('SIGHUP');
    expect(await running.ended).toEqual(ENDED_WELL);
    expect([running.stdout, running.stderr.split('\n')[1]]).toEqual(['m\n', 'picklewire: 1 record from 1 connection']);
  });
});
