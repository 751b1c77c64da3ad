import { basename } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** These take longest, so they come last: most mutants are found by a quicker one before them. */
const SLOWEST = [
  'constructor-values.test.ts',
  'values.test.ts',
  'json-laws.test.ts',
  'push.test.ts',
  'key-spread.test.ts',
  'limits.test.ts',
  'pickle.test.ts',
];

class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => SLOWEST.indexOf(basename(moduleId));
    return files.toSorted((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

// The tests of src/pickle alone, as the mutation test runs them: none that needs a Python, and no two runs alike but for
// the mutant.
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/pickle/**/*.test.ts', 'test/properties/*.test.ts'],
    // The laws of the scanner need more runs than there is time for, and the encoder is not mutated.
    exclude: ['test/pickle/scan.properties.test.ts', 'test/pickle/encode*.test.ts'],
    setupFiles: ['test/pickle/mutation-setup.ts'],
    runner: './test/pickle/mutation-runner.ts',
    // One worker takes all the files, and loads the source once.
    isolate: false,
    testTimeout: 60_000,
    sequence: { sequencer: QuickestFirst },
  },
});

export default config;
