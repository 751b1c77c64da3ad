// fileConfig: the document that an ini file stands for, what is wrong with one and where, and what loggers do after it.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ConfigError,
  External,
  type FileConfigOptions,
  FileHandler,
  fileConfig,
  fileConfigDocument,
  Manager,
  makeLogRecord,
} from '../../../src/logging/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'picklewire-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** An ini file: sections of options. */
function ini(sections: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  return Object.entries(sections)
    .map(([name, options]) => {
      const lines = Object.entries(options).map(([option, value]) => `${option}=${value}\n`);
      return `[${name}]\n${lines.join('')}`;
    })
    .join('\n');
}

/** What every one of these files begins with: one handler, to standard output, with one formatter. */
const BASE = {
  loggers: { keys: 'root' },
  handlers: { keys: 'out' },
  formatters: { keys: 'plain' },
  logger_root: { level: 'WARNING', handlers: 'out' },
  handler_out: { class: 'StreamHandler', formatter: 'plain', args: '(sys.stdout,)' },
  formatter_plain: { format: '%(levelname)s: %(message)s' },
};

describe('an ini file', () => {
  const handlerOf = (options: Readonly<Record<string, string>>): unknown =>
    (fileConfigDocument(ini({ ...BASE, handler_out: options })).root as { handlers: { out: unknown } }).handlers.out;

  test('stands for a document', () => {
    const text = ini({
      ...BASE,
      loggers: { keys: 'root, orders ,quiet' },
      handlers: { keys: 'out, file' },
      formatters: { keys: 'plain,full' },
      handler_file: {
        class: 'handlers.RotatingFileHandler',
        level: 'ERROR',
        args: "('app.log', 'a', 1000)",
        kwargs: "{'backupCount': 3, 'encoding': 'utf-8'}",
      },
      logger_orders: { level: 'DEBUG', handlers: 'file,out', qualname: 'shop.orders' },
      logger_quiet: { handlers: '', qualname: 'shop.quiet', propagate: '0' },
      formatter_full: {
        format: '{asctime} {message} {site}',
        datefmt: '%H:%M',
        style: '{',
        class: 'logging.Formatter',
        defaults: "{'site': 'here'}",
      },
    });
    expect(fileConfigDocument(text, { disableExistingLoggers: false }).root).toEqual({
      version: 1,
      disable_existing_loggers: false,
      formatters: {
        plain: { format: '%(levelname)s: %(message)s' },
        full: {
          format: '{asctime} {message} {site}',
          datefmt: '%H:%M',
          style: '{',
          class: 'logging.Formatter',
          defaults: { site: 'here' },
        },
      },
      handlers: {
        out: { class: 'logging.StreamHandler', formatter: 'plain', stream: new External('sys.stdout') },
        file: {
          class: 'logging.handlers.RotatingFileHandler',
          level: 'ERROR',
          filename: 'app.log',
          mode: 'a',
          maxBytes: 1000,
          backupCount: 3,
          encoding: 'utf-8',
        },
      },
      root: { level: 'WARNING', handlers: ['out'] },
      loggers: {
        'shop.orders': { level: 'DEBUG', handlers: ['file', 'out'], propagate: true },
        'shop.quiet': { handlers: [], propagate: false },
      },
    });
  });

  test.each([
    ['StreamHandler', '()', { class: 'logging.StreamHandler' }],
    ['logging.StreamHandler', '(sys.stderr,)', { stream: new External('sys.stderr') }],
    ['handlers.SocketHandler', "('localhost', handlers.DEFAULT_TCP_LOGGING_PORT)", { host: 'localhost', port: 9020 }],
    ['logging.handlers.DatagramHandler', "['localhost', 9021]", { host: 'localhost', port: 9021 }],
    [
      'handlers.SysLogHandler',
      "(('localhost', handlers.SYSLOG_UDP_PORT), handlers.SysLogHandler.LOG_USER)",
      { address: ['localhost', 514], facility: 1 },
    ],
    ['handlers.TimedRotatingFileHandler', "'a.log', 'D', 1, 7", { filename: 'a.log', when: 'D', backupCount: 7 }],
    ['handlers.MemoryHandler', '(10, ERROR)', { capacity: 10, flushLevel: 40 }],
  ])('names the arguments of %s%s', (className, args, keywords) => {
    expect(handlerOf({ class: className, args })).toMatchObject(keywords);
  });

  test('gives a MemoryHandler its target, and only that', () => {
    const options = { args: '(10,)', target: 'other' };
    expect(handlerOf({ class: 'handlers.MemoryHandler', ...options })).toMatchObject({ target: 'other' });
    expect(handlerOf({ class: 'NullHandler', target: 'other' })).toEqual({ class: 'logging.NullHandler' });
  });

  test('may name options elsewhere by %(name)s, but not in formats', () => {
    const options = { class: 'FileHandler', args: "('%(where)s/app.log',)", where: '/var/log' };
    expect(handlerOf(options)).toMatchObject({ filename: '/var/log/app.log' });
  });

  test('takes what looks like a reference for text, as Python does', () => {
    expect(handlerOf({ class: 'FileHandler', args: "('cfg://x',)" })).toMatchObject({ filename: 'cfg://x' });
  });

  test.each([
    [{ loggers: {} }, '[loggers]'],
    [{ loggers: { keys: 'orders' } }, '[loggers] keys'],
    [{ loggers: { keys: 'root,orders' } }, '[logger_orders]'],
    [{ loggers: { keys: 'root,o' }, logger_o: { handlers: '' } }, '[logger_o]'],
    [{ loggers: { keys: 'root,o' }, logger_o: { qualname: 'o' } }, '[logger_o]'],
    [
      { loggers: { keys: 'root,o' }, logger_o: { qualname: 'o', handlers: '', propagate: 'yes' } },
      '[logger_o] propagate',
    ],
    [{ logger_root: {} }, '[logger_root]'],
    [{ handlers: { keys: 'out,other' } }, '[handler_other]'],
    [{ formatters: { keys: 'plain,other' } }, '[formatter_other]'],
    [{ handler_out: {} }, '[handler_out]'],
    [{ handler_out: { class: 'StreamHandler', args: '(sys.stdoot,)' } }, '[handler_out] args'],
    [{ handler_out: { class: 'StreamHandler', args: '(sys.stdout' } }, '[handler_out] args'],
    [{ handler_out: { class: 'FileHandler', args: "('a.log')" } }, '[handler_out] args'],
    [{ handler_out: { class: 'FileHandler', args: 'tuple()' } }, '[handler_out] args'],
    [{ handler_out: { class: 'FileHandler', args: "(__import__('os').name,)" } }, '[handler_out] args'],
    [{ handler_out: { class: 'NullHandler', args: '(1,)' } }, '[handler_out] args'],
    [{ handler_out: { class: 'FileHandler', kwargs: '[]' } }, '[handler_out] kwargs'],
    [{ handler_out: { class: 'FileHandler', kwargs: '{1: 2}' } }, '[handler_out] kwargs'],
    [{ handler_out: { class: 'FileHandler', args: "('a',)", kwargs: "{'filename': 'b'}" } }, '[handler_out] kwargs'],
    [{ handler_out: { class: 'FileHandler', args: "('%(nowhere)s',)" } }, ''],
    [{ formatter_plain: { defaults: 'dict(a=1)' } }, '[formatter_plain] defaults'],
  ])('%j is refused, and the error names %j', (sections, path) => {
    let error: unknown = null;
    try {
      fileConfigDocument(ini({ ...BASE, ...sections }));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).path).toBe(path);
  });
});

