// `--listen`: several endpoints at once, each on a line of its own, all or none of them.

import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { frames } from '../net/frames.ts';
import { pickleRecord } from '../record/pickles.ts';
import { sendTo } from './clients.ts';
import { builtPackage, picklewire, Running, scratchFolder } from './command.ts';

const folder = builtPackage();
const MESSAGES = ['--format', '%(message)s'];

/** Sends one record over a Unix socket. */
async function sendToPath(path: string, msg: string): Promise<void> {
  const socket = connect(path);
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  socket.resume().end(frames(pickleRecord(msg)));
  await closed;
}

async function occupied(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  return (other.address() as { port: number }).port;
}

test('listens on all of them, says so of each in their order, and writes the records of all', async () => {
  const cwd = scratchFolder();
  const urls = ['tcp://127.0.0.1:0', 'unix:a.sock', 'udp://127.0.0.1:0', 'tcp://localhost:0'];
  const args = urls.flatMap((url) => ['--listen', url]);
  const running = picklewire(folder, ['serve', ...args, '--unix-mode', '0640', ...MESSAGES], { cwd });
  await running.printed(/(?:^listening on .*\n){4}/m);
  const lines = running.stderr.split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/^listening on tcp:\/\/127\.0\.0\.1:\d+$/),
    'listening on unix:a.sock',
    expect.stringMatching(/^listening on udp:\/\/127\.0\.0\.1:\d+$/),
    expect.stringMatching(/^listening on tcp:\/\/(?:127\.0\.0\.1|\[::1\]):\d+$/),
    '',
  ]);
  expect(statSync(join(cwd, 'a.sock')).mode & 0o777).toBe(0o640);
  await sendTo(Number(lines[0]?.split(':').at(-1)), pickleRecord('by port'));
  await sendToPath(join(cwd, 'a.sock'), 'by path');
  await running.printed(/^by port$/m);
  await running.printed(/^by path$/m);
  running.kill('SIGTERM');
  expect(await running.ended).toEqual({ code: 0, signal: null });
  expect(readdirSync(cwd)).toEqual([]);
});

test('a Unix socket is its owner’s alone unless it was said otherwise', async () => {
  const cwd = scratchFolder();
  const running = picklewire(folder, ['serve', '--listen', 'unix:a.sock'], { cwd });
  await running.printed(/^listening on unix:a\.sock$/m);
  expect(statSync(join(cwd, 'a.sock')).mode & 0o777).toBe(0o600);
});

describe('ends at once, with a line that names what it cannot listen on:', () => {
  const cases: readonly [what: string, args: (port: number) => string[], line: RegExp][] = [
    ['one of several endpoints', (port) => ['--listen=unix:a.sock', `--listen=tcp://127.0.0.1:${port}`], /tcp:\/\/127/],
    ['a port, with metrics', (port) => ['--port', `${port}`, '--metrics', '0'], /tcp:\/\/127/],
    ['the port of metrics', (port) => ['--listen=unix:a.sock', '--metrics', `${port}`], /--metrics on port \d+ of 127/],
  ];

  test.each(cases)('%s', async (_, args, line) => {
    const cwd = scratchFolder();
    const running = picklewire(folder, ['serve', ...args(await occupied())], { cwd });
    expect((await running.ended).code).toBe(1);
    expect(running.stderr).toMatch(/^(?:metrics on .*\n)?picklewire: [^\n]+EADDRINUSE[^\n]*\n$/);
    expect(running.stderr).toMatch(line);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('a path where another file is', async () => {
    const cwd = scratchFolder();
    writeFileSync(join(cwd, 'a.sock'), 'precious');
    const running = picklewire(folder, ['serve', '--listen', 'unix:a.sock'], { cwd });
    expect((await running.ended).code).toBe(1);
    expect(running.stderr).toMatch(/^picklewire: cannot listen on unix:a\.sock: [^\n]+\n$/);
    expect(readdirSync(cwd)).toEqual(['a.sock']);
  });
});

/** A process that is handed listening sockets as systemd does it: descriptors from 3 on, and who they are for. */
function activated(servers: readonly Server[], args: readonly string[]): Running {
  const main = join(folder, 'dist/cli/main.js');
  const command = `LISTEN_PID=$$ LISTEN_FDS=${servers.length} exec ${process.execPath} ${main} serve ${args.join(' ')}`;
  const fds = servers.map((server) => (server as unknown as { _handle: { fd: number } })._handle.fd);
  return new Running('sh', ['-c', command], { fds });
}

describe.skipIf(process.platform !== 'linux')('systemd:', () => {
  async function listening(host: string): Promise<Server> {
    const server = createServer().listen(0, host);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return server;
  }

  test('listens on the sockets that were handed over', async () => {
    const server = await listening('127.0.0.1');
    const { port } = server.address() as { port: number };
    const running = activated([server], ['--listen', 'systemd:', '--format', "'%(message)s'"]);
    // Two processes have the socket now: the other one must not take the connections.
    server.close();
    expect(await running.port()).toBe(port);
    await sendTo(port, pickleRecord('handed over'));
    await running.printed(/^handed over$/m);
  });

  test('refuses those that others can reach, by their address', async () => {
    const running = activated([await listening('0.0.0.0')], ['--listen', 'systemd:']);
    expect((await running.ended).code).toBe(2);
    expect(running.stderr).toMatch(/^picklewire: the tcp socket of systemd on 0\.0\.0\.0 can be reached .*--insecure/);
  });
});
