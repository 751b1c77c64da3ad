// Levels and filters as CPython's own tests try them: which calls of which loggers make a line.

import { describe, expect, test } from 'vitest';
import { LoggingError } from '../../src/logging/errors.ts';
import type { LogRecord } from '../../src/logging/event/log-record.ts';
import { copyRecord } from '../../src/logging/event/record-dict.ts';
import type { Handler } from '../../src/logging/handler.ts';
import { StreamHandler } from '../../src/logging/handlers/stream-handler.ts';
import {
  CRITICAL,
  DEBUG,
  ERROR,
  FATAL,
  getLevelName,
  getLevelNamesMapping,
  INFO,
  LevelTable,
  NOTSET,
  WARNING,
} from '../../src/logging/levels.ts';
import type { Logger } from '../../src/logging/logger.ts';
import { Lines, Recording, type Stage, stage } from './recording.ts';

const BUILT_IN = [CRITICAL, ERROR, WARNING, INFO, DEBUG];

describe('with the built-in levels, of the calls of', () => {
  /** Levels set by logger name, in the order in which loggers are made (0 is not set), and what each lets through. */
  test.each<[string, Record<string, number>, Record<string, number[]>]>([
    [
      'unrelated loggers',
      { E: ERROR, I: INFO, D: DEBUG },
      { E: [CRITICAL, ERROR], I: [CRITICAL, ERROR, WARNING, INFO], D: BUILT_IN },
    ],
    ['a logger that is stricter than the one above', { I: INFO, 'I.E': ERROR }, { 'I.E': [CRITICAL, ERROR] }],
    [
      'loggers that inherit their level',
      { I: INFO, 'I.E': ERROR, 'I.U': NOTSET, 'I.E.U': NOTSET, U: NOTSET },
      { 'I.U': [CRITICAL, ERROR, WARNING, INFO], 'I.E.U': [CRITICAL, ERROR], U: BUILT_IN },
    ],
    [
      'a logger made before the one above it',
      { I: INFO, 'I.P.U': NOTSET, 'I.P': NOTSET },
      { 'I.P.U': [CRITICAL, ERROR, WARNING, INFO], 'I.P': [CRITICAL, ERROR, WARNING, INFO] },
    ],
  ])('%s, only those that reach the level make a line', (_, set, expected) => {
    const { manager, stream } = stage();
    for (const [name, level] of Object.entries(set)) manager.getLogger(name).setLevel(level);
    for (const name of Object.keys(expected)) for (const level of BUILT_IN) manager.getLogger(name).log(level, 'x');
    const lines = Object.entries(expected).flatMap(([name, levels]) =>
      levels.map((level) => `${name} ${getLevelName(level)} x`),
    );
    expect(stream.lines).toEqual(lines);
  });
});

describe('names of levels', () => {
  test('translate in both directions, FATAL to CRITICAL', () => {
    expect([getLevelName('INFO'), getLevelName(INFO), getLevelName('FATAL')]).toEqual([INFO, 'INFO', FATAL]);
  });

  test('may be empty', () => {
    const levels = new LevelTable();
    levels.addLevelName(INFO, '');
    expect([INFO, NOTSET, 'NOTSET'].map((level) => levels.getLevelName(level))).toEqual(['', 'NOTSET', NOTSET]);
  });

  test('are listed in a copy', () => {
    const mapping = getLevelNamesMapping();
    expect([...mapping]).toEqual([
      ['CRITICAL', 50],
      ['FATAL', 50],
      ['ERROR', 40],
      ['WARN', 30],
      ['WARNING', 30],
      ['INFO', 20],
      ['DEBUG', 10],
      ['NOTSET', 0],
    ]);
    mapping.set('MINE', 5);
    expect(getLevelNamesMapping().has('MINE')).toBe(false);
    const own = new LevelTable();
    own.addLevelName(5, 'MINE');
    expect(own.getLevelNamesMapping().get('MINE')).toBe(5);
  });
});

describe('ten levels of its own', () => {
  const BORING = 111;
  const NAMES = 'Boring Chatterbox Garrulous Talkative Verbose Sociable Effusive Terse Taciturn Silent'.split(' ');
  const of = (name: string): number => BORING + NAMES.indexOf(name);

  function own(): Stage {
    const made = stage();
    NAMES.forEach((name, index) => void made.manager.levels.addLevelName(BORING + index, name));
    return made;
  }

  const notAt =
    (...names: string[]) =>
    (record: LogRecord): boolean =>
      !names.includes(record.levelname ?? '');

  test.each<[string, (logger: Logger, handler: Handler) => void, string[]]>([
    ["a logger's level", (logger) => logger.setLevel(of('Verbose')), NAMES.slice(4)],
    ["a handler's level", (_, handler) => handler.setLevel(of('Sociable')), NAMES.slice(5)],
    [
      "a handler's filter",
      (_, handler) => handler.addFilter({ filter: notAt('Garrulous') }),
      NAMES.filter((name) => name !== 'Garrulous'),
    ],
    [
      'filters of both',
      (logger, handler) => {
        handler.addFilter({ filter: notAt('Garrulous') });
        logger.addFilter(notAt('Sociable', 'Taciturn'));
      },
      NAMES.filter((name) => !['Garrulous', 'Sociable', 'Taciturn'].includes(name)),
    ],
  ])('%s chooses from', (_, choose, expected) => {
    const { manager, handler, stream } = own();
    choose(manager.root, handler);
    for (let level = BORING; level < BORING + NAMES.length; level++) manager.root.log(level, 'x');
    expect(stream.lines).toEqual(expected.map((name) => `root ${name} x`));
  });
});

describe('a filter that gives a copy of the record', () => {
  const replace = (record: LogRecord): LogRecord => {
    const copy = copyRecord(record);
    copy.msg = 'replaced';
    return copy;
  };

  test('of a handler changes what that handler writes, and no other', () => {
    const { manager } = stage();
    const [above, below] = [new Lines(), new Lines()];
    const replacing = new StreamHandler(below);
    replacing.addFilter(replace);
    manager.getLogger('parent').addHandler(new StreamHandler(above));
    manager.getLogger('parent.child').addHandler(replacing);
    manager.getLogger('parent.child').info('original');
    expect([above.text, below.text]).toEqual(['original\n', 'replaced\n']);
  });

  test('of a logger is followed by the next filter, which gets that copy', () => {
    const { manager } = stage();
    const seen = new Set<LogRecord>();
    for (let count = 0; count < 2; count++) {
      manager.root.addFilter((record) => {
        seen.add(record);
        return copyRecord(record);
      });
    }
    const recording = new Recording();
    manager.root.addHandler(recording);
    manager.root.info('x');
    expect(seen.size).toBe(2);
    expect(seen.has(recording.records[0] as LogRecord)).toBe(false);
  });
});

test.each([null, undefined, [0, 0], '10', 1.5, true])('a logger refuses the level %j', (level) => {
  const { manager } = stage();
  expect(() => manager.root.setLevel(level as unknown as number)).toThrow(LoggingError);
  expect(() => manager.root.log(level as unknown as number, 'x')).toThrow(LoggingError);
  expect(manager.root.level).toBe(DEBUG);
});
