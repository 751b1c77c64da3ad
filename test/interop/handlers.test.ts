// The handlers of python/, run by real Pythons: what arrives, what is refused, and what their user is told.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type TlsOptions } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FrameReader, FrameVerifier, readKeyFile } from '../../src/net/index.ts';
import { RecordDecoder } from '../../src/record/index.ts';
import { Running, scratchFolder } from '../cli/command.ts';
import { until } from '../net/server-fixture.ts';
import { keyNamed } from '../net/signing.ts';
import { receiving } from '../receiver/receiving.ts';
import { hasOpenssl, makeCertificates } from './certificates.ts';
import { findPythons, type Python } from './pythons.ts';

const pythons = findPythons();
const client = fileURLToPath(new URL('handlers_client.py', import.meta.url));
const env = {
  PYTHONPATH: fileURLToPath(new URL('../../python', import.meta.url)),
  PYTHONDONTWRITEBYTECODE: '1',
  // A warning that something will be gone in the next Python is a failure here.
  PYTHONWARNINGS: 'error::DeprecationWarning:picklewire_handlers',
};

/** Runs a scenario of the client until it has ended well; what it should print on stderr is nothing, but for `refused`. */
async function run({ command }: Python, scenario: string, ...args: readonly string[]): Promise<Running> {
  const running = new Running(command, [client, scenario, ...args], { env });
  const { code } = await running.ended;
  expect([code, scenario === 'refused' ? '' : running.stderr]).toEqual([0, '']);
  return running;
}

/** A key file with these lines, readable by its owner only. */
function keyFile(...lines: readonly string[]): string {
  const path = join(scratchFolder(), 'keys');
  writeFileSync(path, lines.join('\n'), { mode: 0o600 });
  return path;
}

function lineOf(key: Uint8Array): string {
  return Buffer.from(key).toString('base64');
}

const COUNT = 2000;
const numbers = Array.from({ length: COUNT }, (_, number) => `record ${number}`);

/** What the scenario `records` sends: the child's record is on another connection and may come at any time. */
function expectRecords(messages: readonly string[]): void {
  expect(messages.filter((message) => message === 'from the child')).toHaveLength(1);
  expect(messages.filter((message) => message !== 'from the child')).toEqual(['first é', ...numbers, 'last']);
}

