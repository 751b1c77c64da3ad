// Loggers as CPython's own tests try them: children, what a record of this process holds, errors, and silence.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { LoggingError } from '../../src/logging/errors.ts';
import { NullHandler } from '../../src/logging/handlers/null-handler.ts';
import { CRITICAL, DEBUG, ERROR, NOTSET, WARNING } from '../../src/logging/levels.ts';
import {
  defaultManager,
  disable,
  getHandlerByName,
  getHandlerNames,
  getLogger,
  Manager,
} from '../../src/logging/manager.ts';
import { Recording, stage } from './recording.ts';

afterEach(() => {
  vi.restoreAllMocks();
  disable(NOTSET);
});

describe('children', () => {
  test('are named from their parent on', () => {
    const manager = new Manager();
    const parent = manager.getLogger('abc');
    expect(manager.root.getChild('xyz')).toBe(manager.getLogger('xyz'));
    expect(manager.root.getChild('uvw.xyz')).toBe(manager.getLogger('uvw.xyz'));
    expect(parent.getChild('def')).toBe(manager.getLogger('abc.def'));
    expect(parent.getChild('def').getChild('ghi')).toBe(parent.getChild('def.ghi'));
  });

  test('are the loggers one name below, not those further down', () => {
    const manager = new Manager();
    const [foo, bar, deep, other] = ['foo', 'foo.bar', 'foo.bar.baz.bozz', 'bar'].map((name) =>
      manager.getLogger(name),
    );
    expect(manager.root.getChildren()).toEqual(new Set([foo, other]));
    expect(foo?.getChildren()).toEqual(new Set([bar]));
    expect(bar?.getChildren()).toEqual(new Set());
    expect(deep?.getChildren()).toEqual(new Set());
  });

  test('are listed with all others below the root, each after those above it', () => {
    const manager = new Manager();
    for (const name of ['b.c', 'a', 'b', 'a.b.c', '__proto__']) manager.getLogger(name);
    const names = [...manager.loggers()].map((logger) => logger.name);
    expect(names).toEqual(['root', 'b', 'b.c', 'a', 'a.b.c', '__proto__']);
  });
});

describe('names', () => {
  test('of the root are none, an empty one and root; NUL is a name like others', () => {
    const manager = new Manager();
    for (const name of [undefined, null, '', 'root']) expect(manager.getLogger(name)).toBe(manager.root);
    expect(manager.getLogger('\0')).not.toBe(manager.root);
    expect(manager.getLogger('foo').parent).toBe(manager.root);
    expect(manager.getLogger('foo.bar').parent).toBe(manager.getLogger('foo'));
  });

  test.each([[Buffer.from('foo')], [() => true], [5]])('that are no text are refused: %o', (name) => {
    expect(() => new Manager().getLogger(name as unknown as string)).toThrow(TypeError);
  });
});

describe('a logger is enabled', () => {
  test('by the nearest level set, at the time of asking', () => {
    const manager = new Manager();
    const [above, logger] = [manager.getLogger('abc'), manager.getLogger('abc.def')];
    const enabled = (level: number): boolean[] => [manager.root, above, logger].map((each) => each.isEnabledFor(level));
    manager.root.setLevel(ERROR);
    expect([enabled(ERROR), enabled(DEBUG)]).toEqual([
      [true, true, true],
      [false, false, false],
    ]);
    above.setLevel(CRITICAL);
    expect(enabled(ERROR)).toEqual([true, false, false]);
    logger.setLevel(DEBUG);
    expect(enabled(ERROR)).toEqual([true, false, true]);
    logger.setLevel(NOTSET);
    expect(enabled(CRITICAL)).toEqual([true, true, true]);
    manager.disable = CRITICAL;
    expect(enabled(CRITICAL)).toEqual([false, false, false]);
  });

  test('unless it, or the level of the call, is disabled', () => {
    const manager = new Manager();
    const logger = manager.getLogger('a');
    logger.setLevel(1);
    manager.disable = 23;
    expect([logger.isEnabledFor(22), logger.isEnabledFor(23), logger.isEnabledFor(24)]).toEqual([false, false, true]);
    logger.disabled = true;
    expect(logger.isEnabledFor(24)).toBe(false);
  });

  test('after `disable` by number or name, by default up to CRITICAL, or not at all', () => {
    expect(defaultManager.disable).toBe(NOTSET);
    disable(83);
    expect(defaultManager.disable).toBe(83);
    disable('WARN');
    expect(getLogger('a').isEnabledFor(WARNING)).toBe(false);
    disable();
    expect(defaultManager.disable).toBe(CRITICAL);
    for (const level of ['doesnotexist', {}, null, 1.5]) {
      expect(() => disable(level as unknown as string)).toThrow(LoggingError);
    }
    expect(defaultManager.disable).toBe(CRITICAL);
  });
});

