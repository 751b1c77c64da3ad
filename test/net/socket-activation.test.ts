// Sockets that somebody else has bound: what they are, and that they are listened on.

import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readlinkSync, renameSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type ListenOptions, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';
import { EndpointError, LogServer } from '../../src/net/index.ts';
import { activatedSockets, socketKind } from '../../src/net/listen/index.ts';
import { builtPackage } from '../cli/command.ts';
import { pickleRecord } from '../record/pickles.ts';
import { frames } from './frames.ts';
import { client, hasIPv6, isLinux, listening, temporaryFolder, until } from './server-fixture.ts';

const ACTIVATED = fileURLToPath(new URL('activated.js', import.meta.url));
const folder = isLinux ? builtPackage() : '';

/** The sockets of this process: Node has no public name for the number of one. */
function socketFds(): number[] {
  return readdirSync('/proc/self/fd')
    .filter((fd) => readLink(fd)?.startsWith('socket:'))
    .map(Number);
}

function readLink(fd: string): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return null; // The one that read the folder.
  }
}

/** What is opened, and the number of its socket. */
async function opened<T>(open: () => Promise<T>): Promise<{ readonly owner: T; readonly fd: number }> {
  const before = new Set(socketFds());
  const owner = await open();
  const fds = socketFds().filter((fd) => !before.has(fd));
  expect(fds).toHaveLength(1);
  return { owner, fd: fds[0]! };
}

async function listener(options: ListenOptions): Promise<Server> {
  const server = createServer().listen(options);
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  return server;
}

async function datagrams(address: string): Promise<Socket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4').bind(0, address);
  await once(socket, 'listening');
  return socket;
}

describe.runIf(isLinux)('a file descriptor', () => {
  test.each([['127.0.0.1'], ['0.0.0.0'], ...(hasIPv6 ? [['::1'], ['::']] : [])])(
    'of TCP at %s is known',
    async (host) => {
      const { owner, fd } = await opened(() => listener({ host, port: 0 }));
      const { port } = owner.address() as AddressInfo;
      expect(socketKind(fd)).toEqual({ kind: 'tcp', host, port, path: null });
    },
  );

  test.each([['127.0.0.1'], ...(hasIPv6 ? [['::1']] : [])])('of UDP at %s is known', async (host) => {
    const { owner, fd } = await opened(() => datagrams(host));
    onTestFinished(() => {
      owner.close();
    });
    expect(socketKind(fd)).toEqual({ kind: 'udp', host, port: owner.address().port, path: null });
  });

  test('of a Unix socket is known', async () => {
    const path = join(temporaryFolder(), 'with a space');
    const { fd } = await opened(() => listener({ path }));
    expect(socketKind(fd)).toEqual({ kind: 'unix', host: null, port: 0, path });
  });

  test('that does not listen is refused', async () => {
    const path = join(temporaryFolder(), 's');
    for (const where of [{ host: '127.0.0.1', port: 0 }, { path }]) {
      const { server, port } = await listening({ listen: 'path' in where ? `unix:${path}` : 'tcp://127.0.0.1:0' });
      const before = new Set(socketFds());
      await client('path' in where ? path : port);
      await until(() => server.open === 1);
      const fds = socketFds().filter((fd) => !before.has(fd));
      expect(fds).toHaveLength(2);
      for (const fd of fds) {
        expect(() => socketKind(fd)).toThrow(/^file descriptor \d+ .*does not listen/);
        expect(() => socketKind(fd)).toThrow(EndpointError);
      }
    }
  });

  test('that is no socket, or is not open, is refused in one line', () => {
    const fd = openSync('/dev/null', 'r');
    expect(() => socketKind(fd)).toThrow(/^file descriptor \d+ is no socket: it is \/dev\/null$/);
    closeSync(fd);
    expect(() => socketKind(fd)).toThrow(/^cannot look at file descriptor [^\n]+$/);
    expect(() => socketKind(fd)).toThrow(EndpointError);
  });

  test('that cannot be listened on is an error that names it', async () => {
    const server = new LogServer({ listen: { transport: 'fd', fd: 9999, tls: false }, onFrame: () => {} });
    await expect(server.listen()).rejects.toThrow(/^cannot listen on fd:9999: cannot look/);
  });
});

