// `picklewire serve --config` and `picklewire check-config`: what a configuration makes of records, and what is said of it.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { frames } from '../net/frames.ts';
import { pickleRecord } from '../record/pickles.ts';
import { sendTo } from './clients.ts';
import { builtPackage, picklewire, Running, scratchFolder } from './command.ts';

const folder = builtPackage();

const DOCUMENT = {
  version: 1,
  formatters: { plain: { format: '%(name)s %(levelname)s %(message)s' } },
  filters: { orders: { name: 'shop.orders' } },
  handlers: {
    out: { class: 'logging.StreamHandler', stream: 'ext://sys.stdout', formatter: 'plain' },
    err: { class: 'logging.StreamHandler', formatter: 'plain', level: 'ERROR' },
    orders: { class: 'logging.FileHandler', filename: 'orders.log', formatter: 'plain', filters: ['orders'] },
    quiet: { class: 'logging.FileHandler', filename: 'quiet.log', formatter: 'plain' },
  },
  loggers: {
    shop: { level: 'CRITICAL', handlers: ['orders'] },
    quiet: { handlers: ['quiet'], propagate: false },
  },
  root: { handlers: ['out', 'err'] },
};

/** A folder with a file of this name and text in it. */
function folderWith(name: string, content: unknown): string {
  const cwd = scratchFolder();
  writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));
  return cwd;
}

/** What it prints of these payloads, sent on one connection, with a configuration in its own folder. */
async function served(cwd: string, payloads: readonly Uint8Array[], ...args: readonly string[]): Promise<Running> {
  const running = picklewire(folder, ['serve', '--port', '0', ...args], { cwd });
  await sendTo(await running.port(), ...payloads);
  running.kill('SIGTERM');
  expect(await running.ended).toEqual({ code: 0, signal: null });
  return running;
}