/** Loggers configured by a file, and what they write to standard output. */
class Configured {
  readonly manager = new Manager();
  written = '';

  apply(text: string, options: FileConfigOptions = {}): Promise<void> {
    const path = join(folder, 'log.ini');
    writeFileSync(path, text);
    return this.applyFile(path, options);
  }

  applyFile(path: string, options: FileConfigOptions = {}): Promise<void> {
    const stdout = {
      write: (text: string): void => {
        this.written += text;
      },
    };
    return fileConfig(path, { ...options, manager: this.manager, streams: { stdout, stderr: process.stderr } });
  }

  /** What is written meanwhile. */
  log(name: string, messages: Readonly<Record<'debug' | 'warning', string>>): string {
    this.written = '';
    this.manager.getLogger(name).debug(messages.debug);
    this.manager.getLogger(name).warning(messages.warning);
    return this.written;
  }
}

const BOTH = { debug: 'small', warning: 'large' };

describe('loggers', () => {
  test('have the level and the handlers of the file', async () => {
    const configured = new Configured();
    await configured.apply(ini(BASE));
    expect(configured.log('root', BOTH)).toBe('WARNING: large\n');
  });

  test.each([
    ['its class by its short name', {}],
    ['its class by its whole name', { handler_out: { ...BASE.handler_out, class: 'logging.StreamHandler' } }],
    [
      'keyword arguments',
      { handler_out: { class: 'StreamHandler', formatter: 'plain', kwargs: "{'stream': sys.stdout}" } },
    ],
    ['spaces after the commas of lists', { formatters: { keys: 'plain, bare' }, formatter_bare: {} }],
  ])('below the root may have the handler, which may have %s', async (_, sections) => {
    const configured = new Configured();
    const orders = { level: 'DEBUG', handlers: 'out', qualname: 'shop.orders', propagate: '1' };
    const text = ini({
      ...BASE,
      loggers: { keys: 'root,orders' },
      logger_root: { level: 'WARNING', handlers: '' },
      logger_orders: orders,
      ...sections,
    });
    await configured.apply(text);
    expect(configured.log('shop.orders', BOTH)).toBe('DEBUG: small\nWARNING: large\n');
    expect(configured.log('shop.orders.new', BOTH)).toBe('DEBUG: small\nWARNING: large\n');
  });

  test('that a second file does not name are silenced, but not those below one that it names', async () => {
    const configured = new Configured();
    await configured.apply(
      ini({
        ...BASE,
        loggers: { keys: 'root,orders' },
        logger_orders: { level: 'DEBUG', handlers: '', qualname: 'shop.orders' },
      }),
    );
    expect(configured.log('shop.orders', BOTH)).toBe('DEBUG: small\nWARNING: large\n');
    expect(configured.log('shop-window', BOTH)).toBe('WARNING: large\n');
    await configured.apply(
      ini({
        ...BASE,
        loggers: { keys: 'root,shop' },
        logger_shop: { level: 'DEBUG', handlers: '', qualname: 'shop' },
      }),
    );
    expect(configured.manager.getLogger('shop.orders').disabled).toBe(false);
    expect(configured.log('shop.orders', BOTH)).toBe('DEBUG: small\nWARNING: large\n');
    expect(configured.log('shop.returns', BOTH)).toBe('DEBUG: small\nWARNING: large\n');
    expect(configured.log('shop-window', BOTH)).toBe('');
  });

  test('that it does not name are silenced unless it is asked not to, which lets them speak again', async () => {
    const configured = new Configured();
    const logger = configured.manager.getLogger('untouched');
    await configured.apply(ini(BASE));
    expect(logger.disabled).toBe(true);
    await configured.apply(ini(BASE), { disableExistingLoggers: false });
    expect(logger.disabled).toBe(false);
  });
});

