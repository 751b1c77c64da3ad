// Pickles made here, loaded by real Pythons: the value of the expression that they were decoded from.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pickle, unpickle } from '../../src/pickle/index.ts';
import { readJson } from '../fixtures.ts';
import { findPythons } from './pythons.ts';

const pythons = findPythons();

interface Row {
  readonly expr: string;
  readonly protocol: number;
  /** In base64. */
  readonly pickle: string;
}

const rows: readonly Row[] = readJson<{ expr: string; protocols: Record<string, string> }[]>('repr.json').flatMap(
  ({ expr, protocols }) => {
    if (expr.includes('ExceptionGroup')) return [];
    return Object.entries(protocols).map(([protocol, data]) => {
      const value = unpickle(Buffer.from(data, 'base64'), { floats: 'tagged' });
      const again = pickle(value, { protocol: Number(protocol) });
      return { expr, protocol: Number(protocol), pickle: Buffer.from(again).toString('base64') };
    });
  },
);

describe.skipIf(pythons.length === 0)('a pickle made here', () => {
  test.each(pythons)('is loaded by Python $version as the value it was made of', ({ command, version }) => {
    const minor = Number(version.split('.')[1]);
    const highest = version.startsWith('2.') ? 2 : minor < 8 ? 4 : 5;
    const input = rows.filter(({ protocol }) => protocol <= highest).map((row) => `${JSON.stringify(row)}\n`);
    const program = ['load_pickles.py', '../../fixtures'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
    const child = spawnSync(command, program, { input: input.join(''), encoding: 'utf8', maxBuffer: 2 ** 26 });
    expect(child.stderr).toBe('');
    const lines = child.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    const { same, absent } = lines.pop() as { same: number; absent: number };
    expect(lines).toEqual([]);
    expect(same + absent).toBe(input.length);
    // What is absent are expressions of classes and literals that this Python does not have.
    expect(absent / same).toBeLessThan(minor === 13 ? 0.001 : 0.2);
  });
});