describe('serve --config', () => {
  const payloads = [
    pickleRecord('one', { name: 'shop.orders.new' }),
    pickleRecord('two', { name: 'shop', levelname: 'ERROR', levelno: 40 }),
    pickleRecord('three', { name: 'quiet' }),
  ];

  test('gives records to the handlers of their loggers, by the levels and filters of handlers', async () => {
    const cwd = folderWith('log.json', DOCUMENT);
    const { stdout, stderr } = await served(cwd, payloads, '--config', 'log.json');
    expect(stdout).toBe('shop.orders.new INFO one\nshop ERROR two\n');
    expect(stderr.split('\n').slice(1)).toEqual(['shop ERROR two', 'picklewire: 3 records from 1 connection', '']);
    expect(readFileSync(join(cwd, 'orders.log'), 'utf8')).toBe('shop.orders.new INFO one\n');
    expect(readFileSync(join(cwd, 'quiet.log'), 'utf8')).toBe('quiet INFO three\n');
  });

  test('--logname handles every record as that logger, whatever its own name', async () => {
    const cwd = folderWith('log.json', DOCUMENT);
    const { stdout } = await served(cwd, payloads, '--config', 'log.json', '--logname', 'quiet');
    expect(stdout).toBe('');
    expect(readFileSync(join(cwd, 'quiet.log'), 'utf8')).toBe(
      'shop.orders.new INFO one\nshop ERROR two\nquiet INFO three\n',
    );
  });

  test('prints what finds no handler and is a warning on stderr, as Python does', async () => {
    const cwd = folderWith('log.yaml', 'version: 1\n');
    const warning = pickleRecord('a warning', { levelname: 'WARNING', levelno: 30 });
    const { stdout, stderr } = await served(cwd, [pickleRecord('info'), warning], '--config', 'log.yaml');
    expect(stdout).toBe('');
    expect(stderr.split('\n').slice(1)).toEqual(['a warning', 'picklewire: 2 records from 1 connection', '']);
  });

  test('prints records as soon as they are there, through an ini file as well', async () => {
    const ini =
      '[loggers]\nkeys=root\n[handlers]\nkeys=out\n[formatters]\nkeys=plain\n[logger_root]\nhandlers=out\n' +
      '[handler_out]\nclass=StreamHandler\nargs=(sys.stdout,)\nformatter=plain\n' +
      '[formatter_plain]\nformat=%(levelname)s: %(message)s\n';
    const cwd = folderWith('log.ini', ini);
    const running = picklewire(folder, ['serve', '--port', '0', '--config', 'log.ini'], { cwd });
    const port = await running.port();
    for (const msg of ['one', 'two']) {
      await sendTo(port, pickleRecord(msg));
      await running.printed(new RegExp(`^INFO: ${msg}$`, 'm'));
    }
  });

  test('hands on at the end what handlers hold for others, and what waits in queues', async () => {
    const cwd = folderWith('log.json', {
      version: 1,
      handlers: {
        file: { class: 'logging.FileHandler', filename: 'app.log' },
        buffer: { class: 'logging.handlers.MemoryHandler', capacity: 5000, target: 'file' },
        queue: { class: 'logging.handlers.QueueHandler', handlers: ['buffer'] },
        out: { class: 'logging.StreamHandler', stream: 'ext://sys.stdout' },
        held: { class: 'logging.handlers.MemoryHandler', capacity: 5000, target: 'out' },
      },
      root: { handlers: ['queue', 'held'] },
    });
    const messages = Array.from({ length: 1000 }, (_, number) => `record ${number}`);
    const { stdout } = await served(
      cwd,
      messages.map((msg) => pickleRecord(msg)),
      '--config',
      'log.json',
    );
    expect(stdout.split('\n')).toEqual([...messages, '']);
    expect(readFileSync(join(cwd, 'app.log'), 'utf8')).toBe(stdout);
  });

  test('ends quietly when nobody reads its output any more, and keeps the files of its configuration whole', async () => {
    const cwd = folderWith('log.json', {
      version: 1,
      handlers: {
        out: { class: 'logging.StreamHandler', stream: 'ext://sys.stdout' },
        file: { class: 'logging.FileHandler', filename: 'app.log' },
      },
      root: { handlers: ['out', 'file'] },
    });
    const command = `${process.execPath} ${folder}/dist/cli/main.js serve --port 0 --config log.json`;
    const running = new Running('sh', ['-c', `{ ${command}; echo "status $?" >&2; } | head -n 3`], { cwd });
    const port = await running.port();
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    for (let number = 0; running.child.exitCode === null; number++) {
      if (socket.writable) socket.write(frames(pickleRecord(`record ${number}`)));
      await delay(5);
    }
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.stdout).toBe('record 0\nrecord 1\nrecord 2\n');
    expect(running.stderr).toBe(`listening on tcp://127.0.0.1:${port}\nstatus 0\n`);
    const lines = readFileSync(join(cwd, 'app.log'), 'utf8').trimEnd().split('\n');
    expect(lines).toEqual(lines.map((_, number) => `record ${number}`));
    expect(lines.length).toBeGreaterThan(3);
  });

  test('ends with exit code 1 when last records could not be written, and writes the others', async () => {
    const cwd = folderWith('log.json', {
      version: 1,
      handlers: {
        lost: { class: 'logging.FileHandler', filename: 'later/app.log', delay: true },
        kept: { class: 'logging.FileHandler', filename: 'kept.log' },
      },
      root: { handlers: ['lost', 'kept'] },
    });
    const running = picklewire(folder, ['serve', '--port', '0', '--config', 'log.json'], { cwd });
    await sendTo(await running.port(), pickleRecord('m'));
    running.kill('SIGTERM');
    expect((await running.ended).code).toBe(1);
    expect(running.stderr).toMatch(/^picklewire: the last records could not be written: lost: ENOENT.*$/m);
    expect(readFileSync(join(cwd, 'kept.log'), 'utf8')).toBe('m\n');
  });

  test('says once that standard output could not be written', async ({ skip }) => {
    if (!existsSync('/dev/full')) skip('there is no device that is always full');
    const cwd = folderWith('log.json', DOCUMENT);
    const command = `exec ${process.execPath} ${folder}/dist/cli/main.js serve --port 0 --config log.json > /dev/full`;
    const running = new Running('sh', ['-c', command], { cwd });
    await sendTo(await running.port(), ...payloads);
    running.kill('SIGTERM');
    expect((await running.ended).code).toBe(1);
    const [, ...lines] = running.stderr.trimEnd().split('\n');
    expect(lines.filter((line) => line.includes('ENOSPC'))).toHaveLength(2);
    expect(lines.at(-1)).toMatch(/^picklewire: the last records could not be written: ENOSPC: [^;]*$/);
    expect(readFileSync(join(cwd, 'orders.log'), 'utf8')).toBe('shop.orders.new INFO one\n');
  });

  test.each([
    ['log.json', '{\n"version": 1,\n', 'log.json: line 3: '],
    ['log.yaml', 'version: 1\nroot: [\n', 'log.yaml: '],
    ['log.ini', 'key=value', 'log.ini: line 1: '],
    ['log.json', { ...DOCUMENT, root: { handlers: ['none'] } }, 'log.json: root.handlers[0]: '],
    [
      'log.json',
      { version: 1, handlers: { h: { class: 'logging.FileHandler', filename: 'no/such/app.log' } } },
      'log.json: handlers.h: ENOENT',
    ],
  ])('with %s %j says why it is no use, and does not listen', async (name, content, reason) => {
    const cwd = folderWith(name, content);
    const running = picklewire(folder, ['serve', '--port', '0', '--config', name], { cwd });
    expect((await running.ended).code).toBe(1);
    expect([running.stdout, running.stderr.split('\n').length]).toEqual(['', 2]);
    expect(running.stderr.slice(0, `picklewire: ${reason}`.length)).toBe(`picklewire: ${reason}`);
  });
});

