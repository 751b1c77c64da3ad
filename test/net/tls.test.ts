// TLS: who is let in, who is not and what is said of it, and certificates that change.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';

import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { LogServer, TlsSettingsError } from '../../src/net/index.ts';
import { hasOpenssl, makeCertificates } from '../interop/certificates.ts';
import { frames, latin1, numbered, pieces, prefix } from './frames.ts';
import { client, closed, isLinux, listening, type Recorded, turn, until } from './server-fixture.ts';

const has = hasOpenssl('the tests of TLS');
const folder = has ? makeCertificates() : '';
const pem = (name: string): Buffer => readFileSync(join(folder, name));
const identity = (name: string) => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });

type Version = 'TLSv1.2' | 'TLSv1.3';
const VERSIONS: readonly Version[] = ['TLSv1.2', 'TLSv1.3'];

const serving = (maxVersion?: Version) => ({
  listen: 'tls://127.0.0.1:0',
  tls: { ...identity('server'), maxVersion },
});
const mutual = (maxVersion?: Version) => ({
  listen: 'tls://127.0.0.1:0',
  tls: { ...identity('server'), ca: pem('ca.pem'), maxVersion },
});

/** A client that is connecting; its errors are no matter, and what it writes meanwhile is sent then. */
function tlsClient(port: number, options: ConnectionOptions = {}): TLSSocket {
  const socket = connectTls({ port, host: '127.0.0.1', ca: pem('ca.pem'), ...options });
  onTestFinished(() => {
    socket.destroy();
  });
  return socket.on('error', () => {}).resume();
}

/** The one refusal of a server, once it is there. */
async function refusal({ refusals }: Recorded) {
  await until(() => refusals.length > 0);
  expect(refusals).toHaveLength(1);
  return refusals[0]!;
}

