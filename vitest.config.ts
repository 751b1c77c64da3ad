import { defineConfig, type ViteUserConfig } from 'vitest/config';

// Nothing here may generate code from strings, and the tests run where it cannot.
const NO_CODE_GENERATION = '--disallow-code-generation-from-strings';
/** Pickles made to hurt the decoder, which must not even in a small heap. */
const HOSTILE = 'test/pickle/hostile.test.ts';

const config: ViteUserConfig = defineConfig({
  test: {
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: '.test-report.json' }]] : ['default'],
    pool: 'forks',
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: 'all', include: ['test/**/*.test.ts'], exclude: [HOSTILE], execArgv: [NO_CODE_GENERATION] },
      },
      {
        extends: true,
        test: { name: 'hostile', include: [HOSTILE], execArgv: [NO_CODE_GENERATION, '--max-old-space-size=256'] },
      },
    ],
  },
});

export default config;
