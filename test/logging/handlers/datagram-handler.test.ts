// DatagramHandler: one datagram for each record, or an error that is counted.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { DatagramHandler } from '../../../src/logging/handlers/datagram-handler.ts';
import { SocketHandler } from '../../../src/logging/handlers/socket-handler.ts';
import { PyTuple, unpickle } from '../../../src/pickle/index.ts';
import { recordOf } from './socket-receiver.ts';

let stderr: string[];

beforeEach(() => {
  stderr = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr.push(String(text));
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A UDP receiver and the datagrams that came; closed after the test. */
async function listen(
  type: 'udp4' | 'udp6' = 'udp4',
): Promise<{ socket: Socket; port: number; next: () => Promise<Buffer> }> {
  const socket = createSocket(type);
  socket.bind(0, type === 'udp4' ? '127.0.0.1' : '::1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  const come: Buffer[] = [];
  socket.on('message', (message) => come.push(message));
  const next = async (): Promise<Buffer> => {
    if (come.length === 0) await once(socket, 'message');
    return come.shift() as Buffer;
  };
  return { socket, port: socket.address().port, next };
}

function messageOf(datagram: Buffer): unknown {
  expect(datagram.readUInt32BE(0)).toBe(datagram.length - 4);
  return (unpickle(datagram.subarray(4)) as Map<unknown, unknown>).get('msg');
}

test.each(['127.0.0.1', 'localhost'])(
  'sends each record to %s as a datagram, with its length in front',
  async (host) => {
    const { port, next } = await listen();
    const handler = new DatagramHandler(host, port);
    for (const msg of ['one', 'two', 'three']) {
      handler.handle(recordOf({ msg }));
      expect(messageOf(await next())).toBe(msg);
    }
    await handler.close();
    expect([handler.pending, handler.errors.size, handler.dropped.size]).toEqual([0, 0, 0]);
  },
);

test('sends what a SocketHandler does', async () => {
  const { port, next } = await listen();
  const handler = new DatagramHandler('127.0.0.1', port, { protocol: 4 });
  const record = recordOf({ msg: '%s', args: PyTuple.of('x'), user: 'alice' });
  handler.handle(record);
  expect(await next()).toEqual(Buffer.from(new SocketHandler('h', 9, { protocol: 4 }).makePickle(record)));
  await handler.close();
});

test('sends to an IPv6 address', async (context) => {
  const receiver = await listen('udp6').catch(() => null);
  if (receiver === null) return context.skip();
  const handler = new DatagramHandler('::1', receiver.port);
  handler.handle(recordOf());
  expect(messageOf(await receiver.next())).toBe('hello');
  await handler.close();
});

test('counts a record that fits no datagram as an error, and the largest that does is sent', async () => {
  const { port, next } = await listen();
  const handler = new DatagramHandler('127.0.0.1', port);
  const room = 65_507 - handler.makePickle(recordOf({ msg: 'x' })).length + 1;
  handler.handle(recordOf({ msg: 'x'.repeat(room + 1) }));
  handler.handle(recordOf({ msg: 'x'.repeat(room) }));
  expect((await next()).length).toBe(65_507);
  await handler.close();
  expect([...handler.errors]).toEqual([['a record of more than 65507 bytes does not fit a datagram', 1]]);
});

test('counts a record whose message cannot be made, and throws nothing', () => {
  const handler = new DatagramHandler('127.0.0.1', 9);
  handler.handle(recordOf({ msg: '%d', args: PyTuple.of('x') }));
  expect([...handler.errors.values()]).toEqual([1]);
});

test('keeps what waits for a name that is not known, and looks it up again; close counts it as dropped', async () => {
  const handler = new DatagramHandler('no-such-host.invalid', 9021);
  for (let round = 1; round <= 2; round++) {
    for (const levelname of ['INFO', 'ERROR']) handler.handle(recordOf({ levelname }));
    await expect(handler.flush()).rejects.toThrow('getaddrinfo');
    expect([handler.waiting, handler.dropped.size]).toEqual([2 * round, 0]);
    expect([...handler.errors.values()].reduce((sum, count) => sum + count)).toBe(round);
  }
  await expect(handler.close()).rejects.toThrow('getaddrinfo');
  expect([[...handler.dropped], handler.pending, handler.waiting]).toEqual([
    [
      ['INFO', 2],
      ['ERROR', 2],
    ],
    0,
    0,
  ]);
});

test('looks a name up for IPv4, or for the family that it is told', async (context) => {
  const receiver = await listen('udp6').catch(() => null);
  if (receiver === null) return context.skip();
  const handler = new DatagramHandler('localhost', receiver.port, { family: 6 });
  handler.handle(recordOf());
  const failure = await handler.flush().catch((error: NodeJS.ErrnoException) => error);
  if (failure?.syscall === 'getaddrinfo') return context.skip(); // localhost has no IPv6 address here
  expect(messageOf(await receiver.next())).toBe('hello');
  await handler.close();
});

test('drops the newest records over maxPending bytes', async () => {
  const { port, next } = await listen();
  const size = new DatagramHandler('127.0.0.1', port).makePickle(recordOf()).length;
  const handler = new DatagramHandler('127.0.0.1', port, { maxPending: 2 * size });
  for (let i = 0; i < 5; i++) handler.handle(recordOf());
  expect([...handler.dropped]).toEqual([['INFO', 3]]);
  for (let i = 0; i < 2; i++) await next();
  await handler.close();
});

test('after close, opens another socket for a record, as in Python', async () => {
  const { port, next } = await listen();
  const handler = new DatagramHandler('127.0.0.1', port);
  for (let i = 0; i < 2; i++) {
    handler.handle(recordOf());
    await next();
    await handler.close();
  }
  await handler.close();
});

test('keeps no program alive', async () => {
  const { socket, port, next } = await listen();
  const handler = new DatagramHandler('127.0.0.1', port);
  handler.handle(recordOf());
  await next();
  await handler.flush();
  socket.unref();
  expect(process.getActiveResourcesInfo()).not.toContain('UDPWrap');
  await handler.close();
});

test.each([
  [null, /no Unix datagram sockets/],
  [0, /0 is no port/],
  [70_000, /70000 is no port/],
])('cannot be made for port %s', (port, message) => {
  expect(() => new DatagramHandler('h', port)).toThrow(message);
});
