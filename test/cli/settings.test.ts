// The settings of `serve`: one value wherever it is said, and the highest place wins: flag, environment, file, default.

import { Command, CommanderError } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { addSettings, parseFileSettings, type ServeSettings, settingsOf } from '../../src/cli/settings/settings.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

interface Places {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly file?: Readonly<Record<string, unknown>>;
}

/** The settings in force; errors of usage are thrown, with their line as message. */
function settings({ flags = [], env = {}, file = {} }: Places): ServeSettings {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  let line = '';
  const command = new Command('serve').exitOverride().configureOutput({
    outputError: (text) => {
      line = text;
    },
  });
  addSettings(command);
  try {
    command.parse([...flags], { from: 'user' });
    return settingsOf(command, parseFileSettings(file));
  } catch (error) {
    throw error instanceof CommanderError ? new Error(line.trimEnd()) : error;
  }
}

const TCP = { transport: 'tcp', host: '127.0.0.1', port: 9020 } as const;

test('have the defaults that --help shows', () => {
  const { listen, ...rest } = settings({});
  expect(listen).toEqual([TCP]);
  expect(rest).toMatchObject({
    allowFrom: [],
    maxFrame: 8_388_608,
    maxConnections: 20_000,
    maxConnectionsPerAddress: 10_000,
    maxUnfinished: 67_108_864,
    maxUnfinishedPerAddress: 33_554_432,
    frameTimeout: 30,
    maxBacklog: 67_108_864,
    globals: 'inert',
    allow: [],
    style: '%',
  });
  expect(rest.insecure).toBeUndefined();
});

/** A setting in each place, as text and as a file's own value, and what becomes of it. */
const EACH: readonly [flag: string, text: string, value: unknown, name: keyof ServeSettings, expected: unknown][] = [
  ['listen', 'tls://[::1]:1', ['tls://[::1]:1'], 'listen', [{ transport: 'tls', host: '::1', port: 1 }]],
  ['tls-cert', 'a.pem', 'a.pem', 'tlsCert', 'a.pem'],
  ['tls-key', 'a.key', 'a.key', 'tlsKey', 'a.key'],
  ['tls-ca', 'ca.pem', 'ca.pem', 'tlsCa', 'ca.pem'],
  ['unix-mode', '0660', '0660', 'unixMode', 0o660],
  ['allow-from', '10.0.0.0/8', ['10.0.0.0/8'], 'allowFrom', ['10.0.0.0/8']],
  ['hmac-key', 'keys', 'keys', 'hmacKey', 'keys'],
  ['max-frame', '1000', 1000, 'maxFrame', 1000],
  ['max-connections', '5', 5, 'maxConnections', 5],
  ['max-connections-per-address', '4', 4, 'maxConnectionsPerAddress', 4],
  ['max-unfinished', '70000', 70_000, 'maxUnfinished', 70_000],
  ['max-unfinished-per-address', '60000', 60_000, 'maxUnfinishedPerAddress', 60_000],
  ['frame-timeout', '7', 7, 'frameTimeout', 7],
  ['max-backlog', '100000', 100_000, 'maxBacklog', 100_000],
  ['metrics', '[::1]:9100', '[::1]:9100', 'metrics', { host: '::1', port: 9100 }],
  ['logname', 'remote', 'remote', 'logname', 'remote'],
  ['globals', 'reject', 'reject', 'globals', 'reject'],
];

describe.each(EACH)('--%s', (flag, text, value, name, expected) => {
  const variable = `PICKLEWIRE_${flag.toUpperCase().replaceAll('-', '_')}`;

  test('means the same as a flag, in the environment, and in the file as text or as it is written there', () => {
    expect(settings({ flags: [`--${flag}`, text] })[name]).toEqual(expected);
    expect(settings({ file: { [flag]: text } })[name]).toEqual(expected);
    expect(settings({ file: { [flag]: value } })[name]).toEqual(expected);
    expect(settings({ env: { [variable]: text } })[name]).toEqual(expected);
  });
});

