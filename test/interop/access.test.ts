// Who may send, live: `picklewire serve` and the handlers of real Pythons. Each is let in or refused as it should be, and
// each refusal is a line that says what it was and what to do.

import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { builtPackage, picklewire, Running, scratchFolder } from '../cli/command.ts';
import { keyNamed } from '../net/signing.ts';
import { hasOpenssl, makeCertificates } from './certificates.ts';
import { findPythons, type Python } from './pythons.ts';

const all = findPythons();
/** An old one and the latest: what lies between has tests of its own handlers. */
const pythons = all.filter((_, index) => index === 0 || index === all.length - 1);
/** Unix sockets came to SocketHandler with Python 3.4. */
const since34 = all.filter(({ version }) => !/^(?:2|3\.[0-3])\./.test(version));
const unixPythons = since34.filter((_, index) => index === 0 || index === since34.length - 1);

const folder = builtPackage();
const openssl = hasOpenssl('the tests of access over TLS');
const certificates = openssl ? makeCertificates() : '';
const certificate = (name: string): string => join(certificates, name);

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const env = {
  PYTHONPATH: fileURLToPath(new URL('../../python', import.meta.url)),
  PYTHONDONTWRITEBYTECODE: '1',
};

type HandlerConfig = Readonly<Record<string, unknown>>;

/** Logs one message through a handler, from another address of loopback where one is given. */
async function log({ command }: Python, handler: HandlerConfig, message: string, source?: string): Promise<Running> {
  const args = [script('access_client.py'), JSON.stringify(handler), message];
  const running = new Running(command, source === undefined ? args : [...args, source], { env });
  await running.ended;
  return running;
}

/** Runs a scenario of the client of the tests of handlers. */
async function scenario({ command }: Python, name: string, ...args: readonly string[]): Promise<void> {
  const running = new Running(command, [script('handlers_client.py'), name, ...args], { env });
  expect([(await running.ended).code, name, running.stderr.includes('Traceback')]).toEqual([0, name, false]);
}

/** A receiver at this URL. */
class Serving {
  readonly running: Running;

  constructor(url: string, ...args: readonly string[]) {
    this.running = picklewire(folder, ['serve', '--listen', url, '--format', 'got %(message)s', ...args]);
  }

  /** Its port, which it has when it listens. */
  async port(): Promise<number> {
    const [, port] = await this.running.printed(/^listening on (?:[a-z]+:\/\/\S+:(\d+)|unix:.*)$/m);
    return Number(port);
  }

  /** Waits until this message has come. */
  async got(message: string): Promise<void> {
    await this.running.printed(new RegExp(`^got ${message}$`, 'm'));
  }

  /** Waits for a line of a refusal that says all this, in this order. */
  async refused(...parts: readonly string[]): Promise<void> {
    await this.running.printed(new RegExp(`^picklewire: rejected from .*${parts.join('.*')}.*$`, 'm'));
  }

  /** Everything that has come, once it has ended well. */
  async end(): Promise<string[]> {
    this.running.kill('SIGTERM');
    expect(await this.running.ended).toEqual({ code: 0, signal: null });
    return this.running.stdout.split('\n').slice(0, -1);
  }
}

const SOCKET = 'logging.handlers.SocketHandler';
const OWN_TLS = 'picklewire_handlers.TLSSocketHandler';
const OWN_SIGNED = 'picklewire_handlers.SignedSocketHandler';

function lineOf(key: string): string {
  return `${Buffer.from(keyNamed(key)).toString('base64')}\n`;
}

/** A file with these keys, by name. */
function keyFile(...keys: readonly string[]): string {
  const path = join(scratchFolder(), 'keys');
  writeFileSync(path, keys.map(lineOf).join(''), { mode: 0o600 });
  return path;
}

describe.skipIf(pythons.length === 0)('of this machine', () => {
  test.each(pythons)('DatagramHandler of Python $version', async (python) => {
    const serving = new Serving('udp://127.0.0.1:0');
    const port = await serving.port();
    await log(python, { class: 'logging.handlers.DatagramHandler', host: '127.0.0.1', port }, 'by datagram');
    await serving.got('by datagram');
    expect(serving.running.stderr).not.toContain('rejected');
  });

  test.each(unixPythons)('SocketHandler of Python $version over a Unix socket', async (python) => {
    const path = join(scratchFolder(), 'records.sock');
    const serving = new Serving(`unix:${path}`);
    await serving.port();
    await log(python, { class: SOCKET, host: path, port: null }, 'by path');
    await serving.got('by path');
  });

  test.each(pythons)(
    '--allow-from lets in those that it names, from Python $version, and no others',
    async (python) => {
      const serving = new Serving('tcp://127.0.0.1:0', '--allow-from', '127.0.0.1');
      const port = await serving.port();
      const handler = { class: SOCKET, host: '127.0.0.1', port };
      await log(python, handler, 'from elsewhere', '127.0.0.2');
      await serving.refused('127\\.0\\.0\\.2:\\d+: ', '--allow-from', '\\[ERR_PEER_NOT_ALLOWED\\]');
      await log(python, handler, 'from here');
      await serving.got('from here');
      expect(await serving.end()).toEqual(['got from here']);
    },
  );
});

