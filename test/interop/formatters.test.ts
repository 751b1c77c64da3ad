// Random formatters of the three styles, and every time zone of the system, as a live CPython has them. Fresh cases in
// each run; a failure names the seed. PICKLEWIRE_DIFFERENTIAL_CASES and PICKLEWIRE_DIFFERENTIAL_SEED choose them.

import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { localtime } from '../../src/logging/time/calendar.ts';
import { readLocalZone } from '../../src/logging/time/local-zone.ts';
import { TimeFormat } from '../../src/logging/time/strftime.ts';
import { difference, parseFormatterCases } from '../logging/data/formatter-cases.ts';
import { findReference, pythonEnvironment } from './differential/peer.ts';

const python = findReference('the formatters of a live CPython');
const cases = Number(process.env['PICKLEWIRE_DIFFERENTIAL_CASES'] ?? 1000);
const seed = Number(process.env['PICKLEWIRE_DIFFERENTIAL_SEED'] ?? randomInt(2 ** 31));
const originalZone = process.env['TZ'];

afterEach(() => {
  if (originalZone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = originalZone;
});

function run(script: string, ...args: string[]): string {
  const program = fileURLToPath(new URL(script, import.meta.url));
  const { status, stdout, stderr } = spawnSync(python?.command ?? '', ['-s', program, ...args], {
    env: { ...process.env, ...pythonEnvironment },
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} failed: ${stderr}`);
  return stdout;
}

describe.skipIf(python === undefined)('as a live CPython 3.13', () => {
  const timeout = 60_000 + cases * 50;

  test.each(['%', '{', '$'])('a Formatter of the %s style prints, or fails', { timeout }, (style) => {
    const lines = run('../logging/data/formatters.py', '--style', style, '--seed', `${seed}`, '--cases', `${cases}`);
    const compared = parseFormatterCases(lines);
    expect(compared.length).toBe(cases);
    const differences = compared.map((each) => difference(style, each)).filter((line) => line !== null);
    expect({ seed, differences: differences.slice(0, 10) }).toEqual({ seed, differences: [] });
  });

  test('the clock is set in every time zone', { timeout }, () => {
    const format = new TimeFormat('%Y-%m-%d %H:%M:%S %z %Z %j %u');
    const rows = run('zones.py', `${seed}`).trimEnd().split('\n');
    const differences = rows.flatMap((row) => {
      const [TZ, moments] = JSON.parse(row) as [string, [number, string][]];
      const zone = readLocalZone({ TZ });
      return moments.flatMap(([moment, expected]) => {
        const actual = format.apply(localtime(moment, zone));
        return actual === expected ? [] : [{ TZ, moment, expected, actual }];
      });
    });
    expect({ seed, differences: differences.slice(0, 10) }).toEqual({ seed, differences: [] });
    expect(rows.length).toBeGreaterThan(4);
  });
});
