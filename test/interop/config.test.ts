// One configuration, two receivers: Python 3.13 with logging.config, and the command with --config. The same records
// from several Pythons give the same files, rotated ones included. (Rotation by time: rotation.test.ts.)

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { builtPackage, picklewire, Running, scratchFolder } from '../cli/command.ts';
import { contents } from '../logging/handlers/scratch.ts';
import { findReference } from './differential/peer.ts';
import { findPythons, type Python } from './pythons.ts';

const folder = builtPackage();
const reference = findReference('the comparison of configurations');
const senders = findPythons().filter(({ version }) => /^(?:2\.7|3\.6|3\.13)\./.test(version));

const DOCUMENT = {
  version: 1,
  disable_existing_loggers: false,
  texts: { long: '%(asctime)s %(levelname)-8s %(name)s:%(lineno)d %(message)s' },
  formatters: {
    long: { format: 'cfg://texts.long' },
    dated: { format: '%(asctime)s|%(message)s', datefmt: '%d.%m.%Y %H:%M:%S %Z' },
    braces: { format: '{levelname:>8}|{name!r}|{user}|{message:.40}', style: '{', defaults: { user: 'nobody' } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what a field of the style looks like
    dollars: { format: '${levelname} $$ ${user} $message', style: '$', defaults: { user: 'nobody' } },
    factory: { '()': 'logging.Formatter', fmt: '%(levelno)03d %(message)s' },
  },
  filters: { orders: { name: 'shop.orders' }, all: {}, none: { '()': 'logging.Filter', name: 'nobody' } },
  handlers: {
    all: { class: 'logging.FileHandler', filename: 'all.log', encoding: 'utf-8', formatter: 'long' },
    bare: { class: 'logging.FileHandler', filename: 'bare.log', encoding: 'utf-16', delay: true },
    braces: { class: 'logging.FileHandler', filename: 'b.log', encoding: 'utf-8', formatter: 'braces', level: 'INFO' },
    buffer: { class: 'logging.handlers.MemoryHandler', capacity: 7, flushLevel: 'CRITICAL', target: 'buffered' },
    buffered: {
      class: 'logging.FileHandler',
      filename: 'held.log',
      encoding: 'utf-8',
      formatter: 'dollars',
      level: 20,
    },
    forgetful: {
      class: 'logging.handlers.MemoryHandler',
      capacity: 100,
      flushOnClose: false,
      target: 'all',
      level: 'ERROR',
      filters: ['none'],
    },
    out: { class: 'logging.StreamHandler', stream: 'ext://sys.stdout', level: 'WARNING', formatter: 'factory' },
    rotated: {
      class: 'logging.handlers.RotatingFileHandler',
      filename: 'r.log',
      maxBytes: 3000,
      backupCount: 4,
      encoding: 'utf-8',
      formatter: 'dated',
      filters: ['orders', 'all'],
    },
    quiet: {
      class: 'logging.handlers.WatchedFileHandler',
      filename: 'quiet.log',
      encoding: 'latin-1',
      errors: 'xmlcharrefreplace',
      '.': { terminator: ' |\n' },
    },
    unused: { class: 'logging.FileHandler', filename: 'unused.log', mode: 'w' },
  },
  loggers: {
    shop: { level: 'CRITICAL', handlers: ['braces', 'rotated'] },
    'shop.orders': { handlers: ['buffer', 'forgetful'], filters: ['all'] },
    'shop.returns': { handlers: ['all'], filters: ['none'] },
    quiet: { handlers: ['quiet', 'bare'], propagate: false },
    'quiet.child': { propagate: true },
  },
  root: { level: 'ERROR', handlers: ['all', 'out'] },
};

/** The same as YAML: with an anchor, merge keys, and the words of YAML 1.1. */
const YAML = `
version: 1
disable_existing_loggers: no
texts:
  long: '%(asctime)s %(levelname)-8s %(name)s:%(lineno)d %(message)s'
formatters:
  long: {format: cfg://texts.long}
  dated: {format: '%(asctime)s|%(message)s', datefmt: '%d.%m.%Y %H:%M:%S %Z'}
  braces: {format: '{levelname:>8}|{name!r}|{user}|{message:.40}', style: '{', defaults: &defaults {user: nobody}}
  dollars:
    format: \${levelname} $$ \${user} $message
    style: $
    defaults: *defaults
  factory: {(): logging.Formatter, fmt: '%(levelno)03d %(message)s'}
filters:
  orders: {name: shop.orders}
  all: {}
  none: {(): logging.Filter, name: nobody}
handlers:
  all: &file
    class: logging.FileHandler
    filename: all.log
    encoding: utf-8
    formatter: long
  bare: {class: logging.FileHandler, filename: bare.log, encoding: utf-16, delay: yes}
  braces: {<<: *file, filename: b.log, formatter: braces, level: INFO}
  buffer: {class: logging.handlers.MemoryHandler, capacity: 7, flushLevel: CRITICAL, target: buffered}
  buffered: {<<: *file, filename: held.log, formatter: dollars, level: 20}
  forgetful:
    class: logging.handlers.MemoryHandler
    capacity: 0x64
    flushOnClose: off
    target: all
    level: ERROR
    filters: [none]
  out: {class: logging.StreamHandler, stream: ext://sys.stdout, level: WARNING, formatter: factory}
  rotated:
    <<: *file
    class: logging.handlers.RotatingFileHandler
    filename: r.log
    maxBytes: 3_000
    backupCount: 4
    formatter: dated
    filters: [orders, all]
  quiet:
    class: logging.handlers.WatchedFileHandler
    filename: quiet.log
    encoding: latin-1
    errors: xmlcharrefreplace
    .: {terminator: " |\\n"}
  unused: {class: logging.FileHandler, filename: unused.log, mode: w}
loggers:
  shop: {level: CRITICAL, handlers: [braces, rotated]}
  shop.orders: {handlers: [buffer, forgetful], filters: [all]}
  shop.returns: {handlers: [all], filters: [none]}
  quiet: {handlers: [quiet, bare], propagate: no}
  quiet.child: {propagate: yes}
root: {level: ERROR, handlers: [all, out]}
`;

const INI = `
[DEFAULT]
folder=.

[loggers]
keys=root, orders, quiet

[handlers]
keys=all, rotated, buffer, held, out

[formatters]
keys=long, braces

[logger_root]
level=ERROR
handlers=all, out

[logger_orders]
qualname=shop.orders
handlers=rotated,buffer
level=DEBUG

[logger_quiet]
qualname=quiet
handlers=
propagate=0

[handler_all]
class=FileHandler
args=('%(folder)s/all.log', 'a', 'utf-8')
formatter=long

[handler_rotated]
class=handlers.RotatingFileHandler
args=('r.log',)
kwargs={'maxBytes': 2_000, 'backupCount': 3, "encoding": 'utf' '-8'}
formatter=braces
level=INFO

[handler_buffer]
class=logging.handlers.MemoryHandler
args=(5, CRITICAL)
target=held

[handler_held]
class=FileHandler
args=('held.log', 'a')
kwargs={'encoding': 'utf-8'}

[handler_out]
class=StreamHandler
args=(sys.stdout,)
level=WARNING
formatter=braces

[formatter_long]
format=%(asctime)s.%(msecs)03d %(levelname)s %(name)s
  %(message)s
datefmt=%H:%M:%S

[formatter_braces]
format={levelname}|{user:^10}|{message!s:.30}
style={
defaults={'user': '-'}
`;

const CONFIGURATIONS: readonly (readonly [name: string, text: string, comparedWith: string])[] = [
  ['log.json', JSON.stringify(DOCUMENT), 'log.json'],
  ['log.yaml', YAML, 'log.json'],
  ['log.ini', INI, 'log.ini'],
];

function run({ command }: Python, program: string, cwd: string, ...args: readonly string[]): Running {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const env = { PYTHONDONTWRITEBYTECODE: '1', LC_ALL: 'C.UTF-8', TZ: 'Europe/Paris' };
  return new Running(command, ['-s', path, ...args], { cwd, env });
}

describe.skipIf(reference === undefined)('records of several Pythons, one after another', () => {
  /** By the file of the configuration, what there is in the end: the files, and what was printed. */
  const python = new Map<string, Record<string, string>>();
  const ours = new Map<string, Record<string, string>>();

  test('reach both receivers', { timeout: 120_000 }, async () => {
    const scratch = scratchFolder();
    const receivers = CONFIGURATIONS.flatMap(([name, text, comparedWith]) => {
      return (name === comparedWith ? (['python', 'picklewire'] as const) : (['picklewire'] as const)).map((kind) => {
        const cwd = join(scratch, kind, name);
        mkdirSync(cwd, { recursive: true });
        writeFileSync(join(cwd, name), text);
        const running =
          kind === 'python'
            ? run(reference as Python, 'config_receiver.py', cwd, name, `${senders.length}`)
            : picklewire(folder, ['serve', '--port', '0', '--config', name], { cwd, env: { TZ: 'Europe/Paris' } });
        return { kind, name, cwd, running };
      });
    });
    const ports: number[] = [];
    for (const { running } of receivers) ports.push(await running.port());
    for (const sender of senders) {
      const sending = run(sender, 'config_client.py', scratch, ...ports.map(String));
      expect([sender.version, (await sending.ended).code, sending.stderr]).toEqual([sender.version, 0, '']);
    }
    for (const { kind, name, cwd, running } of receivers) {
      if (kind === 'picklewire') running.kill('SIGTERM');
      const { code } = await running.ended;
      expect([kind, name, code]).toEqual([kind, name, 0]);
      const { [name]: _, ...files } = contents(cwd);
      // What finds no handler is printed there by both, and they say where they listen.
      const stderr = running.stderr.replace(/^(?:listening on|picklewire:) .*\n/gm, '');
      (kind === 'python' ? python : ours).set(name, { ...files, stdout: running.stdout, stderr });
    }
  });

  test.each(CONFIGURATIONS)('leave the files of Python where %s says', (name, _, comparedWith) => {
    expect(ours.get(name)).toEqual(python.get(comparedWith));
    expect(Object.keys(ours.get(name) as object)).toContain('r.log.3');
  });
});
