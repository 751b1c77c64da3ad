// What real Pythons sent and printed, read from fixtures/ (see fixtures/README.md).

import { readFileSync } from 'node:fs';
import { FrameReader } from '../src/net/index.ts';

export const fixturesFolder: URL = new URL('../fixtures/', import.meta.url);

export interface FixtureCase {
  readonly name: string;
  readonly group: string;
  readonly bytes: number;
  readonly expression?: string;
  readonly protocol?: number;
  readonly inert?: boolean;
  readonly unwritable?: boolean;
  readonly raises?: string;
}

/** One case in one text, and the bytes that picklewire must print of it. */
export interface ExpectedText {
  readonly case: string;
  readonly expected: Uint8Array;
}

export interface FixtureFormat {
  readonly text: string;
  readonly format: string;
  readonly datefmt: string | null;
  readonly zone: string | null;
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, fixturesFolder), 'utf8')) as T;
}

/** The Pythons that there are fixtures of: `2.7`, `3.6`, … */
export function fixturePythons(): string[] {
  return Object.keys(readJson<{ records: Record<string, unknown> }>('manifest.json').records).map((path) =>
    path.replace('records/py', ''),
  );
}

/** Every case of one Python, with its payload. */
export function readPayloads(python: string): { case: FixtureCase; payload: Uint8Array }[] {
  const cases = readJson<FixtureCase[]>(`records/py${python}/cases.json`);
  const payloads: Uint8Array[] = [];
  const reader = new FrameReader({ onFrame: (bytes, start, end) => payloads.push(bytes.slice(start, end)) });
  reader.push(readFileSync(new URL(`records/py${python}/frames.bin`, fixturesFolder)));
  if (reader.end() !== 0 || payloads.length !== cases.length) throw new Error(`frames of ${python} and cases disagree`);
  return cases.map((fixture, i) => ({ case: fixture, payload: payloads[i] as Uint8Array }));
}

export function readFormats(): FixtureFormat[] {
  return readJson<FixtureFormat[]>('records/formats.json');
}

/** What one text expects of each of its cases, in order. */
export function readExpected(python: string, text: string): ExpectedText[] {
  const rows = readJson<{ text: string; case: string; bytes: number; reference?: number }[]>(
    `records/py${python}/texts.json`,
  ).filter((row) => row.text === text);
  const own = readFileSync(new URL(`records/py${python}/${text}.txt`, fixturesFolder));
  const differs = rows.some((row) => row.reference !== undefined);
  const reference = differs
    ? readFileSync(new URL(`records/py${python}/${text}.reference.txt`, fixturesFolder))
    : new Uint8Array(0);
  let ownAt = 0;
  let referenceAt = 0;
  return rows.map((row) => {
    const mine = own.subarray(ownAt, ownAt + row.bytes);
    ownAt += row.bytes;
    if (row.reference === undefined) return { case: row.case, expected: mine };
    referenceAt += row.reference;
    return { case: row.case, expected: reference.subarray(referenceAt - row.reference, referenceAt) };
  });
}
