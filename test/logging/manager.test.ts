// The logger tree: Python's rules of inheritance and propagation, and names of strangers that do no harm.

import { describe, expect, test } from 'vitest';
import { LoggingError } from '../../src/logging/errors.ts';
import type { LogRecord } from '../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../src/logging/event/make-log-record.ts';
import { Handler } from '../../src/logging/handler.ts';
import { DEBUG, ERROR, getLevelName, INFO, LevelTable, NOTSET, WARNING } from '../../src/logging/levels.ts';
import { defaultManager, getLogger, Manager } from '../../src/logging/manager.ts';

class Collector extends Handler {
  readonly records: LogRecord[] = [];

  override emit(record: LogRecord): void {
    this.records.push(record);
  }

  get messages(): string[] {
    return this.records.map((record) => record.getMessage());
  }
}

function record(name: string | null, levelno: number | bigint | null = INFO): LogRecord {
  return makeLogRecord(new Map(Object.entries({ name, levelno, msg: `from ${name}` })));
}

/** A tree whose root has a Collector. */
function collecting(): { manager: Manager; collector: Collector } {
  const manager = new Manager();
  const collector = new Collector();
  manager.root.addHandler(collector);
  return { manager, collector };
}

describe('the tree', () => {
  test('a name has one logger; no name, an empty one and root name the root', () => {
    const manager = new Manager();
    expect(manager.getLogger('a.b')).toBe(manager.getLogger('a.b'));
    for (const name of [undefined, null, '', 'root']) expect(manager.getLogger(name)).toBe(manager.root);
    expect(getLogger()).toBe(defaultManager.root);
    expect([manager.root.name, manager.root.level, manager.root.parent]).toEqual(['root', WARNING, null]);
  });

  test('a logger made later takes its place between those that were there', () => {
    const manager = new Manager();
    const deep = manager.getLogger('a.b.c');
    expect(deep.parent).toBe(manager.root);
    const middle = manager.getLogger('a');
    expect(deep.parent).toBe(middle);
    expect(middle.parent).toBe(manager.root);
    expect(manager.getLogger('a.b').getChild('c')).toBe(deep);
    expect(manager.root.getChild('a')).toBe(middle);
  });

  test('the effective level is the first one set upwards', () => {
    const manager = new Manager();
    const logger = manager.getLogger('a.b');
    expect(logger.getEffectiveLevel()).toBe(WARNING);
    manager.getLogger('a').setLevel('DEBUG');
    expect(logger.getEffectiveLevel()).toBe(DEBUG);
    manager.root.setLevel(NOTSET);
    manager.getLogger('a').setLevel(NOTSET);
    expect(logger.getEffectiveLevel()).toBe(NOTSET);
  });

  test('a logger is enabled from its level up, unless it or everything is disabled', () => {
    const manager = new Manager();
    const logger = manager.getLogger('a');
    expect([logger.isEnabledFor(INFO), logger.isEnabledFor(WARNING)]).toEqual([false, true]);
    manager.disable = 'WARNING';
    expect([logger.isEnabledFor(WARNING), logger.isEnabledFor(ERROR)]).toEqual([false, true]);
    logger.disabled = true;
    expect(logger.isEnabledFor(ERROR)).toBe(false);
  });
});

describe('records handled', () => {
  test('reach every handler upwards whose level they reach, whatever the level of loggers', () => {
    const { manager, collector } = collecting();
    const errors = new Collector(ERROR);
    manager.getLogger('a').addHandler(errors);
    manager.handle(record('a.b', DEBUG));
    manager.handle(record('a', ERROR));
    expect(collector.messages).toEqual(['from a.b', 'from a']);
    expect(errors.messages).toEqual(['from a']);
  });

  test('go no further than a logger that does not propagate', () => {
    const { manager, collector } = collecting();
    manager.lastResort = null;
    const logger = manager.getLogger('a');
    logger.propagate = false;
    expect([logger.hasHandlers(), manager.root.hasHandlers()]).toEqual([false, true]);
    manager.handle(record('a.b'));
    expect(collector.records).toEqual([]);
  });

  test('of a disabled logger are dropped, those of the names below it are not', () => {
    const { manager, collector } = collecting();
    manager.getLogger('a').disabled = true;
    manager.handle(record('a'));
    manager.handle(record('a.b'));
    expect(collector.messages).toEqual(['from a.b']);
  });

  test('may be sent to a logger of another name', () => {
    const { manager, collector } = collecting();
    const own = new Collector();
    manager.getLogger('one').addHandler(own);
    manager.handle(record('other'), 'one');
    expect([own.messages, collector.messages]).toEqual([['from other'], ['from other']]);
  });

  test('that carry no level or a huge one reach every handler', () => {
    const { manager, collector } = collecting();
    collector.setLevel(ERROR);
    manager.handle(record(null, null));
    manager.handle(record('a', 2n ** 70n));
    expect(collector.records.length).toBe(2);
  });

  test('that find no handler go to the last resort from WARNING up', () => {
    const manager = new Manager();
    expect(manager.lastResort?.level).toBe(WARNING);
    const resort = new Collector(WARNING);
    manager.lastResort = resort;
    manager.handle(record('a', INFO));
    manager.handle(record('b', WARNING));
    expect(resort.messages).toEqual(['from b']);
  });
});

