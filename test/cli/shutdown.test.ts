// How `picklewire serve` ends: by signals, without losing what has arrived, and when nobody reads its output.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { frames } from '../net/frames.ts';
import { opcodes, pickleRecord } from '../record/pickles.ts';
import { gone, sendAndLeave, sendBytesTo, sendTo } from './clients.ts';
import { builtPackage, picklewire, Running, type StartOptions, scratchFolder } from './command.ts';

const folder = builtPackage();
const MESSAGES = ['--port', '0', '--format', '%(message)s'];
const ENDED_WELL = { code: 0, signal: null };

function serve(options?: StartOptions): Running {
  return picklewire(folder, ['serve', ...MESSAGES], options);
}

/** `npm start`, which runs the same command: npm and the command are one process group. */
function npmStart(): Running {
  return new Running('npm', ['start', '--silent', '--', ...MESSAGES], { cwd: folder });
}

const noNpm = spawnSync('npm', ['--version']).status !== 0;
if (noNpm) process.stderr.write('skipped: the tests of npm start need npm on the PATH\n');

const CLIENTS = 50;
const RECORDS = 20;

/** What each client sends. */
const streams = Array.from({ length: CLIENTS }, (_, client) => {
  return frames(...Array.from({ length: RECORDS }, (_, number) => pickleRecord(`${client}:${number}`)));
});

/** The lines by client, whose order among each other is not known, each client's in its own order. */
function sorted(stdout: string): string[] {
  const client = (line: string): number => Number(line.split(':')[0]);
  return stdout
    .trimEnd()
    .split('\n')
    .toSorted((a, b) => client(a) - client(b));
}

const everyLine = Array.from({ length: CLIENTS * RECORDS }, (_, n) => `${Math.floor(n / RECORDS)}:${n % RECORDS}`);

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('ends it with exit code 0 and a summary, an idle client notwithstanding', async () => {
    const running = serve();
    const port = await running.port();
    const idle = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => {
      idle.destroy();
    });
    idle.write(frames(pickleRecord('from a client that stays')));
    await running.printed(/that stays/);
    running.kill(signal);
    expect(await running.ended).toEqual(ENDED_WELL);
    expect(running.stderr).toMatch(/\npicklewire: 1 record from 1 connection\n$/);
  });

  test('while the process was stopped and 50 clients connected, sent and left, loses nothing', async () => {
    const running = serve();
    const port = await running.port();
    running.kill('SIGSTOP');
    await sendAndLeave(port, streams);
    running.kill(signal);
    running.kill('SIGCONT');
    expect(await running.ended).toEqual(ENDED_WELL);
    expect(sorted(running.stdout)).toEqual(everyLine);
  });

  test('while the event loop was blocked and 50 clients connected, sent and left, loses nothing', async () => {
    const release = join(scratchFolder(), 'release');
    const preload = new URL('blocked.js', import.meta.url).href;
    const running = serve({ env: { NODE_OPTIONS: `--import=${preload}`, RELEASE: release } });
    const port = await running.port();
    running.kill('SIGUSR2');
    await running.printed(/^blocked$/m);
    await sendAndLeave(port, streams);
    running.kill(signal);
    writeFileSync(release, '');
    expect(await running.ended).toEqual(ENDED_WELL);
    expect(sorted(running.stdout)).toEqual(everyLine);
  });

  test('sent again and again loses nothing either', async () => {
    const running = serve();
    const port = await running.port();
    running.kill('SIGSTOP');
    await sendAndLeave(port, streams);
    running.kill('SIGCONT');
    while (running.child.exitCode === null) {
      running.kill(signal);
      await delay(10);
    }
    expect(await running.ended).toEqual(ENDED_WELL);
    expect(sorted(running.stdout)).toEqual(everyLine);
  });

  test('waits for a slow reader of its output, who gets everything', async () => {
    const running = serve();
    const port = await running.port();
    running.child.stdout?.pause();
    const sent = Array.from({ length: 20_000 }, (_, number) => `${number} `.padEnd(200, 'x'));
    await sendBytesTo(port, Buffer.concat(sent.map((msg) => frames(pickleRecord(msg)))));
    running.kill(signal);
    await gone(port);
    // As long as the command would take to end if it did not wait.
    await delay(500);
    running.child.stdout?.resume();
    expect(await running.ended).toEqual(ENDED_WELL);
    const lines = running.stdout.trimEnd().split('\n');
    expect(lines.length).toBe(sent.length);
    expect(lines.findIndex((line, number) => line !== sent[number])).toBe(-1);
  });

  test('while a client is sending reads on until it is done', async () => {
    const running = serve();
    const socket = connect(await running.port(), '127.0.0.1');
    await once(socket, 'connect');
    const sent = Array.from({ length: 50 }, (_, number) => `record ${number}`);
    for (const [number, msg] of sent.entries()) {
      socket.write(frames(pickleRecord(msg)));
      if (number === 10) running.kill(signal);
      await delay(5);
    }
    socket.end();
    expect(await running.ended).toEqual(ENDED_WELL);
    expect(running.stdout.trimEnd().split('\n')).toEqual(sent);
  });
});

