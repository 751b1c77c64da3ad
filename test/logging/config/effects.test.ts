// What loggers do once a dictConfig has taken effect: which lines there are, and which handlers are open.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  ConfigError,
  checkConfig,
  dictConfig,
  type Factory,
  FileHandler,
  Filter,
  Formatter,
  Handler,
  type LogRecord,
  Manager,
  MemoryHandler,
  type QueueHandler,
  type StreamHandler,
} from '../../../src/logging/index.ts';

/** A Manager that is configured, and what its handlers write to standard output. */
class Configured {
  readonly manager = new Manager();
  written = '';

  apply(document: unknown, factories: ReadonlyMap<string, Factory> = new Map()): Promise<void> {
    const stdout = {
      write: (text: string): void => {
        this.written += text;
      },
    };
    const streams = { stdout, stderr: process.stderr };
    return dictConfig(document, { manager: this.manager, streams, factories });
  }

  /** What is written when a logger logs its level at each of some levels. */
  logged(name: string, ...levels: readonly number[]): string[] {
    this.written = '';
    for (const level of levels) this.manager.getLogger(name).log(level, `${level}`);
    return this.written.split('\n').slice(0, -1);
  }
}

async function configured(document: unknown, factories?: ReadonlyMap<string, Factory>): Promise<Configured> {
  const made = new Configured();
  made.manager.lastResort = null;
  await made.apply(document, factories);
  return made;
}

const PLAIN = { format: '%(levelname)s %(message)s' };
const OUT = { class: 'logging.StreamHandler', stream: 'ext://sys.stdout', formatter: 'plain' };
const BASE = { version: 1, formatters: { plain: PLAIN }, handlers: { out: OUT } };
const DEBUG = 10;
const INFO = 20;
const WARNING = 30;
const ERROR = 40;

describe('a logger', () => {
  test('has the level and the handlers of the document, and those below it have them too', async () => {
    const made = await configured({
      ...BASE,
      loggers: { 'shop.orders': { level: 'DEBUG', handlers: ['out'] } },
      root: { level: 'WARNING' },
    });
    expect(made.logged('shop.orders', DEBUG, ERROR)).toEqual(['DEBUG 10', 'ERROR 40']);
    expect(made.logged('shop.orders.new', DEBUG)).toEqual(['DEBUG 10']);
    expect(made.logged('shop', ERROR)).toEqual([]);
  });

  test('may have its sections elsewhere in the document', async () => {
    const made = await configured({
      version: 1,
      shapes: { plain: PLAIN },
      outputs: [OUT],
      formatters: 'cfg://shapes',
      handlers: { out: 'cfg://outputs[0]' },
      root: { level: 'WARNING', handlers: ['out'] },
    });
    expect(made.logged('root', INFO, WARNING)).toEqual(['WARNING 30']);
  });

  test('and its handler have filters, which need the same name or one above', async () => {
    const made = await configured({
      ...BASE,
      filters: { orders: { name: 'shop.orders' } },
      handlers: { out: { ...OUT, filters: ['orders'] } },
      loggers: { 'shop.orders': { level: 'DEBUG', filters: ['orders'] } },
      root: { level: 'WARNING', handlers: ['out'] },
    });
    expect(made.logged('shop.orders', DEBUG)).toEqual(['DEBUG 10']);
    expect(made.logged('shop.orders.new', DEBUG)).toEqual(['DEBUG 10']);
    expect(made.logged('shop', WARNING)).toEqual([]);
    expect(made.logged('shop.returns', WARNING)).toEqual([]);
  });

  test('that is named again is enabled again', async () => {
    const made = new Configured();
    const logger = made.manager.getLogger('a');
    const document = { ...BASE, loggers: { a: { level: 'DEBUG', handlers: ['out'] } } };
    await made.apply(document);
    expect(logger.disabled).toBe(false);
    await made.apply({ version: 1 });
    expect(logger.disabled).toBe(true);
    await made.apply(document);
    expect(logger.disabled).toBe(false);
    expect(made.logged('a', DEBUG)).toEqual(['DEBUG 10']);
  });

  test.each([true, false])('that is not named is silenced if disable_existing_loggers is %s', async (disable) => {
    const made = await configured({
      ...BASE,
      loggers: { 'shop.orders': { level: 'DEBUG' }, 'shop-window': {} },
      root: { level: 'WARNING', handlers: ['out'] },
    });
    await made.apply({
      ...BASE,
      disable_existing_loggers: disable,
      loggers: { shop: { level: 'DEBUG' } },
      root: { handlers: ['out'] },
    });
    // The one below a logger that is named has its level from there.
    expect(made.logged('shop.orders', DEBUG)).toEqual(['DEBUG 10']);
    expect(made.logged('shop-window', ERROR)).toEqual(disable ? [] : ['ERROR 40']);
  });

  test('changes its level by an incremental document, and so does a handler', async () => {
    const made = await configured({
      ...BASE,
      handlers: { out: { ...OUT, level: 'WARNING' } },
      loggers: { a: { level: 'WARNING', handlers: ['out'] } },
    });
    const change = (level: string) => ({
      version: 1,
      incremental: true,
      handlers: { out: { level } },
      loggers: { a: { level: 'INFO' } },
    });
    expect(made.logged('a', INFO)).toEqual([]);
    await made.apply(change('WARNING'));
    expect(made.logged('a', INFO)).toEqual([]);
    await made.apply(change('INFO'));
    expect(made.logged('a', INFO)).toEqual(['INFO 20']);
  });
});