describe('places', () => {
  test.each([
    ['a flag before the environment', { flags: ['--max-frame', '1'], env: { PICKLEWIRE_MAX_FRAME: '2' } }, 1],
    ['a flag before the file', { flags: ['--max-frame', '1'], file: { 'max-frame': 3 } }, 1],
    ['the environment before the file', { env: { PICKLEWIRE_MAX_FRAME: '2' }, file: { 'max-frame': 3 } }, 2],
    [
      'a flag with the default’s value before both',
      { flags: ['--max-frame', '8388608'], env: { PICKLEWIRE_MAX_FRAME: '2' }, file: { 'max-frame': 3 } },
      8_388_608,
    ],
  ])('%s', (_, places, expected) => {
    expect(settings(places).maxFrame).toBe(expected);
  });

  test('a list in a higher place replaces that in a lower one, and is not added to it', () => {
    const [flags, env, file] = [
      ['--allow-from', '10.0.0.1', '--allow-from', '10.0.0.2'],
      { PICKLEWIRE_ALLOW_FROM: ' 10.0.1.1  10.0.1.2\n' },
      { 'allow-from': '10.0.2.1\n10.0.2.2' },
    ];
    expect(settings({ file }).allowFrom).toEqual(['10.0.2.1', '10.0.2.2']);
    expect(settings({ file, env }).allowFrom).toEqual(['10.0.1.1', '10.0.1.2']);
    expect(settings({ file, env, flags }).allowFrom).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  test('--host and --port, and --listen, are one setting: the one in the higher place counts', () => {
    const file = { listen: ['udp://127.0.0.1:5', 'unix:/a b'] };
    const fromFile = [
      { transport: 'udp', host: '127.0.0.1', port: 5 },
      { transport: 'unix', path: '/a b' },
    ];
    expect(settings({ file }).listen).toEqual(fromFile);
    expect(settings({ file, env: { PICKLEWIRE_PORT: '7' } }).listen).toEqual([{ ...TCP, port: 7 }]);
    expect(settings({ flags: ['--listen', 'systemd:'], env: { PICKLEWIRE_PORT: '7' } }).listen).toEqual(['systemd']);
    vi.unstubAllEnvs();
    expect(settings({ flags: ['--host', '::1'], file: { port: 8 } }).listen).toEqual([
      { transport: 'tcp', host: '::1', port: 8 },
    ]);
  });

  test.each([
    { flags: ['--listen', 'unix:/a', '--port', '1'] },
    { env: { PICKLEWIRE_LISTEN: 'unix:/a', PICKLEWIRE_HOST: '127.0.0.1' } },
    { file: { listen: 'unix:/a', port: 1 } },
  ])('the two in one place are an error: %j', (places) => {
    expect(() => settings(places)).toThrow(/--listen .*--host and --port/);
  });
});

describe('yes and no', () => {
  test.each([
    [{ flags: ['--insecure'] }, true],
    [{ env: { PICKLEWIRE_INSECURE: 'yes' } }, true],
    [{ env: { PICKLEWIRE_INSECURE: '1' } }, true],
    [{ env: { PICKLEWIRE_INSECURE: '0' } }, false],
    [{ env: { PICKLEWIRE_INSECURE: 'false' } }, false],
    [{ env: { PICKLEWIRE_INSECURE: '' } }, false],
    [{ file: { insecure: true } }, true],
    [{ file: { insecure: false } }, false],
    [{ file: { insecure: 'yes' } }, true],
    [{ env: { PICKLEWIRE_INSECURE: 'no' }, file: { insecure: true } }, false],
    [{ flags: ['--insecure'], env: { PICKLEWIRE_INSECURE: 'no' }, file: { insecure: false } }, true],
  ] as const)('%j', (places: Places, expected) => {
    expect(settings(places).insecure).toBe(expected);
  });

  test('are nothing else, in the environment neither', () => {
    expect(() => settings({ env: { PICKLEWIRE_INSECURE: 'maybe' } })).toThrow(/PICKLEWIRE_INSECURE: .*yes or no/);
    expect(() => settings({ file: { insecure: 2 } })).toThrow(/^picklewire\.insecure: .*yes or no/);
  });
});

describe('what is of no use is an error that names it', () => {
  test.each([
    ['listen', '9020'],
    ['listen', 'http://127.0.0.1'],
    ['listen', 'tcp://127.0.0.1:99999'],
    ['port', '65536'],
    ['unix-mode', '660'],
    ['unix-mode', '0888'],
    ['unix-mode', '01777'],
    ['allow-from', '10.0.0.0/33'],
    ['allow-from', 'example.com'],
    ['allow-from', '10.0.0'],
    ['max-frame', '0'],
    ['max-frame', '16777216'],
    ['max-connections', '0'],
    ['max-connections-per-address', '-1'],
    ['max-unfinished', '64M'],
    ['max-unfinished-per-address', '1.5'],
    ['frame-timeout', '0'],
    ['max-backlog', '0'],
    ['metrics', 'localhost'],
    ['metrics', '::1:9100'],
    ['metrics', '127.0.0.1:99999'],
    ['metrics', 'http://127.0.0.1:9100'],
    ['globals', 'trust'],
    ['allow', 'os.system'],
  ])('%s %s', (flag, text) => {
    const variable = `PICKLEWIRE_${flag.toUpperCase().replaceAll('-', '_')}`;
    expect(() => settings({ flags: [`--${flag}=${text}`] })).toThrow(new RegExp(`^error: .*--${flag} `));
    expect(() => settings({ file: { [flag]: text } })).toThrow(new RegExp(`^picklewire\\.${flag}: [^\\n]+$`));
    expect(() => settings({ env: { [variable]: text } })).toThrow(new RegExp(`^error: .*${variable}`));
  });

  test.each([
    ['max-frme', 1, /^picklewire\.max-frme: there is no such setting here; there are listen, host, port, /],
    ['max_frame', 1, /^picklewire\.max_frame: there is no such setting/],
    ['output', 'a.log', /^picklewire\.output: there is no such setting/],
    ['__proto__', 1, /^picklewire\.__proto__: there is no such setting/],
    ['max-frame', null, /^picklewire\.max-frame: .*text or a number/],
    ['max-frame', [1], /^picklewire\.max-frame: .*text or a number/],
    ['max-frame', true, /^picklewire\.max-frame: .*text or a number/],
    ['listen', [9020], /^picklewire\.listen: /],
    ['listen', [['unix:/a']], /^picklewire\.listen: .*text or a number/],
    // What YAML 1.1 makes of 0660 without quotes.
    ['unix-mode', 432, /^picklewire\.unix-mode: .*in quotes/],
  ])('in the file: %s: %j', (key, value, line) => {
    expect(() => settings({ file: Object.fromEntries([[key, value]]) })).toThrow(line);
  });

  test.each([[[]], ['text'], [1]])('a section that is no mapping: %j', (section) => {
    expect(() => parseFileSettings(section)).toThrow(/^picklewire: must be a mapping/);
  });
});

test('the settings of the output do not go with --config, wherever they are said', () => {
  expect(() => settings({ flags: ['--config', 'x'], env: { PICKLEWIRE_OUTPUT: 'a.log' } })).toThrow(
    /PICKLEWIRE_OUTPUT/,
  );
});
