// The settings of `serve`: one table, of which the flags, the environment variables and the keys of a configuration's
// `picklewire` section are made. Opens nothing.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { type JsonProfile, jsonProfiles } from '../../logging/index.ts';
import { CONNECTION_LIMITS_DEFAULT, type Endpoint } from '../../net/index.ts';
import { type AllowedGlobal, inertGlobal } from '../../pickle/index.ts';
import { type FormatStyle, formatStyles } from '../serve/output.ts';
import { type HostPort, hostPort, type ListenUrl, listenUrl, network } from './listeners.ts';

/** What TLS may be at most: the oldest that is taken is 1.2. */
const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
type TlsVersion = (typeof TLS_VERSIONS)[number];

/** The settings as they are in force: by a flag, else by the environment, else by the file, else by default. */
export interface ServeSettings {
  readonly listen: readonly ListenUrl[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
  readonly tlsMaxVersion: TlsVersion;
  readonly unixMode?: number;
  readonly allowFrom: readonly string[];
  readonly insecure?: boolean;
  readonly hmacKey?: string;
  readonly maxFrame: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly maxUnfinished: number;
  readonly maxUnfinishedPerAddress: number;
  /** Seconds. */
  readonly frameTimeout: number;
  readonly maxBacklog: number;
  readonly metrics?: HostPort;
  readonly logname?: string;
  readonly globals: 'reject' | 'inert';
  readonly allow: readonly AllowedGlobal[];
  readonly format?: string;
  readonly datefmt?: string;
  readonly style: FormatStyle;
  readonly json?: JsonProfile;
  readonly raw?: boolean;
  readonly escape?: boolean;
  readonly output?: string;
  readonly config?: string;
}

/** A setting that may be given several times; in the environment and in ini files, with spaces or line ends between. */
class ListOption<T> extends Option {
  readonly item: (text: string) => T;

  constructor(flags: string, description: string, item: (text: string) => T) {
    super(flags, `${description} (repeatable)`);
    this.item = item;
    this.argParser((text: string, before: readonly T[]) => {
      return [...before, ...text.split(/\s+/).filter(Boolean).map(item)];
    });
  }
}

/** The settings that the section of a configuration may have too, by the names of their flags. */
function receivingOptions(): Option[] {
  const limits = CONNECTION_LIMITS_DEFAULT;
  return [
    new ListOption(
      '--listen <url>',
      'where to listen: tcp://, tls:// or udp://address:port, unix:/path, systemd: for the sockets of a systemd unit',
      listenUrl,
    ).default([], 'tcp:// at --host and --port'),
    new Option('--host <address>', 'address to listen on').default('127.0.0.1'),
    new Option('--port <number>', 'port to listen on; 0 picks a free one')
      .argParser(wholeNumber(0, 65_535))
      .default(9020),
    new Option('--tls-cert <file>', 'certificate of tls:// listeners, and its chain, as PEM; read again on SIGHUP'),
    new Option('--tls-key <file>', 'its private key, as PEM'),
    new Option('--tls-ca <file>', 'take only clients with a certificate of these authorities, as PEM'),
    new Option('--tls-max-version <version>', 'newest TLS; 1.3 may lose the last records of senders that end abruptly')
      .choices(TLS_VERSIONS)
      .default('TLSv1.2'),
    new Option('--unix-mode <mode>', 'permissions of Unix sockets, as 0660 (default: 0600)').argParser(permissions),
    new ListOption(
      '--allow-from <network>',
      'take TCP, TLS and UDP senders of this address or CIDR network only',
      network,
    ).default([], 'every sender'),
    new Option('--insecure', 'listen where other machines can reach it, though every one of them may send'),
    new Option('--hmac-key <file>', 'take only frames that are signed with a key of this file, one on a line'),
    new Option('--max-frame <bytes>', 'skip longer frames').argParser(wholeNumber(1, 2 ** 24 - 1)).default(8 * 2 ** 20),
    count('--max-connections <number>', 'connections at a time', limits.maxConnections),
    count('--max-connections-per-address <number>', 'the same, of one address', limits.maxConnectionsPerAddress),
    count(
      '--max-unfinished <bytes>',
      'memory for frames that are not whole yet, beyond 4 KiB for each connection',
      limits.maxUnfinished,
    ),
    count('--max-unfinished-per-address <bytes>', 'the same, of one address', limits.maxUnfinishedPerAddress),
    new Option('--frame-timeout <seconds>', 'close a connection that stays silent for so long inside a frame')
      .argParser(wholeNumber(1, 86_400))
      .default(limits.frameTimeout / 1000),
    count('--max-backlog <bytes>', 'text that may wait for a slow output; newer records are dropped', 64 * 2 ** 20),
    new Option(
      '--metrics <[host:]port>',
      'serve /metrics (for Prometheus), /health and /ready over HTTP; on 127.0.0.1 unless a host is given',
    ).argParser(hostPort),
    new Option('--logname <name>', "handle every record as this logger's"),
    new Option('--globals <policy>', 'classes that are not on the allow-list: refuse the record, or keep them as data')
      .choices(['reject', 'inert'])
      .default('inert'),
    new ListOption('--allow <module:name>', 'with --globals reject, keep this class as data', allowedGlobal).default(
      [],
      'none',
    ),
  ];
}

/** Those that say what a configuration says itself, and where it is. */
function outputOptions(): Option[] {
  return [
    new Option('--format <text>', "a format of Python's logging (default: the logging cookbook's)"),
    new Option('--datefmt <text>', "the strftime format of the format's asctime"),
    new Option('--style <sign>', 'how the format names its fields').choices(formatStyles).default('%'),
    new Option('--json [profile]', 'write JSON, one object to a line, with the names and units of a profile')
      .choices(jsonProfiles)
      .preset('python')
      .conflicts(['format', 'datefmt', 'style', 'raw', 'escape']),
    new Option(
      '--escape',
      'write each record as one line: control characters and line ends as \\x1b and \\n',
    ).conflicts('raw'),
    new Option('--raw', 'write control characters as they are; without it, a terminal gets them as \\x1b'),
    new Option('--output <file>', 'append to this file; without it, write to standard output'),
    new Option(
      '--config <file>',
      "handle records as this configuration of Python's says: dictConfig as JSON or YAML, fileConfig as ini; its " +
        'section picklewire may have all settings but those of the output',
    ).conflicts(['format', 'datefmt', 'style', 'json', 'escape', 'raw', 'output']),
  ];
}

/** Gives a command every setting, as a flag and as a variable of the environment. */
export function addSettings(command: Command): void {
  for (const option of [...receivingOptions(), ...outputOptions()]) command.addOption(option.env(variableOf(option)));
}

/** `max-frame` is PICKLEWIRE_MAX_FRAME. */
function variableOf(option: Option): string {
  return `PICKLEWIRE_${option.name().toUpperCase().replaceAll('-', '_')}`;
}

/** A key of a configuration's section `picklewire` that is none, or has a value that cannot be used. */
export class FileSettingError extends Error {}

/**
 * The values of a configuration's section, by the attribute that `ServeSettings` has for each key.
 * @throws FileSettingError naming the key that there is no setting of, or whose value cannot be used
 */
export function parseFileSettings(section: unknown): Map<string, unknown> {
  if (typeof section !== 'object' || section === null || Array.isArray(section)) {
    throw new FileSettingError('picklewire: must be a mapping of settings');
  }
  const options = new Map(receivingOptions().map((option) => [option.name(), option]));
  return new Map(
    Object.entries(section).map(([key, value]) => {
      const option = options.get(key);
      if (option === undefined) {
        const known = [...options.keys()].join(', ');
        throw new FileSettingError(`picklewire.${key}: there is no such setting here; there are ${known}`);
      }
      try {
        return [option.attributeName(), fileValue(option, value)];
      } catch (error) {
        if (!(error instanceof InvalidArgumentError)) throw error;
        throw new FileSettingError(`picklewire.${key}: ${error.message}`);
      }
    }),
  );
}

function fileValue(option: Option, value: unknown): unknown {
  if (option instanceof ListOption && Array.isArray(value)) return value.map((item) => option.item(textOf(item)));
  if (option.isBoolean()) return typeof value === 'boolean' ? value : booleanIn(textOf(value));
  const text = textOf(value);
  return option.parseArg === undefined ? text : option.parseArg(text, option.defaultValue);
}

function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new InvalidArgumentError('It must be text or a number.');
}

