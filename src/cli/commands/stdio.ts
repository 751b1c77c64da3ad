// What commands print: results on standard output, complaints on standard error.

import { once } from 'node:events';
import { escapeLines } from '../../logging/index.ts';

/** To be called before printing: a reader that has seen enough (`| head`) ends the program, and is no error. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
}

/** Writes text to standard output and waits while its reader is behind. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Says in one line what is wrong with an input. The command goes on, and its exit code will be 1. */
export function complain(where: string, error: unknown): void {
  const { code } = error as { code?: string };
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`picklewire: ${escapeLines(`${where}: ${message}`)}${code === undefined ? '' : ` [${code}]`}\n`);
  process.exitCode = 1;
}
