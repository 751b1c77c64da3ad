// SIGHUP with a configuration: it is read again, and no record is lost, doubled or out of order.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { Messages } from '../../src/cli/monitoring/messages.ts';
import { ConfigPipeline } from '../../src/cli/serve/config-pipeline.ts';
import { readConfigFile } from '../../src/cli/settings/config-file.ts';
import { recordBytes } from '../../src/logging/event/index.ts';
import { makeLogRecord, NullHandler } from '../../src/logging/index.ts';
import { createReceiver } from '../../src/receiver/index.ts';
import { pickleRecord } from '../record/pickles.ts';
import { sendTo } from './clients.ts';
import { builtPackage, picklewire, type Running, scratchFolder } from './command.ts';
import { connectTo, framesOf, messages, sendUntil } from './traffic.ts';

const folder = builtPackage();
const ENDED_WELL = { code: 0, signal: null };
const CONFIG = 'log.json';

/** A receiver with a configuration in a folder of its own. */
class Configured {
  readonly cwd: string = scratchFolder();
  readonly running: Running;

  constructor(handlers: Readonly<Record<string, object>>) {
    this.configure(handlers);
    this.running = picklewire(folder, ['serve', '--port', '0', '--config', CONFIG], { cwd: this.cwd });
  }

  /** Writes the file: these handlers, all of them at the root. */
  configure(handlers: Readonly<Record<string, object>>): void {
    this.write({ version: 1, handlers, root: { handlers: Object.keys(handlers) } });
  }

  write(document: unknown): void {
    writeFileSync(join(this.cwd, CONFIG), JSON.stringify(document));
  }

  /** How often the program has said that it reloaded the file. */
  get reloads(): number {
    return this.running.stderr.match(/^picklewire: reloaded log\.json$/gm)?.length ?? 0;
  }

  /** Asks for the file to be read, and waits until that is done. */
  async reload(): Promise<void> {
    const before = this.reloads;
    this.running.kill('SIGHUP');
    while (this.reloads === before) {
      if (/not reloaded/.test(this.running.stderr)) throw new Error(this.running.stderr);
      await delay(2);
    }
  }

  /** Asks for the file to be read, and waits until that has begun. */
  async beginReload(): Promise<void> {
    this.running.kill('SIGHUP');
    // Of signals that wait, those with lower numbers come first.
    this.running.kill('SIGUSR1');
    await this.running.printed(/^picklewire: \d+ records from/m);
  }

  async terminate(): Promise<void> {
    this.running.kill('SIGTERM');
    expect(await this.running.ended).toEqual(ENDED_WELL);
  }

  /** The lines of its files, oldest first where there are several; none where there is no file. */
  lines(...names: readonly string[]): string[] {
    const files = names.filter((name) => existsSync(join(this.cwd, name)));
    return files.flatMap((name) => readFileSync(join(this.cwd, name), 'utf8').split('\n').slice(0, -1));
  }
}

const file = (filename: string, more: object = {}): object => ({ class: 'logging.FileHandler', filename, ...more });
const STDOUT = { class: 'logging.StreamHandler', stream: 'ext://sys.stdout' };

