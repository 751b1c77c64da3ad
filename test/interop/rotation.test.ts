// Fresh random records through a live Python's rotating handlers and ours: the same directories, the same times.
// PICKLEWIRE_ROTATION_CASES and PICKLEWIRE_ROTATION_SEED ask for more of them, or for others.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { TimedRotatingFileHandler } from '../../src/logging/index.ts';
import {
  type DirectoryCase,
  directoryAfter,
  parseLines,
  type RolloverCase,
  readLines,
  timeOfDay,
  zoneOf,
} from '../logging/data/rotation.ts';
import { findReference } from './differential/peer.ts';

const python = findReference('the rotation tests');
const program = fileURLToPath(new URL('../logging/data/rotation.py', import.meta.url));
const cases = Number(process.env['PICKLEWIRE_ROTATION_CASES'] ?? 100);
const seed = Number(process.env['PICKLEWIRE_ROTATION_SEED'] ?? Math.floor(Math.random() * 1e9));
const [zones] = readLines('rollover.jsonl') as [Parameters<typeof zoneOf>[0]];

function ask(what: 'directories' | 'rollovers', count: number): unknown[] {
  const answer = execFileSync(python!.command, ['-s', program, what, `${seed}`, `${count}`], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', LC_ALL: 'C.UTF-8' },
  });
  return parseLines(answer);
}

describe.skipIf(python === undefined)('against a live CPython 3.13', () => {
  const timeout = 30_000 + cases * 500;

  test(`the same records give the same directory (seed ${seed})`, { timeout }, async () => {
    for (const each of ask('directories', cases) as DirectoryCase[]) {
      const zone = each.kind === 'timed' ? zoneOf(zones, each.zone) : undefined;
      expect({ ...each, after: await directoryAfter(each, zone) }).toEqual(each);
    }
  });

  test(`computeRollover is Python's (seed ${seed})`, { timeout }, () => {
    const expected = ask('rollovers', cases * 20) as RolloverCase[];
    const ours = expected.map(([zone, when, interval, atTime, utc, time]): RolloverCase => {
      const options = { when, interval, atTime: timeOfDay(atTime), utc, delay: true, localtime: zoneOf(zones, zone) };
      const handler = new TimedRotatingFileHandler('no-such-folder/app.log', options);
      return [zone, when, interval, atTime, utc, time, handler.computeRollover(time)];
    });
    expect(ours).toEqual(expected);
  });
});
