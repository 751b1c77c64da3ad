// `picklewire serve`: receives records and writes them as lines.

import { once } from 'node:events';
import { Command, InvalidArgumentError, Option } from 'commander';
import { escapeLines, type JsonProfile, jsonProfiles } from '../logging/index.ts';
import { type AllowedGlobal, inertGlobal, safeGlobals } from '../pickle/index.ts';
import { createReceiver, type Receiver, type ReceiverOptions } from '../receiver/index.ts';
import { CommandFailure, failure } from './failure.ts';
import { type FormatStyle, formatStyles, openOutput, openStreams } from './output.ts';
import { OneHandler, type Policy } from './policy.ts';
import { ConfigPolicy } from './reload.ts';
import { Reporter } from './reporter.ts';
import { KeyRing } from './signing.ts';
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
  readonly config?: string;
  readonly logname?: string;
  readonly globals: 'reject' | 'inert';
  readonly allow: readonly AllowedGlobal[];
  readonly maxFrame: number;
  readonly hmacKey?: string;
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
    .addOption(
      new Option(
        '--config <file>',
        "handle records as this configuration of Python's says: dictConfig as JSON or YAML, fileConfig as ini",
      ).conflicts(['format', 'datefmt', 'style', 'json', 'escape', 'raw', 'output']),
    )
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
    .option('--hmac-key <file>', 'take only frames that are signed with a key of this file, one on a line')
    .action(async (options: ServeOptions, command: Command) => {
      if (options.allow.length > 0 && options.globals !== 'reject') {
        command.error('error: --allow goes with --globals reject: otherwise every class is kept as data');
      }
      await serve(options, status);
    });
}

async function serve(options: ServeOptions, status: Status): Promise<void> {
  const stop = new AbortController();
  const say = (line: string): void => void process.stderr.write(`picklewire: ${escapeLines(line)}\n`);
  let quiet = false;
  const keys = options.hmacKey === undefined ? null : new KeyRing(options.hmacKey, say);
  const policy = openPolicy(options, {
    say,
    // Where there are keys to read again, that is what the signal is for.
    stop: () => keys === null && stop.abort(),
    pipeClosed: () => {
      // Nobody reads standard output any more (`serve | head`): that is the end, and there is nobody to tell.
      quiet = true;
      stop.abort();
    },
  });
  const receiver = createReceiver({
    ...receiverOptions(options),
    verify: keys?.verifier,
    manager: policy.manager,
  });
  const reporter = new Reporter(receiver, say);
  status.summary = () => `picklewire: ${reporter.summary()}`;

  // From here on a signal ends the program well. A terminal and npm may both send the same one: the first counts.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  process.on('SIGHUP', () => {
    keys?.reload();
    policy.hangUp(receiver);
  });
  await listen(receiver, options);
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  // What peers go on sending when nobody reads it is not waited for; but a configuration's files want what is there.
  await receiver.close(quiet ? { limit: options.config === undefined ? 0 : 1000 } : {});
  try {
    await policy.close();
  } catch (error) {
    if (!quiet) throw error;
  }
  if (!quiet) process.stderr.write(`${status.summary()}\n`);
  process.exit(0);
}

interface PolicyEvents {
  readonly say: (line: string) => void;
  readonly stop: () => void;
  readonly pipeClosed: () => void;
}

function openPolicy(options: ServeOptions, { say, stop, pipeClosed }: PolicyEvents): Policy {
  const { config } = options;
  if (config !== undefined) return new ConfigPolicy(config, openStreams(pipeClosed), say);
  return new OneHandler(openOutput(options, pipeClosed), stop, say);
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
