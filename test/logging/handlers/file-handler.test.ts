// FileHandler: what is on file when, how it is opened, and what becomes of records while it cannot be written.

import { spawnSync } from 'node:child_process';
import fs, { existsSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FileHandler } from '../../../src/logging/handlers/file-handler.ts';
import { RotatingFileHandler } from '../../../src/logging/handlers/rotating-file-handler.ts';
import { TimedRotatingFileHandler } from '../../../src/logging/handlers/timed-rotating-file-handler.ts';
import { WatchedFileHandler } from '../../../src/logging/handlers/watched-file-handler.ts';
import { record, useScratch } from './scratch.ts';

const scratch = useScratch();
const path = (): string => scratch.path('app.log');

const ALL = [FileHandler, WatchedFileHandler, RotatingFileHandler, TimedRotatingFileHandler];

describe.each(ALL.map((Class) => [Class.name, Class] as const))('%s', (_name, Class) => {
  test('has every byte on file when close resolves', async () => {
    const handler = new Class(path());
    for (let index = 0; index < 5000; index++) handler.handle(record(`line ${index} é€\u{1f600}`));
    await handler.close();
    const lines = readFileSync(path(), 'utf8').split('\n');
    expect([lines.length, lines[4999], lines[5000]]).toEqual([5001, 'line 4999 é€\u{1f600}', '']);
  });

  test('writes without being flushed or closed', async () => {
    const handler = new Class(path());
    handler.handle(record('hello'));
    await vi.waitFor(() => expect(readFileSync(path(), 'utf8')).toBe('hello\n'));
    await handler.close();
  });

  test.each([
    ['a', 'old\nhello\n'],
    ['w', 'hello\n'],
  ] as const)('in mode %s leaves %o', async (mode, content) => {
    writeFileSync(path(), 'old\n');
    const handler = new Class(path(), { mode } as object);
    handler.handle(record('hello'));
    await handler.close();
    const appends = Class === TimedRotatingFileHandler;
    expect(readFileSync(path(), 'utf8')).toBe(appends ? 'old\nhello\n' : content);
  });

  test('fails at once where the file cannot be opened', () => {
    expect(() => new Class(scratch.path('no/such/file'))).toThrow(/ENOENT/);
  });

  test('takes the name as a file: URL too', async () => {
    const handler = new Class(pathToFileURL(path()));
    expect(handler.baseFilename).toBe(path());
    await handler.close();
    expect(existsSync(path())).toBe(true);
  });

  test('opens with its first record when that is asked for', async () => {
    const handler = new Class(path(), { delay: true });
    await handler.flush();
    expect(existsSync(path())).toBe(false);
    handler.handle(record('hello'));
    await handler.flush();
    expect(scratch.files()).toEqual({ 'app.log': 'hello\n' });
    await handler.close();
  });

  test('opens again for a record after close', async () => {
    const handler = new Class(path());
    for (const msg of ['one', 'two']) {
      handler.handle(record(msg));
      await handler.close();
    }
    expect(scratch.files()).toEqual({ 'app.log': 'one\ntwo\n' });
  });

  test('loses no record that comes while it closes', async () => {
    const handler = new Class(path());
    handler.handle(record('one'));
    const closed = handler.close();
    handler.handle(record('two'));
    await closed;
    handler.handle(record('three'));
    await handler.close();
    expect(scratch.files()).toEqual({ 'app.log': 'one\ntwo\nthree\n' });
  });

  test('keeps its records while the directory is gone, and writes them when it is back', async () => {
    mkdirSync(scratch.path('logs'));
    const handler = new Class(scratch.path('logs/app.log'), { maxPending: 12 });
    rmSync(scratch.path('logs'), { recursive: true });
    handler.reopen();
    await expect(handler.flush()).rejects.toThrow(/ENOENT/);
    handler.handle(record('one'));
    handler.handle(record('two'));
    handler.handle(record('three', { levelname: 'ERROR' }));
    await expect(handler.flush()).rejects.toThrow(/ENOENT/);
    expect([[...handler.dropped], scratch.stderr.length]).toEqual([[['ERROR', 1]], 1]);
    mkdirSync(scratch.path('logs'));
    await handler.flush();
    expect(readFileSync(scratch.path('logs/app.log'), 'utf8')).toBe('one\ntwo\n');
    await handler.close();
  });
});

test('mode x fails at once where the file exists, and otherwise appends ever after', async () => {
  const handler = new FileHandler(path(), { mode: 'x' });
  handler.handle(record('one'));
  await handler.close();
  expect(() => new FileHandler(path(), { mode: 'x' })).toThrow(/EEXIST/);
  handler.handle(record('two'));
  handler.reopen();
  handler.handle(record('three'));
  await handler.close();
  expect(scratch.files()).toEqual({ 'app.log': 'one\ntwo\nthree\n' });
});

