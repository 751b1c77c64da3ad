// What a receiver listens on, whom it turns away, and what it says of who sent a record.

import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Manager } from '../../src/logging/index.ts';
import { EndpointError, type Peer } from '../../src/net/index.ts';
import { createReceiver, type ReceiverOptions } from '../../src/receiver/index.ts';
import { hasOpenssl, makeCertificates } from '../interop/certificates.ts';
import { frames, latin1, prefix } from '../net/frames.ts';
import { closed, temporaryFolder, until } from '../net/server-fixture.ts';
import { pickleRecord } from '../record/pickles.ts';
import { connectTo, Messages, type Receiving, receiving, send } from './receiving.ts';

const has = hasOpenssl('the tests of receivers with TLS');
const folder = has ? makeCertificates() : '';
const pem = (name: string): Buffer => readFileSync(join(folder, name));
const identity = (name: string) => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });

/** Sends frames to each endpoint of a receiver, and closes. */
function sendTo({ receiver }: Receiving, bytes: (transport: string) => Uint8Array): void {
  for (const { transport, address, port } of receiver.bound) {
    if (transport === 'udp') {
      const socket = createSocket('udp4');
      socket.send(bytes(transport), port, address, () => socket.close());
    } else if (transport === 'tls') {
      connectTls({ host: address, port, ca: pem('ca.pem') }).end(bytes(transport));
    } else {
      (transport === 'unix' ? connect(address) : connect(port, address)).end(bytes(transport));
    }
  }
}

describe('several endpoints', () => {
  const everything = (): ReceiverOptions => ({
    listen: [
      'udp://127.0.0.1:0',
      'tcp://127.0.0.1:0',
      `unix:${temporaryFolder()}/s`,
      ...(has ? ['tls://127.0.0.1:0'] : []),
      { transport: 'tcp', host: '127.0.0.1', port: 0 },
    ],
    ...(has ? { tls: identity('server') } : {}),
  });

  test('are all listened to, are named in their order, and a record says which it came by', async () => {
    const all = await receiving(everything());
    const transports = ['udp', 'tcp', 'unix', ...(has ? ['tls'] : []), 'tcp'];
    expect(all.receiver.bound.map(({ transport }) => transport)).toEqual(transports);
    expect(all.receiver.address).toEqual(all.receiver.bound[0]);
    const by: [unknown, string][] = [];
    all.receiver.on('record', ({ msg }, { transport }) => by.push([msg, transport]));
    sendTo(all, (transport) => frames(pickleRecord(transport)));
    await until(() => by.length === transports.length);
    expect(by.every(([msg, transport]) => msg === transport)).toBe(true);
    expect(by.map(([msg]) => msg).sort()).toEqual([...transports].sort());
    const connections = transports.length - 1;
    expect(all.receiver.stats).toMatchObject({
      records: connections + 1,
      frames: connections + 1,
      connections,
      datagrams: 1,
    });
    expect(all.rejections).toEqual([]);
  });

  test('closed take what has been sent to each, then nobody can reach any', async () => {
    const all = await receiving(everything());
    const { bound } = all.receiver;
    sendTo(all, (transport) =>
      frames(...Array.from({ length: transport === 'udp' ? 1 : 50 }, () => pickleRecord('last'))),
    );
    await all.receiver.close({ idle: 1000 });
    expect(all.handled).toHaveLength(1 + 50 * (bound.length - 1));
    expect(all.receiver.bound).toEqual([]);
    for (const { transport, address, port } of bound) {
      if (transport === 'udp') continue;
      const late = transport === 'unix' ? connect(address) : connect(port, address);
      const error = await new Promise((resolve) => late.once('error', resolve));
      expect(error).toMatchObject({ code: transport === 'unix' ? 'ENOENT' : 'ECONNREFUSED' });
    }
  });

  test.each(['tcp', 'udp'])('are bound all or none: the error names the one over %s that failed', async (transport) => {
    const { receiver: first } = await receiving({ listen: `${transport}://127.0.0.1:0` });
    const path = join(temporaryFolder(), 's');
    const taken = first.address?.url as string;
    const receiver = createReceiver({
      listen: ['udp://127.0.0.1:0', `unix:${path}`, 'tcp://127.0.0.1:0', taken],
      manager: new Manager(),
    });
    const opened = vi.fn();
    receiver.on('connection', opened);
    await expect(receiver.listen()).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: `cannot listen on ${taken}: another program listens there (EADDRINUSE)`,
    });
    expect(receiver.bound).toEqual([]);
    const error = await new Promise((resolve) => connect(path).once('error', resolve));
    expect(error).toMatchObject({ code: 'ENOENT' });
    await receiver.close();
  });

  test('only of datagrams have no connections, and stats all the same', async () => {
    const { receiver } = await receiving({ listen: 'udp://127.0.0.1:0' });
    expect([receiver.connections, receiver.stats.open, receiver.stats.unfinished]).toEqual([[], 0, 0]);
  });
});