describe.skipIf(pythons.length === 0)('signed frames', () => {
  test.each(pythons)('of Python $version all arrive, over a fork too, with a key of its own keygen', async (python) => {
    const made = spawnSync(python.command, ['-m', 'picklewire_handlers', 'keygen'], { env, encoding: 'utf8' });
    expect([made.status, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toMatch(/^\S{44} {2}# made \d{4}-\d\d-\d\d, id [0-9a-f]{8}\n$/);
    const path = keyFile(made.stdout);
    const verify = new FrameVerifier({ keys: readKeyFile(path) });
    const { receiver, port, handled, rejections } = await receiving({ verify });
    const handler = { class: 'picklewire_handlers.SignedSocketHandler', host: '127.0.0.1', port, hmac_keyfile: path };
    await run(python, 'records', JSON.stringify(handler), `${COUNT}`);
    await until(() => receiver.connections.length === 0);
    expect(rejections).toEqual([]);
    expectRecords(handled);
  });

  test.each(pythons)('of Python $version: each wrong one is refused for its reason', async (python) => {
    const [first, second, unknown] = ['first', 'second', 'unknown'].map((name) => keyFile(lineOf(keyNamed(name))));
    const verify = new FrameVerifier({ keys: [keyNamed('first'), keyNamed('second')] });
    const { receiver, port, handled, rejections } = await receiving({ verify });
    const unsigned = await receiving();
    await run(python, 'attacks', `${port}`, `${unsigned.port}`, first!, second!, unknown!);
    await until(() => receiver.stats.records + receiver.stats.rejected === 8 && unsigned.rejections.length === 1);
    expect(handled.toSorted()).toEqual(['good', 'rotated']);
    expect(rejections.map(({ signature }) => signature).toSorted()).toEqual([
      'bad-signature',
      'from-the-future',
      'replayed',
      'too-old',
      'unknown-key',
      'unsigned',
    ]);
    expect([unsigned.handled, unsigned.rejections.map(({ signature }) => signature)]).toEqual([[], ['no-keys']]);
  });

  test.each(pythons)(
    'of Python $version count up within a connection, and the next is a new session',
    async (python) => {
      const { port } = await receiving();
      const { stdout } = await run(python, 'sessions', `${port}`, keyFile(lineOf(keyNamed('key'))));
      const frames = stdout.trim().split(/\s+/);
      const [session, next] = [frames[0]!.slice(0, 16), frames[2]!.slice(0, 16)];
      const [one, two] = ['0000000000000001', '0000000000000002'];
      expect(frames).toEqual([session + one, session + two, next + one, next + two]);
      expect(next).not.toBe(session);
    },
  );

  test.each(pythons)('are signed with the keys that Python $version reads from a file as we do', async (python) => {
    const [key, other] = [lineOf(keyNamed('key')), Buffer.from(keyNamed('other')).toString('hex')];
    const files = [
      keyFile(key),
      keyFile(`# keys\r\n\r\n  ${key} # comment\r\n${other.toUpperCase()}#\r\n`, lineOf(new Uint8Array(100))),
      keyFile(''),
      keyFile(`# ${key}`),
      keyFile(key, 'no key!'),
      keyFile(key, `${key} ${other}`),
      keyFile(key.slice(0, -1)),
      keyFile(other.slice(0, -1)),
      keyFile('', `${'-_'.repeat(21)}A=`),
      keyFile(lineOf(new Uint8Array(31))),
      keyFile(key),
      keyFile(key),
    ];
    chmodSync(files.at(-1)!, 0o644);
    chmodSync(files.at(-2)!, 0o640);
    const { stdout } = await run(python, 'keys', ...files);
    const ours = files.map((file) => {
      try {
        return readKeyFile(file).map((bytes) => Buffer.from(bytes).toString('hex'));
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual(ours);
  });
});

const openssl = hasOpenssl('the tests of handlers over TLS');

describe.skipIf(pythons.length === 0 || !openssl)('over TLS', () => {
  const folder = openssl ? makeCertificates() : '';
  const file = (name: string): string => join(folder, name);

  /** A TLS server that notes the messages of the frames that it gets, and may be slow to read (by milliseconds). */
  async function listening(
    options: TlsOptions,
    { verify, slowBy = 0 }: { verify?: FrameVerifier; slowBy?: number } = {},
  ): Promise<{ port: number; messages: string[] }> {
    const messages: string[] = [];
    const decoder = new RecordDecoder();
    const [cert, key] = ['server.pem', 'server.key'].map((name) => readFileSync(file(name)));
    const server = createServer({ cert, key, ...options } as TlsOptions, (socket) => {
      const reader = new FrameReader({
        onFrame: (bytes, start, end) => {
          const payload = bytes.subarray(start, end);
          messages.push(decoder.decode(verify === undefined ? payload : verify.verify(payload)).getMessage());
        },
      });
      socket.on('error', () => {});
      setTimeout(() => socket.on('data', (chunk: Uint8Array) => reader.push(chunk)), slowBy);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return { port: (server.address() as AddressInfo).port, messages };
  }

  const mutual = { ca: openssl ? readFileSync(file('ca.pem')) : '', requestCert: true };
  const certificates = { cafile: file('ca.pem'), certfile: file('client.pem'), keyfile: file('client.key') };

  test.each(pythons)('with certificates on both sides, all records of Python $version arrive', async (python) => {
    const { port, messages } = await listening(mutual);
    const handler = { class: 'picklewire_handlers.TLSSocketHandler', host: 'localhost', port, ...certificates };
    await run(python, 'records', JSON.stringify(handler), `${COUNT}`);
    await until(() => messages.includes('last'));
    expectRecords(messages);
  });

  test.each(pythons)('and signed, all records of Python $version arrive', async (python) => {
    const { port, messages } = await listening(mutual, { verify: new FrameVerifier({ keys: [keyNamed('key')] }) });
    const handler = {
      class: 'picklewire_handlers.SignedTLSSocketHandler',
      host: '127.0.0.1',
      server_hostname: 'localhost',
      port,
      hmac_key: lineOf(keyNamed('key')),
      ...certificates,
    };
    await run(python, 'records', JSON.stringify(handler), `${COUNT}`);
    await until(() => messages.includes('last'));
    expectRecords(messages);
  });

  test.each(pythons)('what Python $version has sent arrives, though it ends before it is read', async (python) => {
    const { port, messages } = await listening(mutual, { slowBy: 300 });
    const handler = { class: 'picklewire_handlers.TLSSocketHandler', host: 'localhost', port, ...certificates };
    await run(python, 'brief', JSON.stringify(handler));
    await until(() => messages.length === 1);
    expect(messages[0]).toHaveLength(2 ** 22);
  });

  const refusals: readonly [what: string, options: object, server: TlsOptions, told: RegExp][] = [
    ['a server of another authority', { cafile: file('other-ca.pem') }, mutual, /certificate/i],
    ['a server of another name', { server_hostname: 'example.com' }, mutual, /example\.com/],
    ['a server that it has no certificate for', { certfile: null, keyfile: null }, mutual, /certificate|handshake/i],
    [
      'a server of old',
      {},
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' },
      /version|proto/i,
    ],
  ];

  test.each(pythons)('Python $version tells once why it cannot speak to a server', async (python) => {
    await Promise.all(
      refusals.map(async ([what, options, server, told]) => {
        const { port, messages } = await listening(server);
        const to = { class: 'picklewire_handlers.TLSSocketHandler', host: 'localhost', port };
        const { stderr } = await run(python, 'refused', JSON.stringify({ ...to, ...certificates, ...options }));
        expect(stderr, what).toMatch(/^picklewire_handlers: TLS with localhost:\d+: .+\n$/);
        expect(stderr, what).toMatch(told);
        expect(messages, what).toEqual([]);
      }),
    );
  });
});
