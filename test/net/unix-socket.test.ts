// Unix sockets: their files' modes, what is replaced and what is left alone.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, Server } from 'node:net';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { LogServer } from '../../src/net/index.ts';
import { frames, latin1 } from './frames.ts';
import { client, closed, isLinux, listening, temporaryFolder, until } from './server-fixture.ts';

/** A process that listens at a path, with a short queue. */
async function listenerProcess(path: string): Promise<ChildProcess> {
  const options = JSON.stringify({ path, backlog: 1 });
  const script = `require('node:net').createServer().listen(${options}, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  return child;
}

/** A listening socket of a process that was killed: its file is still there. */
async function deadSocket(path: string): Promise<void> {
  const child = await listenerProcess(path);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(lstatSync(path).isSocket()).toBe(true);
}

const modeOf = (path: string): number => lstatSync(path).mode & 0o777;
const serverAt = (path: string): LogServer => new LogServer({ listen: { transport: 'unix', path }, onFrame: () => {} });

describe.skipIf(process.platform === 'win32')('a Unix socket', () => {
  test('takes frames, and its peers have no address', async () => {
    const path = join(temporaryFolder(), 's');
    const { server, received } = await listening({ listen: `unix:${path}` });
    expect(server.bound).toEqual([{ transport: 'unix', address: path, port: 0, family: 'unix', url: `unix:${path}` }]);
    const [first, second] = [await client(path), await client(path)];
    first.write(frames(latin1('one')));
    second.write(frames(latin1('two')));
    await until(() => [...received.values()].flat().length === 2);
    expect([...received.values()]).toEqual([['one'], ['two']]);
    expect(server.connections[0]).toMatchObject({ transport: 'unix', subject: null });
    expect([server.connections[0]?.remoteAddress, server.connections[0]?.remotePort]).toEqual([undefined, undefined]);
  });

  test.each([
    [undefined, 0o600],
    [0o660, 0o660],
    [0o666, 0o666],
  ])('asked for with mode %o has %o, whatever the umask, which stays as it is', async (unixMode, mode) => {
    const path = join(temporaryFolder(), 's');
    const umask = vi.spyOn(process, 'umask');
    onTestFinished(() => umask.mockRestore());
    await listening({ listen: `unix:${path}`, unixMode });
    expect(modeOf(path)).toBe(mode);
    expect(umask).not.toHaveBeenCalled();
  });

  test('is bound where nobody else can reach it, before it has its mode and its place', async () => {
    const folder = temporaryFolder();
    const seen: unknown[] = [];
    const { listen } = Server.prototype;
    const spy = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args) {
      const result = listen.apply(this, args);
      for (const name of readdirSync(folder)) seen.push([name, modeOf(join(folder, name))]);
      return result;
    });
    onTestFinished(() => spy.mockRestore());
    await listening({ listen: `unix:${join(folder, 's')}`, unixMode: 0o666 });
    expect(seen).toEqual([[expect.stringMatching(/^s\..{6}$/), 0o700]]);
    expect(readdirSync(folder)).toEqual(['s']);
  });

  test('leaves nothing behind: neither the folder it was made in nor, once closed, its file', async () => {
    const folder = temporaryFolder();
    const { server } = await listening({ listen: `unix:${join(folder, 's')}` });
    expect(readdirSync(folder)).toEqual(['s']);
    await server.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is replaced when nobody listens on it any more', async () => {
    const path = join(temporaryFolder(), 's');
    await deadSocket(path);
    const { received } = await listening({ listen: `unix:${path}` });
    (await client(path)).write(frames(latin1('hello')));
    await until(() => received.get(1)?.length === 1);
  });

  test('that somebody listens on stays theirs', async () => {
    const path = join(temporaryFolder(), 's');
    const { received } = await listening({ listen: `unix:${path}` });
    const second = serverAt(path);
    await expect(second.listen()).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: `cannot listen on unix:${path}: another program listens there (EADDRINUSE)`,
    });
    await second.close();
    (await client(path)).write(frames(latin1('hello')));
    await until(() => received.get(2)?.length === 1);
  });

  test.runIf(isLinux)('of a process that is too busy to accept anybody is not taken for dead', async () => {
    const path = join(temporaryFolder(), 's');
    const busy = await listenerProcess(path);
    busy.kill('SIGSTOP');
    const codes: unknown[] = [];
    while (codes.length === 0) {
      await new Promise<void>((resolve) => {
        const socket = connect(path, () => resolve()).once('error', ({ code }: NodeJS.ErrnoException) => {
          codes.push(code);
          resolve();
        });
        onTestFinished(() => {
          socket.destroy();
        });
      });
    }
    expect(codes).toEqual(['EAGAIN']);
    await expect(serverAt(path).listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test.each([
    ['a file', (path: string) => writeFileSync(path, 'kept')],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a link', (path: string) => symlinkSync('/nowhere', path)],
  ])('does not replace %s', async (_, make) => {
    const folder = temporaryFolder();
    const path = join(folder, 's');
    make(path);
    const before = lstatSync(path);
    await expect(serverAt(path).listen()).rejects.toMatchObject({
      code: 'EEXIST',
      message: expect.stringMatching(/^cannot listen on unix:.*no socket \(EEXIST\)$/),
    });
    expect(lstatSync(path)).toMatchObject({ ino: before.ino, mode: before.mode });
    expect(readdirSync(folder)).toEqual(['s']);
  });

  test.runIf(process.getuid?.() !== 0)('that this user may not connect to is not taken for dead', async () => {
    const path = join(temporaryFolder(), 's');
    await deadSocket(path);
    chmodSync(path, 0);
    await expect(serverAt(path).listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('that was replaced by another program while it was listened on is left to that', async () => {
    const path = join(temporaryFolder(), 's');
    const { server } = await listening({ listen: `unix:${path}` });
    unlinkSync(path);
    const other = createServer().listen(path);
    onTestFinished(() => {
      other.close();
    });
    await once(other, 'listening');
    await server.close();
    expect(lstatSync(path).isSocket()).toBe(true);
    await client(path);
  });

  test('that was moved away by somebody is closed all the same', async () => {
    const path = join(temporaryFolder(), 's');
    const { server } = await listening({ listen: `unix:${path}` });
    renameSync(path, `${path}.moved`);
    await server.close();
    await expect(once(connect(`${path}.moved`), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('whose path is as long as the system takes is listened on, and a longer one is an error that says so', async () => {
    const folder = temporaryFolder();
    const most = (process.platform === 'linux' ? 107 : 103) - 9;
    const path = join(folder, 'x'.repeat(most - folder.length - 1));
    await listening({ listen: `unix:${path}` });
    await client(path);
    await expect(serverAt(`${path}y`).listen()).rejects.toMatchObject({
      code: 'ENAMETOOLONG',
      message: expect.stringContaining(`more than ${most} bytes`),
    });
  });

  test('in a folder that is not there is an error that says so', async () => {
    const path = join(temporaryFolder(), 'none', 's');
    await expect(serverAt(path).listen()).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining('there is no such folder'),
    });
  });

  test('is not asked for its address, and its connections count as one', async () => {
    const path = join(temporaryFolder(), 's');
    const connectionLimits = { maxConnectionsPerAddress: 1 };
    const { server, refusals } = await listening({ listen: `unix:${path}`, allowFrom: [], connectionLimits });
    await client(path);
    await until(() => server.open === 1);
    await closed((await client(path)).resume());
    expect(refusals).toMatchObject([{ peer: { transport: 'unix' }, error: { code: 'ERR_PEER_LIMIT' } }]);
  });
});