describe.skipIf(noNpm)('npm start', () => {
  test('is the command with its defaults, and takes more flags', async () => {
    const running = npmStart();
    await sendTo(await running.port(), pickleRecord('by npm'));
    await running.printed(/^by npm$/m);
  });

  test.each([
    ['to npm alone', 'SIGTERM', (running: Running) => running.child.kill('SIGTERM')],
    ['to npm alone', 'SIGINT', (running: Running) => running.child.kill('SIGINT')],
    ['to npm and the command, as Ctrl-C does', 'SIGINT', (running: Running) => running.kill('SIGINT')],
    ['to npm and the command', 'SIGTERM', (running: Running) => running.kill('SIGTERM')],
  ] as const)('a signal %s (%s) loses nothing that waits, and ends well', async (_, __, signal) => {
    const running = npmStart();
    const port = await running.port();
    running.kill('SIGSTOP');
    await sendAndLeave(port, streams);
    signal(running);
    running.kill('SIGCONT');
    expect(await running.ended).toEqual(ENDED_WELL);
    expect(sorted(running.stdout)).toEqual(everyLine);
  });
});

describe('when nobody reads its output any more', () => {
  test('`serve | head -n 3` ends quietly, by itself', async () => {
    const command = `${process.execPath} ${folder}/dist/cli/main.js serve ${MESSAGES.map((arg) => `'${arg}'`).join(' ')}`;
    const running = new Running('sh', ['-c', `{ ${command}; echo "status $?" >&2; } | head -n 3`]);
    const port = await running.port();
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    for (let number = 0; running.child.exitCode === null; number++) {
      if (socket.writable) socket.write(frames(pickleRecord(`record ${number}`)));
      await delay(5);
    }
    expect(await running.ended).toEqual(ENDED_WELL);
    expect(running.stdout).toBe('record 0\nrecord 1\nrecord 2\n');
    expect(running.stderr).toBe(`listening on tcp://127.0.0.1:${port}\nstatus 0\n`);
  });
});

test('a stderr that nobody reads any more costs no record', async () => {
  const running = serve();
  const port = await running.port();
  running.child.stderr?.destroy();
  for (let number = 0; number < 3; number++) {
    const command = opcodes(`cos\nsystem${number}\n(S"x"\ntR.`);
    await sendTo(port, command, pickleRecord(`record ${number}`));
    await running.printed(new RegExp(`record ${number}`));
  }
  running.kill('SIGTERM');
  expect(await running.ended).toEqual(ENDED_WELL);
  expect(running.stdout).toBe('record 0\nrecord 1\nrecord 2\n');
});

describe('SIGUSR1', () => {
  test('prints a summary, opens no debugger, and the command goes on', async () => {
    const running = serve();
    const port = await running.port();
    await sendTo(port, pickleRecord('one'), pickleRecord('two'), new Uint8Array(0));
    await running.printed(/two/);
    running.kill('SIGUSR1');
    await running.printed(/^picklewire: 2 records from 1 connection, 1 rejected$/m);
    await sendTo(port, pickleRecord('three'));
    await running.printed(/^three$/m);
    expect(running.stderr).not.toMatch(/debugger|inspector/i);
  });

  test('before the command is even loaded prints that it is starting, and opens no debugger', async () => {
    const preload = new URL('early-signal.js', import.meta.url).href;
    const running = serve({ env: { NODE_OPTIONS: `--import=${preload}` } });
    await sendTo(await running.port(), pickleRecord('one'));
    await running.printed(/^one$/m);
    expect(running.stderr).toMatch(/^picklewire: starting\nlistening on /);
    expect(running.stderr).not.toMatch(/debugger|inspector/i);
  });
});
