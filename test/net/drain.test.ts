import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { LogServer } from '../../src/net/index.ts';
import { frames, latin1, numbered } from './frames.ts';
import { client, listening, turn, until } from './server-fixture.ts';

const BURST_CLIENT = fileURLToPath(new URL('burst-client.js', import.meta.url));

/** Clients that connect, send and leave while this process, blocked, reads and accepts nothing. */
function burst(port: number, clients: number, count: number, leave: 'end' | 'reset' = 'end'): void {
  const { status, stderr } = spawnSync(process.execPath, [BURST_CLIENT, `${port}`, `${clients}`, `${count}`, leave]);
  expect(stderr.toString()).toBe('');
  expect(status).toBe(0);
}

function busyWait(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** What `burst` sent, by client. */
function sentBy(clients: number, count: number): string[][] {
  return Array.from({ length: clients }, (_, c) => Array.from({ length: count }, (_, n) => `${c}:${n}`));
}

const clientOf = (texts: readonly string[]): number => Number(texts[0]?.split(':')[0]);
const byClient = (a: readonly string[], b: readonly string[]): number => clientOf(a) - clientOf(b);

test('50 clients that connected, sent and left while the event loop was blocked lose nothing', async () => {
  const { server, port, received, disconnects } = await listening();
  burst(port, 50, 20);
  await server.drain();
  expect([...received.values()].sort(byClient)).toEqual(sentBy(50, 20));
  expect(disconnects.map(({ disconnect }) => disconnect.why)).toEqual(Array(50).fill('end'));
});

// Other kernels throw away what they hold when the reset arrives.
test.runIf(process.platform === 'linux')('clients that reset their connections before it lose nothing', async () => {
  const { server, port, received } = await listening();
  burst(port, 50, 20, 'reset');
  await server.drain();
  expect([...received.values()].sort(byClient)).toEqual(sentBy(50, 20));
});

test.runIf(process.platform === 'linux')(
  'clients whose address is not known any more are turned away where it matters',
  async () => {
    const { server, port, received, refusals } = await listening({ allowFrom: ['127.0.0.1'] });
    burst(port, 50, 20, 'reset');
    await server.drain();
    expect(refusals.length + received.size).toBe(50);
    for (const { peer, error } of refusals) {
      expect([peer.remoteAddress, error.code]).toEqual([undefined, 'ERR_PEER_NOT_ALLOWED']);
    }
    expect(refusals.length).toBeGreaterThan(0);
  },
);

test('a drain that begins in the middle of a turn, in a frame, loses nothing that waits', async () => {
  let drained: Promise<void> | undefined;
  const { server, port, received } = await listening({
    onFrame: (text) => {
      if (text !== 'drain') return;
      burst(port, 50, 20);
      drained = server.drain();
    },
  });
  (await client(port)).end(frames(latin1('drain')));
  await until(() => drained !== undefined);
  await drained;
  expect([...received.values()].slice(1).sort(byClient)).toEqual(sentBy(50, 20));
});

test('what arrives while the event loop is blocked for longer than the idle period is read, each time', async () => {
  const idle = 250;
  const { server, port, received } = await listening();
  const socket = await client(port);
  await until(() => server.connections.length === 1);
  const drained = server.drain({ idle });
  const sent = numbered(3);
  for (const text of sent) {
    // Long enough for the drain to be waiting for its timer, which then fires before the socket is read.
    for (let turns = 0; turns < 10; turns++) await turn();
    socket.write(frames(latin1(text)));
    busyWait(idle + 50);
  }
  await drained;
  expect(received.get(1)).toEqual(sent);
});

test('a client in the middle of sending finishes', async () => {
  const { server, port, received, disconnects } = await listening();
  const socket = await client(port);
  await until(() => server.connections.length === 1);
  const drained = server.drain({ idle: 5000 });
  for (const byte of frames(latin1('sent'), latin1('byte by'), latin1('byte'))) {
    socket.write(Uint8Array.of(byte));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  socket.end();
  await drained;
  expect(received.get(1)).toEqual(['sent', 'byte by', 'byte']);
  expect(disconnects[0]?.disconnect).toEqual({ why: 'end' });
});

test('an idle client does not hold it up', async () => {
  const { server, port, disconnects } = await listening();
  const socket = await client(port);
  socket.write(frames(latin1('the last for now')));
  await until(() => server.connections[0]?.frames === 1);
  await server.drain({ idle: 10, limit: 60_000 });
  expect(disconnects[0]?.disconnect).toEqual({ why: 'closed', bytes: 0 });
});

test('a client that never stops sending does not hold it up beyond the limit', async () => {
  const { server, port, disconnects } = await listening();
  const socket = await client(port);
  const timer = setInterval(() => socket.write(frames(latin1('and another'))), 1);
  socket.once('close', () => clearInterval(timer));
  await until(() => server.connections.length === 1);
  await server.drain({ idle: 20_000, limit: 50 });
  expect(disconnects[0]?.disconnect.why).toBe('closed');
});

test('clients that connect without end do not hold it up beyond the limit', async () => {
  const { server, port } = await listening();
  let last = await client(port);
  const next = (): void => {
    last.destroy();
    last = connect(port, '127.0.0.1').on('error', () => {});
  };
  server.on('connection', next);
  next();
  await server.drain({ idle: 20_000, limit: 50 });
  expect(server.connections).toEqual([]);
});

test('nobody connects once it is over', async () => {
  const { server, port } = await listening();
  await server.drain();
  const late = connect(port, '127.0.0.1');
  await expect(once(late, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a close cuts it short', async () => {
  const { server, port, disconnects } = await listening();
  await client(port);
  await until(() => server.connections.length === 1);
  const drained = server.drain({ idle: 20_000, limit: 60_000 });
  await server.close();
  await drained;
  expect(disconnects[0]?.disconnect).toEqual({ why: 'closed', bytes: 0 });
});

test('called again returns the same promise', async () => {
  const { server } = await listening();
  expect(server.drain()).toBe(server.drain({ idle: 1 }));
});

test('before listening, or after listening failed, it has nothing to do', async () => {
  const { port } = await listening();
  await expect(new LogServer({ onFrame: () => {} }).drain()).resolves.toBeUndefined();
  const failed = new LogServer({ port, onFrame: () => {} });
  await expect(failed.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await expect(failed.drain()).resolves.toBeUndefined();
});
