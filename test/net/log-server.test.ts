import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

import { describe, expect, onTestFinished, test } from 'vitest';

import { LogServer } from '../../src/net/log-server.ts';
import { frames, latin1, numbered, pieces, prefix, textOf } from './frames.ts';
import { client, listening, until } from './server-fixture.ts';

const frame = (text: string): Uint8Array => frames(latin1(text));

describe('frames', () => {
  test('100,000 sent in one burst arrive, in order', async () => {
    const { port, received, disconnects } = await listening();
    const sent = numbered(100_000);
    (await client(port)).end(frames(...sent.map(latin1)));
    await until(() => disconnects.length === 1);
    expect(received.get(1)).toEqual(sent);
    expect(disconnects[0]?.disconnect).toEqual({ why: 'end' });
    expect(disconnects[0]?.connection).toMatchObject({ frames: 100_000, oversize: 0, frameErrors: 0 });
  });

  test('of many connections at once stay apart and in order', async () => {
    const { port, received, disconnects } = await listening();
    const clients = await Promise.all(Array.from({ length: 40 }, () => client(port)));
    const chunks = pieces(frames(...numbered(20).map(latin1)), 13);
    for (const chunk of chunks) {
      for (const socket of clients) socket.write(chunk);
      await until(() => clients.every((socket) => socket.writableLength === 0));
    }
    for (const socket of clients) socket.end();
    await until(() => disconnects.length === clients.length);
    expect([...received.values()]).toEqual(clients.map(() => numbered(20)));
  });

  test('over the limit are told of and skipped, and the next is handed on', async () => {
    const { server, port, received, disconnects } = await listening({ maxFrame: 4 });
    const oversize: number[] = [];
    server.on('oversize', (connection, length) => oversize.push(connection.id, length));
    (await client(port)).end(frames(latin1('one'), latin1('too long'), latin1('two')));
    await until(() => disconnects.length === 1);
    expect(oversize).toEqual([1, 8]);
    expect(received.get(1)).toEqual(['one', 'two']);
    expect(disconnects[0]?.disconnect).toEqual({ why: 'end' });
  });

  test('whose handler throws cost themselves only', async () => {
    const { server, port, received, disconnects } = await listening({
      onFrame: (text) => {
        if (text === 'bad') throw new Error('no record');
      },
    });
    const errors: unknown[] = [];
    server.on('frameError', (connection, error) => errors.push(connection.id, error));
    (await client(port)).end(frames(latin1('bad'), latin1('good'), latin1('bad'), latin1('better')));
    await until(() => disconnects.length === 1);
    expect(received.get(1)).toEqual(['bad', 'good', 'bad', 'better']);
    expect(errors).toEqual([1, new Error('no record'), 1, new Error('no record')]);
    expect(disconnects[0]?.connection.frameErrors).toBe(2);
  });

  test('that lie whole in what was read are handed on where they lie, with their connection', async () => {
    const spans: unknown[] = [];
    const seen = new Set<ArrayBufferLike>();
    const server = new LogServer({
      port: 0,
      onFrame: (bytes, start, end, connection) => {
        spans.push([connection.id, start, end, textOf(bytes, start, end)]);
        seen.add(bytes.buffer);
      },
    });
    onTestFinished(() => server.close());
    const { port } = await server.listen();
    (await client(port)).write(frames(latin1('one'), latin1(''), latin1('three')));
    await until(() => spans.length === 3);
    expect(spans).toEqual([
      [1, 4, 7, 'one'],
      [1, 11, 11, ''],
      [1, 15, 20, 'three'],
    ]);
    expect(seen.size).toBe(1);
  });
});

