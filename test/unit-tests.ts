// Which tests are unit tests, by rule: those that start no process, open no socket and no browser, themselves or through
// what they import of test/, and that are no files of laws alone, which take their time.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const TEST = import.meta.dirname;

/** What a unit test does without. */
const OUTSIDE = /^(?:node:(?:child_process|cluster|worker_threads|net|tls|dgram|http|https)|playwright-core)$/;
/** Sources that listen, or send. */
const NETWORK = /src\/(?:receiver\/(?:index|receiver|endpoint-set)|net\/(?:index|log-server|datagram-server))\.ts$/;
/** Pickles made to hurt the decoder have a small heap of their own. */
const HOSTILE = 'pickle/hostile.test.ts';

/** All test files, relative to test/. */
export const testFiles: readonly string[] = (readdirSync(TEST, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.test.ts'))
  .sort();

/** What a file imports. */
export function importsOf(file: string): string[] {
  const text = readFileSync(join(TEST, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\b[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm)].map(
    (match) => (match[1] ?? match[2]) as string,
  );
}

/** What of `OUTSIDE` and `NETWORK` a test reaches, itself or through its helpers. */
function reachedBy(file: string, seen: Set<string> = new Set()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return importsOf(file).flatMap((specifier) => {
    if (!specifier.startsWith('.')) return OUTSIDE.test(specifier) ? [specifier] : [];
    const target = relative(TEST, resolve(TEST, dirname(file), specifier));
    if (target.startsWith('..')) return NETWORK.test(target) ? [target] : [];
    return target.endsWith('.ts') ? reachedBy(target, seen) : [];
  });
}

/** The unit tests, relative to test/. */
export const unitTests: readonly string[] = testFiles.filter(
  (file) =>
    file !== HOSTILE &&
    !file.startsWith('interop/') &&
    !file.endsWith('.properties.test.ts') &&
    reachedBy(file).length === 0,
);
