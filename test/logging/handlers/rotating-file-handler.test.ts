// RotatingFileHandler: which record goes to which file, however the writing is buffered, and what a failure costs.

import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  RotatingFileHandler,
  type RotatingFileHandlerOptions,
} from '../../../src/logging/handlers/rotating-file-handler.ts';
import { checkProperty } from '../../properties/check.ts';
import { record, useScratch } from './scratch.ts';

const scratch = useScratch();

function make(options: RotatingFileHandlerOptions = {}): RotatingFileHandler {
  return new RotatingFileHandler(scratch.path('app.log'), options);
}

/** Emits, and waits until all is on file. */
async function emit(handler: RotatingFileHandler, ...messages: string[]): Promise<void> {
  for (const msg of messages) handler.handle(record(msg));
  await handler.flush();
}

describe('there is no rollover', () => {
  test.each([
    ['of an empty file', '', { maxBytes: 1, backupCount: 1 }],
    ['when maxBytes is 0', '\n', { maxBytes: 0, backupCount: 1 }],
    ['when nothing is said of maxBytes', '\n', { backupCount: 1 }],
    ['when backupCount is 0: the file grows', '\n', { maxBytes: 2 }],
    ['while bytes and characters stay below maxBytes', '\n', { maxBytes: 8, backupCount: 1 }],
  ])('%s', async (_, before, options) => {
    writeFileSync(scratch.path('app.log'), before);
    const handler = make(options);
    await emit(handler, 'hello');
    expect(scratch.files()).toEqual({ 'app.log': `${before}hello\n` });
    await handler.close();
  });

  test.runIf(existsSync('/dev/null'))('of what is no regular file', async () => {
    const handler = new RotatingFileHandler('/dev/null', { maxBytes: 1, backupCount: 1 });
    handler.handle(record('one'));
    handler.handle(record('two'));
    handler.doRollover();
    await handler.close();
    expect([existsSync('/dev/null'), existsSync('/dev/null.1'), handler.errors.size]).toEqual([true, false, 0]);
  });
});

test('the file is rolled over when bytes on file, characters and terminator reach maxBytes', async () => {
  writeFileSync(scratch.path('app.log'), '\n');
  const handler = make({ maxBytes: 7, backupCount: 1 });
  await emit(handler, 'hello');
  expect(scratch.files()).toEqual({ 'app.log': 'hello\n', 'app.log.1': '\n' });
  await handler.close();
});

test('what counts of a record is its characters, not its bytes', async () => {
  const handler = make({ maxBytes: 20, backupCount: 1 });
  await emit(handler, '12345', '\u{1f600}\u{1f600}\u{1f600}', '€€');
  expect(scratch.files()).toEqual({ 'app.log': '€€\n', 'app.log.1': '12345\n\u{1f600}\u{1f600}\u{1f600}\n' });
  await handler.close();
});

test.each([false, true])('sizes go as in CPython: a small record, a large one (delay: %o)', async (delay) => {
  const handler = make({ maxBytes: 100, backupCount: 2, delay });
  expect(Object.keys(scratch.files())).toEqual(delay ? [] : ['app.log']);
  await emit(handler, 'a');
  expect(Object.keys(scratch.files())).toEqual(['app.log']);
  await emit(handler, 'b'.repeat(100));
  expect(scratch.files()).toEqual({ 'app.log': `${'b'.repeat(100)}\n`, 'app.log.1': 'a\n' });
  await emit(handler, 'c');
  expect(scratch.files()).toEqual({ 'app.log': 'c\n', 'app.log.1': `${'b'.repeat(100)}\n`, 'app.log.2': 'a\n' });
  await handler.close();
});

test('the mode is a when there is a maxBytes, so that no earlier log is emptied', async () => {
  writeFileSync(scratch.path('app.log'), 'old\n');
  for (const [maxBytes, mode] of [
    [100, 'a'],
    [0, 'w'],
  ] as const) {
    const handler = make({ maxBytes, mode: 'w' });
    expect([handler.mode, statSync(scratch.path('app.log')).size]).toEqual([mode, mode === 'a' ? 4 : 0]);
    await handler.close();
  }
});

test('namer names every file that is moved', async () => {
  const handler = make({ maxBytes: 1, backupCount: 2 });
  handler.namer = (name) => `${name}.test`;
  await emit(handler, '1', '2', '3', '4');
  expect(scratch.files()).toEqual({ 'app.log': '4\n', 'app.log.1.test': '3\n', 'app.log.2.test': '2\n' });
  await handler.close();
});

test('a subclass can have its own namer and rotator', async () => {
  class Own extends RotatingFileHandler {
    override namer = (name: string): string => `${name}.test`;
    override rotator = (source: string, destination: string): void => {
      if (existsSync(source)) renameSync(source, `${destination}.rotated`);
    };
  }
  const handler = new Own(scratch.path('app.log'), { maxBytes: 1, backupCount: 2 });
  await emit(handler, '1', '2');
  expect(scratch.files()).toEqual({ 'app.log': '2\n', 'app.log.1.test.rotated': '1\n' });
  await handler.close();
});

test('rotator may take its time: records wait for its promise, and none is lost', async () => {
  const handler = make({ maxBytes: 1, backupCount: 2 });
  handler.namer = (name) => `${name}.gz`;
  handler.rotator = async (source, destination) => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    writeFileSync(destination, gzipSync(readFileSync(source)));
    unlinkSync(source);
  };
  for (const msg of ['1', '2', '3', '4']) handler.handle(record(msg));
  await handler.close();
  const unzipped = (name: string): string => gunzipSync(readFileSync(scratch.path(name))).toString();
  expect(Object.keys(scratch.files())).toEqual(['app.log', 'app.log.1.gz', 'app.log.2.gz']);
  expect([unzipped('app.log.1.gz'), unzipped('app.log.2.gz')]).toEqual(['3\n', '2\n']);
});

