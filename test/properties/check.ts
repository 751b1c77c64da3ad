// How property tests are run: seeds that have failed once are kept in seeds.json, by the test's full name, and run first.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';

/** How many runs the laws over whole records have. PICKLEWIRE_FUZZ_RUNS sets another number, for a longer search. */
export const FUZZ_RUNS: number = Number(process.env['PICKLEWIRE_FUZZ_RUNS'] ?? 500);

/** A run that has failed once. */
export interface KeptSeed {
  readonly seed: number;
  readonly path?: string;
  /** What it found. */
  readonly note?: string;
}

type Seeds = Readonly<Record<string, readonly KeptSeed[]>>;

const kept = JSON.parse(readFileSync(new URL('seeds.json', import.meta.url), 'utf8')) as Seeds;

type Options<T> = fc.Parameters<T>;

/** `fc.assert` of a property, and before it of the seeds that are kept for this test; what fails says how to keep it. */
export function checkProperty<T>(property: fc.IProperty<T>, options?: Options<T>, seeds?: Seeds): void;
export function checkProperty<T>(property: fc.IAsyncProperty<T>, options?: Options<T>, seeds?: Seeds): Promise<void>;
export function checkProperty<T>(
  property: fc.IRawProperty<T>,
  options: Options<T> = {},
  seeds: Seeds = kept,
): void | Promise<void> {
  const name = expect.getState().currentTestName ?? '';
  const runs: Options<T>[] = (seeds[name] ?? []).map(({ seed, path }) => ({
    ...options,
    seed,
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  }));
  runs.push(options);
  if (!property.isAsync()) {
    for (const each of runs) {
      try {
        fc.assert(property as fc.IProperty<T>, each);
      } catch (error) {
        throw advised(error, name);
      }
    }
    return undefined;
  }
  return runs.reduce<Promise<void>>(
    (before, each) =>
      before
        .then(() => fc.assert(property as fc.IAsyncProperty<T>, each))
        .catch((error: unknown) => Promise.reject(advised(error, name))),
    Promise.resolve(),
  );
}

/** The error, with the line for seeds.json. */
function advised(error: unknown, name: string): unknown {
  const found = error instanceof Error ? /seed: (-?\d+), path: "([^"]*)"/.exec(error.message) : null;
  if (found === null || (error as Error).message.includes('seeds.json')) return error;
  const entry = JSON.stringify({ [name]: [{ seed: Number(found[1]), path: found[2] }] });
  (error as Error).message += `\n\nTo have it run first from now on, add to test/properties/seeds.json: ${entry}`;
  return error;
}
