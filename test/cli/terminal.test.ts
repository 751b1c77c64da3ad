// `picklewire serve` in a terminal: the level's name is coloured, columns align, and Ctrl-C ends it.

import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { pickleRecord } from '../receiver/pickles.ts';
import { sendTo } from './clients.ts';
import { builtPackage, Running, type StartOptions } from './command.ts';

const folder = builtPackage();

// Python's pty module makes a pseudo-terminal, and passes on what is typed; Node has nothing like it.
const PTY = 'import pty, sys; pty.spawn(sys.argv[1:])';
const noTerminal = spawnSync('python3', ['-c', 'import pty; pty.openpty()']).status !== 0;
if (noTerminal) process.stderr.write('skipped: the tests in a terminal need python3 with its pty module\n');

const LEVELS = [
  ['DEBUG', 10, '36'],
  ['INFO', 20, '32'],
  ['NOTICE', 25, '32'],
  ['WARNING', 30, '33'],
  ['ERROR', 40, '31'],
  ['CRITICAL', 50, '1;31'],
  ['TRACE', 5, '90'],
] as const;

/** The lines that a terminal shows for one record of each level. */
async function shown(args: readonly string[], env: StartOptions['env']): Promise<string[]> {
  const main = `${folder}/dist/cli/main.js`;
  const command = ['-c', PTY, process.execPath, main, 'serve', '--port', '0', ...args];
  const running = new Running('python3', command, { env: { TERM: 'xterm-256color', ...env } });
  const payloads = LEVELS.map(([levelname, levelno]) => pickleRecord('m', { levelname, levelno }));
  await sendTo(await running.port(), ...payloads, pickleRecord('the last'));
  await running.printed(/the last/);
  running.child.stdin?.write('\x03');
  await running.printed(/8 records from 1 connection/);
  expect((await running.ended).code).toBe(0);
  return running.stdout.split('\r\n').filter((line) => / m$/.test(line));
}

describe.skipIf(noTerminal)('in a terminal', () => {
  test('the level name, and nothing else, has the colour of its level, and columns align', async () => {
    const lines = await shown([], {});
    expect(lines).toEqual(
      LEVELS.map(([name, , code]) => `   59 app             \x1b[${code}m${name.padEnd(8)}\x1b[0m m`),
    );
    expect(new Set(lines.map((line) => stripVTControlCharacters(line).indexOf(' m')))).toEqual(new Set([30]));
  });

  test('every place of the level name in the format is coloured, but not where %% makes it plain text', async () => {
    const [line] = await shown(['--format', '%(levelname).1s %%(levelname)s %(levelname)s %(message)s'], {});
    expect(line).toBe('\x1b[36mD\x1b[0m %(levelname)s \x1b[36mDEBUG\x1b[0m m');
  });

  test.each([
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['a terminal that cannot show it', { TERM: 'dumb' }],
  ])('%s turns colour off', async (_, env) => {
    const lines = await shown([], env);
    expect(lines).toEqual(LEVELS.map(([name]) => `   59 app             ${name.padEnd(8)} m`));
  });

  test('an empty NO_COLOR does not', async () => {
    const [line] = await shown([], { NO_COLOR: '' });
    expect(line).toContain('\x1b[36m');
  });
});