describe('check-config', () => {
  async function checked(name: string, content: unknown, ...args: readonly string[]): Promise<Running> {
    const running = picklewire(folder, ['check-config', ...args, name], { cwd: folderWith(name, content) });
    await running.ended;
    return running;
  }

  const LEFT_OVER = {
    ...DOCUMENT,
    handlers: {
      ...DOCUMENT.handlers,
      web: {
        class: 'logging.handlers.HTTPHandler',
        host: 'localhost',
        url: '/\u001b[2J',
        credentials: ['me', 'secret'],
        level: 15,
      },
    },
    formatters: { plain: { ...DOCUMENT.formatters.plain, colour: true } },
    logers: {},
  };

  test('prints a line for each handler, logger and key without a meaning', async () => {
    const { stdout, stderr, child } = await checked('log.json', LEFT_OVER);
    expect([stderr, child.exitCode]).toEqual(['', 0]);
    expect(stdout.split('\n')).toEqual([
      'handler out: logging.StreamHandler(stream="ext://sys.stdout"); formatter plain',
      'handler err: logging.StreamHandler(); level ERROR; formatter plain',
      'handler orders: logging.FileHandler(filename="orders.log"); formatter plain; filters orders',
      'handler quiet: logging.FileHandler(filename="quiet.log"); formatter plain',
      'handler web: logging.handlers.HTTPHandler(host="localhost", url="/\\u001b[2J", credentials="…"); level 15',
      'logger shop: level CRITICAL; handlers orders',
      'logger quiet: does not propagate; handlers quiet',
      'logger root: handlers out, err',
      'ignored: formatters.plain.colour',
      'ignored: logers',
      '',
    ]);
  });

  test('--json prints the same as an object', async () => {
    const { stdout } = await checked('log.json', LEFT_OVER, '--json');
    const { handlers, loggers, ignored } = JSON.parse(stdout) as Record<string, unknown[]>;
    expect([handlers?.length, loggers?.length, stdout.includes('secret')]).toEqual([5, 3, false]);
    expect(handlers?.[2]).toEqual({
      name: 'orders',
      class: 'logging.FileHandler',
      arguments: { filename: 'orders.log' },
      level: null,
      formatter: 'plain',
      filters: ['orders'],
    });
    expect(loggers?.[1]).toEqual({ name: 'quiet', level: null, propagate: false, handlers: ['quiet'], filters: [] });
    expect(ignored).toEqual(['formatters.plain.colour', 'logers']);
  });

  test('says of a configuration of nothing that it is that', async () => {
    expect((await checked('log.yaml', 'version: 1\n')).stdout).toBe('nothing\n');
  });

  test('of a file that is no use says where and why, with exit code 1', async () => {
    const document = { ...DOCUMENT, handlers: { ...DOCUMENT.handlers, h: { class: 'shop.Handler' } } };
    const { stdout, stderr, child } = await checked('log.json', document);
    expect([stdout, child.exitCode]).toEqual(['', 1]);
    expect(stderr).toMatch(/^picklewire: log\.json: handlers\.h\.class: there is no handler "shop\.Handler"[^\n]*\n$/);
  });

  test('opens no file', async () => {
    const cwd = folderWith('log.json', DOCUMENT);
    await picklewire(folder, ['check-config', 'log.json'], { cwd }).ended;
    expect(() => readFileSync(join(cwd, 'orders.log'))).toThrow(/ENOENT/);
  });
});

