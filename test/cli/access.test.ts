// Who may send: `serve` starts only where that was said, or where nobody but this machine can.

import { readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AccessSettings, faultOf } from '../../src/cli/settings/access.ts';
import { type Listener, listenersOf } from '../../src/cli/settings/listeners.ts';
import { parseEndpoint } from '../../src/net/index.ts';
import { pickleRecord } from '../record/pickles.ts';
import { sendTo } from './clients.ts';
import { builtPackage, picklewire, scratchFolder } from './command.ts';

const folder = builtPackage();

const NOTHING: AccessSettings = { allowFrom: [], globals: 'inert', allow: [] };
const CERTIFICATE = { tlsCert: 'a.pem', tlsKey: 'a.key' };

function fault(urls: readonly string[], settings: Partial<AccessSettings> = {}): string | null {
  return faultOf(listenersOf(urls.map(parseEndpoint), {}, 1), { ...NOTHING, ...settings });
}

describe('may be listened on without further ado:', () => {
  test.each([
    ['tcp://127.0.0.1'],
    ['tcp://127.8.7.6:1'],
    ['tcp://[::1]'],
    ['udp://[::1]'],
    ['tcp://localhost'],
    ['unix:/run/x.sock'],
    ['tcp://[::ffff:127.0.0.1]'],
  ])('%s', (url) => {
    expect(fault([url])).toBeNull();
  });
});

describe('can be reached by others:', () => {
  const OPEN = [
    'tcp://0.0.0.0',
    'tcp://[::]:1',
    'udp://0.0.0.0',
    'tcp://10.0.0.5',
    'udp://[fd00::1]',
    'tcp://a.example',
  ];

  test.each(OPEN)('%s, which is refused by name, with the three ways out', (url) => {
    const line = fault(['unix:/a', url]);
    expect(line).toContain(url);
    expect(line).toMatch(/--tls-ca.*--allow-from.*--insecure/);
    expect(line).not.toContain('\n');
  });

  test.each(OPEN)('%s, which is fine where it was said who may, or that all may', (url) => {
    expect(fault([url], { allowFrom: ['10.0.0.0/8'] })).toBeNull();
    expect(fault([url], { insecure: true })).toBeNull();
  });

  test('TLS, unless clients need a certificate', () => {
    expect(fault(['tls://0.0.0.0'], CERTIFICATE)).toMatch(/^tls:\/\/0\.0\.0\.0:9020 can be reached/);
    expect(fault(['tls://0.0.0.0'], { ...CERTIFICATE, tlsCa: 'ca.pem' })).toBeNull();
    // The certificates of one listener are no help to another.
    expect(fault(['tls://0.0.0.0', 'tcp://0.0.0.0'], { ...CERTIFICATE, tlsCa: 'ca.pem' })).toMatch(/^tcp:/);
    expect(fault(['tls://0.0.0.0'], { ...CERTIFICATE, insecure: true })).toBeNull();
  });

  test('sockets of systemd, by their address', () => {
    const handedOver = (host: string | null, isUnix = false): Listener => {
      return { endpoint: { transport: 'fd', fd: 3, tls: false }, name: 'the socket', isUnix, isTls: false, host };
    };
    expect(faultOf([handedOver('127.0.0.1'), handedOver(null, true)], NOTHING)).toBeNull();
    expect(faultOf([handedOver('0.0.0.0')], NOTHING)).toMatch(/^the socket can be reached/);
    expect(faultOf([handedOver(null)], NOTHING)).toMatch(/^the socket can be reached/);
  });

  test('metrics, unless that was said', () => {
    const metrics = { host: '0.0.0.0', port: 9100 };
    expect(fault(['unix:/a'], { metrics })).toMatch(/^--metrics on 0\.0\.0\.0 .*--insecure/);
    // Who may send need not be who may read.
    expect(fault(['unix:/a'], { metrics, allowFrom: ['10.0.0.1'] })).toMatch(/^--metrics/);
    expect(fault(['unix:/a'], { metrics, insecure: true })).toBeNull();
    expect(fault(['unix:/a'], { metrics: { host: '::1', port: 0 } })).toBeNull();
  });
});