/**
 * The settings in force, when the command line was parsed.
 * @param file the values of the configuration's section
 */
export function settingsOf(command: Command, file: ReadonlyMap<string, unknown>): ServeSettings {
  for (const option of command.options) {
    const name = option.attributeName();
    // To commander a flag that is in the environment is given, whatever its value.
    if (option.isBoolean() && command.getOptionValueSource(name) === 'env') {
      command.setOptionValueWithSource(name, environmentBoolean(command, option), 'env');
    }
    if (file.has(name) && rankOf(command, name) < RANKS.indexOf('config')) {
      command.setOptionValueWithSource(name, file.get(name), 'config');
    }
  }
  const settings = command.opts<ServeSettings & { host: string; port: number }>();
  return { ...settings, listen: listenOf(command, settings) };
}

/** `--listen`, or `--host` and `--port`: the one that is said in the higher place. */
function listenOf(
  command: Command,
  { listen, host, port }: ServeSettings & { host: string; port: number },
): readonly ListenUrl[] {
  const shorthand: Endpoint = { transport: 'tcp', host, port };
  const [ofListen, ofShorthand] = [
    rankOf(command, 'listen'),
    Math.max(rankOf(command, 'host'), rankOf(command, 'port')),
  ];
  if (ofListen > 0 && ofListen === ofShorthand) {
    command.error('error: --listen says all of where to listen: --host and --port do not go with it');
  }
  return ofListen > ofShorthand ? listen : [shorthand];
}

/** Where a value may come from, the highest last. */
const RANKS: readonly (string | undefined)[] = ['default', 'config', 'env', 'cli'];

function rankOf(command: Command, name: string): number {
  return Math.max(0, RANKS.indexOf(command.getOptionValueSource(name)));
}

function environmentBoolean(command: Command, option: Option): boolean {
  const variable = variableOf(option);
  try {
    return booleanIn(process.env[variable] ?? '');
  } catch (error) {
    return command.error(`error: ${variable}: ${(error as InvalidArgumentError).message}`);
  }
}

function booleanIn(text: string): boolean {
  if (/^(?:1|yes|true|on)$/i.test(text)) return true;
  if (/^(?:0|no|false|off|)$/i.test(text)) return false;
  throw new InvalidArgumentError('It must be yes or no.');
}

function count(flags: string, description: string, value: number): Option {
  return new Option(flags, description).argParser(wholeNumber(1, Number.MAX_SAFE_INTEGER)).default(value);
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

/** With its zero, as YAML reads an octal number without quotes as another one. */
function permissions(text: string): number {
  if (!/^0[0-7]{3}$/.test(text))
    throw new InvalidArgumentError('It must be an octal number as 0660, in quotes in YAML.');
  return Number.parseInt(text, 8);
}

/** One `--allow`: an exact pair, kept as data. */
function allowedGlobal(text: string): AllowedGlobal {
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) throw new InvalidArgumentError('It must be module:name.');
  return inertGlobal(text.slice(0, colon), text.slice(colon + 1));
}