describe('SIGHUP, with a configuration', () => {
  test('under traffic loses, doubles and reorders nothing: in files that come and go, that stay, and that rotate', async () => {
    const kept = {
      all: file('all.log'),
      sized: { class: 'logging.handlers.RotatingFileHandler', filename: 's.log', maxBytes: 50_000, backupCount: 200 },
      held: { class: 'logging.handlers.MemoryHandler', capacity: 700, target: 'memory' },
      memory: file('memory.log'),
      out: STDOUT,
    };
    const configured = new Configured({});
    const document = (changing: string) => ({
      version: 1,
      handlers: { ...kept, changing: file(changing) },
      root: { handlers: ['all', 'sized', 'held', 'out', 'changing'] },
    });
    configured.write(document('0.log'));
    const port = await configured.running.port();
    await configured.reload();
    let stopped = false;
    const sending = sendUntil(port, () => stopped);
    const changing = ['0.log'];
    for (let round = 1; round <= 10; round++) {
      changing.push(`${round}.log`);
      configured.write(document(`${round}.log`));
      if (round % 3 === 0) renameSync(join(configured.cwd, 'all.log'), join(configured.cwd, `all.log.${round}`));
      await configured.reload();
      while (configured.lines(`${round}.log`).length === 0) await delay(2);
    }
    stopped = true;
    const sent = await sending;
    await configured.terminate();

    expect(configured.lines(...changing)).toEqual(sent);
    expect(configured.lines('all.log.3', 'all.log.6', 'all.log.9', 'all.log')).toEqual(sent);
    expect(configured.lines('memory.log')).toEqual(sent);
    expect(configured.running.stdout.split('\n').slice(0, -1)).toEqual(sent);
    const backups = readdirSync(configured.cwd).filter((name) => name.startsWith('s.log.')).length;
    const oldestFirst = Array.from({ length: backups }, (_, index) => `s.log.${backups - index}`);
    expect(configured.lines(...oldestFirst, 's.log')).toEqual(sent);
    expect(configured.running.stderr).toContain(`picklewire: ${sent.length} records from 1 connection\n`);
  });

  test('first writes what waits in a queue, and holds back what comes meanwhile', async () => {
    const configured = new Configured({});
    const document = {
      version: 1,
      handlers: { queue: { class: 'logging.handlers.QueueHandler', handlers: ['h'] }, h: file('app.log') },
      root: { handlers: ['queue'] },
    };
    configured.write(document);
    const port = await configured.running.port();
    await configured.reload();
    const socket = await connectTo(port);
    const sent = messages(30_000);
    socket.write(framesOf(sent.slice(0, 20_000)));
    while (configured.lines('app.log').length === 0) await delay(2);
    const reloaded = configured.reload();
    socket.end(framesOf(sent.slice(20_000)));
    await reloaded;
    await configured.terminate();
    expect(configured.lines('app.log')).toEqual(sent);
  });

  test.each([
    ['is broken', '{', /log\.json: line 1: /],
    ['is no use', '{"version": 1, "root": {"handlers": ["none"]}}', /log\.json: root\.handlers\[0\]: /],
    [
      'names a file that cannot be opened',
      JSON.stringify({ version: 1, handlers: { h: file('no/such/app.log') }, root: { handlers: ['h'] } }),
      /log\.json: handlers\.h: ENOENT/,
    ],
    ['is gone', null, /cannot read the configuration: ENOENT/],
  ])('says in one line why not when the file %s, and all stays as it was', async (_, text, reason) => {
    const configured = new Configured({ h: file('app.log') });
    const port = await configured.running.port();
    await sendTo(port, pickleRecord('before'));
    if (text === null) rmSync(join(configured.cwd, CONFIG));
    else writeFileSync(join(configured.cwd, CONFIG), text);
    configured.running.kill('SIGHUP');
    const [line] = await configured.running.printed(/^picklewire: not reloaded: .*$/m);
    expect(line).toMatch(reason);
    await sendTo(port, pickleRecord('after'));
    await configured.terminate();
    expect(configured.lines('app.log')).toEqual(['before', 'after']);
    expect(configured.running.stderr.trimEnd().split('\n')).toHaveLength(3);
  });

  /** A receiver whose standard output is read by nobody until `resume`, and full: what waits for it waits. */
  async function blocked(): Promise<Configured & { sent: string[] }> {
    const configured = Object.assign(new Configured({ out: STDOUT, file: file('0.log') }), { sent: [] as string[] });
    const port = await configured.running.port();
    configured.running.child.stdout?.pause();
    configured.sent = messages(5000).map((text) => text.padEnd(200, '.'));
    await sendTo(port, ...configured.sent.map((text) => pickleRecord(text)));
    return configured;
  }

  test('a second signal waits for its turn, and one that waits is enough', async () => {
    const configured = await blocked();
    configured.configure({ out: STDOUT, file: file('1.log') });
    await configured.beginReload();
    await sendTo(await configured.running.port(), pickleRecord('held'));
    configured.configure({ out: STDOUT, file: file('2.log') });
    for (let count = 0; count < 3; count++) {
      configured.running.kill('SIGHUP');
      await delay(50);
    }
    expect(configured.reloads).toBe(0);
    configured.running.child.stdout?.resume();
    while (configured.reloads < 2) await delay(5);
    await sendTo(await configured.running.port(), pickleRecord('last'));
    await configured.terminate();
    expect(configured.reloads).toBe(2);
    expect(configured.running.stdout.split('\n')).toEqual([...configured.sent, 'held', 'last', '']);
    expect(['0.log', '1.log', '2.log'].map((name) => configured.lines(name))).toEqual([
      configured.sent,
      ['held'],
      ['last'],
    ]);
  });

  test('SIGTERM meanwhile writes all that was held, and all that comes', async () => {
    const configured = await blocked();
    configured.configure({ out: STDOUT, file: file('1.log') });
    await configured.beginReload();
    const socket = await connectTo(await configured.running.port());
    socket.write(framesOf(['held']));
    await delay(100);
    configured.running.kill('SIGTERM');
    socket.write(framesOf(['at the end']));
    socket.end();
    await delay(500);
    configured.running.child.stdout?.resume();
    expect(await configured.running.ended).toEqual(ENDED_WELL);
    expect(configured.running.stdout.split('\n')).toEqual([...configured.sent, 'held', 'at the end', '']);
    expect(configured.lines('0.log')).toEqual(configured.sent);
    expect(configured.lines('1.log')).toEqual(['held', 'at the end']);
  });

  test('goes on without those who cannot write in time, and they go on with what they have', async () => {
    const configured = await blocked();
    configured.configure({ out: STDOUT, file: file('1.log') });
    await configured.reload();
    await sendTo(await configured.running.port(), pickleRecord('after'));
    configured.running.child.stdout?.resume();
    await configured.terminate();
    expect(configured.running.stdout.split('\n')).toEqual([...configured.sent, 'after', '']);
    expect(configured.lines('1.log')).toEqual(['after']);
  });

  test('leaves a handler that cannot write until it can', async () => {
    const configured = new Configured({ late: file('later/app.log', { delay: true }) });
    const port = await configured.running.port();
    await sendTo(port, pickleRecord('before'));
    configured.configure({ now: file('now.log') });
    await configured.reload();
    await sendTo(port, pickleRecord('after'));
    await delay(1500); // long enough to try in vain
    mkdirSync(join(configured.cwd, 'later'));
    while (configured.lines('later/app.log').length === 0) await delay(20);
    await configured.terminate();
    expect(configured.lines('later/app.log')).toEqual(['before']);
    expect(configured.lines('now.log')).toEqual(['after']);
  });

  test('forgets what a handler holds that is to forget it when it is closed, as Python does', async () => {
    const memory = { class: 'logging.handlers.MemoryHandler', capacity: 10, flushOnClose: false, target: 'h' };
    const configured = new Configured({ memory, h: file('app.log', { level: 'CRITICAL' }) });
    const document = (name: string) => ({
      version: 1,
      handlers: { memory, h: file(name) },
      root: { handlers: ['memory'] },
    });
    configured.write(document('app.log'));
    const port = await configured.running.port();
    await configured.reload();
    await sendTo(port, pickleRecord('forgotten'));
    await configured.reload();
    await sendTo(port, pickleRecord('grave', { levelname: 'ERROR', levelno: 40 }));
    await configured.terminate();
    expect(configured.lines('app.log')).toEqual(['grave']);
  });

  test('closes the files that are out of use', async ({ skip }) => {
    if (!existsSync('/proc/self/fd')) skip('only Linux lists the files of a process');
    const configured = new Configured({ h: file('0.log') });
    await configured.running.port();
    const open = (): string[] => {
      const descriptors = `/proc/${configured.running.child.pid}/fd`;
      const paths = readdirSync(descriptors).map((name) => readlinkSync(join(descriptors, name)));
      return paths.filter((path) => path.startsWith(configured.cwd)).map((path) => basename(path));
    };
    const document = (name: string) => ({
      version: 1,
      handlers: { used: file(name), unused: file(`${name}.unused`) },
      root: { handlers: ['used'] },
    });
    expect(open()).toEqual(['0.log']);
    for (let round = 1; round <= 5; round++) {
      configured.write(document(`${round}.log`));
      await configured.reload();
    }
    await vi.waitFor(() => expect(open()).toEqual(['5.log']), 10_000);
  });
});