describe('a handler', () => {
  test('has the attributes that stand under a dot', async () => {
    const made = await configured({
      ...BASE,
      handlers: { out: { ...OUT, '.': { terminator: '!\n' } } },
      root: { handlers: ['out'] },
    });
    expect((made.manager.root.handlers[0] as StreamHandler).terminator).toBe('!\n');
    expect(made.logged('root', ERROR)).toEqual(['ERROR 40!']);
  });

  test('that holds records for another finds it wherever it stands', async () => {
    const made = await configured({
      ...BASE,
      handlers: {
        buffer: { class: 'logging.handlers.MemoryHandler', capacity: 3, flushLevel: 'ERROR', target: 'out' },
        out: OUT,
      },
      root: { level: 'DEBUG', handlers: ['buffer'] },
    });
    const [buffer] = made.manager.root.handlers;
    expect([(buffer as MemoryHandler).flushLevel, (buffer as MemoryHandler).target?.name]).toEqual([ERROR, 'out']);
    expect(made.logged('root', INFO, INFO)).toEqual([]);
    expect(made.logged('root', ERROR)).toEqual(['INFO 20', 'INFO 20', 'ERROR 40']);
  });

  test('that puts records into a queue has a listener, which is started and finds its handlers', async () => {
    const made = await configured({
      ...BASE,
      handlers: { ahead: { class: 'logging.handlers.QueueHandler', handlers: ['out'] }, out: OUT },
      root: { level: 'DEBUG', handlers: ['ahead'] },
    });
    expect([...made.manager.getHandlerNames()].sort()).toEqual(['ahead', 'out']);
    expect(made.logged('root', DEBUG, INFO, WARNING)).toEqual([]);
    await vi.waitFor(() => expect(made.written).toBe('DEBUG 10\nINFO 20\nWARNING 30\n'));
  });

  test('that puts records into a queue takes a burst of 100,000', async () => {
    const made = await configured({
      ...BASE,
      handlers: { ahead: { class: 'logging.handlers.QueueHandler', handlers: ['out'] }, out: OUT },
      root: { level: 'DEBUG', handlers: ['ahead'] },
    });
    const [ahead] = made.manager.root.handlers;
    for (let number = 0; number < 100_000; number++) made.manager.root.info('m');
    await ahead?.flush();
    expect(made.written).toHaveLength(100_000 * 'INFO m\n'.length);
    expect([...(ahead as QueueHandler).dropped]).toEqual([]);
  });

  test('is closed when the next document is in effect, and its file written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'picklewire-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const filename = join(folder, 'app.log');
    const document = {
      version: 1,
      handlers: {
        file: { class: 'logging.FileHandler', filename },
        buffer: { class: 'logging.handlers.MemoryHandler', capacity: 9, target: 'file' },
      },
      root: { handlers: ['buffer'] },
    };
    const made = await configured(document);
    made.manager.root.warning('kept');
    const close = vi.spyOn(FileHandler.prototype, 'close');
    const closeBuffer = vi.spyOn(MemoryHandler.prototype, 'close');
    onTestFinished(() => void vi.restoreAllMocks());
    await made.apply(document);
    expect(readFileSync(filename, 'utf8')).toBe('kept\n');
    // The ones of the check, of the document before, and no more.
    const [current] = made.manager.handlers();
    expect(close.mock.contexts).toHaveLength(2);
    expect(close.mock.contexts).not.toContain(current);
    // And whoever holds records for another before that one.
    expect(closeBuffer.mock.invocationCallOrder[1]).toBeLessThan(close.mock.invocationCallOrder[1] as number);
  });

  test('that no logger uses is closed at once', async () => {
    const closed: string[] = [];
    class Watched extends Handler {
      override emit(): void {}
      override async close(): Promise<void> {
        closed.push(this.name ?? '');
      }
    }
    const document = { version: 1, handlers: { used: { '()': 'watched' }, unused: { '()': 'watched' } } };
    await configured({ ...document, root: { handlers: ['used'] } }, new Map([['watched', () => new Watched()]]));
    expect(closed).toEqual(['unused']);
  });
});

