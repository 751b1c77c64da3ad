// The account of the handlers that send: written + dropped + failed + waiting is what they were given, at any time.

import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DatagramHandler } from '../../../src/logging/handlers/datagram-handler.ts';
import { HTTPHandler } from '../../../src/logging/handlers/http-handler.ts';
import type { OutboxHandler } from '../../../src/logging/handlers/outbox-handler.ts';
import { SocketHandler } from '../../../src/logging/handlers/socket-handler.ts';
import { SysLogHandler } from '../../../src/logging/handlers/sys-log-handler.ts';
import { PyTuple } from '../../../src/pickle/index.ts';
import { makeRecord } from '../recording.ts';
import { useScratch } from './scratch.ts';

useScratch();

/** Where there is a server that takes everything: closed after the test, and by `stop`. */
interface Served {
  readonly port: number;
  stop(): Promise<void>;
}

async function serve(server: Server): Promise<Served> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.resume();
  });
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(stop);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as { port: number }).port, stop };
}

async function serveDatagrams(): Promise<DatagramSocket> {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

const HOST = '127.0.0.1';

/** Each handler at a server that takes what comes; and at one that is not there, with room for two or so records. */
const HANDLERS: readonly [string, () => Promise<OutboxHandler>, () => Promise<OutboxHandler>][] = [
  [
    'SocketHandler',
    async () => new SocketHandler(HOST, (await serve(createServer())).port),
    async () => {
      const { port, stop } = await serve(createServer());
      await stop();
      return new SocketHandler(HOST, port, { maxPending: 1000 });
    },
  ],
  [
    'DatagramHandler',
    async () => new DatagramHandler(HOST, (await serveDatagrams()).address().port),
    async () => new DatagramHandler('no-such-host.invalid', 9021, { maxPending: 1000 }),
  ],
  [
    'SysLogHandler over UDP',
    async () => new SysLogHandler({ address: [HOST, (await serveDatagrams()).address().port] }),
    async () => new SysLogHandler({ address: ['no such host', 514], maxPending: 128 }),
  ],
  [
    'SysLogHandler over TCP',
    async () => new SysLogHandler({ address: [HOST, (await serve(createServer())).port], socktype: 'tcp' }),
    async () => {
      const { port, stop } = await serve(createServer());
      await stop();
      return new SysLogHandler({ address: [HOST, port], socktype: 'tcp', maxPending: 128 });
    },
  ],
  [
    'HTTPHandler',
    async () => {
      const answer = createHttpServer((request, response) => {
        response.statusCode = request.url?.includes('msg=refused') ? 400 : 200;
        response.end();
      });
      return new HTTPHandler(`${HOST}:${(await serve(answer)).port}`, '/');
    },
    async () => {
      const { port, stop } = await serve(createServer());
      await stop();
      return new HTTPHandler(`${HOST}:${port}`, '/', { maxPending: 1000 });
    },
  ],
];

function sumOf({ dropped }: OutboxHandler): number {
  return [...dropped.values()].reduce((sum, count) => sum + count, 0);
}

function expectAccount(handler: OutboxHandler, handled: number): void {
  expect(handler.written + sumOf(handler) + handler.failed + handler.waiting).toBe(handled);
}

/** Has no text; and is too long for a datagram. */
const broken = { msg: '%d', args: PyTuple.of('x') };
const long = { msg: 'x'.repeat(70_000) };

describe.each(HANDLERS)('%s', (name, reachable, unreachable) => {
  test('counts each record once where they arrive', async () => {
    const handler = await reachable();
    // An HTTPHandler sends what the message is made of, and this server refuses a URL of that length for its own sake.
    const entries = name === 'HTTPHandler' ? [{}, { msg: 'refused' }, {}] : [{}, broken, long, {}];
    for (const [index, each] of entries.entries()) {
      handler.handle(makeRecord(each));
      expectAccount(handler, index + 1);
    }
    while (handler.waiting > 0) {
      expectAccount(handler, entries.length);
      await handler.flush();
    }
    await handler.close();
    const failed = name === 'DatagramHandler' || name === 'SysLogHandler over UDP' ? 2 : 1;
    expect([handler.written, handler.failed, sumOf(handler)]).toEqual([entries.length - failed, failed, 0]);
  });

  test('counts each record once where nothing is there', async () => {
    const handler = await unreachable();
    for (let handled = 1; handled <= 10; handled++) {
      handler.handle(makeRecord());
      expectAccount(handler, handled);
    }
    await expect(handler.flush()).rejects.toThrow();
    expectAccount(handler, 10);
    expect([handler.written, handler.failed, handler.waiting > 0]).toEqual([0, 0, true]);
    await expect(handler.close()).rejects.toThrow();
    expect([handler.written, handler.failed, handler.waiting, sumOf(handler)]).toEqual([0, 0, 0, 10]);
  });
});