describe.runIf(has)('a server with a certificate', () => {
  test.each(VERSIONS)('takes frames over %s, and ends well with its client', async (version) => {
    const { server, port, received, disconnects } = await listening(serving(version));
    const socket = tlsClient(port, { minVersion: version });
    socket.end(frames(...numbered(1000).map(latin1)));
    await until(() => disconnects.length === 1);
    expect(received.get(1)).toEqual(numbered(1000));
    expect(disconnects[0]?.disconnect).toEqual({ why: 'end' });
    expect(disconnects[0]?.connection).toMatchObject({ transport: 'tls', remoteAddress: '127.0.0.1', subject: null });
    expect(server.bound).toMatchObject([{ transport: 'tls', url: `tls://127.0.0.1:${port}` }]);
    await closed(socket);
  });

  test('reads frames cut anywhere, and skips and tells of those over the limit', async () => {
    const { server, port, received, disconnects } = await listening({ ...serving(), maxFrame: 100 });
    const oversize = vi.fn();
    server.on('oversize', (_, length) => oversize(length));
    const socket = tlsClient(port);
    for (const piece of pieces(frames(latin1('one'), new Uint8Array(101), latin1('two')), 7)) {
      socket.write(piece);
      await turn();
    }
    socket.end();
    await until(() => disconnects.length === 1);
    expect(received.get(1)).toEqual(['one', 'two']);
    expect(oversize).toHaveBeenCalledExactlyOnceWith(101);
  });

  test('writes nothing inside TLS', async () => {
    const { port, disconnects } = await listening(serving());
    const socket = tlsClient(port);
    const data = vi.fn();
    socket.on('data', data);
    socket.end(frames(latin1('hello')));
    await closed(socket);
    await until(() => disconnects.length === 1);
    expect(data).not.toHaveBeenCalled();
  });

  test('asks no client for a certificate, and names none', async () => {
    const { server, port } = await listening(serving());
    tlsClient(port, identity('stranger'));
    await until(() => server.open === 1);
    expect(server.connections[0]?.subject).toBeNull();
    expect(server.asksForCertificate).toBe(false);
  });

  test.each<[string, string, RegExp, string | null]>([
    ["a SocketHandler's frames", '\0\0\x01\xd2}q\0(X\x04\0\0\0name', /sent no TLS/, null],
    ['a short frame', '\0\0\0\x02N.', /sent no TLS/, null],
    ['JSON', '{"message": "hello"}\n', /sent no TLS/, null],
    ['an HTTP request', 'GET /metrics HTTP/1.1\r\n\r\n', /HTTP request/, 'http'],
    ['a request to a proxy', 'CONNECT a:1 HTTP/1.1\r\n\r\n', /HTTP request/, 'http'],
  ])('refuses %s in plain, in words', async (_, text, message, protocol) => {
    const recorded = await listening(serving());
    const socket = await client(recorded.port);
    socket.resume().write(latin1(text));
    await closed(socket);
    const { peer, error } = await refusal(recorded);
    expect(error).toMatchObject({ code: 'ERR_TLS_HANDSHAKE', protocol, message: expect.stringMatching(message) });
    expect(error.message).toMatch(/^the TLS handshake failed: [^\n]+$/);
    expect(peer).toMatchObject({ transport: 'tls', remoteAddress: '127.0.0.1', remotePort: expect.any(Number) });
    expect(recorded.received.size).toBe(0);
  });

  test('says nothing of who connects and leaves, and tells of who leaves in mid-handshake', async () => {
    const recorded = await listening(serving());
    const [looked, left] = [await client(recorded.port), await client(recorded.port)];
    looked.destroy();
    left.end(latin1('\x16\x03\x01\x02\x00\x01\x00'));
    const { error } = await refusal(recorded);
    expect(error.message).toMatch(/left in the middle/);
  });

  test.each<[string, ConnectionOptions]>([
    ['nothing newer than TLS 1.1', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['nothing older than TLS 1.3, which must be allowed first', { minVersion: 'TLSv1.3' }],
  ])('refuses a client that has %s', async (_, options) => {
    const recorded = await listening(serving());
    tlsClient(recorded.port, options);
    expect((await refusal(recorded)).error.message).toMatch(/no version of TLS/);
  });

  test('writes nothing to a client once its handshake is over, unless TLS 1.3 is allowed', async () => {
    for (const version of VERSIONS) {
      const { server, port } = await listening(serving(version));
      const tickets = vi.fn();
      const socket = tlsClient(port);
      await new Promise((resolve) => socket.once('secureConnect', resolve));
      expect(socket.getProtocol()).toBe(version);
      socket.on('session', tickets);
      socket.write(frames(latin1('hello')));
      await until(() => server.connections[0]?.frames === 1);
      socket.end();
      await closed(socket);
      expect(tickets).toHaveBeenCalledTimes(version === 'TLSv1.2' ? 0 : 2);
    }
  });

  test('tells of a client that does not know its authority', async () => {
    const recorded = await listening(serving());
    // Node's own client would end the handshake well, and then leave.
    const args = [
      's_client',
      '-connect',
      `127.0.0.1:${recorded.port}`,
      '-CAfile',
      'other-ca.pem',
      '-verify_return_error',
    ];
    const openssl = spawn('openssl', args, { cwd: folder, stdio: 'ignore' });
    onTestFinished(() => {
      openssl.kill('SIGKILL');
    });
    expect((await refusal(recorded)).error.message).toMatch(/does not know the authority of this server's certificate/);
  });

  test('refuses a handshake that does not end in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const recorded = await listening(serving());
    const socket = await client(recorded.port);
    await until(() => vi.getTimerCount() > 0 || recorded.refusals.length > 0);
    vi.advanceTimersByTime(10_001);
    await closed(socket.resume());
    expect((await refusal(recorded)).error.message).toMatch(/did not finish in time/);
  });

  test.runIf(isLinux)('turns away before the handshake who may not connect, or finds no room', async () => {
    const recorded = await listening({
      ...serving(),
      allowFrom: ['127.0.0.1'],
      connectionLimits: { maxConnections: 1 },
    });
    tlsClient(recorded.port);
    await until(() => recorded.server.open === 1);
    await closed(tlsClient(recorded.port));
    await closed(tlsClient(recorded.port, { localAddress: '127.0.0.2' } as ConnectionOptions));
    expect(recorded.refusals.map(({ error }) => error.code)).toEqual(['ERR_PEER_LIMIT', 'ERR_PEER_NOT_ALLOWED']);
  });

  test('counts a handshake as a connection, until it failed', async () => {
    const { server, port, refusals } = await listening({ ...serving(), connectionLimits: { maxConnections: 1 } });
    const waiting = await client(port);
    const second = tlsClient(port);
    await closed(second);
    expect(refusals[0]?.error.code).toBe('ERR_PEER_LIMIT');
    waiting.destroy();
    await until(() => {
      if (server.open === 0 && refusals.length < 50) tlsClient(port);
      return server.open === 1;
    });
  });

  test('closes a connection that stalls inside a frame', async () => {
    const { port, disconnects } = await listening({ ...serving(), connectionLimits: { frameTimeout: 40 } });
    const socket = tlsClient(port);
    socket.write(prefix(100));
    await closed(socket);
    await until(() => disconnects.length === 1);
    expect(disconnects[0]?.disconnect).toEqual({ why: 'idle-timeout', bytes: 4 });
  });

  // Node reports such errors and leaves the connection open; what came next would pile up in it, unread.
  test.each<[string, (socket: TLSSocket, below: Socket) => void, RegExp]>([
    [
      'is no TLS any more',
      (_, below) => below.write(Buffer.concat([latin1('\x17\x03\x03\x00\x40'), new Uint8Array(64)])),
      // Its cipher decides which.
      /^ERR_SSL_/,
    ],
    // Each attempt would be answered, and the answers pile up where the client does not read.
    ['asks for another handshake', (socket) => socket.renegotiate({}, () => {}), /^ERR_TLS_RENEGOTIATION_DISABLED$/],
  ])('closes a connection that, after frames, %s', async (_, misbehave, code) => {
    const { server, port, received, disconnects } = await listening(serving());
    const below = await client(port);
    const socket = tlsClient(port, { socket: below });
    socket.write(frames(latin1('hello')));
    await until(() => received.get(1)?.length === 1);
    misbehave(socket, below);
    await until(() => disconnects.length === 1);
    expect(disconnects[0]?.disconnect).toMatchObject({
      why: 'reset',
      bytes: 0,
      error: { code: expect.stringMatching(code) },
    });
    expect(server.open).toBe(0);
    await closed(below);
  });

  test('drained takes what clients send whose handshake is under way', async () => {
    const { server, port, received } = await listening(serving());
    const sockets = Array.from({ length: 20 }, (_, index) => tlsClient(port).end(frames(latin1(`${index}`))));
    await once(sockets[0]!, 'connect');
    await server.drain({ idle: 2000 });
    expect(
      [...received.values()]
        .flat()
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(sockets.map((_, index) => index));
  });

  test('closed in mid-handshake closes that too, and blames nobody', async () => {
    const { server, port, refusals } = await listening(serving());
    const socket = await client(port);
    socket.write(latin1('\x16\x03\x01'));
    await until(() => socket.bytesWritten === 3);
    for (let turns = 0; turns < 10; turns++) await turn();
    await Promise.all([server.close(), closed(socket.resume())]);
    expect(refusals).toEqual([]);
  });
});

describe.runIf(has)("a server with clients' authorities", () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'takes a client of one over %s, and knows its subject',
    async (version) => {
      const { server, port, received } = await listening(mutual(version));
      tlsClient(port, { ...identity('client'), minVersion: version }).write(frames(latin1('hello')));
      await until(() => received.get(1)?.length === 1);
      // RFC 4514: the last part first, and a comma within one escaped.
      expect(server.connections[0]?.subject).toBe('CN=client,O=Some\\, Inc.');
      expect(server.asksForCertificate).toBe(true);
    },
  );

  test.each<[string, () => ConnectionOptions, RegExp]>([
    ['without a certificate', () => ({}), /showed no client certificate/],
    ['of another authority', () => identity('stranger'), /authority that is not known/],
    ['whose certificate has expired', () => identity('expired'), /certificate has expired/],
    [
      'whose certificate it signed itself',
      () => identity('other-ca'),
      /signed by itself|authority that is not known|not one for a client/,
    ],
  ])('refuses a client %s, reads nothing of it, and says why', async (_, options, message) => {
    for (const version of VERSIONS) {
      const recorded = await listening(mutual(version));
      const socket = tlsClient(recorded.port, { ...options(), minVersion: version });
      socket.write(frames(latin1('hello')));
      const { peer, error } = await refusal(recorded);
      expect(error).toMatchObject({ code: 'ERR_TLS_HANDSHAKE', message: expect.stringMatching(message) });
      expect(peer).toMatchObject({ remoteAddress: '127.0.0.1', remotePort: expect.any(Number), subject: null });
      await closed(socket);
      expect([recorded.received.size, recorded.server.open, recorded.server.bytes]).toEqual([0, 0, 0]);
    }
  });
});

