// Reading a socket into given memory; stopping it and starting it: what is read meanwhile, and what comes after it.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';

import { describe, expect, onTestFinished, test } from 'vitest';

import { readInto, readMemory, startReading, stopReading } from '../../src/net/reading/socket-reading.ts';
import { hasOpenssl, makeCertificates } from '../interop/certificates.ts';
import { closed, isLinux, temporaryFolder, turn, until } from './server-fixture.ts';

const hasTls = hasOpenssl('the tests of stopping TLS');
const folder = hasTls ? makeCertificates() : '';
const pem = (name: string): Buffer => readFileSync(join(folder, name));

type Transport = 'tcp' | 'tls' | 'unix';

/** Both ends of a connection. What the server's end reads, into `buffer` if there is one, is counted in `read`. */
async function pair(transport: Transport, buffer?: Uint8Array) {
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
  const [first] = (await accepted) as [Socket];
  const socket = buffer === undefined ? first : readInto(first, () => buffer);
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
  return { server, client, socket, read };
}

async function someTurns(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await turn();
}

function busyWait(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

const SENT = 300_000;

describe.each<[string, Transport, boolean, Uint8Array?]>([
  ['tcp', 'tcp', true],
  ['tls', 'tls', hasTls],
  ['unix', 'unix', isLinux],
  ['tcp read into a buffer', 'tcp', true, new Uint8Array(64 * 1024)],
  ['unix read into a buffer', 'unix', isLinux, new Uint8Array(1000)],
])('a socket of %s', (_, transport, runs, buffer) => {
  test.runIf(runs)('that is stopped before it was read is not read, then whole, with its end', async () => {
    const { client, socket, read } = await pair(transport, buffer);
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
    const { client, socket, read } = await pair(transport, buffer);
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
    const pairs = [await pair(transport, buffer), await pair(transport, buffer)];
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
    const { client, socket, read } = await pair(transport, buffer);
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
    const { client, socket, read } = await pair(transport, buffer);
    stopReading(socket);
    startReading(socket);
    startReading(socket);
    client.end('x');
    await until(() => read.ended);
    expect(read.bytes).toBe(1);
  });
});

describe.skipIf(process.platform === 'win32')('a socket read into a buffer', () => {
  test('hands on nothing but views of it, with what came', async () => {
    const buffer = new Uint8Array(10);
    const { client, socket, read } = await pair('tcp', buffer);
    const [memory, texts] = [new Set<unknown>(), ['']];
    socket.on('data', (chunk: Uint8Array) => {
      memory.add(chunk.buffer);
      texts.push(Buffer.from(chunk).toString());
    });
    client.end('twenty-five bytes of text');
    await until(() => read.ended);
    expect(texts.join('')).toBe('twenty-five bytes of text');
    expect([...memory]).toEqual([buffer.buffer]);
  });

  test('shares it with others', async () => {
    const buffer = new Uint8Array(100);
    const pairs = [await pair('tcp', buffer), await pair('tcp', buffer)];
    const texts = pairs.map(({ socket }) => {
      const text = { came: '' };
      socket.on('data', (chunk: Uint8Array) => {
        text.came += Buffer.from(chunk).toString();
      });
      return text;
    });
    for (let n = 0; n < 100; n++) for (const [i, { client }] of pairs.entries()) client.write(`${i}:${n};`);
    for (const { client } of pairs) client.end();
    await until(() => pairs.every(({ read }) => read.ended));
    const sent = (i: number): string => Array.from({ length: 100 }, (_, n) => `${i}:${n};`).join('');
    expect(texts.map(({ came }) => came)).toEqual([sent(0), sent(1)]);
  });

  test('is read into what is given for the bytes that came last', async () => {
    const { client, socket: first } = await pair('tcp');
    const asked: number[] = [];
    const socket = readInto(first, (last) => {
      asked.push(last);
      return new Uint8Array(last === 0 ? 3 : 100);
    });
    const texts: string[] = [];
    socket.on('data', (chunk: Uint8Array) => texts.push(Buffer.from(chunk).toString()));
    client.end('seven b');
    await closed(socket);
    expect([asked, texts]).toEqual([
      [0, 3, 4],
      ['sev', 'en b'],
    ]);
  });

  test('has the addresses of the one that was accepted, and its server waits for it', async () => {
    const { server, client, socket } = await pair('tcp', new Uint8Array(10));
    expect([socket.remoteAddress, socket.remotePort]).toEqual([client.localAddress, client.localPort]);
    let isClosed = false;
    server.close(() => {
      isClosed = true;
    });
    await someTurns();
    expect(isClosed).toBe(false);
    client.end();
    await until(() => isClosed);
    expect(socket.destroyed).toBe(true);
  });

  test('is the same socket where its handle cannot do that', () => {
    const stream = new PassThrough() as unknown as Socket;
    expect(readInto(stream, () => new Uint8Array(10))).toBe(stream);
  });
});

test('memory to read into cannot be taken away, whoever is given a view of it', () => {
  const memory = readMemory(100_000) as Uint8Array<ArrayBuffer>;
  const { buffer } = memory;
  const { port1 } = new MessageChannel();
  onTestFinished(() => port1.close());
  // Some are refused; where a message is sent all the same, it has a copy.
  for (const take of [
    () => structuredClone(memory, { transfer: [buffer] }),
    () => port1.postMessage(memory, [buffer]),
    () => (buffer as { transfer?: () => unknown }).transfer?.(),
  ]) {
    try {
      take();
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
    expect(memory).toHaveLength(100_000);
  }
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
