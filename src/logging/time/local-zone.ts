// The time zone of this process: the TZ variable, the system's zone files, and what stands in for them.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { parsePosixZone } from './posix-zone.ts';
import { fixedZone, type LocalTimeType, type TimeZone } from './time-zone.ts';
import { parseTzif } from './tzif.ts';

/** Where systems keep their zone files; TZDIR in the environment stands for all of these. */
const FOLDERS = ['/usr/share/zoneinfo', '/usr/lib/zoneinfo', '/usr/share/lib/zoneinfo', '/etc/zoneinfo'];

const DEFAULT_FILE = '/etc/localtime';

type Environment = Readonly<Record<string, string | undefined>>;

/** The names of zones, which may come from a stranger: no dots, so that none leads out of the folder. */
const ZONE_KEY = /^[A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*$/;

/**
 * The zone that the environment's TZ names, read as the GNU C library does: a file under TZDIR, the system's zone
 * files, or at an absolute path, with or without a colon before it; or a rule (`CET-1CEST,M3.5.0,M10.5.0/3`). Without
 * TZ it is /etc/localtime, with an empty one UTC. A TZ that names nothing is UTC under its own first letters; but on a
 * system without zone files the zone is then the one of JavaScript's clock, with the abbreviations that Intl has.
 */
export function readLocalZone(environment: Environment = process.env): TimeZone {
  const setting = environment['TZ'];
  if (setting === undefined) return readFile(DEFAULT_FILE) ?? engineZone;
  const name = setting.replace(/^:/, '');
  if (name === '') return fixedZone(0, 'UTC');
  const file = isAbsolute(name) ? readFile(name) : findFile(name, environment);
  const zone = file ?? parsePosixZone(name);
  if (zone !== null) return zone;
  return foldersOf(environment).some(existsSync) ? fixedZone(0, /^[A-Za-z]{3,}/.exec(name)?.[0] ?? '') : engineZone;
}

/** A zone of the system's files by its name in the IANA database; null where there is no such file. */
export function readZone(key: string): TimeZone | null {
  return ZONE_KEY.test(key) ? findFile(key, process.env) : null;
}

function foldersOf(environment: Environment): readonly string[] {
  return environment['TZDIR'] ? [environment['TZDIR']] : FOLDERS;
}

function findFile(name: string, environment: Environment): TimeZone | null {
  for (const folder of foldersOf(environment)) {
    const zone = readFile(join(folder, name));
    if (zone !== null) return zone;
  }
  return null;
}

function readFile(path: string): TimeZone | null {
  try {
    return statSync(path).isFile() ? parseTzif(readFileSync(path)) : null;
  } catch {
    return null; // there is no such file, or it is not for us
  }
}

/** JavaScript's own zone data, to the second, and its short names. */
const engineZone: TimeZone = {
  at(epoch: number): LocalTimeType {
    const date = new Date(epoch * 1000);
    const offset = engineOffset(date);
    const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    // It does not say which is daylight saving time: taken for whatever is ahead of January or July.
    const year = date.getFullYear();
    const isdst = [0, 6].some((month) => offset > engineOffset(new Date(new Date(0).setFullYear(year, month, 1))));
    return { offset, name, isdst };
  },
};

function engineOffset(date: Date): number {
  const wall = new Date(0);
  wall.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  wall.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds());
  return Math.round((wall.getTime() - date.getTime()) / 1000);
}
