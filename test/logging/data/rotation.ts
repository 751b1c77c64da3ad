// The cases of rotation.py, and what our handlers make of them.

import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type CalendarTime, RotatingFileHandler, TimedRotatingFileHandler } from '../../../src/logging/index.ts';
import { gmtime } from '../../../src/logging/time/calendar.ts';
import { record } from '../handlers/scratch.ts';

interface SharedCase {
  readonly namer: 'suffix' | 'infix' | null;
  /** The files that are there first. */
  readonly before: Readonly<Record<string, string>>;
  /** The files that are there in the end, a character for a byte. */
  readonly after: Readonly<Record<string, string>>;
}

/** Null for a text stands for a call of doRollover. */
export interface SizedCase extends SharedCase {
  readonly kind: 'sized';
  readonly options: Readonly<{ maxBytes: number; mode: 'a' | 'w' }>;
  readonly runs: readonly (readonly (string | null)[])[];
}

export interface TimedCase extends SharedCase {
  readonly kind: 'timed';
  readonly zone: string;
  readonly options: Readonly<{ atTime: TimeOfDayTuple; delay: boolean }>;
  /** When the handler of the first run is made. */
  readonly began: number;
  readonly runs: readonly (readonly [time: number, text: string | null][])[];
}

export type DirectoryCase = SizedCase | TimedCase;

type TimeOfDayTuple = readonly [hour: number, minute: number, second: number] | null;

export type RolloverCase = readonly [
  zone: string,
  when: string,
  interval: number,
  atTime: TimeOfDayTuple,
  utc: boolean,
  time: number,
  rollover: number,
];

/** By zone, when its clocks change: from when, seconds east of UTC, and 1 for daylight saving time. */
type Transitions = Readonly<Record<string, readonly (readonly [from: number, offset: number, isdst: number])[]>>;

export function readLines(name: string): unknown[] {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  return parseLines(text);
}

export function parseLines(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

/** A zone as the fixture has it, so that no test depends on the zone files of its machine. */
export function zoneOf(transitions: Transitions, zone: string): (seconds: number) => CalendarTime {
  const changes = transitions[zone] ?? [];
  return (seconds) => {
    const [, offset, isdst] = changes.findLast(([from]) => from <= seconds) ?? [0, 0, 0];
    return { ...gmtime(seconds + offset), offset, epoch: Math.floor(seconds), isdst: isdst === 1 };
  };
}

export function timeOfDay(atTime: TimeOfDayTuple): { hour: number; minute: number; second: number } | null {
  return atTime === null ? null : { hour: atTime[0], minute: atTime[1], second: atTime[2] };
}

const NAME = 'app.log';

/**
 * The directory that is there after a case.
 * @param localtime the zone of a timed case; without one, this process's
 */
export async function directoryAfter(
  each: DirectoryCase,
  localtime?: (seconds: number) => CalendarTime,
): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'picklewire-'));
  try {
    for (const [name, text] of Object.entries(each.before)) writeFileSync(join(folder, name), text);
    if (each.kind === 'sized') await runSized(each, folder);
    else await runTimed(each, folder, localtime);
    const names = readdirSync(folder).sort();
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runSized({ runs, options, namer }: SizedCase, folder: string): Promise<void> {
  for (const texts of runs) {
    const handler = new RotatingFileHandler(join(folder, NAME), options);
    handler.handleError = () => {}; // refused records are expected
    handler.namer = namerOf(namer, folder);
    for (const text of texts) {
      if (text === null) handler.doRollover();
      else handler.handle(record(text));
    }
    await handler.close();
  }
}

async function runTimed(each: TimedCase, folder: string, localtime?: (seconds: number) => CalendarTime): Promise<void> {
  const path = join(folder, NAME);
  let clock = each.began;
  for (const records of each.runs) {
    const exists = readdirSync(folder).includes(NAME);
    if (exists) utimesSync(path, clock, clock);
    const handler = new TimedRotatingFileHandler(path, {
      ...each.options,
      atTime: timeOfDay(each.options.atTime),
      delay: each.options.delay || !exists,
      now: () => clock,
      ...(localtime === undefined ? {} : { localtime }),
    });
    handler.namer = namerOf(each.namer, folder);
    for (const [time, text] of records) {
      clock = time;
      if (text === null) handler.doRollover();
      else handler.handle(record(text));
    }
    await handler.close();
  }
}

function namerOf(kind: SharedCase['namer'], folder: string): ((name: string) => string) | null {
  if (kind === 'suffix') return (name) => `${name}.old`;
  if (kind === 'infix') return (name) => join(folder, `old-${basename(name).replaceAll('.log', '')}.log`);
  return null;
}
