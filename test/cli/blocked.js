// Loaded before the command by `node --import`. SIGUSR2 blocks the event loop until the file RELEASE exists: until then
// nothing is accepted and nothing is read, as in a long computation.

import { existsSync, writeSync } from 'node:fs';

process.on('SIGUSR2', () => {
  writeSync(2, 'blocked\n');
  while (!existsSync(process.env.RELEASE));
});
