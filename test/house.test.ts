// How tests are kept: which are unit tests, and how laws are run and named.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importsOf, testFiles, unitTests } from './unit-tests.ts';

const sourceOf = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');

test('unit tests are most of the tests of what needs no network, and none that starts a process', () => {
  expect(unitTests.length).toBeGreaterThan(80);
  for (const folder of ['pickle/', 'logging/', 'record/', 'net/']) {
    expect(unitTests.some((file) => file.startsWith(folder))).toBe(true);
  }
  for (const folder of ['cli/serve', 'browser/', 'interop/', 'faults/']) {
    expect(unitTests.filter((file) => file.startsWith(folder))).toEqual([]);
  }
  const wrong = unitTests.filter((file) => importsOf(file).some((name) => /child_process|playwright/.test(name)));
  expect(wrong).toEqual([]);
});

test('laws are run with the seeds that have failed, and files of laws are named so', () => {
  const bare = testFiles.filter((file) => /\bfc\.(?:assert|check)\(/.test(sourceOf(file)));
  expect(bare).toEqual([]);
  const named = testFiles.filter((file) => file.endsWith('.properties.test.ts'));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((file) => !sourceOf(file).includes('checkProperty('))).toEqual([]);
  expect(testFiles.filter((file) => /[-.]laws?\.test\.ts$/.test(file))).toEqual([]);
});
