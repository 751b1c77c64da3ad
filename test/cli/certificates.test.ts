// `--tls-cert` and its like: who is let in, and how certificates are changed while it runs.

import { once } from 'node:events';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasOpenssl, makeCertificates } from '../interop/certificates.ts';
import { frames } from '../net/frames.ts';
import { pickleRecord } from '../record/pickles.ts';
import { builtPackage, picklewire, type Running, scratchFolder } from './command.ts';

const has = hasOpenssl('the tests of certificates');
const certificates = has ? makeCertificates() : '';
const folder = builtPackage();

/** A folder with `server.pem` and `server.key`, to begin with those of a name. */
function folderWith(name: string): string {
  const cwd = scratchFolder();
  install(cwd, name);
  return cwd;
}

function install(cwd: string, certificate: string, key: string = certificate): void {
  copyFileSync(join(certificates, `${certificate}.pem`), join(cwd, 'server.pem'));
  copyFileSync(join(certificates, `${key}.key`), join(cwd, 'server.key'));
}

function serve(cwd: string, ...args: readonly string[]): Running {
  const files = ['--tls-cert', 'server.pem', '--tls-key', 'server.key'];
  const all = ['serve', '--listen', 'tls://127.0.0.1:0', ...files, '--format', '%(tls_subject)s: %(message)s', ...args];
  return picklewire(folder, all, { cwd });
}

async function portOf(running: Running): Promise<number> {
  const [, port] = await running.printed(/^listening on tls:\/\/127\.0\.0\.1:(\d+)$/m);
  return Number(port);
}

/** A client that is connected, with a certificate of its own where it has a name. */
async function connected(port: number, name?: string): Promise<TLSSocket> {
  const own =
    name === undefined
      ? {}
      : { cert: readFileSync(join(certificates, `${name}.pem`)), key: readFileSync(join(certificates, `${name}.key`)) };
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...own });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  socket.on('error', () => {}).resume();
  return socket;
}

/** Whose certificate the server shows. */
async function shown(port: number): Promise<string | undefined> {
  const socket = await connected(port);
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

describe.skipIf(!has)('--tls-cert', () => {
  test('lets in whoever speaks TLS; with --tls-ca, only those with a certificate of that, by their names', async () => {
    const cwd = folderWith('server');
    const open = serve(cwd, '--format', '%(message)s');
    (await connected(await portOf(open))).end(frames(pickleRecord('from anybody')));
    await open.printed(/^from anybody$/m);

    const closed = serve(cwd, '--tls-ca', join(certificates, 'ca.pem'));
    const port = await portOf(closed);
    (await connected(port, 'client')).end(frames(pickleRecord('mine', { tls_subject: 'CN=forged' })));
    await closed.printed(/^CN=client,O=Some\\, Inc\.: mine$/m);
    await connected(port, 'stranger').catch(() => {});
    await closed.printed(
      /^picklewire: rejected from 127\.0\.0\.1:\d+: .*authority that is not known.*--tls-ca.* \[ERR_TLS_HANDSHAKE\]$/m,
    );
    await connected(port).catch(() => {});
    await closed.printed(
      /^picklewire: rejected from 127\.0\.0\.1:\d+: .*no client certificate.*--tls-ca.* \[ERR_TLS_HANDSHAKE\]$/m,
    );
    expect(closed.stdout).toBe('CN=client,O=Some\\, Inc.: mine\n');
  });

  test('speaks TLS 1.2, and with --tls-max-version 1.3 too', async () => {
    const cwd = folderWith('server');
    expect((await connected(await portOf(serve(cwd)))).getProtocol()).toBe('TLSv1.2');
    const newer = serve(cwd, '--tls-max-version', 'TLSv1.3');
    expect((await connected(await portOf(newer))).getProtocol()).toBe('TLSv1.3');
  });

  test('says at the start that its own certificate has expired', async () => {
    const running = serve(folderWith('expired'));
    await portOf(running);
    expect(running.stderr).toMatch(/^picklewire: the certificate in server\.pem expired on \d{4}-\d\d-\d\d: /);
  });

  test('a key of another certificate is said, and nothing listens', async () => {
    const cwd = scratchFolder();
    install(cwd, 'server', 'client');
    const running = serve(cwd);
    expect((await running.ended).code).toBe(1);
    expect(running.stderr).toMatch(/^picklewire: cannot use the files of --tls-cert [^\n]*not the one[^\n]*\n$/);
  });
});

describe.skipIf(!has)('SIGHUP', () => {
  test('shows other certificates from then on, and leaves connections as they are', async () => {
    const cwd = folderWith('server');
    const running = serve(cwd, '--format', '%(message)s');
    const port = await portOf(running);
    const before = await connected(port);
    expect(await shown(port)).toBe('server');
    install(cwd, 'stranger');
    running.kill('SIGHUP');
    await running.printed(/^picklewire: read the certificate from server\.pem$/m);
    expect(await shown(port)).toBe('stranger');
    before.end(frames(pickleRecord('still here')));
    await running.printed(/^still here$/m);
  });

  test.each([
    ['a file that is not there', (cwd: string) => rmSync(join(cwd, 'server.pem')), /ENOENT/],
    ['a certificate that is none', (cwd: string) => writeFileSync(join(cwd, 'server.pem'), 'none'), /PEM/],
    ['a key of another certificate', (cwd: string) => install(cwd, 'server', 'client'), /not the one/],
    ['an empty key', (cwd: string) => writeFileSync(join(cwd, 'server.key'), ''), /PEM/],
  ])('leaves the certificates as they were for %s, and says so', async (_, spoil, reason) => {
    const cwd = folderWith('server');
    const running = serve(cwd);
    const port = await portOf(running);
    spoil(cwd);
    running.kill('SIGHUP');
    const [line] = await running.printed(/^picklewire: the certificates stay as they were: .*$/m);
    expect(line).toMatch(reason);
    expect(await shown(port)).toBe('server');
  });
});
