// Logging levels: their numbers, their names, and the table between the two.

import { LoggingError } from './errors.ts';

export const CRITICAL = 50;
export const FATAL: typeof CRITICAL = CRITICAL;
export const ERROR = 40;
export const WARNING = 30;
export const WARN: typeof WARNING = WARNING;
export const INFO = 20;
export const DEBUG = 10;
export const NOTSET = 0;

/** A level as a program gives it: a number, or a name that some table knows. */
export type Level = number | string;

/** The names of levels in both directions; each Manager has its own. Methods are those of Python's `logging`. */
export class LevelTable {
  readonly #names: Map<number, string> = new Map([
    [CRITICAL, 'CRITICAL'],
    [ERROR, 'ERROR'],
    [WARNING, 'WARNING'],
    [INFO, 'INFO'],
    [DEBUG, 'DEBUG'],
    [NOTSET, 'NOTSET'],
  ]);

  readonly #numbers: Map<string, number> = new Map([
    ['CRITICAL', CRITICAL],
    ['FATAL', FATAL],
    ['ERROR', ERROR],
    ['WARN', WARNING],
    ['WARNING', WARNING],
    ['INFO', INFO],
    ['DEBUG', DEBUG],
    ['NOTSET', NOTSET],
  ]);

  /** The name of a number or the number of a name; `Level …` for what is in neither direction of the table. */
  getLevelName(level: number): string;
  getLevelName(level: Level): string | number;
  getLevelName(level: Level): string | number {
    const known = typeof level === 'number' ? this.#names.get(level) : this.#numbers.get(level);
    return known ?? `Level ${level}`;
  }

  /** Names a number; the number keeps its other names, and is shown under this one from now on. */
  addLevelName(level: number, name: string): void {
    this.#names.set(level, name);
    this.#numbers.set(name, level);
  }

  /** A copy of the names that are known, old ones and other ones included, with their numbers. */
  getLevelNamesMapping(): Map<string, number> {
    return new Map(this.#numbers);
  }

  /**
   * The number of a level.
   * @throws LoggingError `ERR_LEVEL` for a name that is not in the table and for a number that is no integer
   */
  checkLevel(level: Level): number {
    const number = typeof level === 'string' ? this.#numbers.get(level) : level;
    if (Number.isInteger(number)) return number as number;
    throw new LoggingError('ERR_LEVEL', `no level has the ${typeof level === 'string' ? 'name' : 'number'} ${level}`);
  }
}

/** The default Manager's table. It stands here so that handlers can check a level without knowing the logger tree. */
export const defaultLevels: LevelTable = new LevelTable();

/** `LevelTable.getLevelName` of the default Manager. */
export function getLevelName(level: number): string;
export function getLevelName(level: Level): string | number;
export function getLevelName(level: Level): string | number {
  return defaultLevels.getLevelName(level);
}

/** `LevelTable.addLevelName` of the default Manager. */
export function addLevelName(level: number, name: string): void {
  defaultLevels.addLevelName(level, name);
}

/** `LevelTable.getLevelNamesMapping` of the default Manager. */
export function getLevelNamesMapping(): Map<string, number> {
  return defaultLevels.getLevelNamesMapping();
}

/** `LevelTable.checkLevel` of the default Manager. */
export function checkLevel(level: Level): number {
  return defaultLevels.checkLevel(level);
}
