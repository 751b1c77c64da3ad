// Datagrams, as DatagramHandler sends them: one frame each.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

import { describe, expect, onTestFinished, test } from 'vitest';

import { DatagramServer, type DatagramServerOptions, type Peer } from '../../src/net/index.ts';
import { frames, latin1, numbered, prefix, textOf } from './frames.ts';
import { until } from './server-fixture.ts';

interface Sent {
  readonly text: string;
  readonly peer: Peer;
}

async function receiving(options: Partial<DatagramServerOptions> = {}) {
  const received: Sent[] = [];
  const told: { readonly event: string; readonly peer: Peer; readonly what: unknown }[] = [];
  const server = new DatagramServer({
    listen: 'udp://127.0.0.1:0',
    onFrame: (bytes, start, end, peer) => {
      // All of the datagram, as a plain Uint8Array, of which the payload is what follows the prefix.
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
      expect([start, end]).toEqual([4, bytes.length]);
      const text = textOf(bytes, start, end);
      if (text === 'bad') throw new Error('no record');
      received.push({ text, peer });
    },
    ...options,
  });
  for (const event of ['refused', 'malformed', 'oversize', 'frameError'] as const) {
    server.on(event, (peer: Peer, what: unknown) => told.push({ event, peer, what }));
  }
  onTestFinished(() => server.close());
  const { port } = await server.listen();
  return { server, port, received, told };
}

/** A sender bound to an address, which may send what it likes. */
async function sender(address = '127.0.0.1'): Promise<Socket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4').bind(0, address);
  onTestFinished(() => {
    socket.close();
  });
  await once(socket, 'listening');
  return socket;
}

function send(socket: Socket, port: number, bytes: Uint8Array): Promise<void> {
  const { address } = socket.address();
  return new Promise((resolve, reject) => {
    socket.send(bytes, port, address, (error) => (error === null ? resolve() : reject(error)));
  });
}

describe('a datagram', () => {
  test('that is a frame is handed on, with who sent it', async () => {
    const { server, port, received, told } = await receiving();
    const [one, two] = [await sender(), await sender()];
    for (const socket of [one, one, two]) {
      await send(socket, port, frames(latin1(`to ${received.length}`)));
      await until(() => received.length === server.datagrams && server.datagrams > 0);
    }
    await until(() => received.length === 3);
    const of = (id: number, socket: Socket) => {
      const { port: remotePort } = socket.address();
      return { id, transport: 'udp', remoteAddress: '127.0.0.1', remotePort, subject: null };
    };
    expect(received.map(({ peer }) => peer)).toEqual([of(1, one), of(1, one), of(2, two)]);
    expect(server.bytes).toBe(3 * (4 + 4));
    expect(told).toEqual([]);
  });

  test.each<[string, Uint8Array, RegExp, string | null]>([
    ['nothing', latin1(''), /0 bytes has no length prefix/, null],
    ['less than a length', latin1('abc'), /3 bytes has no length prefix/, null],
    [
      'a length and too little',
      Buffer.concat([prefix(5), latin1('four')]),
      /announces 5 bytes, and 4 bytes follow/,
      null,
    ],
    [
      'a length and too much',
      Buffer.concat([prefix(3), latin1('four')]),
      /announces 3 bytes, and 4 bytes follow/,
      null,
    ],
    ['two frames', frames(latin1('a'), latin1('b')), /announces 1 bytes, and 6 bytes follow/, null],
    ['the longest length of a frame', prefix(2 ** 24 - 1), /announces 16777215 bytes/, null],
    [
      'syslog',
      latin1('<34>1 2003-10-11T22:14:15.003Z host app'),
      /39 bytes is no frame; this looks like syslog/,
      'syslog',
    ],
    ['JSON', latin1('{"msg": "hello"}'), /looks like JSON/, 'json'],
    ['a pickle', latin1('\x80\x04\x95\x10\0\0\0'), /looks like a pickle/, 'pickle'],
    ['anything', latin1('\xde\xad\xbe\xef'), /looks like no known protocol/, 'unknown'],
  ])('of %s is told of in words, and costs itself only', async (_, bytes, message, protocol) => {
    const { port, received, told } = await receiving();
    const socket = await sender();
    await send(socket, port, bytes);
    await send(socket, port, frames(latin1('next')));
    await until(() => received.length === 1);
    expect(told).toMatchObject([
      { event: 'malformed', what: { code: 'ERR_DATAGRAM', protocol, message: expect.stringMatching(message) } },
    ]);
    expect(told[0]?.peer).toMatchObject({ remoteAddress: '127.0.0.1', remotePort: socket.address().port });
  });

  test.each([
    [10, true],
    [11, false],
  ])('of %i bytes against a limit of 10 is handed on: %s', async (length, isHandedOn) => {
    const { port, received, told } = await receiving({ maxFrame: 10 });
    const socket = await sender();
    await send(socket, port, frames(latin1('x'.repeat(length))));
    await send(socket, port, frames(latin1('next')));
    await until(() => received.at(-1)?.text === 'next');
    expect(received).toHaveLength(isHandedOn ? 2 : 1);
    expect(told).toMatchObject(isHandedOn ? [] : [{ event: 'oversize', what: length }]);
  });

  test('as long as they get is handed on', async () => {
    const { port, received } = await receiving();
    await send(await sender(), port, frames(new Uint8Array(65_503)));
    await until(() => received.length === 1);
    expect(received[0]?.text).toHaveLength(65_503);
  });

  test('whose handler throws costs itself only', async () => {
    const { port, received, told } = await receiving();
    const socket = await sender();
    for (const text of ['bad', 'good']) await send(socket, port, frames(latin1(text)));
    await until(() => received.length === 1);
    expect(told).toMatchObject([{ event: 'frameError', what: new Error('no record') }]);
  });

  test.runIf(process.platform === 'linux')(
    'from who may not send is ignored, counted for nothing and told of',
    async () => {
      const { server, port, received, told } = await receiving({ listen: 'udp://0.0.0.0:0', allowFrom: ['127.0.0.2'] });
      const [stranger, friend] = [await sender(), await sender('127.0.0.2')];
      await send(stranger, port, frames(latin1('stranger')));
      await send(friend, port, frames(latin1('friend')));
      await until(() => received.length === 1);
      expect(received[0]).toMatchObject({ text: 'friend', peer: { remoteAddress: '127.0.0.2' } });
      expect(told).toMatchObject([
        { event: 'refused', peer: { remoteAddress: '127.0.0.1' }, what: { code: 'ERR_PEER_NOT_ALLOWED' } },
      ]);
      expect(server.datagrams).toBe(1);
    },
  );
});