/** A reload that waits for a standard output which never ends its writes, and how often that was written to. */
async function heldBack(handlerOf = (filename: string): Record<string, object> => ({ h: file(filename) })) {
  const cwd = scratchFolder();
  const path = join(cwd, CONFIG);
  const configure = (name: string): void => {
    const more = handlerOf(join(cwd, name));
    const handlers = { out: STDOUT, ...more };
    const [first = ''] = Object.keys(more);
    writeFileSync(path, JSON.stringify({ version: 1, handlers, root: { handlers: ['out', first] } }));
  };
  configure('0.log');
  const seen = { written: 0, said: [] as string[] };
  const stdout = { write: (): number => seen.written++, flush: () => new Promise<void>(() => {}) };
  const outputs = { stdout: new NullHandler(), streams: { stdout, stderr: stdout } };
  const messages = new Messages((line) => seen.said.push(line));
  const pipeline = new ConfigPipeline({ path, config: readConfigFile(path), outputs, maxBacklog: 2 ** 26, messages });
  const receiver = createReceiver({ manager: pipeline.manager });
  configure('1.log');
  pipeline.reload(receiver);
  while (receiver.manager === pipeline.manager) await delay(1);
  const reloaded = async (): Promise<string> => {
    while (seen.said.length === 0) await delay(1);
    expect(seen.said).toEqual([`picklewire: reloaded ${path}\n`]);
    await Promise.all(pipeline.manager.handlers().map((handler) => handler.name !== 'out' && handler.close()));
    return readFileSync(join(cwd, '1.log'), 'utf8');
  };
  return { receiver, seen, reloaded };
}

