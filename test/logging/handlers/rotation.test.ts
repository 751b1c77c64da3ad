// Rotating handlers against the directories and times that CPython's gave for the same records.

import { describe, expect, test } from 'vitest';
import { TimedRotatingFileHandler } from '../../../src/logging/handlers/timed-rotating-file-handler.ts';
import {
  type DirectoryCase,
  directoryAfter,
  type RolloverCase,
  readLines,
  timeOfDay,
  zoneOf,
} from '../data/rotation.ts';
import { useScratch } from './scratch.ts';

const scratch = useScratch();

const directories = readLines('rotation.jsonl') as DirectoryCase[];
const [table, ...rollovers] = readLines('rollover.jsonl') as [Parameters<typeof zoneOf>[0], ...RolloverCase[]];

describe.each(['sized', 'timed'])('%s rotation', (kind) => {
  const cases = directories.filter((each) => each.kind === kind);

  test.each(cases.map((each, index) => [index, each] as const))(
    'of case %i leaves the files of Python',
    async (_, each) => {
      const zone = each.kind === 'timed' ? zoneOf(table, each.zone) : undefined;
      expect(await directoryAfter(each, zone)).toEqual(each.after);
    },
  );

  test('has cases that matter', () => {
    expect(cases.filter((each) => Object.keys(each.after).length > 2).length).toBeGreaterThan(20);
  });
});

describe.each(Object.keys(table))('computeRollover in %s', (zone) => {
  const cases = rollovers.filter((each) => each[0] === zone);

  test('is what Python computes', () => {
    const localtime = zoneOf(table, zone);
    const ours = cases.map(([, when, interval, atTime, utc, time]): RolloverCase => {
      const options = { when, interval, atTime: timeOfDay(atTime), utc, delay: true, localtime };
      const handler = new TimedRotatingFileHandler(scratch.path('app.log'), options);
      return [zone, when, interval, atTime, utc, time, handler.computeRollover(time)];
    });
    expect(ours).toEqual(cases);
    expect(cases.length).toBeGreaterThan(300);
  });
});
