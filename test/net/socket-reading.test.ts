// Stopping and starting a socket: what is read meanwhile, and what comes after it.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';

import { describe, expect, onTestFinished, test } from 'vitest';

import { startReading, stopReading } from '../../src/net/socket-reading.ts';
import { hasOpenssl, makeCertificates } from '../interop/certificates.ts';
import { closed, isLinux, temporaryFolder, turn, until } from './server-fixture.ts';

const hasTls = hasOpenssl('the tests of stopping TLS');
const folder = hasTls ? makeCertificates() : '';
const pem = (name: string): Buffer => readFileSync(join(folder, name));

type Transport = 'tcp' | 'tls' | 'unix';

/** Both ends of a connection. What the server's end reads is counted in `read`. */
async function pair(transport: Transport) {
  const server =
    transport === 'tls' ? createTlsServer({ cert: pem('server.pem'), key: pem('server.key') }) : createServer();
  onTestFinished(() => {
    server.close();
  });
  const path = join(temporaryFolder(), 's');
  server.listen(transport === 'unix' ? { path } : { host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  const to = typeof address === 'string' ? { path } : { host: '127.0.0.1', port: address?.port ?? 0 };
  const accepted = once(server, transport === 'tls' ? 'secureConnection' : 'connection');
  const client = transport === 'tls' ? connectTls({ ...to, ca: pem('ca.pem') }) : connect(to);
  client.on('error', () => {});
  const [socket] = (await accepted) as [Socket];
  onTestFinished(() => {
    client.destroy();
    socket.destroy();
  });
  const read = { bytes: 0, ended: false, error: '' };
  socket.on('data', (chunk: Uint8Array) => {
    read.bytes += chunk.length;
  });
  socket.on('end', () => {
    read.ended = true;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    read.error = error.code ?? '';
  });
  return { client, socket, read };
}

async function someTurns(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await turn();
}

function busyWait(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

const SENT = 300_000;

describe.each<[Transport, boolean]>([
  ['tcp', true],
  ['tls', hasTls],
  ['unix', isLinux],
])('a socket of %s', (transport, runs) => {
  test.runIf(runs)('that is stopped before it was read is not read, then whole, with its end', async () => {
    const { client, socket, read } = await pair(transport);
    stopReading(socket);
    const before = socket.bytesRead;
    client.end(Buffer.alloc(SENT));
    await someTurns();
    expect([read.bytes, socket.bytesRead]).toEqual([0, before]);
    startReading(socket);
    await until(() => read.ended);
    expect(read).toEqual({ bytes: SENT, ended: true, error: '' });
  });

  test.runIf(runs)('that is stopped at each chunk, while its own chunk is handed on, loses nothing', async () => {
    const { client, socket, read } = await pair(transport);
    let stops = 0;
    socket.on('data', () => {
      if (stops++ % 2 === 1) return;
      stopReading(socket);
      setImmediate(() => startReading(socket));
    });
    client.end(Buffer.alloc(10 * SENT));
    await until(() => read.ended);
    expect(read.bytes).toBe(10 * SENT);
  });

  test.runIf(runs)('that is stopped by another, which was read first of two that were ready, is not read', async () => {
    const pairs = [await pair(transport), await pair(transport)];
    await someTurns();
    const before = pairs.map(({ socket }) => socket.bytesRead);
    for (const [n, { socket }] of pairs.entries()) {
      socket.once('data', () => stopReading((pairs[1 - n] as (typeof pairs)[0]).socket));
    }
    for (const { client } of pairs) client.write(Buffer.alloc(1000));
    busyWait(20);
    await until(() => pairs.some(({ read }) => read.bytes > 0));
    await someTurns();
    const unread = pairs.findIndex(({ read }) => read.bytes === 0);
    const { socket, read } = pairs[unread] as (typeof pairs)[0];
    expect(socket.bytesRead).toBe(before[unread]);
    startReading(socket);
    await until(() => read.bytes === 1000);
  });

  test.runIf(runs)('that is destroyed while it is stopped closes, and starting it then does nothing', async () => {
    const { client, socket, read } = await pair(transport);
    stopReading(socket);
    client.write(Buffer.alloc(SENT));
    await someTurns();
    const gone = closed(socket);
    socket.destroy();
    startReading(socket);
    await gone;
    startReading(socket);
    stopReading(socket);
    expect(read).toEqual({ bytes: 0, ended: false, error: '' });
  });

  test.runIf(runs)('can be started twice', async () => {
    const { client, socket, read } = await pair(transport);
    stopReading(socket);
    startReading(socket);
    startReading(socket);
    client.end('x');
    await until(() => read.ended);
    expect(read.bytes).toBe(1);
  });
});

test('a reset that comes while a socket is stopped is seen once it is started', async () => {
  const { client, socket, read } = await pair('tcp');
  stopReading(socket);
  client.resetAndDestroy();
  await someTurns();
  expect([read.error, socket.destroyed]).toEqual(['', false]);
  const gone = closed(socket);
  startReading(socket);
  await gone;
  expect(read.error).toBe('ECONNRESET');
});

test('a socket without a handle that can stop is paused', async () => {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk) => chunks.push(String(chunk)));
  const socket = stream as unknown as Socket;
  stopReading(socket);
  stream.write('kept');
  await someTurns();
  expect(chunks).toEqual([]);
  startReading(socket);
  await until(() => chunks.length > 0);
  expect(chunks).toEqual(['kept']);
});

test('a socket that the system does not read any more is destroyed, and says why', async () => {
  const { socket, read } = await pair('tcp');
  const handle = (socket as unknown as { _handle: { readStart: () => number } })._handle;
  handle.readStart = () => -107;
  stopReading(socket);
  startReading(socket);
  await closed(socket);
  expect(socket.errored?.message).toMatch(/cannot be read any more: [A-Z]+/);
  expect(read.ended).toBe(false);
});
