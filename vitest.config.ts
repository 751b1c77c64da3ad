import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Nothing here may generate code from strings, and the tests run where it cannot.
    pool: 'forks',
    execArgv: ['--disallow-code-generation-from-strings'],
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: '.test-report.json' }]] : ['default'],
    testTimeout: 30_000,
  },
});

export default config;