test.each<[ReceiverOptions, new (...args: never[]) => Error]>([
  [{ listen: 'tcp://127.0.0.1', port: 1 }, TypeError],
  [{ listen: [] }, TypeError],
  [{ listen: 'tls://127.0.0.1' }, TypeError],
  [{ listen: 'nowhere' }, EndpointError],
  [{ allowFrom: ['nobody'] }, EndpointError],
  [{ connectionLimits: { maxConnections: 0 } }, RangeError],
])('options of %j are a mistake', (options, kind) => {
  expect(() => createReceiver(options)).toThrow(kind);
});

describe('a rejection', () => {
  test('tells who was turned away, and is counted', async () => {
    const { receiver, rejections } = await receiving({ allowFrom: ['192.0.2.1'] });
    const socket = connectTo(receiver);
    await closed(socket.resume());
    await until(() => rejections.length === 1);
    expect(rejections).toMatchObject([
      {
        code: 'ERR_PEER_NOT_ALLOWED',
        message: '127.0.0.1 may not connect',
        peer: { id: 1, remoteAddress: '127.0.0.1' },
      },
    ]);
    expect(receiver.stats).toMatchObject({ refused: 1, rejected: 1, connections: 0, open: 0 });
  });

  test('tells of a connection too many', async () => {
    const { receiver, rejections } = await receiving({ connectionLimits: { maxConnections: 1 } });
    const [first, second] = [connectTo(receiver), connectTo(receiver)];
    await Promise.race([closed(first.resume()), closed(second.resume())]);
    await until(() => rejections.length === 1);
    expect(rejections).toMatchObject([{ code: 'ERR_PEER_LIMIT', protocol: null, global: null, signature: null }]);
    expect(receiver.stats).toMatchObject({ refused: 1, connections: 1, open: 1 });
  });

  test('tells of a frame that found no memory', async () => {
    const { receiver, rejections, handled } = await receiving({ connectionLimits: { maxUnfinished: 100 } });
    const socket = connectTo(receiver);
    // A connection has 4 KiB of its own.
    socket.write(Buffer.concat([prefix(5000), new Uint8Array(4999)]));
    await until(() => rejections.length === 1);
    expect(rejections).toMatchObject([
      { code: 'ERR_FRAME_MEMORY', message: expect.stringContaining('5000 bytes'), peer: { id: 1 } },
    ]);
    socket.write(Buffer.concat([new Uint8Array(1), frames(pickleRecord('next'))]));
    await until(() => handled.length === 1);
    expect(receiver.stats).toMatchObject({ overBudget: 1, oversize: 0, frames: 1, open: 1, unfinished: 0 });
  });

  test('tells of a frame of which no more came', async () => {
    const { receiver, rejections } = await receiving({ connectionLimits: { frameTimeout: 20 } });
    const socket = connectTo(receiver);
    socket.write(prefix(100));
    await until(() => receiver.stats.unfinished === 0 && rejections.length === 1);
    expect(rejections).toMatchObject([{ code: 'ERR_FRAME_IDLE_TIMEOUT', message: expect.stringContaining('4 bytes') }]);
    expect(receiver.stats).toMatchObject({ idleTimeout: 1, truncated: 0, rejected: 1, open: 0 });
  });

  test('names the protocol of a stream that is none of frames', async () => {
    const { receiver, rejections } = await receiving();
    await send(receiver).catch(() => {});
    connectTo(receiver).end(latin1('GET / HTTP/1.1\r\n\r\n'));
    await until(() => rejections.length === 1);
    expect(rejections).toMatchObject([{ code: 'ERR_FRAME_LENGTH', protocol: 'http' }]);
  });

  test('tells of datagrams that are no frame, hold no record, or are too long', async () => {
    const { receiver, rejections, handled } = await receiving({ listen: 'udp://127.0.0.1:0', maxFrame: 1000 });
    const socket = createSocket('udp4');
    onTestFinished(() => {
      socket.close();
    });
    const { port = 0 } = receiver.address ?? {};
    for (const bytes of [
      latin1('{"a": 1}'),
      frames(latin1('N.')),
      frames(new Uint8Array(1001)),
      frames(pickleRecord('ok')),
    ]) {
      await new Promise((resolve) => socket.send(bytes, port, '127.0.0.1', resolve));
    }
    await until(() => handled.length === 1);
    expect(rejections.map(({ code, protocol }) => [code, protocol])).toEqual([
      ['ERR_DATAGRAM', 'json'],
      ['ERR_RECORD_NOT_A_DICT', null],
      ['ERR_FRAME_OVERSIZE', null],
    ]);
    expect(rejections[0]?.peer).toMatchObject({ transport: 'udp', remotePort: socket.address().port });
    expect(receiver.stats).toMatchObject({ datagrams: 4, frames: 2, records: 1, oversize: 1, rejected: 3, refused: 0 });
  });

  test.runIf(has)('tells of a handshake that failed', async () => {
    const { receiver, rejections } = await receiving({ listen: 'tls://127.0.0.1:0', tls: identity('server') });
    connectTo(receiver).end(frames(pickleRecord('in plain')));
    await until(() => rejections.length === 1);
    expect(rejections).toMatchObject([{ code: 'ERR_TLS_HANDSHAKE', message: expect.stringContaining('no TLS') }]);
    expect(receiver.stats).toMatchObject({ refused: 1, connections: 0 });
  });
});

