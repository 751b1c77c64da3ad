// writeBytes: all bytes, however few a write takes, and how far it came when one fails.

import { execFileSync } from 'node:child_process';
import fs, { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeBytes } from '../../../src/logging/write/write-fd.ts';

const BYTES = Uint8Array.from({ length: 300_000 }, (_, i) => i ^ (i >> 8));

let directory: string;
let path: string;
/** The bytes of each write. */
let written: number[];

const progress = (bytes: number): void => {
  written.push(bytes);
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'picklewire-'));
  path = join(directory, 'out');
  written = [];
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

test('a file has all of them after one write', async () => {
  const fd = openSync(path, 'w');
  await writeBytes(fd, BYTES, progress);
  closeSync(fd);
  expect(readFileSync(path).equals(BYTES)).toBe(true);
  expect(written).toEqual([BYTES.length]);
});

test.runIf(process.platform === 'linux')('a pipe that is full gets the rest as it is read', async () => {
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const tries = vi.spyOn(fs, 'write');
  let isDone = false;
  const done = writeBytes(writer, BYTES, progress).finally(() => {
    isDone = true;
  });
  const read = Buffer.alloc(BYTES.length);
  let end = 0;
  const take = (): void => {
    try {
      end += readSync(reader, read, end, read.length - end, null);
    } catch (error) {
      expect(error).toHaveProperty('code', 'EAGAIN');
    }
  };
  // Nothing is read until a write has found the pipe full.
  while (tries.mock.calls.length < 3) await sleep(10);
  while (!isDone) {
    take();
    await sleep(10);
  }
  await done;
  for (let before = -1; before < end; ) {
    before = end;
    take();
  }
  expect(read.equals(BYTES)).toBe(true);
  expect(written.length).toBeGreaterThan(1);
  expect(written.reduce((sum, bytes) => sum + bytes)).toBe(BYTES.length);
  closeSync(reader);
  closeSync(writer);
});

test('a file that is busy is tried again, and nobody hears of it', async () => {
  const fd = openSync(path, 'w');
  vi.spyOn(fs, 'write').mockImplementationOnce(((_fd: number, _bytes: Uint8Array, done: (error: Error) => void) => {
    done(Object.assign(new Error('busy'), { code: 'EBUSY' }));
  }) as unknown as typeof fs.write);
  await writeBytes(fd, BYTES, progress);
  closeSync(fd);
  expect(readFileSync(path).equals(BYTES)).toBe(true);
});

test('an error comes after what was written before it', async () => {
  const fd = openSync(path, 'w');
  vi.spyOn(fs, 'write').mockImplementationOnce(((
    _fd: number,
    _bytes: Uint8Array,
    done: (...short: unknown[]) => void,
  ) => {
    closeSync(fd);
    done(null, 1000);
  }) as unknown as typeof fs.write);
  await expect(writeBytes(fd, BYTES, progress)).rejects.toThrow(/EBADF/);
  expect(written).toEqual([1000]);
});
