// The command line: what can be said on it, and the exit codes (0 well, 1 failed, 2 wrong usage).

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { escapeLines } from '../logging/index.ts';
import { CommandFailure } from './command-failure.ts';
import { checkConfigCommand } from './commands/check-config.ts';
import { decodeCommand } from './commands/decode.ts';
import { disCommand } from './commands/dis.ts';
import { scanCommand } from './commands/scan.ts';
import { serveCommand } from './serve/serve.ts';
import type { Status } from './serve/status.ts';

/** Runs one command line and sets the process's exit code. */
export async function run(args: readonly string[], status: Status): Promise<void> {
  // When the reader of stderr is gone, what is said there is lost, and nothing else.
  process.stderr.on('error', () => {});
  const program = new Command('picklewire')
    .description("The receiving end of Python's logging.handlers.SocketHandler")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'picklewire: ')) });
  const commands = [serveCommand(status), checkConfigCommand(), decodeCommand(), disCommand(), scanCommand()];
  for (const command of commands) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version come as "errors" of exit code 0; every other one is wrong usage.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (error instanceof CommandFailure) {
      process.stderr.write(`picklewire: ${escapeLines(error.message)}\n`);
      process.exitCode = 1;
    } else {
      throw error;
    }
  }
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