test('a second file leaves no handler of the first one open', async () => {
  const configured = new Configured();
  const path = join(folder, 'app.log');
  const text = ini({ ...BASE, handler_out: { class: 'FileHandler', args: `('${path}',)`, kwargs: '{"delay": True}' } });
  await configured.apply(text);
  const [first] = configured.manager.root.handlers;
  first?.handle(makeLogRecord(new Map([['msg', 'one']])));
  const close = vi.spyOn(first as FileHandler, 'close');
  await configured.apply(text);
  const [second] = configured.manager.root.handlers;
  expect([first, second]).toEqual([expect.any(FileHandler), expect.any(FileHandler)]);
  expect([second === first, close.mock.calls.length]).toEqual([false, 1]);
  expect(readFileSync(path, 'utf8')).toBe('one\n');
});

test('a formatter has the defaults of the file, where a record has no value', async () => {
  const configured = new Configured();
  const plain = { format: '%(message)s at %(site)s', defaults: '{"site": "home"}' };
  await configured.apply(ini({ ...BASE, formatter_plain: plain }));
  const [handler] = configured.manager.root.handlers;
  const textOf = (entries: [string, unknown][]): unknown => handler?.format(makeLogRecord(new Map(entries)));
  expect(textOf([['msg', 'm']])).toBe('m at home');
  expect(
    textOf([
      ['msg', 'm'],
      ['site', 'sea'],
    ]),
  ).toBe('m at sea');
});

test('handlers have the names of the file', async () => {
  const configured = new Configured();
  await configured.apply(ini(BASE));
  expect(configured.manager.root.handlers.map(({ name }) => name)).toEqual(['out']);
});

test('defaults of the caller stand for options that are not there, and % signs in them for themselves', async () => {
  const configured = new Configured();
  const defaults = { format: '%(levelname)s [%(message)s]', unused: '%(nowhere)s', level: 'DEBUG' };
  await configured.apply(ini({ ...BASE, formatter_plain: {}, logger_root: { handlers: 'out' } }), { defaults });
  expect(configured.log('root', BOTH)).toBe('DEBUG [small]\nWARNING [large]\n');
});

describe('nothing changes', () => {
  test.each([
    ['a stream that does not exist', ini(BASE).replace('sys.stdout', 'sys.stdoot')],
    ['a formatter that does not exist', ini(BASE).replace('formatter=plain', 'formatter=plane')],
    ['a formatter class that is not known', ini({ ...BASE, formatter_plain: { class: 'shop.log.Formatter' } })],
    ['a handler class that is not known', ini({ ...BASE, handler_out: { class: 'shop.log.Handler' } })],
    ['a level that does not exist', ini(BASE).replace('WARNING', 'WRANING')],
    ['a line that is no option', `${ini(BASE)}\n\nnonsense\n`],
    ['nothing in it', ''],
  ])('by a file with %s', async (_, text) => {
    const configured = new Configured();
    await configured.apply(ini(BASE));
    expect(() => configured.apply(text)).toThrow(ConfigError);
    expect(configured.log('root', BOTH)).toBe('WARNING: large\n');
  });

  test('by a file that does not exist, which is the system’s error', () => {
    const configured = new Configured();
    expect(() => configured.applyFile(join(folder, 'nowhere.ini'))).toThrow(/ENOENT/);
    expect(existsSync(join(folder, 'nowhere.ini'))).toBe(false);
  });
});
