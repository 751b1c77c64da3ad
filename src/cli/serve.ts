// `picklewire serve`: receives records and writes them as lines.

import { once } from 'node:events';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type JsonProfile, jsonProfiles, Manager } from '../logging/index.ts';
import { type AllowedGlobal, inertGlobal, safeGlobals } from '../pickle/index.ts';
import { createReceiver, type Receiver, type ReceiverOptions } from '../receiver/index.ts';
import { CommandFailure, failure } from './failure.ts';
import { type FormatStyle, formatStyles, openOutput } from './output.ts';
import { Reporter } from './reporter.ts';
import type { Status } from './status.ts';

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly format?: string;
  readonly datefmt?: string;
  readonly style: FormatStyle;
  readonly json?: JsonProfile;
  readonly raw?: boolean;
  readonly escape?: boolean;
  readonly output?: string;
  readonly logname?: string;
  readonly globals: 'reject' | 'inert';
  readonly allow: readonly AllowedGlobal[];
  readonly maxFrame: number;
}

export function serveCommand(status: Status): Command {
  return new Command('serve')
    .description('receive log records and write them as lines')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65_535), 9020)
    .option('--format <text>', "a format of Python's logging (default: the logging cookbook's)")
    .option('--datefmt <text>', "the strftime format of the format's asctime")
    .addOption(new Option('--style <sign>', 'how the format names its fields').choices(formatStyles).default('%'))
    .addOption(
      new Option('--json [profile]', 'write JSON, one object to a line, with the names and units of a profile')
        .choices(jsonProfiles)
        .preset('python')
        .conflicts(['format', 'datefmt', 'style', 'raw', 'escape']),
    )
    .addOption(
      new Option(
        '--escape',
        'write each record as one line: control characters and line ends as \\x1b and \\n',
      ).conflicts('raw'),
    )
    .option('--raw', 'write control characters as they are; without it, a terminal gets them as \\x1b')
    .option('--output <file>', 'append to this file; without it, write to standard output')
    .option('--logname <name>', "handle every record as this logger's")
    .addOption(
      new Option(
        '--globals <policy>',
        'classes that are not on the allow-list: refuse the record, or keep them as data',
      )
        .choices(['reject', 'inert'])
        .default('inert'),
    )
    .option('--allow <module:name>', 'with --globals reject, keep this class as data (repeatable)', allowed, [])
    .option('--max-frame <bytes>', 'skip longer frames', wholeNumber(1, 2 ** 24 - 1), 8 * 2 ** 20)
    .action(async (options: ServeOptions, command: Command) => {
      if (options.allow.length > 0 && options.globals !== 'reject') {
        command.error('error: --allow goes with --globals reject: otherwise every class is kept as data');
      }
      await serve(options, status);
    });
}

async function serve(options: ServeOptions, status: Status): Promise<void> {
  const stop = new AbortController();
  let quiet = false;
  const handler = openOutput(options, () => {
    // Nobody reads standard output any more (`serve | head`): there is nothing left to do, and nobody to tell.
    quiet = true;
    stop.abort();
  });
  const manager = new Manager();
  manager.root.addHandler(handler);
  const receiver = createReceiver({ ...receiverOptions(options), manager });
  const reporter = new Reporter(receiver, (line) => process.stderr.write(`picklewire: ${line}\n`));
  status.summary = () => `picklewire: ${reporter.summary()}`;

  // From here on a signal ends the program well. A terminal and npm may both send the same one: the first counts.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  await listen(receiver, options);
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  // What peers go on sending when nobody reads it is not waited for.
  await receiver.close(quiet ? { limit: 0 } : {});
  try {
    await handler.close();
  } catch (error) {
    if (!quiet) throw failure('the last records could not be written', error);
  }
  if (!quiet) process.stderr.write(`${status.summary()}\n`);
  process.exit(0);
}

function receiverOptions(options: ServeOptions): ReceiverOptions {
  const { host, port, maxFrame, logname, globals, allow } = options;
  return { host, port, maxFrame, logname, unknownGlobals: globals, allow: [...safeGlobals, ...allow] };
}

async function listen(receiver: Receiver, { host, port }: ServeOptions): Promise<void> {
  try {
    const { address, family, port: bound } = await receiver.listen();
    process.stderr.write(`listening on tcp://${family === 'IPv6' ? `[${address}]` : address}:${bound}\n`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EADDRINUSE') throw new CommandFailure(`port ${port} on ${host} is in use by another program`);
    throw failure(`cannot listen on port ${port} of ${host}`, error);
  }
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** One `--allow`: an exact pair, kept as data. */
function allowed(text: string, before: readonly AllowedGlobal[]): AllowedGlobal[] {
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) throw new InvalidArgumentError('It must be module:name.');
  return [...before, inertGlobal(text.slice(0, colon), text.slice(colon + 1))];
}