describe.runIf(has)('certificates', () => {
  test('that are set are shown and asked for from then on, and those who are connected stay', async () => {
    const { server, port, received, refusals } = await listening(mutual());
    const before = tlsClient(port, identity('client'));
    before.write(frames(latin1('before')));
    await until(() => received.get(1)?.length === 1);
    server.setTls({ ...identity('server'), ca: pem('other-ca.pem') });
    tlsClient(port, identity('stranger')).write(frames(latin1('stranger')));
    await until(() => received.get(2)?.length === 1);
    tlsClient(port, identity('client'));
    await until(() => refusals.length === 1);
    before.write(frames(latin1('after')));
    await until(() => received.get(1)?.length === 2);
  });

  test.each([
    ['of another key', () => ({ ...identity('server'), key: pem('client.key') }), /not the one of the certificate/],
    ['that are none', () => ({ ...identity('server'), cert: 'none' }), /certificate.*PEM/],
    ['whose key is none', () => ({ ...identity('server'), key: 'none' }), /key/],
    ['whose authority is none', () => ({ ...identity('server'), ca: 'none' }), /authority.*PEM/],
    ['that ask no client for one any more', () => identity('server'), /cannot change/],
  ])('%s are refused in one line, and the old ones stay', async (_, settings, message) => {
    const { server, port } = await listening(mutual());
    const tls = { ca: pem('ca.pem'), ...settings() };
    const given = message.source === 'cannot change' ? settings() : tls;
    expect(() => server.setTls(given)).toThrow(TlsSettingsError);
    expect(() => server.setTls(given)).toThrow(message);
    expect(() => server.setTls(given)).toThrow(/^[^\n]+$/);
    tlsClient(port, identity('client'));
    await until(() => server.open === 1);
    if (message.source !== 'cannot change') {
      expect(() => new LogServer({ ...serving(), tls: given, onFrame: () => {} })).toThrow(TlsSettingsError);
    }
  });

  test('of a server without TLS cannot be set', async () => {
    const { server } = await listening();
    expect(() => server.setTls(identity('server'))).toThrow(TypeError);
  });
});

test('TLS without a certificate is a TypeError', () => {
  for (const listen of ['tls://127.0.0.1:0', { transport: 'fd', fd: 3, tls: true } as const]) {
    expect(() => new LogServer({ listen, onFrame: () => {} })).toThrow(TypeError);
  }
});