describe('a logger has handlers', () => {
  test('if one above it has', () => {
    const { manager } = stage();
    expect(manager.getLogger('blah').hasHandlers()).toBe(true);
  });

  test('but not if it does not propagate, nor when they are removed', () => {
    const { manager, handler } = stage();
    const child = manager.getLogger('blah.child');
    child.propagate = false;
    expect(child.hasHandlers()).toBe(false);
    manager.root.removeHandler(handler);
    expect(manager.root.hasHandlers()).toBe(false);
  });
});

describe('a record of this process', () => {
  test('keeps the dict that is its only argument', () => {
    const { manager } = stage();
    const recording = new Recording();
    manager.root.addHandler(recording);
    const dict = new Map([['less', 'more']]);
    manager.root.warning('less is %(less)s', dict);
    expect(recording.records[0]?.args).toBe(dict);
    expect(recording.messages).toEqual(['less is more']);
  });

  test('has the error that it is about, which a Formatter prints', () => {
    const { manager, stream } = stage();
    const recording = new Recording();
    manager.root.addHandler(recording);
    const error = new RangeError('deliberate mistake');
    manager.root.exception(error, 'testing: %r', 'x');
    const [record] = recording.records;
    expect([record?.levelno, record?.exc_info, record?.getMessage()]).toEqual([ERROR, error, "testing: 'x'"]);
    expect(stream.lines[0]).toBe("root ERROR testing: 'x'");
    expect(stream.text).toContain('\nRangeError: deliberate mistake\n');
    manager.root.setLevel(CRITICAL);
    manager.root.exception(error, 'silent');
    expect(recording.records.length).toBe(1);
  });

  test('has the extras that it is given, of any name but those of its fields', () => {
    const { manager } = stage();
    const extra = Object.fromEntries([
      ['valid_key', 'some value'],
      ['__proto__', 1],
    ]);
    const record = manager.root.makeRecord(13, 'x', [], { extra });
    expect([...record.extras]).toEqual([
      ['valid_key', 'some value'],
      ['__proto__', 1],
    ]);
    expect([record.levelname, record.levelno, record.exc_info]).toEqual(['Level 13', 13, null]);
    const fields = Object.keys(record).filter((name) => name !== 'extras' && !name.startsWith('_'));
    expect(fields.length).toBeGreaterThan(20);
    for (const name of fields) {
      const attempt = (): unknown => manager.root.makeRecord(13, 'x', [], { extra: { [name]: 'some value' } });
      expect(attempt, name).toThrow(expect.objectContaining({ code: 'ERR_RECORD_FIELD' }));
    }
  });
});

describe('without a handler', () => {
  test('a warning of the root is a line on stderr, and less is nothing', () => {
    const written: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    const manager = new Manager();
    manager.root.setLevel(DEBUG);
    manager.root.debug('This should not appear');
    manager.root.warning('Final chance!');
    expect(written).toEqual(['Final chance!\n']);
    manager.lastResort = null;
    manager.root.warning('Final chance!');
    expect(written.length).toBe(1);
  });

  test('but a NullHandler, nothing is written, and filters are not asked', () => {
    const manager = new Manager();
    const resort = new Recording(WARNING);
    manager.lastResort = resort;
    const handler = new NullHandler();
    handler.addFilter(() => {
      throw new Error('asked');
    });
    manager.getLogger('library').addHandler(handler);
    manager.getLogger('library').error('x');
    expect([resort.records, handler.errors.size]).toEqual([[], 0]);
  });
});

describe('handlers are found', () => {
  test('by name, as long as a logger has them', () => {
    const handler = new NullHandler();
    expect(handler.name).toBeNull();
    handler.name = 'generic';
    handler.name = 'another';
    const logger = getLogger('deep.down');
    logger.addHandler(handler);
    expect([getHandlerByName('another'), getHandlerByName('generic')]).toEqual([handler, null]);
    expect(getHandlerNames()).toEqual(new Set(['another']));
    logger.removeHandler(handler);
    expect([getHandlerByName('another'), getHandlerNames()]).toEqual([null, new Set()]);
  });
});
