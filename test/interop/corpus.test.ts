// CPython's own pickle test suites: every pickle that they dump and load means to unpickle what it means to CPython's
// pure unpickler held to the same allow-list. A slice of them is a fixture; with Python 3.13, all are recorded anew.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DisassemblyError, disassemble, safeGlobals } from '../../src/pickle/index.ts';
import { fixturesFolder, readJson } from '../fixtures.ts';
import { explanation } from './differential/deviations.ts';
import { agree, bytesOf, judge, policies, type Row, report } from './differential/judgement.ts';
import { findReference, pythonEnvironment } from './differential/peer.ts';

/** A line of the corpus: see fixtures/corpus/README.md. */
interface CorpusRow extends Row {
  readonly apart?: string;
  readonly dis: string;
  readonly disError?: string;
}

const corpusFolder = new URL('corpus/', fixturesFolder);
const python = findReference("the tests with CPython's whole corpus");

/** What `disassemble` prints, whether it comes to the end or not. */
function disassembly(row: CorpusRow): { readonly dis: string; readonly fails: boolean } {
  try {
    return { dis: disassemble(bytesOf(row)), fails: false };
  } catch (error) {
    if (!(error instanceof DisassemblyError)) throw error;
    return { dis: error.text, fails: true };
  }
}

/** Counts what comes of each row, decoded and disassembled. */
class BoundedCounter {
  readonly misprinted: string[] = [];
  readonly counts: Map<string, number> = new Map();
  readonly unexplained: string[] = [];
  compared = 0;
  agreed = 0;

  add(row: CorpusRow): void {
    const { dis, fails } = disassembly(row);
    if (dis !== row.dis || fails !== (row.disError !== undefined)) this.misprinted.push(row.dis);
    for (const policy of policies) {
      const judged = judge(row, policy);
      const apart = row.apart ?? judged.python.unanswered;
      if (apart !== undefined) {
        this.#count(`not compared: ${apart}`);
        // What needs the help of a test means nothing without it: neither side makes it up.
        if (judged.python.error !== undefined) expect(judged.ours.error, report(judged)).toBeDefined();
        continue;
      }
      this.compared++;
      if (agree(judged)) {
        this.agreed++;
        this.#count(judged.ours.error === undefined ? 'equal values' : 'refused by both');
        continue;
      }
      const deviation = explanation(judged);
      if (deviation === undefined) this.unexplained.push(report(judged));
      else this.#count(`deviation: ${deviation.name}`);
    }
  }

  print(title: string): void {
    const lines = [...this.counts].map(([what, times]) => `  ${times} ${what}`);
    const share = ((100 * this.agreed) / this.compared).toFixed(2);
    process.stderr.write(`${title}: ${this.compared} compared, ${share} % agree\n${lines.join('\n')}\n`);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

function readSlice(): CorpusRow[] {
  const text = readFileSync(new URL('corpus.jsonl', corpusFolder), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as CorpusRow);
}

/** Runs the recorder, and tallies each line as it comes. */
async function tallyRecording(command: string, tally: BoundedCounter): Promise<number | null> {
  const recorder = spawn(command, ['-s', 'record.py', 'all'], {
    cwd: fileURLToPath(corpusFolder),
    env: { ...process.env, ...pythonEnvironment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<number | null>((resolve) => recorder.on('close', resolve));
  for await (const line of createInterface({ input: recorder.stdout })) tally.add(JSON.parse(line) as CorpusRow);
  return ended;
}

test('every mix of opcodes that CPython tests means, and disassembles to, what it does in CPython', () => {
  const tally = new BoundedCounter();
  for (const row of readSlice()) tally.add(row);
  expect(tally.compared).toBeGreaterThan(1400);
  expect(tally.unexplained).toEqual([]);
  expect(tally.misprinted).toEqual([]);
});

test('the outcomes are held to the allow-list that unpickle has by default', () => {
  const allowed = readJson<[module: string, name: string][]>('corpus/allowed.json');
  expect(safeGlobals.map(({ module, name }) => `${module} ${name}`).sort()).toEqual(
    allowed.map(([module, name]) => `${module} ${name}`).sort(),
  );
});

describe.skipIf(python === undefined)('with Python 3.13', () => {
  test('every pickle of its test suites means, and disassembles to, what it does there', {
    timeout: 240_000,
  }, async () => {
    const tally = new BoundedCounter();
    expect(await tallyRecording(python!.command, tally)).toBe(0);
    tally.print("CPython's own pickles");
    expect(tally.compared).toBeGreaterThan(20_000);
    expect(tally.unexplained).toEqual([]);
    expect(tally.misprinted).toEqual([]);
    expect(tally.agreed / tally.compared).toBeGreaterThanOrEqual(0.995);
  });
});
