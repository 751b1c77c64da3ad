// The runner of the mutation test (vitest.mutation.config.ts). Stryker looks at tests and not at files: of a file that a
// mutant keeps from loading it would see no test, and none that failed. So such a file has one, which fails.

import { TestRunner, test } from 'vitest';

export default class MutationRunner extends TestRunner {
  override async importFile(path: string, source: 'collect' | 'setup'): Promise<void> {
    try {
      await super.importFile(path, source);
    } catch (error) {
      test('the file loads', () => {
        throw error;
      });
    }
  }
}
