// BufferedWriter: every byte, in order, in few writes, and what it does when writing fails.

import fs, { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BufferedWriter } from '../../../src/logging/write/buffered-writer.ts';
import { checkProperty } from '../../properties/check.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'picklewire-'));
  path = join(directory, 'out');
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

test('a hundred thousand lines of one turn arrive in order, in a write for every 64 KiB', async () => {
  const write = vi.spyOn(fs, 'write');
  const writer = new BufferedWriter(openSync(path, 'w'));
  let expected = '';
  for (let index = 0; index < 100_000; index++) {
    const line = `line ${index} é\n`;
    expected += line;
    expect(writer.write(line)).toBe('queued');
  }
  await writer.close();
  expect(readFileSync(path, 'utf8') === expected).toBe(true);
  expect(write.mock.calls.length).toBeLessThan(Buffer.byteLength(expected) / 65_536 + 5);
});

test('what was written in one turn of the event loop is on file without anybody flushing', async () => {
  const writer = new BufferedWriter(openSync(path, 'w'));
  writer.write('quiet\n');
  await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toBe('quiet\n'));
  await writer.close();
});

test('any texts, flushed at any points, are on file as written', async () => {
  const steps = fc.array(
    fc.oneof(fc.string({ unit: 'grapheme', maxLength: 50 }), fc.constant('x'.repeat(70_000)), fc.constant(null)),
  );
  await checkProperty(
    fc.asyncProperty(steps, async (parts) => {
      const writer = new BufferedWriter(openSync(path, 'w'));
      let expected = '';
      for (const part of parts) {
        if (part === null) {
          await writer.flush();
          expect(readFileSync(path, 'utf8')).toBe(expected);
        } else {
          writer.write(part);
          expected += part;
        }
      }
      await writer.close();
      expect(readFileSync(path, 'utf8')).toBe(expected);
      expect(writer.pending).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('lone surrogates are written as backslashreplace writes them, pairs as characters', async () => {
  const writer = new BufferedWriter(openSync(path, 'w'));
  for (const text of ['\udce9 \ud83d|', '\u{1f600}', '\ud83d', '\ude00']) writer.write(text);
  await writer.close();
  expect(readFileSync(path, 'utf8')).toBe('\\udce9 \\ud83d|\u{1f600}\\ud83d\\ude00');
});

test('the descriptor is closed, and nothing is taken any more', async () => {
  const fd = openSync(path, 'w');
  const writer = new BufferedWriter(fd);
  await writer.close();
  await writer.close();
  expect(writer.write('late')).toBe('dropped');
  expect(() => fs.fstatSync(fd)).toThrow(/EBADF/);
});

test('a text that would exceed maxPending is dropped, a smaller one after it is not', async () => {
  const writer = new BufferedWriter(openSync(path, 'w'), { maxPending: 10 });
  expect(['12345678', '€', '90', '1'].map((text) => writer.write(text))).toEqual([
    'queued',
    'dropped',
    'queued',
    'dropped',
  ]);
  expect(writer.pending).toBe(10);
  await writer.close();
  expect(readFileSync(path, 'utf8')).toBe('1234567890');
});

test('after an error, told once, writing goes on where it stopped', async () => {
  writeFileSync(path, '');
  const fd = openSync(path, 'r'); // not to be written to, yet
  const errors: string[] = [];
  const writer = new BufferedWriter(fd, { onError: (error) => errors.push(error.message) });
  writer.write('one\n');
  await expect(writer.flush()).rejects.toThrow(/EBADF/);
  writer.write('two\n');
  await expect(writer.flush()).rejects.toThrow(/EBADF/);
  expect(errors.length).toBe(1);

  reopen(fd, path);
  writer.write('three\n');
  await writer.flush();
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\n');
  await writer.close();
});

test('a write that failed is tried again without anybody asking', async () => {
  writeFileSync(path, '');
  const fd = openSync(path, 'r');
  const failed = new Promise((resolve) => {
    const writer = new BufferedWriter(fd, { onError: () => resolve(writer) });
    writer.write('one\n');
  });
  const writer = (await failed) as BufferedWriter;
  reopen(fd, path);
  await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toBe('one\n'), { timeout: 20_000 });
  await writer.close();
});

test('an error of the last attempt rejects close, which closes all the same', async () => {
  writeFileSync(path, '');
  const fd = openSync(path, 'r');
  const writer = new BufferedWriter(fd);
  writer.write('lost');
  await expect(writer.close()).rejects.toThrow(/EBADF/);
  expect(writer.pending).toBe(4);
  expect(() => fs.fstatSync(fd)).toThrow(/EBADF/);
});

test.runIf(existsSync('/dev/full'))('a full disk is the error it is', async () => {
  const errors: (string | undefined)[] = [];
  const onError = (error: NodeJS.ErrnoException): unknown => errors.push(error.code);
  const writer = new BufferedWriter(openSync('/dev/full', 'w'), { onError });
  writer.write('x');
  await expect(writer.close()).rejects.toThrow(/ENOSPC/);
  expect(errors).toEqual(['ENOSPC']);
});

/** Puts a file opened for writing where another descriptor was. */
function reopen(fd: number, file: string): void {
  closeSync(fd);
  const spare: number[] = [];
  let opened = openSync(file, 'w');
  while (opened < fd) {
    spare.push(opened);
    opened = openSync(file, 'w');
  }
  for (const other of spare) closeSync(other);
  expect(opened).toBe(fd);
}