describe('the environment', () => {
  test.each([
    {},
    { LISTEN_FDS: '1' },
    { LISTEN_PID: '7' },
    { LISTEN_PID: '8', LISTEN_FDS: '1', LISTEN_FDNAMES: 'a' },
    { LISTEN_PID: '7', LISTEN_FDS: '0' },
  ])('%j hands nothing over to process 7', (env) => {
    expect(activatedSockets(env, 7)).toEqual([]);
  });

  test.each([
    { LISTEN_PID: 'seven', LISTEN_FDS: '1' },
    { LISTEN_PID: '7', LISTEN_FDS: '-1' },
    { LISTEN_PID: '7', LISTEN_FDS: '' },
    { LISTEN_PID: '7', LISTEN_FDS: '9999999999' },
    { LISTEN_PID: '7', LISTEN_FDS: '2', LISTEN_FDNAMES: 'one' },
    { LISTEN_PID: '7', LISTEN_FDS: '1', LISTEN_FDNAMES: 'one:two' },
  ])('%j is an error of one line that names the variable', (env) => {
    expect(() => activatedSockets(env, 7)).toThrow(EndpointError);
    expect(() => activatedSockets(env, 7)).toThrow(/^LISTEN_[A-Z]+ [^\n]+$/);
  });
});

/** A process that is handed sockets, and what it tells. */
class Activated {
  readonly child: ChildProcess;
  readonly told: Record<string, unknown>[] = [];
  #rest = '';

  constructor(fds: readonly number[], names: string) {
    this.child = spawn(process.execPath, [ACTIVATED, folder, names], { stdio: ['pipe', 'pipe', 'inherit', ...fds] });
    onTestFinished(() => {
      this.child.kill('SIGKILL');
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() as string;
      this.told.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
    });
  }

  async tells(name: string, times = 1): Promise<unknown[]> {
    const all = (): unknown[] => this.told.flatMap((each) => each[name] ?? []);
    await until(() => this.told.filter((each) => name in each).length >= times);
    return all();
  }
}

describe.runIf(isLinux)('a process that is handed sockets', () => {
  test('listens on each for what it is, also to those who came before it started', async () => {
    const path = join(temporaryFolder(), 's');
    const tcp = await opened(() => listener({ host: '127.0.0.1', port: 0 }));
    const unix = await opened(() => listener({ path: `${path}.bound` }));
    const udp = await opened(() => datagrams('127.0.0.1'));
    const [{ port }, { port: udpPort }] = [tcp.owner.address() as AddressInfo, udp.owner.address()];
    const child = new Activated([tcp.fd, unix.fd, udp.fd], 'plain::udp');
    // From here on they are the child's alone; closing it would remove the file of the Unix socket.
    renameSync(`${path}.bound`, path);
    for (const { owner } of [tcp, unix, udp]) owner.close();

    const fd = (number: number) => ({ transport: 'fd', fd: number, tls: false });
    expect(await child.tells('sockets')).toEqual([
      { endpoint: fd(3), kind: 'tcp', host: '127.0.0.1', name: 'plain' },
      { endpoint: fd(4), kind: 'unix', host: null, name: '' },
      { endpoint: fd(5), kind: 'udp', host: '127.0.0.1', name: 'udp' },
    ]);
    expect(await child.tells('bound')).toEqual([
      `tcp://127.0.0.1:${port}`,
      `unix:${path}.bound`,
      `udp://127.0.0.1:${udpPort}`,
    ]);
    connect(port, '127.0.0.1').end(frames(pickleRecord('by tcp')));
    connect(path).end(frames(pickleRecord('by unix')));
    const sender = createSocket('udp4');
    sender.send(frames(pickleRecord('by udp')), udpPort, '127.0.0.1', () => sender.close());
    expect((await child.tells('msg', 3)).sort()).toEqual(['by tcp', 'by udp', 'by unix']);
    expect((await child.tells('transport', 3)).sort()).toEqual(['tcp', 'udp', 'unix']);

    child.child.stdin?.end();
    const [stats] = await child.tells('stats');
    expect(stats).toMatchObject({ records: 3, connections: 2, datagrams: 1, rejected: 0 });
    // The file is systemd's, for the next process.
    const late = connect(path);
    await expect(once(late, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