describe('does not go together:', () => {
  test.each([
    ['tls:// without a certificate', ['tls://127.0.0.1'], {}, /--tls-cert and --tls-key/],
    ['tls:// without a key', ['tls://127.0.0.1'], { tlsCert: 'a' }, /--tls-cert and --tls-key/],
    ['certificates without tls://', ['unix:/a'], CERTIFICATE, /--listen tls:/],
    ['an authority without tls://', ['unix:/a'], { tlsCa: 'a' }, /--listen tls:/],
    ['permissions without a Unix socket', ['tcp://127.0.0.1'], { unixMode: 0o600 }, /--listen unix:/],
    [
      '--allow without --globals reject',
      ['unix:/a'],
      { allow: [{ module: 'a', name: 'b', construct: () => 0 }] },
      /reject/,
    ],
  ] as const)('%s', (_, urls, settings, line) => {
    expect(fault(urls, settings)).toMatch(line);
  });
});

/** How a command ends that is to end by itself. */
async function ended(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = scratchFolder()) {
  const running = picklewire(folder, ['serve', ...args], { env, cwd });
  const { code } = await running.ended;
  return { code, stdout: running.stdout, stderr: running.stderr };
}

describe('serve', () => {
  test.each([
    ['--host 0.0.0.0', ['--host', '0.0.0.0'], {}],
    ['an endpoint among others', ['--listen', 'unix:a.sock', '--listen', 'udp://0.0.0.0:0'], {}],
    ['the environment', [], { PICKLEWIRE_HOST: '::' }],
    ['metrics for all', ['--port', '0', '--metrics', '0.0.0.0:0'], {}],
  ])('refuses to start, before anything is bound or opened: %s', async (_, args, env) => {
    const cwd = scratchFolder();
    const { code, stdout, stderr } = await ended([...args, '--output', 'app.log'], env, cwd);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^picklewire: [^\n]*--insecure[^\n]*\n$/);
    expect(stderr).not.toContain('listening');
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('starts with --insecure, and where --allow-from says who may, and listens to no others', async () => {
    const open = picklewire(folder, ['serve', '--listen', 'tcp://0.0.0.0:0', '--insecure', '--format', '%(message)s']);
    await sendTo(await open.port(), pickleRecord('from anybody'));
    await open.printed(/^from anybody$/m);

    const args = ['--listen', 'tcp://0.0.0.0:0', '--allow-from', '192.0.2.0/24', '--allow-from', '127.0.0.1'];
    const running = picklewire(folder, ['serve', ...args, '--format', '%(message)s']);
    const port = await running.port();
    await sendTo(port, pickleRecord('from me'));
    await running.printed(/^from me$/m);
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }).on('error', () => {});
    socket.end(pickleRecord('from another'));
    await running.printed(/^picklewire: rejected from 127\.0\.0\.2:\d+: .*--allow-from.* \[ERR_PEER_NOT_ALLOWED\]$/m);
    expect(running.stdout).toBe('from me\n');
  });

  test('says which limit turned somebody away, and what to do', async () => {
    const running = picklewire(folder, ['serve', '--port', '0', '--max-connections-per-address', '1']);
    const port = await running.port();
    const first = connect(port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => first.once('connect', resolve));
    const second = connect(port, '127.0.0.1').on('error', () => {});
    await running.printed(/^picklewire: rejected from .*--max-connections-per-address.* \[ERR_PEER_LIMIT\]$/m);
    first.destroy();
    second.destroy();
  });

  test('says of a certificate that is no use why, and opens no output then', async () => {
    const cwd = scratchFolder();
    const args = ['--listen', 'tls://127.0.0.1:0', '--tls-cert', 'a.pem', '--tls-key', 'a.key', '--output', 'app.log'];
    const missing = await ended(args, {}, cwd);
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringMatching(/^picklewire: cannot read a certificate or its key: ENOENT.*a\.pem[^\n]*\n$/),
    ]);
    for (const name of ['a.pem', 'a.key']) writeFileSync(join(cwd, name), 'no certificate');
    const broken = await ended(args, {}, cwd);
    expect([broken.code, broken.stderr]).toEqual([
      1,
      expect.stringMatching(/^picklewire: cannot use the files of --tls-cert [^\n]*PEM[^\n]*\n$/),
    ]);
    expect(readdirSync(cwd)).toEqual(['a.key', 'a.pem']);
  });

  test('says that systemd has handed over no socket', async () => {
    const { code, stderr } = await ended(['--listen', 'systemd:']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^picklewire: [^\n]*systemd[^\n]*\.socket unit\n$/)]);
  });
});
