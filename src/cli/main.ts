#!/usr/bin/env node
// The entry point. SIGUSR1 is taken before anything else is loaded: left alone, it opens Node's debugger port.

const status: { summary: () => string } = { summary: () => 'picklewire: starting' };
process.on('SIGUSR1', () => process.stderr.write(`${status.summary()}\n`));

const { run } = await import('./program.ts');
await run(process.argv.slice(2), status);

export {};