describe('a server', () => {
  test('listens on several endpoints, and names them in their order', async () => {
    const { server, received } = await receiving({ listen: ['udp://127.0.0.1:0', 'udp://localhost:0'] });
    expect(server.bound).toMatchObject([
      { transport: 'udp', address: '127.0.0.1', family: 'IPv4' },
      { transport: 'udp', url: expect.stringMatching(/^udp:\/\/127\.0\.0\.1:\d+$/) },
    ]);
    const socket = await sender();
    for (const { port } of server.bound) await send(socket, port, frames(latin1(`${port}`)));
    await until(() => received.length === 2);
  });

  test('binds all endpoints or none, and the error names the one that failed', async () => {
    const { port } = await receiving();
    const second = new DatagramServer({ listen: ['udp://127.0.0.1:0', `udp://127.0.0.1:${port}`], onFrame: () => {} });
    await expect(second.listen()).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: `cannot listen on udp://127.0.0.1:${port}: another program listens there (EADDRINUSE)`,
      endpoint: { transport: 'udp', port },
    });
    expect(second.bound).toEqual([]);
  });

  test('drained takes what has come, then is deaf', async () => {
    const { server, port, received } = await receiving();
    const socket = await sender();
    const sent = numbered(100);
    for (const text of sent) await send(socket, port, frames(latin1(text)));
    const drained = server.drain({ idle: 50 });
    expect(server.drain()).toBe(drained);
    await drained;
    expect(received.map(({ text }) => text)).toEqual(sent);
    expect(server.bound).toEqual([]);
    await expect(server.listen()).resolves.toBeDefined();
  });

  test('drained ends at its limit where a sender never does', async () => {
    const { server, port, received } = await receiving();
    const socket = await sender();
    const timer = setInterval(() => socket.send(frames(latin1('more')), port, '127.0.0.1'), 1);
    onTestFinished(() => clearInterval(timer));
    await until(() => received.length > 0);
    await server.drain({ idle: 20_000, limit: 50 });
    expect(server.bound).toEqual([]);
  });

  test('closed before it listened stays closed', async () => {
    const server = new DatagramServer({ listen: 'udp://127.0.0.1:0', onFrame: () => {} });
    await server.drain();
    await expect(server.listen()).rejects.toThrow('closed');
  });

  test('takes no endpoint of connections, and no limit out of range', () => {
    for (const listen of ['tcp://127.0.0.1', 'tls://127.0.0.1', 'unix:/x']) {
      expect(() => new DatagramServer({ listen, onFrame: () => {} })).toThrow(TypeError);
    }
    expect(() => new DatagramServer({ maxFrame: 0, onFrame: () => {} })).toThrow(RangeError);
  });

  test('has room in the kernel for what comes while it is busy', async () => {
    const { server, port, received } = await receiving();
    const socket = await sender();
    // As many as come before anybody reads: the callbacks of send() are run in the same turn as the sends.
    const payload = frames(new Uint8Array(1000));
    await Promise.all(Array.from({ length: 100 }, () => send(socket, port, payload)));
    await server.drain({ idle: 50 });
    expect(received).toHaveLength(100);
  });
});