describe.skipIf(pythons.length === 0)('signed frames', () => {
  test.each(pythons)(
    'of Python $version: good ones are written, others refused, each for its reason',
    async (python) => {
      const [first, second, unknown] = ['first', 'second', 'unknown'].map((name) => keyFile(name));
      const serving = new Serving('tcp://127.0.0.1:0', '--hmac-key', keyFile('first', 'second'));
      const plain = new Serving('tcp://127.0.0.1:0');
      const ports = [await serving.port(), await plain.port()].map(String);
      await scenario(python, 'attacks', ...ports, first!, second!, unknown!);
      await serving.refused('not signed', 'SignedSocketHandler', '\\[ERR_FRAME_SIGNATURE\\]');
      await serving.refused('came before', 'copies', '\\[ERR_FRAME_SIGNATURE\\]');
      await serving.refused('does not fit', 'forgery', '\\[ERR_FRAME_SIGNATURE\\]');
      await serving.refused('key that is not known here', '--hmac-key, and send SIGHUP', '\\[ERR_FRAME_SIGNATURE\\]');
      await serving.refused('s behind', 'clocks', '\\[ERR_FRAME_SIGNATURE\\]');
      await serving.refused('s ahead', 'clocks', '\\[ERR_FRAME_SIGNATURE\\]');
      await plain.refused('no key here', 'serve with --hmac-key', '\\[ERR_FRAME_SIGNATURE\\]');
      expect((await serving.end()).toSorted()).toEqual(['got good', 'got rotated']);
      expect(await plain.end()).toEqual([]);
    },
  );

  test.each(pythons)('of Python $version with a new key are taken when SIGHUP has brought it', async (python) => {
    const path = keyFile('old');
    const serving = new Serving('tcp://127.0.0.1:0', '--hmac-key', path);
    const port = await serving.port();
    const handler = { class: OWN_SIGNED, host: '127.0.0.1', port, hmac_keyfile: keyFile('new') };
    await log(python, handler, 'too early');
    await serving.refused('not known here', 'SIGHUP');
    appendFileSync(path, lineOf('new'));
    serving.running.kill('SIGHUP');
    await serving.running.printed(/^picklewire: read 2 keys from /m);
    await log(python, handler, 'with the new key');
    await serving.got('with the new key');
    expect(await serving.end()).toEqual(['got with the new key']);
  });
});

describe.skipIf(pythons.length === 0 || !openssl)('over TLS', () => {
  const own = ['--tls-cert', certificate('server.pem'), '--tls-key', certificate('server.key')];
  const mutual = [...own, '--tls-ca', certificate('ca.pem')];

  function handlerFor(port: number, client: string | null, more: HandlerConfig = {}): HandlerConfig {
    const shows =
      client === null ? {} : { certfile: certificate(`${client}.pem`), keyfile: certificate(`${client}.key`) };
    return { class: OWN_TLS, host: 'localhost', port, cafile: certificate('ca.pem'), ...shows, ...more };
  }

  test.each(pythons)('Python $version is let in without a certificate where none is asked for', async (python) => {
    const serving = new Serving('tls://127.0.0.1:0', ...own);
    await log(python, handlerFor(await serving.port(), null), 'encrypted');
    await serving.got('encrypted');
  });

  test.each(pythons)('Python $version with a certificate of --tls-ca is let in, and signs besides', async (python) => {
    const serving = new Serving('tls://127.0.0.1:0', ...mutual, '--format', 'got %(message)s of %(tls_subject)s');
    await log(python, handlerFor(await serving.port(), 'client'), 'a record');
    await serving.got('a record of CN=client.*');

    const signing = new Serving('tls://127.0.0.1:0', ...mutual, '--hmac-key', keyFile('key'));
    const signed = { class: 'picklewire_handlers.SignedTLSSocketHandler', hmac_keyfile: keyFile('key') };
    await log(python, handlerFor(await signing.port(), 'client', signed), 'signed');
    await signing.got('signed');
  });

  const REFUSED: readonly [who: string, client: string | null, reason: string][] = [
    ['without a certificate', null, 'no client certificate'],
    ['with one that has expired', 'expired', 'certificate has expired'],
    ['with one of another authority', 'stranger', 'authority that is not known here'],
  ];

  test.each(pythons.flatMap((python) => REFUSED.map((each) => [python.version, ...each, python] as const)))(
    'Python %s %s is refused where certificates are asked for',
    async (_, __, client, reason, python) => {
      const serving = new Serving('tls://127.0.0.1:0', ...mutual);
      const port = await serving.port();
      await log(python, handlerFor(port, client), 'refused');
      await serving.refused(reason, '--tls-ca', '\\[ERR_TLS_HANDSHAKE\\]');
      expect(await serving.end()).toEqual([]);
    },
  );

  test.each(pythons)('a plain SocketHandler of Python $version on a TLS port is told what it needs', async (python) => {
    const serving = new Serving('tls://127.0.0.1:0', ...own);
    await log(python, { class: SOCKET, host: '127.0.0.1', port: await serving.port() }, 'in the clear');
    await serving.refused('sent no TLS', 'TLSSocketHandler', '\\[ERR_TLS_HANDSHAKE\\]');
    expect(await serving.end()).toEqual([]);
  });

  test.each(pythons)('a TLSSocketHandler of Python $version on a plain port is named', async (python) => {
    const serving = new Serving('tcp://127.0.0.1:0');
    const port = await serving.port();
    await scenario(python, 'refused', JSON.stringify(handlerFor(port, null)));
    await serving.refused('TLS', 'tls:// listener', '\\[ERR_FRAME_LENGTH\\]');
    expect(await serving.end()).toEqual([]);
  });
});