describe('the section picklewire', () => {
  const SETTINGS = { listen: ['tcp://127.0.0.1:0', 'unix:a.sock'], 'max-frame': 200, logname: 'quiet' };

  const FILES: readonly [name: string, content: unknown][] = [
    ['log.json', { ...DOCUMENT, picklewire: SETTINGS }],
    [
      'log.yaml',
      'version: 1\npicklewire:\n  listen: [tcp://127.0.0.1:0, unix:a.sock]\n  max-frame: 200\n  logname: quiet\n' +
        'handlers: {quiet: {class: logging.FileHandler, filename: quiet.log}}\n' +
        'loggers: {quiet: {handlers: [quiet]}}\n',
    ],
    [
      'log.ini',
      '[DEFAULT]\nlimit=200\n[picklewire]\nlisten = tcp://127.0.0.1:0\n  unix:a.sock\nmax-frame=%(limit)s\nlogname=quiet\n' +
        '[loggers]\nkeys=root,quiet\n[handlers]\nkeys=quiet\n[formatters]\nkeys=\n[logger_root]\nhandlers=\n' +
        '[logger_quiet]\nqualname=quiet\nhandlers=quiet\n[handler_quiet]\nclass=FileHandler\nargs=("quiet.log",)\n',
    ],
  ];

  test.each(FILES)('of %s has settings of serve', async (name, content) => {
    const cwd = folderWith(name, content);
    const running = picklewire(folder, ['serve', '--config', name], { cwd });
    await running.printed(/^listening on unix:a\.sock$/m);
    await sendTo(await running.port(), pickleRecord('short'), pickleRecord('long'.repeat(100)));
    await running.printed(/\[ERR_FRAME_OVERSIZE\]/);
    running.kill('SIGTERM');
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(readFileSync(join(cwd, 'quiet.log'), 'utf8')).toMatch(/^.*short\n$/);
  });

  test('gives way to the environment, and that to flags', async () => {
    const cwd = folderWith('log.json', { version: 1, picklewire: { ...SETTINGS, 'max-frame': 1 } });
    const env = { PICKLEWIRE_CONFIG: 'log.json', PICKLEWIRE_MAX_FRAME: '2', PICKLEWIRE_PORT: '1' };
    const args = ['serve', '--max-frame', '200', '--listen', 'unix:b.sock', '--metrics', '0'];
    const running = picklewire(folder, args, { cwd, env });
    await running.printed(/^listening on unix:b\.sock$/m);
    expect(running.stderr).not.toContain('tcp://');
    const socket = connect(join(cwd, 'b.sock'));
    const warning = pickleRecord('short', { levelname: 'WARNING', levelno: 30 });
    socket.end(frames(warning, pickleRecord('long'.repeat(100))));
    await running.printed(/a frame of \d+ bytes is over the limit/);
    await running.printed(/^short$/m);
  });

  test.each([
    [
      { 'max-frme': 1 },
      /^picklewire: log\.json: picklewire\.max-frme: there is no such setting here; there are listen, /,
    ],
    [{ 'max-frame': '8M' }, /^picklewire: log\.json: picklewire\.max-frame: It must be a whole number/],
    [{ listen: ['http://x'] }, /^picklewire: log\.json: picklewire\.listen: .*"http:\/\/x"/],
    ['text', /^picklewire: log\.json: picklewire: must be a mapping/],
  ])('is no use, to serve and to check-config: %j', async (settings, line) => {
    const cwd = folderWith('log.json', { version: 1, picklewire: settings });
    for (const args of [['serve', '--config'], ['check-config']]) {
      const running = picklewire(folder, [...args, 'log.json'], { cwd });
      expect((await running.ended).code).toBe(1);
      expect([running.stdout, running.stderr]).toEqual(['', expect.stringMatching(line)]);
      expect(running.stderr).toMatch(/^[^\n]+\n$/);
    }
  });

  test('is shown by check-config, and is no key without a meaning', async () => {
    const cwd = folderWith('log.json', { version: 1, picklewire: SETTINGS, other: 1 });
    const text = picklewire(folder, ['check-config', 'log.json'], { cwd });
    await text.ended;
    expect(text.stdout.split('\n')).toEqual([
      'setting listen: ["tcp://127.0.0.1:0","unix:a.sock"]',
      'setting max-frame: 200',
      'setting logname: "quiet"',
      'ignored: other',
      '',
    ]);
    const json = picklewire(folder, ['check-config', '--json', 'log.json'], { cwd });
    await json.ended;
    expect(JSON.parse(json.stdout)).toMatchObject({ settings: SETTINGS, ignored: ['other'] });
  });

  test('that has changed when the file is read again is said to want a restart; what it has to say else counts', async () => {
    const document = { version: 1, picklewire: { port: 0 }, handlers: {}, root: { handlers: [] as string[] } };
    const cwd = folderWith('log.json', document);
    const running = picklewire(folder, ['serve', '--config', 'log.json'], { cwd });
    const port = await running.port();
    const out = { class: 'logging.StreamHandler', stream: 'ext://sys.stdout' };
    writeFileSync(
      join(cwd, 'log.json'),
      JSON.stringify({ version: 1, picklewire: { port: 1 }, handlers: { out }, root: { handlers: ['out'] } }),
    );
    running.kill('SIGHUP');
    await running.printed(/^picklewire: the settings under picklewire in log\.json have changed: restart /m);
    await sendTo(port, pickleRecord('to the new handler'));
    await running.printed(/^to the new handler$/m);
  });

  test('bounds what waits for each handler', async () => {
    const out = { class: 'logging.StreamHandler', stream: 'ext://sys.stdout' };
    const cwd = folderWith('log.json', {
      version: 1,
      picklewire: { port: 0, 'max-backlog': 1000 },
      handlers: { out, lost: { class: 'logging.FileHandler', filename: 'later/a.log', delay: true } },
      root: { handlers: ['lost'] },
    });
    const running = picklewire(folder, ['serve', '--config', 'log.json'], { cwd });
    const long = pickleRecord('x'.repeat(600));
    await sendTo(await running.port(), long, long, long);
    await running.printed(/^picklewire: 2 records dropped \(INFO 2\) so far/m);
  });
});