test('records are held back until there are 100,000, and then all have their new handlers', async () => {
  const { receiver, seen, reloaded } = await heldBack();
  const record = makeLogRecord(new Map([['msg', 'm']]));
  for (let number = 1; number < 100_000; number++) receiver.manager.handle(record);
  await delay(10);
  expect(seen).toEqual({ said: [], written: 0 });
  receiver.manager.handle(record);
  expect(await reloaded()).toBe('m\n'.repeat(100_000));
  expect(seen.written).toBe(100_000);
});

test('large records are held back up to the bytes that may wait, and none of them is lost', async () => {
  const { receiver, seen, reloaded } = await heldBack();
  const text = 'x'.repeat(1024 * 1024);
  const record = makeLogRecord(new Map([['msg', text]]));
  const fitting = Math.ceil(2 ** 26 / recordBytes(record));
  for (let number = 1; number < fitting; number++) receiver.manager.handle(record);
  await delay(10);
  expect(seen).toEqual({ said: [], written: 0 });
  receiver.manager.handle(record);
  expect((await reloaded()).length).toBe(fitting * (text.length + 1));
  expect(seen.written).toBe(fitting);
});

test('more than is to be held back, come in one turn, finds room in a queue', async () => {
  const { receiver, reloaded } = await heldBack((filename) => ({
    queue: { class: 'logging.handlers.QueueHandler', handlers: ['h'] },
    h: file(filename, { delay: true }),
  }));
  const text = 'x'.repeat(1024 * 1024);
  const record = makeLogRecord(new Map([['msg', text]]));
  for (let number = 0; number < 45; number++) receiver.manager.handle(record);
  expect((await reloaded()).length).toBe(45 * (text.length + 1));
});