describe('names of strangers', () => {
  test.each(['__proto__', 'constructor', 'a.__proto__.b', '.', '..', '.a', 'a.', 'a..b', 'root.x', '\0', '\ud800'])(
    '%o finds the root, and its own logger once that is made',
    (name) => {
      const manager = new Manager();
      expect(manager.loggerFor(name)).toBe(manager.root);
      const logger = manager.getLogger(name);
      expect(manager.loggerFor(name)).toBe(logger);
      expect(manager.loggerFor(`${name}.x`)).toBe(logger);
      expect(logger.parent).toBe(manager.root);
    },
  );

  test('the nearest logger above answers, and none is made', () => {
    const manager = new Manager();
    const a = manager.getLogger('a');
    const deep = manager.getLogger('a.b.c');
    expect(manager.loggerFor('a.b')).toBe(a);
    expect(manager.loggerFor('a.b.c.d.e')).toBe(deep);
    expect(manager.loggerFor('ab')).toBe(manager.root);
    for (let index = 0; index < 10_000; index++) manager.handle(record(`a.b.x${index}`, NOTSET));
    expect(manager.getLogger('a.b').parent).toBe(a);
    expect(manager.loggerFor('a.b.x1')).toBe(manager.getLogger('a.b'));
  });

  test('a million dots are read no further than the tree goes', () => {
    const manager = new Manager();
    const a = manager.getLogger('a');
    expect(manager.loggerFor('.'.repeat(1_000_000))).toBe(manager.root);
    expect(manager.loggerFor(`a${'.'.repeat(1_000_000)}`)).toBe(a);
    expect(manager.loggerFor('a.'.repeat(1_000_000))).toBe(a);
  });
});

describe('logging from this process', () => {
  test('fills a record as Python does without a caller to name', () => {
    const { manager, collector } = collecting();
    manager.getLogger('a').warning('%s of %d', 'one', 2);
    expect(collector.messages).toEqual(['one of 2']);
    expect(collector.records[0]).toMatchObject({
      name: 'a',
      levelno: WARNING,
      levelname: 'WARNING',
      pathname: '(unknown file)',
      lineno: 0,
      funcName: '(unknown function)',
      process: process.pid,
    });
  });

  test('has a method for each level, and for any', () => {
    const { manager, collector } = collecting();
    manager.root.setLevel(1);
    manager.levels.addLevelName(5, 'TRACE');
    for (const method of ['debug', 'info', 'warning', 'error', 'critical'] as const) manager.root[method]('x');
    manager.root.log(5, 'x');
    manager.root.log(7, 'x');
    const names = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'TRACE', 'Level 7'];
    expect(collector.records.map(({ levelname }) => levelname)).toEqual(names);
  });

  test('names the items of a single dict, unless it is empty', () => {
    const { manager, collector } = collecting();
    manager.root.error('%(x)s', new Map([['x', 1]]));
    manager.root.error('%s', new Map());
    manager.root.error('%d', 0);
    expect(collector.messages).toEqual(['1', '{}', '0']);
  });

  test('below the level does nothing', () => {
    const { manager, collector } = collecting();
    manager.getLogger('a').info('x');
    expect(collector.records).toEqual([]);
  });
});

describe('levels', () => {
  test('names and numbers translate both ways, and the unknown into a description', () => {
    const levels = new LevelTable();
    expect([levels.getLevelName(10), levels.getLevelName('WARN'), levels.getLevelName(11)]).toEqual([
      'DEBUG',
      30,
      'Level 11',
    ]);
    levels.addLevelName(10, 'FINE');
    expect([levels.getLevelName(10), levels.getLevelName('DEBUG'), levels.checkLevel('FINE')]).toEqual([
      'FINE',
      10,
      10,
    ]);
    expect(getLevelName(10)).toBe('DEBUG');
  });

  test.each(['debug', '', '__proto__', 1.5, Number.NaN])('%o is no level', (level) => {
    expect(() => new LevelTable().checkLevel(level)).toThrow(LoggingError);
  });
});
