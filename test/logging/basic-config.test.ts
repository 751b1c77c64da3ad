// basicConfig as CPython's own tests try it: the lines that come out, with which options, and once.

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { type BasicConfigOptions, basicConfig } from '../../src/logging/basic-config.ts';
import { Formatter } from '../../src/logging/formatter.ts';
import { FileHandler } from '../../src/logging/handlers/file-handler.ts';
import { StreamHandler } from '../../src/logging/handlers/stream-handler.ts';
import { INFO, WARNING } from '../../src/logging/levels.ts';
import { Manager } from '../../src/logging/manager.ts';
import { useScratch } from './handlers/scratch.ts';
import { Lines } from './recording.ts';

const scratch = useScratch();

test('without options, the root writes warnings to stderr in the basic format', () => {
  const manager = new Manager();
  basicConfig({ manager });
  const [handler, ...others] = manager.root.handlers;
  expect([others, handler?.constructor, handler?.formatter?.datefmt ?? null]).toEqual([[], StreamHandler, null]);
  expect((handler as StreamHandler).stream).toBe(process.stderr);
  manager.root.warning('x');
  manager.root.info('x');
  expect([manager.root.level, scratch.stderr]).toEqual([WARNING, ['WARNING:root:x\n']]);
});

test.each<[string, BasicConfigOptions, RegExp]>([
  ['the basic format in style {', { style: '{' }, /^ERROR:root:x\n$/],
  ['the basic format in style $', { style: '$' }, /^ERROR:root:x\n$/],
  ['a format', { format: '%(asctime)s - %(message)s' }, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - x\n$/],
  ['a date format', { format: '%(asctime)s', datefmt: 'bar' }, /^bar\n$/],
  ['a date format that the format does not use', { datefmt: 'bar' }, /^ERROR:root:x\n$/],
])('the lines are in %s', (_, options, expected) => {
  const manager = new Manager();
  const stream = new Lines();
  basicConfig({ manager, stream, ...options });
  manager.root.error('x');
  expect(stream.text).toMatch(expected);
});

test('the lines go to a file, to which they are added unless another mode is asked for', async () => {
  for (const [filemode, expected] of [
    [undefined, 'old\nERROR:root:x\n'],
    ['a', 'old\nERROR:root:x\n'],
    ['w', 'ERROR:root:x\n'],
  ] as const) {
    const manager = new Manager();
    const filename = scratch.path('test.log');
    writeFileSync(filename, 'old\n');
    basicConfig({ manager, filename, ...(filemode === undefined ? {} : { filemode }) });
    const handler = manager.root.handlers[0] as FileHandler;
    expect([handler.constructor, handler.mode]).toEqual([FileHandler, filemode ?? 'a']);
    manager.root.error('x');
    await handler.close();
    expect(readFileSync(filename, 'utf8')).toBe(expected);
  }
});

test('a mode without a file says nothing', () => {
  const manager = new Manager();
  basicConfig({ manager, filemode: 'a' });
  expect(manager.root.handlers.map((handler) => handler.constructor)).toEqual([StreamHandler]);
});

test('the level is that of the first call, until a later one is forced', () => {
  const manager = new Manager();
  basicConfig({ manager, level: 57 });
  basicConfig({ manager, level: 58 });
  expect(manager.root.level).toBe(57);
  basicConfig({ manager, level: 58, force: true });
  expect(manager.root.level).toBe(58);
});

test('handlers that are given share one formatter, but for those that have their own', () => {
  const manager = new Manager();
  const handlers = [new StreamHandler(), new StreamHandler(process.stdout), new StreamHandler()] as const;
  const formatter = new Formatter();
  handlers[2].setFormatter(formatter);
  basicConfig({ manager, handlers });
  expect(manager.root.handlers).toEqual(handlers);
  expect(handlers[0].formatter).toBeInstanceOf(Formatter);
  expect([handlers[1].formatter === handlers[0].formatter, handlers[2].formatter === formatter]).toEqual([true, true]);
});

describe('with force', () => {
  test('the handlers before get no more lines', () => {
    const manager = new Manager();
    const [before, after] = [new Lines(), new Lines()];
    const log = (): void => {
      for (const method of ['warning', 'info', 'debug'] as const) manager.root[method](method);
    };
    basicConfig({ manager, level: WARNING, handlers: [new StreamHandler(before)] });
    log();
    basicConfig({ manager, level: INFO, handlers: [new StreamHandler(after)], force: true });
    log();
    expect([before.lines, after.lines, manager.root.handlers.length]).toEqual([
      ['WARNING:root:warning'],
      ['WARNING:root:warning', 'INFO:root:info'],
      1,
    ]);
  });

  test('a handler that cannot be closed is reported, and no hindrance', async () => {
    const manager = new Manager();
    const broken = new StreamHandler(new Lines());
    vi.spyOn(broken, 'close').mockRejectedValue(new Error('no'));
    basicConfig({ manager, handlers: [broken] });
    basicConfig({ manager, stream: new Lines(), force: true });
    await new Promise((resolve) => setImmediate(resolve));
    expect([...broken.errors]).toEqual([['no', 1]]);
  });
});

describe('the file', () => {
  async function bytesOf(options: BasicConfigOptions, message: string): Promise<string> {
    const manager = new Manager();
    const filename = scratch.path('encoded.log');
    basicConfig({ manager, filename, format: '%(message)s', ...options });
    manager.root.error(message);
    await manager.root.handlers[0]?.close();
    return readFileSync(filename, 'latin1');
  }

  test('the file has the encoding that is asked for', async () => {
    expect(await bytesOf({ encoding: 'utf-8' }, 'Ñ€')).toBe('\xc3\x91\xe2\x82\xac\n');
    expect(await bytesOf({ encoding: 'latin-1', filemode: 'w' }, 'Ñ')).toBe('\xd1\n');
  });

  test.each<[options: BasicConfigOptions, text: string]>([
    [{ errors: 'ignore' }, 'a\n'],
    [{ errors: 'replace' }, 'a?\n'],
    [{}, 'a\\u20ac\n'],
    [{ errors: null }, ''],
  ])('what the encoding does not hold is written as errors says, %o', async (options, text) => {
    expect(await bytesOf({ encoding: 'ascii', filemode: 'w', ...options }, 'a€')).toBe(text);
  });
});