describe.runIf(has)("the subject of a client's certificate", () => {
  const forged = () => frames(pickleRecord('hello', { tls_subject: 'CN=forged' }));
  const tls = () => ({ ...identity('server'), ca: pem('ca.pem') });

  function connected({ receiver }: Receiving, options: ConnectionOptions): ReturnType<typeof connectTls> {
    const { port } = receiver.bound.find(({ transport }) => transport === 'tls') as { port: number };
    return connectTls({ host: '127.0.0.1', port, ca: pem('ca.pem'), ...options }).on('error', () => {});
  }

  test('is in its records, whatever they say themselves', async () => {
    const all = await receiving({ listen: 'tls://127.0.0.1:0', tls: tls() });
    connected(all, identity('client')).end(Buffer.concat([forged(), frames(pickleRecord('plain'))]));
    await until(() => all.records.length === 2);
    const subject = 'CN=client,O=Some\\, Inc.';
    expect(all.records.map(({ extras }) => extras.get('tls_subject'))).toEqual([subject, subject]);
  });

  test('is in no record of who has shown none, at any endpoint of that receiver', async () => {
    const all = await receiving({ listen: ['tcp://127.0.0.1:0', 'tls://127.0.0.1:0'], tls: tls() });
    connectTo(all.receiver).end(forged());
    await until(() => all.records.length === 1);
    expect(all.records[0]?.extras.has('tls_subject')).toBe(false);
  });

  test('is a name like any other where no certificate is asked for', async () => {
    const all = await receiving({ listen: 'tls://127.0.0.1:0', tls: identity('server') });
    connected(all, identity('client')).end(forged());
    await until(() => all.records.length === 1);
    expect(all.records[0]?.extras.get('tls_subject')).toBe('CN=forged');
  });

  test('is asked of new authorities once they are set', async () => {
    const all = await receiving({ listen: 'tls://127.0.0.1:0', tls: tls() });
    all.receiver.setTls({ ...identity('server'), ca: pem('other-ca.pem') });
    connected(all, identity('stranger')).end(frames(pickleRecord('hello')));
    await until(() => all.records.length === 1);
    expect(all.records[0]?.extras.get('tls_subject')).toBe('CN=stranger,O=Some\\, Inc.');
  });
});

test('setTls on a receiver without TLS is a TypeError', async () => {
  for (const listen of ['tcp://127.0.0.1:0', 'udp://127.0.0.1:0']) {
    const { receiver } = await receiving({ listen });
    expect(() => receiver.setTls({ cert: '', key: '' })).toThrow(TypeError);
  }
});

describe('onRecord', () => {
  test('is told of the level and the time of each record, and who sent it', async () => {
    const told: [number | bigint | null, number, number][] = [];
    const { receiver } = await receiving({
      onRecord: ({ levelno, created }, { id }: Peer) => told.push([levelno, created, id]),
    });
    const [one, two] = [
      pickleRecord('one', { levelno: 10, created: 1.5 }),
      pickleRecord('two', { levelno: 50, created: 2.5 }),
    ];
    await send(receiver, one, latin1('N.'), two);
    expect(told).toEqual([
      [10, 1.5, 1],
      [50, 2.5, 1],
    ]);
  });

  test('that throws costs no record: it is a rejection', async () => {
    const { receiver, handled, records, rejections } = await receiving({
      onRecord: () => {
        throw new Error('the teller failed');
      },
    });
    await send(receiver, pickleRecord('one'), pickleRecord('two'));
    expect([handled, records.length]).toEqual([['one', 'two'], 2]);
    expect(rejections.map(({ code, message }) => [code, message])).toEqual([
      ['ERR_RECORD_LISTENER', 'the teller failed'],
      ['ERR_RECORD_LISTENER', 'the teller failed'],
    ]);
  });

  test('takes no records: those without a handler go to the last resort', async () => {
    const manager = new Manager();
    const lastResort = new Messages();
    manager.lastResort = lastResort;
    const receiver = createReceiver({ port: 0, manager, onRecord: () => {} });
    onTestFinished(() => receiver.close({ idle: 1 }));
    await receiver.listen();
    await send(receiver, pickleRecord('nobody’s', { levelno: 40 }));
    expect(lastResort.texts).toEqual(['nobody’s']);
  });
});