test('mode w writes no record after close: it would empty the file', async () => {
  const handler = new FileHandler(path(), { mode: 'w' });
  handler.handle(record('one'));
  await handler.close();
  handler.handle(record('two'));
  await handler.close();
  expect(scratch.files()).toEqual({ 'app.log': 'one\n' });
});

test.each([
  [{ mode: 'r' }, 'ERR_CONFIG'],
  [{ mode: 'constructor' }, 'ERR_CONFIG'],
  [{ encoding: 'utf-7' }, 'ERR_ENCODING'],
  [{ errors: 'namereplace' }, 'ERR_ENCODING'],
])('%o is refused, and no file is made', (options, code) => {
  expect(() => new FileHandler(path(), options as object)).toThrow(expect.objectContaining({ code }));
  expect(scratch.files()).toEqual({});
});

test('its stream takes texts that have their turn among the records', async () => {
  const handler = new FileHandler(path());
  handler.handle(record('one'));
  handler.stream.write('---\n');
  handler.handle(record('two'));
  await handler.stream.flush?.();
  expect(scratch.files()).toEqual({ 'app.log': 'one\n---\ntwo\n' });
  expect(() => handler.setStream(process.stderr)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
  await handler.close();
});

describe('the encoding', () => {
  const SIGNATURES = { 'utf-16': 'fffe', 'utf-8-sig': 'efbbbf' };

  test.each(Object.entries(SIGNATURES))(
    '%s begins an empty file with its signature, no other',
    async (encoding, hex) => {
      for (const msg of ['a', 'b']) {
        const handler = new FileHandler(path(), { encoding });
        handler.handle(record(msg));
        handler.reopen();
        handler.handle(record(msg));
        await handler.close();
      }
      const text = encoding === 'utf-16' ? '61000a0061000a0062000a0062000a00' : '610a610a620a620a';
      expect(readFileSync(path()).toString('hex')).toBe(hex + text);
    },
  );

  test('refuses the records that it cannot hold where errors are strict, and counts them', async () => {
    const handler = new FileHandler(path(), { encoding: 'ascii', errors: 'strict' });
    for (const msg of ['one', 'Øresund', 'two']) handler.handle(record(msg));
    await handler.close();
    expect(scratch.files()).toEqual({ 'app.log': 'one\ntwo\n' });
    const message = "'ascii' codec can't encode character '\\xd8' in position 0: ordinal not in range(128)";
    expect([...handler.errors]).toEqual([[message, 1]]);
  });

  test('null is UTF-8, and null for errors is strict, as None is', async () => {
    const handler = new FileHandler(path(), { encoding: null, errors: null });
    for (const msg of ['é', '\udce9']) handler.handle(record(msg));
    await handler.close();
    expect([scratch.files(), handler.encoding, handler.errorHandler]).toEqual([
      { 'app.log': 'é\n' },
      'utf-8',
      'strict',
    ]);
    expect(handler.errors.size).toBe(1);
  });

  test('gives a byte that was no UTF-8 back with surrogateescape', async () => {
    const handler = new FileHandler(path(), { errors: 'surrogateescape' });
    for (const msg of ['caf\udce9', 'é \udcff\udc80!']) handler.handle(record(msg));
    await handler.close();
    expect(readFileSync(path()).toString('latin1')).toBe('caf\xe9\n\xc3\xa9 \xff\x80!\n');
  });
});

describe('reopen', () => {
  test('leaves the file that was moved away, and begins the name anew', async () => {
    const handler = new FileHandler(path());
    handler.handle(record('one'));
    await handler.flush();
    renameSync(path(), scratch.path('app.log.1'));
    handler.handle(record('two'));
    await handler.flush();
    handler.reopen();
    await handler.flush();
    expect(scratch.files()).toEqual({ 'app.log': '', 'app.log.1': 'one\ntwo\n' });
    handler.handle(record('three'));
    await handler.close();
    expect(scratch.files()).toEqual({ 'app.log': 'three\n', 'app.log.1': 'one\ntwo\n' });
  });

  test('empties no file, whatever the mode', async () => {
    const handler = new FileHandler(path(), { mode: 'w' });
    handler.handle(record('one'));
    await handler.flush();
    handler.reopen();
    handler.handle(record('two'));
    await handler.close();
    expect(scratch.files()).toEqual({ 'app.log': 'one\ntwo\n' });
  });

  test('opens no file that is not open', async () => {
    const handler = new FileHandler(path(), { delay: true });
    handler.reopen();
    await handler.flush();
    expect(scratch.files()).toEqual({});
    handler.handle(record('one'));
    await handler.close();
    unlinkSync(path());
    handler.reopen();
    await handler.flush();
    expect(scratch.files()).toEqual({});
  });
});

test('a delayed file that cannot be opened is reported once, and tried until it can', async () => {
  const handler = new FileHandler(scratch.path('no/file'), { delay: true });
  handler.handle(record('one'));
  await expect(handler.flush()).rejects.toThrow(/ENOENT/);
  handler.handle(record('two'));
  await expect(handler.flush()).rejects.toThrow(/ENOENT/);
  expect(scratch.stderr).toEqual([expect.stringContaining('ENOENT')]);
  mkdirSync(scratch.path('no'));
  await vi.waitFor(() => expect(readFileSync(scratch.path('no/file'), 'utf8')).toBe('one\ntwo\n'), { timeout: 20_000 });
  await handler.close();
});

test.runIf(existsSync('/dev/full'))(
  'a full disk is reported once; what is pending at close is counted as dropped',
  async () => {
    const handler = new FileHandler('/dev/full', { mode: 'w', maxPending: 100 });
    handler.handle(record('hello'));
    await expect(handler.flush()).rejects.toThrow(/ENOSPC/);
    handler.handle(record('x'.repeat(80)));
    handler.handle(record('x'.repeat(80), { levelname: 'ERROR' }));
    expect([...handler.dropped]).toEqual([['ERROR', 1]]);
    await expect(handler.close()).rejects.toThrow(/ENOSPC/);
    expect([...handler.dropped]).toEqual([
      ['ERROR', 1],
      ['INFO', 2],
    ]);
    expect(scratch.stderr).toEqual([expect.stringContaining('ENOSPC')]);
  },
);

describe('on a small disk', () => {
  let mounted: string | null = null;

  /** A file system of 64 KiB; null where this process may not mount one. */
  function mountDisk(): string | null {
    const folder = scratch.path('disk');
    mkdirSync(folder);
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    mounted = status === 0 ? folder : null;
    return mounted;
  }

  afterEach(() => {
    if (mounted !== null) spawnSync('umount', ['-l', mounted]);
    mounted = null;
  });

  const lines = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n} ${'x'.repeat(1000)}`);

  test('the lines that did not fit are whole and in order once there is room', async ({ skip }) => {
    const disk = mountDisk();
    if (disk === null) return skip('mount is not allowed here');
    writeFileSync(`${disk}/ballast`, 'x'.repeat(40_000));
    const handler = new FileHandler(`${disk}/app.log`);
    const sent = lines(40);
    for (const line of sent) handler.handle(record(line));
    await expect(handler.flush()).rejects.toThrow(/ENOSPC/);
    expect(fs.statSync(`${disk}/app.log`).size).toBeGreaterThan(0);
    unlinkSync(`${disk}/ballast`);
    await handler.flush();
    expect(readFileSync(`${disk}/app.log`, 'utf8')).toBe(sent.map((line) => `${line}\n`).join(''));
    await handler.close();
    expect([handler.dropped.size, scratch.stderr.length]).toEqual([0, 1]);
  });

  test.each(['removed', 'moved away, and the handler told to reopen'])(
    'a full file that is %s makes room',
    async (how) => {
      const disk = mountDisk();
      if (disk === null) return;
      const handler = new FileHandler(`${disk}/app.log`);
      const sent = lines(100);
      for (const line of sent.slice(0, 50)) handler.handle(record(line));
      await handler.flush();
      for (const line of sent.slice(50)) handler.handle(record(line));
      await expect(handler.flush()).rejects.toThrow(/ENOSPC/);
      const first = readFileSync(`${disk}/app.log`, 'utf8');
      unlinkSync(`${disk}/app.log`);
      if (how !== 'removed') handler.reopen();
      await handler.flush();
      // The line at the end that was torn is in the new file as a whole.
      const second = readFileSync(`${disk}/app.log`, 'utf8');
      const whole = first.slice(0, first.lastIndexOf('\n') + 1);
      expect(whole + second).toBe(sent.map((line) => `${line}\n`).join(''));
      expect(first.length).toBeGreaterThan(whole.length);
      await handler.close();
    },
  );

  test('a line that was begun stays in its file, though its size would fill that by now', async ({ skip }) => {
    const disk = mountDisk();
    if (disk === null) return skip('mount is not allowed here');
    writeFileSync(`${disk}/ballast`, 'x'.repeat(40_960));
    const sent = Array.from({ length: 30 }, (_, n) => `${n}`.padEnd(1002, '.'));
    const room = 65_536 - 40_960;
    const count = Math.floor(room / 1003);
    const handler = new RotatingFileHandler(`${disk}/app.log`, { maxBytes: (count + 1) * 1003 + 10, backupCount: 1 });
    for (const line of sent) handler.handle(record(line));
    await expect(handler.flush()).rejects.toThrow(/ENOSPC/);
    expect(fs.statSync(`${disk}/app.log`).size).toBe(room);
    unlinkSync(`${disk}/ballast`);
    await handler.close();
    const written = (from: number, to?: number): string => sent.slice(from, to).join('\n').concat('\n');
    expect(readFileSync(`${disk}/app.log.1`, 'utf8')).toBe(written(0, count + 1));
    expect(readFileSync(`${disk}/app.log`, 'utf8')).toBe(written(count + 1));
  });
});
