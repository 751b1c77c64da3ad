// Records in a file for each stretch of time.

import { statSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Converter, gmtime, localClock } from '../time/calendar.ts';
import { TimeFormat } from '../time/strftime.ts';
import { absolutePath } from '../write/log-file.ts';
import { BaseRotatingHandler, exists } from './base-rotating-handler.ts';
import type { CommonFileOptions, FileLine } from './file-handler.ts';
import { computeRollover, intervalStart, parseWhen, type Schedule, type TimeOfDay } from './rollover-time.ts';

/** Options of a TimedRotatingFileHandler. */
export interface TimedRotatingFileHandlerOptions extends CommonFileOptions {
  /** The unit of time: `S`, `M`, `H` (the default), `D`, `midnight`, or `W0` (Monday) to `W6`. */
  readonly when?: string;
  /** How many units there are between two rollovers. Default 1. */
  readonly interval?: number;
  /** How many of the files that were moved away are kept. Default 0: all. */
  readonly backupCount?: number;
  /** Whether times are UTC; otherwise, the default, they are local. */
  readonly utc?: boolean;
  /** When `midnight` and weekly rollovers are instead, to the second. Default null. */
  readonly atTime?: TimeOfDay | null;
  /** The clock, in seconds since 1970. Default: the system's. */
  readonly now?: () => number;
  /** The local time zone. Default: this process's. */
  readonly localtime?: Converter;
}

/**
 * Begins another file with the first record of a new interval; the former one gets the time when its interval began
 * appended to its name. As in Python, the first interval begins when the file was last changed, if there is one, and
 * where a file of the wanted name exists, records are added to the present one.
 */
export class TimedRotatingFileHandler extends BaseRotatingHandler {
  /** The unit of time, in capitals. */
  readonly when: string;
  /** Seconds between two rollovers. */
  readonly interval: number;
  readonly backupCount: number;
  readonly utc: boolean;
  readonly atTime: TimeOfDay | null;
  /** When the file is to be rolled over next, in seconds since 1970. */
  rolloverAt: number;
  readonly #schedule: Schedule;
  readonly #suffix: TimeFormat;
  readonly #clock: () => number;

  /** Errors as of FileHandler; LoggingError `ERR_CONFIG` for an unknown `when`. */
  constructor(filename: string | URL, options: TimedRotatingFileHandlerOptions = {}) {
    const { interval = 1, backupCount = 0, utc = false, atTime = null, now = () => Date.now() / 1000 } = options;
    const when = parseWhen(options.when ?? 'h');
    // Asked before the file is made, whose time is the system's clock's.
    const changed = statSync(absolutePath(filename), { throwIfNoEntry: false })?.mtimeMs;
    super(filename, { ...options, mode: 'a' });
    this.when = when.name;
    this.interval = when.unit * interval;
    this.backupCount = backupCount;
    this.utc = utc;
    this.atTime = atTime;
    this.#clock = now;
    this.#suffix = new TimeFormat(when.suffix);
    const calendar = utc ? gmtime : (options.localtime ?? localClock());
    this.#schedule = { when, interval: this.interval, atTime, calendar, utc };
    this.rolloverAt = this.computeRollover(Math.trunc(changed === undefined ? now() : changed / 1000));
  }

  /** When a file that begins at a time is to be rolled over. Both in seconds since 1970. */
  computeRollover(currentTime: number): number {
    return computeRollover(this.#schedule, currentTime);
  }

  /** The files that are too many: of this handler, by their names, and but for the `backupCount` last in their order. */
  async getFilesToDelete(): Promise<string[]> {
    const directory = dirname(this.baseFilename);
    const own = (await readdir(directory)).filter((name) => this.#isOwn(name)).sort();
    const count = own.length - this.backupCount;
    return own.slice(0, Math.max(count, 0)).map((name) => join(directory, name));
  }

  protected override now(): number {
    return this.#clock();
  }

  protected override shouldRollover(line: FileLine): boolean {
    return Math.trunc(line.time) >= this.rolloverAt;
  }

  protected override async rollover(time: number): Promise<boolean> {
    const currentTime = Math.trunc(time);
    if (await this.isSpecial()) {
      this.rolloverAt = this.computeRollover(currentTime);
      return false;
    }
    const start = intervalStart(this.#schedule, this.rolloverAt, currentTime);
    const destination = this.rotationFilename(`${this.baseFilename}.${this.#suffix.apply(start)}`);
    if (await exists(destination)) return false;
    await this.file.close();
    await this.rotate(this.baseFilename, destination);
    this.rolloverAt = this.computeRollover(currentTime);
    if (this.backupCount > 0) await this.#deleteFiles().catch((error: unknown) => this.handleError(error, null));
    return true;
  }

  async #deleteFiles(): Promise<void> {
    for (const path of await this.getFilesToDelete()) await unlink(path);
  }

  /** Whether a file's name is one that a rollover of this handler gives. */
  #isOwn(name: string): boolean {
    const { pattern } = this.#schedule.when;
    const prefix = `${basename(this.baseFilename)}.`;
    if (this.namer === null) {
      return name.startsWith(prefix) && new RegExp(`^${pattern}$`).test(name.slice(prefix.length));
    }
    // After custom naming the time may be anywhere in the name, and what looks like one may be something else.
    const time = new RegExp(`(?<!\\d)${pattern}(?!\\d)`, 'g');
    for (let found = time.exec(name); found !== null; found = time.exec(name)) {
      if (basename(this.namer(`${this.baseFilename}.${found[0]}`)) === name) return true;
      time.lastIndex = found.index + 1;
    }
    return false;
  }
}
