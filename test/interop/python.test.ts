// Real SocketHandlers log to the command: what it writes is what their own Python writes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { builtPackage, picklewire, Running, scratchFolder } from '../cli/command.ts';
import { findPythons, type Python } from './pythons.ts';

const folder = builtPackage();
const pythons = findPythons();

/** Every attribute that a format can name and that does not depend on the Python that prints it, and two extras. */
const FORMAT =
  '%(asctime)s %(created)f %(msecs)03d %(relativeCreated)d %(name)s %(levelname)-8s %(levelno)s %(pathname)s ' +
  '%(filename)s:%(lineno)d %(module)s %(funcName)s %(process)d %(processName)s %(thread)d %(threadName)s ' +
  '%(user)s %(request)s | %(message)s';

/** Runs a program of this folder and waits until it has ended well. */
async function run({ command }: Python, program: string, ...args: readonly string[]): Promise<void> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const client = new Running(command, [path, ...args], { env: { PYTHONDONTWRITEBYTECODE: '1', TZ: 'Europe/Paris' } });
  expect([(await client.ended).code, client.stderr]).toEqual([0, '']);
}

/** What the command prints on stderr and writes to its file while `clients` run. */
async function logged(
  format: readonly string[],
  clients: (port: number) => Promise<void>,
): Promise<{ text: string; stderr: string }> {
  const output = join(scratchFolder(), 'received.log');
  const server = picklewire(folder, ['serve', '--port', '0', '--output', output, ...format], {
    env: { TZ: 'Europe/Paris' },
  });
  await clients(await server.port());
  server.kill('SIGTERM');
  expect(await server.ended).toEqual({ code: 0, signal: null });
  return { text: readFileSync(output, 'utf8'), stderr: server.stderr };
}

describe.skipIf(pythons.length === 0)('a SocketHandler', () => {
  test.each(pythons)("of Python $version is logged as that Python's FileHandler logs it", async (python) => {
    const sent = join(scratchFolder(), 'sent.log');
    const { text, stderr } = await logged(['--format', FORMAT], (port) => {
      return run(python, 'client.py', `${port}`, sent, FORMAT);
    });
    expect(text).toBe(readFileSync(sent, 'utf8'));
    expect(text).toContain('record 999\n');
    expect(stderr).not.toContain('rejected');
  });

  test.each(pythons)('of Python $version, in the client of the cookbook, gives its five lines', async (python) => {
    const { text } = await logged([], (port) => run(python, 'cookbook_client.py', `${port}`));
    expect(text.replace(/^ *\d+/gm, (time) => '59'.padStart(time.length))).toBe(
      [
        '   59 root            INFO     Jackdaws love my big sphinx of quartz.',
        '   59 myapp.area1     DEBUG    Quick zephyrs blow, vexing daft Jim.',
        '   59 myapp.area1     INFO     How quickly daft jumping zebras vex.',
        '   59 myapp.area2     WARNING  Jail zesty vixen who grabbed pay from quack.',
        '   59 myapp.area2     ERROR    The five boxing wizards jump quickly.',
        '',
      ].join('\n'),
    );
  });

  test('of every Python at once: each sends all its records', async () => {
    const { stderr } = await logged([], async (port) => {
      const files = scratchFolder();
      await Promise.all(
        pythons.map((python) => run(python, 'client.py', `${port}`, join(files, python.version), '%(message)s')),
      );
    });
    const records = pythons.map(({ version }) => (version.startsWith('2.') ? 1023 : 1024));
    const total = records.reduce((sum, count) => sum + count, 0);
    expect(stderr).toContain(`picklewire: ${total} records from ${pythons.length} connection`);
  });
});

const python2 = pythons.find(({ version }) => version.startsWith('2.7'));
if (python2 === undefined) process.stderr.write('skipped: the test of byte messages needs a Python 2.7\n');

describe.skipIf(python2 === undefined)('Python 2.7', () => {
  test('loses none of its messages that are no UTF-8, and shows their bytes as escapes', async () => {
    const { text, stderr } = await logged(['--format', '%(name)s %(message)s'], (port) => {
      return run(python2 as Python, 'latin1_client.py', `${port}`);
    });
    const escapes = Array.from({ length: 128 }, (_, n) => `\\udc${(128 + n).toString(16)}`).join('');
    const lines = text.trimEnd().split('\n');
    expect(lines.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, n) => `caf\\udce9 caf\\udce9 ${n}`));
    expect(lines.slice(100, 104)).toEqual([
      'root café',
      `root ${escapes}`,
      'root \\udc80',
      'Traceback (most recent call last):',
    ]);
    expect(lines.at(-1)).toBe('ValueError: \\udcff\\udcfe');
    expect(stderr).toContain('picklewire: 103 records from 1 connection\n');
  });
});
