// Random pickles, valid and damaged, mean to unpickle what they mean to a live CPython, but for the listed deviations.
// PICKLEWIRE_DIFFERENTIAL_CASES and PICKLEWIRE_DIFFERENTIAL_SEED ask for more of them, or for others.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deviations, explanation } from './differential/deviations.ts';
import { agree, judge, policies, report } from './differential/judgement.ts';
import { findReference, Peer, type Request } from './differential/peer.ts';

const python = findReference('the differential tests');
const cases = Number(process.env['PICKLEWIRE_DIFFERENTIAL_CASES'] ?? 2000);
const firstSeed = Number(process.env['PICKLEWIRE_DIFFERENTIAL_SEED'] ?? 1);
const BATCH = 250;

/** The deviations that a pickle which Python wrote can meet; the others are of damaged ones. */
const PYTHON_WRITES: ReadonlySet<string> = new Set(
  ['adjacent-surrogates', 'array-surrogates'].map((name) => `deviation: ${name}`),
);

/** What came of all the cases: how many by outcome or deviation, and the first of those that nothing explains. */
interface Summary {
  readonly counts: Map<string, number>;
  readonly unexplained: string[];
}

async function compare(peer: Peer, kind: Request['kind']): Promise<Summary> {
  const counts = new Map<string, number>();
  const unexplained: string[] = [];
  const count = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  for (let done = 0; done < cases; done += BATCH) {
    const rows = await peer.ask({ kind, seed: firstSeed + done, count: Math.min(BATCH, cases - done) });
    for (const row of rows) {
      for (const policy of policies) {
        const judged = judge(row, policy);
        const deviation = agree(judged) ? null : explanation(judged);
        if (judged.python.unanswered !== undefined) count(`not compared: ${judged.python.unanswered}`);
        else if (deviation === null) count(judged.ours.error === undefined ? 'equal values' : 'refused by both');
        else if (deviation !== undefined) count(`deviation: ${deviation.name}`);
        else if (unexplained.length < 5) unexplained.push(`seed ${row.seed}, ${report(judged)}`);
      }
    }
  }
  return { counts, unexplained };
}

function print(kind: string, counts: ReadonlyMap<string, number>): void {
  const sorted = [...counts].sort(([, a], [, b]) => b - a).map(([what, times]) => `  ${times} ${what}`);
  process.stderr.write(`${cases} ${kind} from seed ${firstSeed}, under two policies:\n${sorted.join('\n')}\n`);
}

describe.skipIf(python === undefined)('against a live CPython 3.13', () => {
  let peer: Peer;
  beforeAll(() => {
    peer = new Peer(python!);
  });
  afterAll(() => peer.close());
  const timeout = 30_000 + cases * 20;

  test('every pickle that Python writes of any value means what it means to Python', { timeout }, async () => {
    const { counts, unexplained } = await compare(peer, 'values');
    print('pickles', counts);
    expect(unexplained).toEqual([]);
    expect(counts.get('equal values')).toBeGreaterThan(cases / 2);
    const names = [...counts.keys()].filter((what) => what.startsWith('deviation'));
    expect(names.filter((name) => !PYTHON_WRITES.has(name))).toEqual([]);
  });

  test('a damaged pickle has the same value on both sides, or is refused by both', { timeout }, async () => {
    const { counts, unexplained } = await compare(peer, 'mutations');
    print('damaged pickles', counts);
    expect(unexplained).toEqual([]);
    expect(counts.get('equal values')).toBeGreaterThan(cases / 10);
    expect(counts.get('refused by both')).toBeGreaterThan(cases / 10);
  });
});

test('every deviation that the tests know is explained in docs/deviations.md', () => {
  const page = readFileSync(new URL('../../docs/deviations.md', import.meta.url), 'utf8');
  const explained = [...page.matchAll(/\(`([a-z-]+)`\)/g)].map(([, name]) => name);
  expect(explained.sort()).toEqual(deviations.map(({ name }) => name).sort());
});
