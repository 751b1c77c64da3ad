// A setup file of the mutation test (vitest.mutation.config.ts): no two runs differ but for the mutant, and what takes
// long is left to the other runs of the tests.

import type { IRawProperty, Parameters } from 'fast-check';
import { beforeEach, vi } from 'vitest';

/** Tests that are left out, by the names of their suite and their own. */
const LEFT_OUT: readonly RegExp[] = [
  // Reads the text of the source, where Stryker has written all the mutants.
  /each opcode has exactly one case/,
  // Inputs of megabytes, which are about time and memory.
  /what is small to send|million|megabytes|10 MB|200,000|1,114,112|never ends/,
  /do no more work than the pickle has bytes (?:set|_codecs|OrderedDict|deque|Counter|a call|a tuple|attributes)/,
  /are keys like any others|of one low word/,
  // More of the same.
  /every fixture|every object|protocol [124] /,
];

/** Properties try the same few inputs each time, and do not go on to find the smallest that fails. */
const FEW_RUNS = 30;
const SEED = 1;

vi.mock('fast-check', async (original) => {
  const module = await original<typeof import('fast-check')>();
  const assert = (property: IRawProperty<unknown>, parameters?: Parameters<unknown>): unknown => {
    const numRuns = Math.min(parameters?.numRuns ?? FEW_RUNS, FEW_RUNS);
    return module.assert(property, { ...parameters, numRuns, seed: SEED, endOnFailure: true });
  };
  return { ...module, default: { ...module.default, assert } };
});

beforeEach(({ task, skip }) => {
  const name = `${task.suite?.name} ${task.name}`;
  if (LEFT_OUT.some((pattern) => pattern.test(name))) skip();
});