describe('a peer', () => {
  test('is named by its address and port', async () => {
    const { server, port } = await listening();
    const socket = await client(port);
    await until(() => server.connections.length === 1);
    expect(server.connections[0]).toMatchObject({ id: 1, remoteAddress: '127.0.0.1', remotePort: socket.localPort });
  });

  test('is sent nothing, and sees its own close answered by one', async () => {
    const { port } = await listening();
    const socket = await client(port);
    let bytes = 0;
    socket.on('data', (chunk) => {
      bytes += chunk.length;
    });
    socket.end(frame('last'));
    await once(socket, 'close');
    expect(bytes).toBe(0);
    expect(socket.errored).toBeNull();
  });

  test('that closes inside a frame has the bytes of it reported', async () => {
    const { port, received, disconnects } = await listening();
    (await client(port)).end(Buffer.concat([frame('whole'), frame('cut off').subarray(0, 6)]));
    await until(() => disconnects.length === 1);
    expect(received.get(1)).toEqual(['whole']);
    expect(disconnects[0]?.disconnect).toEqual({ why: 'truncated', bytes: 6 });
  });

  test('that resets inside a frame loses none of the frames before it', async () => {
    const { server, port, received, disconnects } = await listening();
    const socket = await client(port);
    const bytes = Buffer.concat([frame('one'), frame('two'), frame('cut off').subarray(0, 5)]);
    socket.write(bytes);
    await until(() => server.connections[0]?.bytes === bytes.length);
    socket.resetAndDestroy();
    await until(() => disconnects.length === 1);
    expect(received.get(1)).toEqual(['one', 'two']);
    expect(disconnects[0]?.disconnect).toMatchObject({ why: 'reset', bytes: 5, error: { code: 'ECONNRESET' } });
  });

  test('that speaks another protocol is closed, and the others are not', async () => {
    const { server, port, received, disconnects } = await listening();
    const [stock, browser] = [await client(port), await client(port)];
    browser.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(() => disconnects.length === 1);
    expect(disconnects[0]?.disconnect).toMatchObject({
      why: 'protocol',
      error: { code: 'ERR_FRAME_LENGTH', protocol: 'http', offset: 0 },
    });
    stock.write(frame('still here'));
    await until(() => received.get(1)?.length === 1);
    expect(server.connections.map((connection) => connection.id)).toEqual([1]);
  });

  test('that goes astray after whole frames keeps those', async () => {
    const { port, received, disconnects } = await listening();
    (await client(port)).write(Buffer.concat([frame('one'), prefix(0xffff_ffff), frame('lost')]));
    await until(() => disconnects.length === 1);
    expect(received.get(1)).toEqual(['one']);
    expect(disconnects[0]?.disconnect).toMatchObject({ why: 'protocol', error: { length: 0xffff_ffff, offset: 7 } });
  });
});

describe('listening', () => {
  test('resolves to the address bound, 127.0.0.1 unless told otherwise', async () => {
    const { server, port } = await listening();
    const url = `tcp://127.0.0.1:${port}`;
    expect(await server.listen()).toEqual({ transport: 'tcp', address: '127.0.0.1', family: 'IPv4', port, url });
    expect(server.address).toEqual(await server.listen());
    expect(server.bound).toEqual([server.address]);
  });

  test('on a port in use rejects with EADDRINUSE', async () => {
    const { port } = await listening();
    const second = new LogServer({ port, onFrame: () => {} });
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(second.address).toBeNull();
    await second.close();
  });

  test('on an address of another machine rejects with EADDRNOTAVAIL', async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737): nobody has an address in it.
    const server = new LogServer({ host: '192.0.2.1', port: 0, onFrame: () => {} });
    await expect(server.listen()).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });

  test('on a port that is none rejects', async () => {
    const server = new LogServer({ port: 65_536, onFrame: () => {} });
    await expect(server.listen()).rejects.toMatchObject({ code: 'ERR_SOCKET_BAD_PORT' });
  });

  test('does not start with a frame limit out of range', () => {
    expect(() => new LogServer({ maxFrame: 2 ** 24, onFrame: () => {} })).toThrow(RangeError);
  });

  test('is over for good after a close', async () => {
    const server = new LogServer({ port: 0, onFrame: () => {} });
    await server.close();
    await expect(server.listen()).rejects.toThrow('closed');
  });
});

describe('close', () => {
  test('ends every connection, and resolves when all are told of', async () => {
    const { server, port, disconnects } = await listening();
    const sockets: Socket[] = [await client(port), await client(port)];
    sockets[0]?.write(frame('cut off').subarray(0, 3));
    await until(() => server.connections.length === 2 && server.connections[0]?.bytes === 3);
    await server.close();
    expect(new Map(disconnects.map(({ connection, disconnect }) => [connection.id, disconnect]))).toEqual(
      new Map([
        [1, { why: 'closed', bytes: 3 }],
        [2, { why: 'closed', bytes: 0 }],
      ]),
    );
    expect(server.address).toBeNull();
    expect(server.connections).toEqual([]);
  });

  test('called while a name is being looked up leaves nothing listening', async () => {
    const server = new LogServer({ host: 'localhost', port: 0, onFrame: () => {} });
    const bound = server.listen();
    await server.close();
    await bound;
    expect(server.address).toBeNull();
  });

  test('frees the port', async () => {
    const { server, port } = await listening();
    await server.close();
    const next = createServer().listen(port, '127.0.0.1');
    onTestFinished(() => {
      next.close();
    });
    await expect(once(next, 'listening')).resolves.toEqual([]);
  });

  test('called again returns the same promise', async () => {
    const { server } = await listening();
    expect(server.close()).toBe(server.close());
  });
});
