import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { unitTests } from './test/unit-tests.ts';

// npm run test:unit: what needs nothing but Node, and less than a minute. `npm test` runs everything.
const config: ViteUserConfig = defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    include: unitTests.map((file) => `test/${file}`),
    execArgv: ['--disallow-code-generation-from-strings'],
  },
});

export default config;