describe('a formatter', () => {
  const textOf = (made: Configured, record: Partial<LogRecord>): string | undefined => {
    return made.manager.root.handlers[0]?.format(Object.assign(made.manager.root.makeRecord(30, 'm', []), record));
  };

  test('has defaults, for records without the value', async () => {
    const made = await configured({
      ...BASE,
      formatters: { plain: { format: '%(message)s at %(site)s', defaults: { site: 'home' } } },
      root: { handlers: ['out'] },
    });
    expect(textOf(made, {})).toBe('m at home');
    expect(textOf(made, { extras: new Map([['site', 'sea']]) })).toBe('m at sea');
  });

  test.each([
    ['%(message)s', '$'],
    ['$message', '{'],
    ['{message', '{'],
    ['message', '%'],
  ])('whose format is %j in style %s is refused, unless it is not to be checked', (format, style) => {
    const document = (validate?: boolean) => ({ ...BASE, formatters: { plain: { format, style, validate } } });
    const { validate: _, ...unsaid } = document().formatters.plain;
    expect(() => checkConfig({ ...BASE, formatters: { plain: unsaid } })).toThrow(/^formatters\.plain: /);
    if (format !== '{message') expect(() => checkConfig(document(false))).not.toThrow();
  });

  test('of style $ is made of a format in that style', async () => {
    const document = { ...BASE, formatters: { plain: { format: '$levelname: $message', style: '$' } } };
    const made = await configured({ ...document, root: { handlers: ['out'] } });
    expect(textOf(made, {})).toBe('WARNING: m');
  });
});

describe('a factory', () => {
  class Loud extends Formatter {
    override format(record: LogRecord): string {
      return super.format(record).toUpperCase();
    }
  }
  class Collecting extends Handler {
    readonly keywords: unknown;
    readonly texts: string[] = [];
    constructor(keywords: unknown) {
      super();
      this.keywords = keywords;
    }
    override emit(record: LogRecord): void {
      this.texts.push(this.format(record));
    }
  }
  const factories = new Map<string, Factory>([
    ['shop.Loud', ({ format }) => new Loud(String(format))],
    ['shop.Collecting', (keywords) => new Collecting({ ...keywords })],
    ['shop.only', ({ name }) => new Filter(String(name))],
    ['shop.odd', () => (record: LogRecord) => Number(record.lineno) % 2 === 1],
    ['shop.broken', () => ({})],
  ]);

  test('makes a formatter, a filter, or a handler, which gets the keys beside it', async () => {
    const made = await configured(
      {
        version: 1,
        formatters: { loud: { '()': 'shop.Loud', format: '%(message)s!' } },
        filters: { only: { '()': 'shop.only', name: 'shop' } },
        handlers: { h: { '()': 'shop.Collecting', formatter: 'loud', filters: ['only'], level: 'INFO', size: 3 } },
        root: { level: 'DEBUG', handlers: ['h'] },
      },
      factories,
    );
    made.manager.getLogger('shop').info('yes');
    made.manager.getLogger('shop').debug('low');
    made.manager.getLogger('bank').info('no');
    const [handler] = made.manager.root.handlers as Collecting[];
    expect([handler?.texts, handler?.keywords, handler?.name]).toEqual([['YES!'], { size: 3 }, 'h']);
  });

  test.each([
    ['formatters', 'formatters.x'],
    ['filters', 'filters.x'],
    ['handlers', 'handlers.x'],
  ])('of %s that makes something else is refused', (section, path) => {
    const document = { version: 1, [section]: { x: { '()': 'shop.broken' } } };
    let error: unknown = null;
    try {
      void dictConfig(document, { manager: new Manager(), factories });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).path).toBe(path);
  });

  test.each([[null], [1], [{}], [['only']]])('filters are named, and %j is no name', (filter) => {
    const document = { version: 1, root: { filters: [filter] } };
    expect(() => checkConfig(document)).toThrow(/^root\.filters\[0\]: must be a string/);
  });
});
