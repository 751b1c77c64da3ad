import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { unitTests } from './test/unit-tests.ts';

// npm run test:unit: what needs nothing but Node, and less than a minute. `npm test` runs everything.
const config: ViteUserConfig = defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    // One process runs file after file: nothing here leaves anything behind, and to load the sources takes longer than most tests.
    isolate: false,
    include: unitTests.map((file) => `test/${file}`),
    execArgv: ['--disallow-code-generation-from-strings'],
  },
});

export default config;