describe('doRollover', () => {
  test('takes its turn among the records', async () => {
    const handler = make({ backupCount: 3 });
    handler.handle(record('one'));
    handler.doRollover();
    handler.handle(record('two'));
    handler.handle(record('three'));
    handler.doRollover();
    await handler.flush();
    expect(scratch.files()).toEqual({ 'app.log': '', 'app.log.1': 'two\nthree\n', 'app.log.2': 'one\n' });
    await handler.close();
  });

  test('opens no file that is opened late', async () => {
    writeFileSync(scratch.path('app.log'), 'old\n');
    const handler = make({ backupCount: 1, delay: true });
    handler.doRollover();
    await handler.flush();
    expect(scratch.files()).toEqual({ 'app.log.1': 'old\n' });
    await emit(handler, 'new');
    expect(scratch.files()).toEqual({ 'app.log': 'new\n', 'app.log.1': 'old\n' });
    await handler.close();
  });

  test('in mode w without backups empties the file', async () => {
    const handler = make({ mode: 'w' });
    await emit(handler, 'one');
    handler.doRollover();
    await emit(handler, 'two');
    expect(scratch.files()).toEqual({ 'app.log': 'two\n' });
    await handler.close();
  });
});

test('records land in the same files whether each is flushed or all are written together', async () => {
  const messages = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 60 });
  const options = fc.record({
    maxBytes: fc.integer({ min: 0, max: 120 }),
    backupCount: fc.integer({ min: 0, max: 4 }),
    delay: fc.boolean(),
    encoding: fc.constantFrom('utf-8', 'utf-16', 'ascii'),
  });
  let runs = 0;
  await checkProperty(
    fc.asyncProperty(messages, options, fc.integer({ min: 1, max: 5 }), async (texts, chosen, every) => {
      const outcomes = [];
      for (const flushes of [true, false]) {
        const folder = scratch.path(`${runs++}`);
        mkdirSync(folder);
        const handler = new RotatingFileHandler(`${folder}/app.log`, chosen);
        for (const [index, text] of texts.entries()) {
          handler.handle(record(text));
          if (flushes && index % every === 0) await handler.flush();
        }
        await handler.close();
        outcomes.push(filesOf(folder));
      }
      expect(outcomes[1]).toEqual(outcomes[0]);
    }),
    { numRuns: 40 },
  );
});

function filesOf(folder: string): (string | null)[] {
  return ['', '.1', '.2', '.3', '.4', '.5'].map((suffix) => {
    const path = `${folder}/app.log${suffix}`;
    return existsSync(path) ? readFileSync(path, 'latin1') : null;
  });
}

describe('a rollover that fails', () => {
  test('is reported; the file grows until it succeeds, and no record is lost', async () => {
    const handler = make({ maxBytes: 4, backupCount: 1 });
    mkdirSync(scratch.path('app.log.1')); // neither removed nor replaced by a file
    for (const msg of ['one', 'two', 'three']) await emit(handler, msg);
    expect(readFileSync(scratch.path('app.log'), 'utf8')).toBe('one\ntwo\nthree\n');
    expect([scratch.stderr.length, [...handler.errors.values()]]).toEqual([1, [2]]);
    rmdirSync(scratch.path('app.log.1'));
    await emit(handler, 'four');
    expect(scratch.files()).toEqual({ 'app.log': 'four\n', 'app.log.1': 'one\ntwo\nthree\n' });
    await handler.close();
  });

  test('since the rotator threw is no other', async () => {
    const handler = make({ maxBytes: 4, backupCount: 1 });
    handler.rotator = () => {
      throw new Error('no room for archives');
    };
    await emit(handler, 'one', 'two');
    expect(scratch.files()).toEqual({ 'app.log': 'one\ntwo\n' });
    expect([...handler.errors]).toEqual([['no room for archives', 1]]);
    await handler.close();
  });

  test('is not tried for each of the records that are written together', async () => {
    const handler = make({ maxBytes: 4, backupCount: 1 });
    mkdirSync(scratch.path('app.log.1'));
    const sent = Array.from({ length: 500 }, (_, n) => `${n}`);
    await emit(handler, ...sent);
    expect(readFileSync(scratch.path('app.log'), 'utf8')).toBe(sent.map((line) => `${line}\n`).join(''));
    expect([...handler.errors.values()][0]).toBeLessThan(10);
    await handler.close();
  });

  test('since the directory is gone waits for it, and writes every record then', async () => {
    mkdirSync(scratch.path('logs'));
    const handler = new RotatingFileHandler(scratch.path('logs/app.log'), { maxBytes: 5, backupCount: 3 });
    await emit(handler, 'one');
    rmSync(scratch.path('logs'), { recursive: true });
    for (const msg of ['two', 'six', 'ten']) handler.handle(record(msg));
    await expect(handler.flush()).rejects.toThrow(/ENOENT/);
    mkdirSync(scratch.path('logs'));
    await handler.close();
    const [newest, first, second] = filesOf(scratch.path('logs'));
    expect([newest, first, second]).toEqual(['ten\n', 'six\n', 'two\n']);
  });
});
