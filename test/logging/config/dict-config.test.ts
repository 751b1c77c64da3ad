// dictConfig: what Python's makes of the same documents, one after another; what is wrong has its path; all or nothing.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/logging/config/config-error.ts';
import { checkConfig, dictConfig } from '../../../src/logging/config/dict-config.ts';
import { makeLogRecord } from '../../../src/logging/event/make-log-record.ts';
import { Filter } from '../../../src/logging/filter.ts';
import type { Handler } from '../../../src/logging/handler.ts';
import type { Logger } from '../../../src/logging/logger.ts';
import { Manager } from '../../../src/logging/manager.ts';

const scratch = mkdtempSync(join(tmpdir(), 'picklewire-config-'));
const home = process.cwd();

beforeAll(() => process.chdir(scratch));
afterAll(() => {
  process.chdir(home);
  rmSync(scratch, { recursive: true });
});

type Case = [existing: string[], steps: [document: Record<string, unknown>, loggers: unknown][]];

const cases = readFileSync(join(import.meta.dirname, 'data', 'dicts.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

/** Handlers of an earlier document that are still in use are closed by Python, and keep their targets here. */
function describeHandler(handler: Handler, current: ReadonlySet<string | null>): unknown {
  return {
    class: handler.constructor.name,
    level: handler.level,
    formatter: handler.formatter !== null,
    text: textOf(handler),
    filters: handler.filters.map((filter) => (filter as Filter).name),
    name: handler.name,
    targets: current.has(handler.name) ? [...handler.targets].map((target) => target.name) : null,
  };
}

function textOf({ formatter }: Handler): string | null {
  if (formatter === null) return null;
  try {
    return formatter.format(makeLogRecord(new Map(Object.entries({ name: 'n', levelname: 'INFO', msg: 'm' }))));
  } catch {
    return null;
  }
}

function describeLoggers(manager: Manager, current: ReadonlySet<string | null> = new Set()): unknown {
  const loggers: Logger[] = [...manager.loggers()];
  return Object.fromEntries(
    loggers.map((logger) => [
      logger.name,
      {
        level: logger.level,
        propagate: logger.propagate,
        disabled: logger.disabled,
        filters: logger.filters.map((filter) => (filter as Filter).name),
        handlers: logger.handlers.map((handler) => describeHandler(handler, current)),
      },
    ]),
  );
}

describe('a document', () => {
  test('gives the loggers that Python gives them, or an error where it does', async () => {
    for (const [existing, steps] of cases) {
      const manager = new Manager();
      for (const name of existing) manager.getLogger(name);
      let current = new Set<string>();
      for (const [document, expected] of steps) {
        if (!document['incremental']) current = new Set(Object.keys(document['handlers'] as object));
        let actual: unknown = null;
        try {
          await dictConfig(document, { manager });
          actual = describeLoggers(manager, current);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
        }
        expect([document, actual]).toEqual([document, expected]);
      }
      await Promise.all(manager.handlers().map((handler) => handler.close()));
    }
  });

  const file = { class: 'logging.FileHandler', filename: 'x.log' };
  test.each<[document: unknown, path: string]>([
    [null, ''],
    [[], ''],
    [{}, ''],
    [{ version: 2 }, 'version'],
    [{ version: '1' }, 'version'],
    [{ version: 1, handlers: [] }, 'handlers'],
    [{ version: 1, handlers: { x: 'y' } }, 'handlers.x'],
    [{ version: 1, handlers: { x: {} } }, 'handlers.x'],
    [{ version: 1, handlers: { x: { class: 'os.system' } } }, 'handlers.x.class'],
    [{ version: 1, handlers: { x: { class: '__proto__' } } }, 'handlers.x.class'],
    [{ version: 1, handlers: { x: { '()': 'os.system' } } }, 'handlers.x.()'],
    [{ version: 1, handlers: { 'a b': { ...file, maxBytes: 3 } } }, "handlers['a b'].maxBytes"],
    [{ version: 1, handlers: { x: { ...file, filename: 3 } } }, 'handlers.x.filename'],
    [{ version: 1, handlers: { x: { ...file, filename: 'no/such/folder/x.log' } } }, 'handlers.x'],
    [{ version: 1, handlers: { x: { ...file, mode: 'r' } } }, 'handlers.x.mode'],
    [{ version: 1, handlers: { x: { ...file, encoding: 'ebcdic' } } }, 'handlers.x'],
    [{ version: 1, handlers: { x: { ...file, level: 'LOUD' } } }, 'handlers.x.level'],
    [{ version: 1, handlers: { x: { ...file, formatter: 'f' } } }, 'handlers.x.formatter'],
    [{ version: 1, handlers: { x: { ...file, filters: ['f'] } } }, 'handlers.x.filters[0]'],
    [{ version: 1, handlers: { x: { ...file, '.': { constructor: 1 } } } }, "handlers.x['.'].constructor"],
    [
      { version: 1, handlers: { x: { class: 'logging.StreamHandler', stream: 'ext://os.system' } } },
      'handlers.x.stream',
    ],
    [
      { version: 1, handlers: { x: { class: 'logging.handlers.MemoryHandler', capacity: 1, target: 'x' } } },
      'handlers.x.target',
    ],
    [
      {
        version: 1,
        handlers: {
          x: { class: 'logging.handlers.MemoryHandler', capacity: 1, target: 'y' },
          y: { class: 'logging.handlers.QueueHandler', handlers: ['x'] },
        },
      },
      'handlers.y.handlers[0]',
    ],
    [{ version: 1, formatters: { f: { format: 'nothing' } } }, 'formatters.f'],
    [{ version: 1, formatters: { f: { format: 3 } } }, 'formatters.f.format'],
    [{ version: 1, formatters: { f: { class: 'logging.BufferingFormatter' } } }, 'formatters.f.class'],
    [{ version: 1, formatters: { f: { format: 'cfg://a.b' } } }, 'formatters.f.format'],
    [{ version: 1, formatters: { f: { format: 'cfg://a' } }, a: 'cfg://a' }, 'formatters.f.format'],
    [{ version: 1, formatters: { f: { class: 'picklewire.JsonFormatter', profile: 'x' } } }, 'formatters.f.profile'],
    [{ version: 1, filters: { f: { '()': 'x' } } }, 'filters.f.()'],
    [{ version: 1, loggers: { 'a.b': { level: 'LOUD' } } }, "loggers['a.b'].level"],
    [{ version: 1, loggers: { a: { propagate: 'no' } } }, 'loggers.a.propagate'],
    [{ version: 1, root: { handlers: ['x'] } }, 'root.handlers[0]'],
    [{ version: 1, incremental: true, handlers: { x: { level: 10 } } }, 'handlers.x'],
  ])('%j is refused, and the error names %j', async (document, path) => {
    const errors: unknown[] = [];
    for (const use of [checkConfig, dictConfig]) {
      try {
        if (use === checkConfig && path === 'handlers.x' && JSON.stringify(document).includes('no/such')) continue;
        await use(document, { manager: new Manager() });
        errors.push(null);
      } catch (error) {
        errors.push(error);
      }
    }
    for (const error of errors) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).path).toBe(path);
    }
  });
});

