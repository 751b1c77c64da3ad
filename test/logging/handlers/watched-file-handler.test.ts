// WatchedFileHandler: the file that has the name gets the records.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { WatchedFileHandler } from '../../../src/logging/handlers/watched-file-handler.ts';
import { record, useScratch } from './scratch.ts';

const scratch = useScratch();
const path = (): string => scratch.path('app.log');

async function emit(handler: WatchedFileHandler, msg: string): Promise<void> {
  handler.handle(record(msg));
  await handler.flush();
}

test.each([false, true])('a file that was removed is made again (delay: %o)', async (delay) => {
  const handler = new WatchedFileHandler(path(), { delay });
  await emit(handler, 'one');
  unlinkSync(path());
  await emit(handler, 'two');
  expect(scratch.files()).toEqual({ 'app.log': 'two\n' });
  await handler.close();
});

test('a file that was moved away is left, and one that took its name is appended to, whatever the mode', async () => {
  for (const mode of ['a', 'w'] as const) {
    const handler = new WatchedFileHandler(path(), { mode });
    await emit(handler, 'one');
    renameSync(path(), scratch.path('moved'));
    writeFileSync(path(), 'by another\n');
    await emit(handler, 'two');
    expect(scratch.files()).toEqual({ 'app.log': 'by another\ntwo\n', moved: 'one\n' });
    await handler.close();
    unlinkSync(path());
  }
});

test('a file that is as it was stays open', async () => {
  const handler = new WatchedFileHandler(path());
  for (const msg of ['one', 'two', 'three']) await emit(handler, msg);
  expect(scratch.files()).toEqual({ 'app.log': 'one\ntwo\nthree\n' });
  await handler.close();
});

test('records wait while the directory is gone', async () => {
  mkdirSync(scratch.path('logs'));
  const handler = new WatchedFileHandler(scratch.path('logs/app.log'));
  await emit(handler, 'one');
  rmSync(scratch.path('logs'), { recursive: true });
  handler.handle(record('two'));
  await expect(handler.flush()).rejects.toThrow(/ENOENT/);
  mkdirSync(scratch.path('logs'));
  await handler.close();
  expect(readFileSync(scratch.path('logs/app.log'), 'utf8')).toBe('two\n');
});

test('whoever removes the file at any moment provokes no error', async () => {
  const handler = new WatchedFileHandler(path());
  for (let index = 0; index < 300; index++) {
    handler.handle(record(`line ${index}`));
    if (index % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (index % 7 === 0 && existsSync(path())) unlinkSync(path());
  }
  await handler.close();
  expect([handler.errors.size, handler.dropped.size]).toEqual([0, 0]);
});
