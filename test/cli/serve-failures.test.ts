// How `picklewire` fails: one clear line on stderr and exit code 1, or 2 where it was called wrongly.

import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { builtPackage, picklewire, scratchFolder } from './command.ts';

const folder = builtPackage();

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function result(...args: readonly string[]): Promise<Result> {
  const running = picklewire(folder, args);
  const { code } = await running.ended;
  return { code, stdout: running.stdout, stderr: running.stderr };
}

describe('exit code 1, and one line that says why', () => {
  test('for a port in use', async () => {
    const other = createServer();
    onTestFinished(() => void other.close());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    expect(await result('serve', '--port', `${port}`)).toEqual({
      code: 1,
      stdout: '',
      stderr: `picklewire: cannot listen on tcp://127.0.0.1:${port}: another program listens there (EADDRINUSE)\n`,
    });
  });

  test.each([
    // TEST-NET-1 (RFC 5737): no machine has it.
    [
      'an address that is not of this machine',
      ['--host', '192.0.2.1', '--insecure'],
      /^cannot listen on .*EADDRNOTAVAIL/,
    ],
    ['a format without a field', ['--format', 'no field'], /^--format .*no field/],
    ['a conversion that does not exist', ['--format', '%(message)s %(name)y'], /^--format .*'y'/],
    ['a format that ends in a conversion', ['--format', '%(message)s %'], /^--format .*conversion/],
    ['a conversion without a field', ['--format', '%(message)s %d'], /^--format .*conversion/],
    ['a $ that names nothing', ['--style', '$', '--format', '$message $'], /^--format .*\$/],
    ['a brace that stays open', ['--style', '{', '--format', '{message} {name'], /^--format .*broken/],
    ['a field of another style', ['--style', '{', '--format', '%(message)s'], /^--format .*%\(message\)s/],
    ['a date format that cannot be honoured', ['--format', '%(asctime)s', '--datefmt', '%1024d'], /--datefmt.*1024/],
  ])('for %s', async (_, args, line) => {
    const { code, stdout, stderr } = await result('serve', '--port', '0', ...args);
    expect(stderr).toMatch(/^picklewire: [^\n]+\n$/);
    expect(stderr.slice('picklewire: '.length)).toMatch(line);
    expect([code, stdout]).toEqual([1, '']);
  });

  test.each([
    ['in a folder that does not exist', 'no/such/folder/app.log', 'ENOENT'],
    ['that is a folder', '.', 'EISDIR'],
  ])('for an output file %s', async (_, path, reason) => {
    const output = join(scratchFolder(), path);
    const { code, stdout, stderr } = await result('serve', '--port', '0', '--output', output);
    expect(stderr).toMatch(/^picklewire: cannot open the output file: [^\n]+\n$/);
    expect(stderr).toContain(reason);
    expect([code, stdout]).toEqual([1, '']);
  });
});

describe('exit code 2, and a line that says what was wrong', () => {
  test.each([
    ['a flag that does not exist', ['serve', '--colour'], '--colour'],
    ['a command that does not exist', ['receive'], 'receive'],
    ['an argument too many', ['serve', 'file.log'], 'argument'],
    ['a flag without its value', ['serve', '--format'], '--format'],
    ['a port that is no number', ['serve', '--port', 'http'], '--port'],
    ['a port that is not whole', ['serve', '--port', '1.5'], '--port'],
    ['a port below 0', ['serve', '--port=-1'], '--port'],
    ['a port over 65535', ['serve', '--port', '65536'], '--port'],
    ['a frame limit of 0', ['serve', '--max-frame', '0'], '--max-frame'],
    ['a frame limit of 2**24', ['serve', '--max-frame', '16777216'], '--max-frame'],
    ['a frame limit with a unit', ['serve', '--max-frame', '8M'], '--max-frame'],
    ['a policy that does not exist', ['serve', '--globals', 'trust'], '--globals'],
    ['--allow without a colon', ['serve', '--globals', 'reject', '--allow', 'os.system'], '--allow'],
    ['--allow without a module', ['serve', '--globals', 'reject', '--allow', ':system'], '--allow'],
    ['--allow without a name', ['serve', '--globals', 'reject', '--allow', 'os:'], '--allow'],
    ['--allow without --globals reject', ['serve', '--allow', 'app:Thing'], '--allow'],
    ['--allow with --globals inert', ['serve', '--globals', 'inert', '--allow', 'app:Thing'], '--allow'],
    ['a style that does not exist', ['serve', '--style', '&'], '--style'],
    ['a JSON profile that does not exist', ['serve', '--json=gelf'], '--json'],
    ['--json with --format', ['serve', '--json', '--format', '%(message)s'], '--format'],
    ['--json with --datefmt', ['serve', '--json=ecs', '--datefmt', '%H'], '--datefmt'],
    ['--json with --style', ['serve', '--json', '--style', '%'], '--style'],
    ['--json with --raw', ['serve', '--json', '--raw'], '--raw'],
    ['--json with --escape', ['serve', '--json', '--escape'], '--escape'],
    ['--raw with --escape', ['serve', '--raw', '--escape'], '--escape'],
    ...['--format=%(message)s', '--datefmt=%H', '--style=%', '--output=x', '--json', '--escape', '--raw'].map(
      (flag): [string, string[], string] => [`--config with ${flag}`, ['serve', '--config=x', flag], '--config'],
    ),
    ['check-config without a file', ['check-config'], 'file'],
    ['check-config with two files', ['check-config', 'a', 'b'], 'argument'],
  ])('for %s', async (_, args, named) => {
    const { code, stdout, stderr } = await result(...args);
    expect(stderr).toMatch(/^picklewire: [^\n]+\n$/);
    expect(stderr).toContain(named);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('for no command at all, which prints the help', async () => {
    const { code, stdout, stderr } = await result();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: picklewire/);
  });
});

describe('exit code 0', () => {
  test('for --version, which prints that of the package', async () => {
    const { code, stdout, stderr } = await result('--version');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });

  test.each([
    [['--help'], 'serve check-config decode dis scan'],
    [['help', 'serve'], '--max-frame'],
    [
      ['serve', '--help'],
      '--host --port --format --datefmt --style --json --escape --raw --output --config --logname --globals --allow --max-frame',
    ],
    [
      ['serve', '--help'],
      '--listen --tls-cert --tls-key --tls-ca --unix-mode --allow-from --insecure --hmac-key --max-connections --max-connections-per-address --max-unfinished --max-unfinished-per-address --frame-timeout --max-backlog --metrics PICKLEWIRE_MAX_FRAME 20000 67108864',
    ],
  ])('for %j, which names %s', async (args, named) => {
    const { code, stdout, stderr } = await result(...args);
    expect([code, stderr]).toEqual([0, '']);
    for (const name of named.split(' ')) expect(stdout).toContain(name);
  });
});