describe('a refused document', () => {
  test('changes nothing, opens no file, and leaves the handlers of before at work', async () => {
    const manager = new Manager();
    const good = {
      version: 1,
      handlers: { h: { class: 'logging.FileHandler', filename: 'kept.log' } },
      root: { handlers: ['h'] },
    };
    await dictConfig(good, { manager });
    const before = describeLoggers(manager);
    const bad = {
      version: 1,
      handlers: { new: { class: 'logging.FileHandler', filename: 'new.log', mode: 'w' } },
      loggers: { a: { level: 'DEBUG', handlers: ['new'] } },
      root: { handlers: ['missing'] },
    };
    expect(() => dictConfig(bad, { manager })).toThrow(ConfigError);
    expect([describeLoggers(manager), existsSync('new.log')]).toEqual([before, false]);
    manager.root.error('still here');
    await Promise.all(manager.handlers().map((handler) => handler.close()));
    expect(readFileSync('kept.log', 'utf8')).toBe('still here\n');
  });

  test('is found out by checkConfig without touching a file', () => {
    const document = {
      version: 1,
      handlers: { h: { class: 'logging.FileHandler', filename: 'unseen.log', mode: 'w' } },
    };
    expect([...checkConfig(document).handlers.keys()]).toEqual(['h']);
    expect(existsSync('unseen.log')).toBe(false);
  });
});

describe('a factory', () => {
  test('of the caller makes what stands under (), from the keys beside it; what it makes is checked', async () => {
    const manager = new Manager();
    const factories = new Map([
      ['mine', ({ name }: Readonly<Record<string, unknown>>): unknown => new Filter(String(name))],
      ['wrong', (): unknown => 3],
    ]);
    const document = (factory: string) => ({
      version: 1,
      names: ['first', 'second'],
      filters: { f: { '()': factory, name: 'cfg://names[1]' } },
      root: { filters: ['f'] },
    });
    await dictConfig(document('mine'), { manager, factories });
    expect(manager.root.filters).toEqual([new Filter('second')]);
    expect(() => dictConfig(document('wrong'), { manager, factories })).toThrow(/^filters\.f: /);
  });
});
