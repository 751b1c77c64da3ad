// More than a turn of the event loop may read, on many connections at once: all of it is in the kernel before a byte is
// read, so that reading stops and starts.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import { Connection } from '../../src/net/reading/connection.ts';
import { TURN_BYTES_MAX } from '../../src/net/reading/read-quota.ts';
import { hasOpenssl, makeCertificates } from '../interop/certificates.ts';
import { isLinux, listening, type Recorded, temporaryFolder, until } from './server-fixture.ts';

const FLOOD_CLIENT = fileURLToPath(new URL('flood-client.js', import.meta.url));
const PATIENCE = 20_000;

/** More than a chunk of 64 KiB from each, and less than a kernel takes while nobody reads. */
const CLIENTS = 160;
const FRAMES = 20;
const PAYLOAD = 5000;

const hasTls = hasOpenssl('the tests of floods over TLS');
const folder = hasTls ? makeCertificates() : '';
const pem = (name: string): string => readFileSync(join(folder, name), 'latin1');

const { stopReading } = Connection.prototype;
const stopped = vi.spyOn(Connection.prototype, 'stopReading');
const started = vi.spyOn(Connection.prototype, 'startReading');
afterEach(() => {
  stopped.mockReset();
  started.mockReset();
});

interface Flood {
  readonly transport?: 'tcp' | 'tls' | 'unix';
  /** Connections that send nothing, opened before the others. */
  readonly idle?: number;
  /** Whether each sender keeps the last byte of its last frame. */
  readonly cut?: boolean;
}

/** A server to whose connections everything has been written, and nothing read. */
async function flooded({ transport = 'tcp', idle = 0, cut = false }: Flood, frameTimeout?: number): Promise<Recorded> {
  const path = join(temporaryFolder(), 's');
  const listen = { tcp: 'tcp://127.0.0.1:0', tls: 'tls://127.0.0.1:0', unix: `unix:${path}` }[transport];
  const tls = transport === 'tls' ? { cert: pem('server.pem'), key: pem('server.key') } : undefined;
  const recorded = await listening({ listen, tls, connectionLimits: { frameTimeout } });
  const child = fork(FLOOD_CLIENT, [], { execArgv: [] });
  onTestFinished(() => {
    child.disconnect();
  });
  const to = transport === 'unix' ? { path } : { host: '127.0.0.1', port: recorded.port };
  const marker = join(temporaryFolder(), 'written');
  const ca = transport === 'tls' ? pem('ca.pem') : undefined;
  child.send({ to, tls: ca, clients: CLIENTS, idle, frames: FRAMES, payload: PAYLOAD, marker, cut });
  await once(child, 'message');
  await until(() => recorded.server.open === idle + CLIENTS);
  child.send('go');
  const deadline = performance.now() + PATIENCE;
  while (!existsSync(marker)) if (performance.now() > deadline) throw new Error('the kernel took no more');
  return recorded;
}

/** What each client sent, sorted by client. */
function sent(frames = FRAMES): string[][] {
  return Array.from({ length: CLIENTS }, (_, client) =>
    Array.from({ length: frames }, (_, number) => `${client}:${number}`),
  );
}

/** The beginnings of the payloads that came, each list in order, by client. */
function arrived({ received }: Recorded): string[][] {
  return [...received.values()]
    .filter((texts) => texts.length > 0)
    .map((texts) => texts.map((text) => text.slice(0, text.indexOf(';'))))
    .sort(([a = ''], [b = '']) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

test('is more than the quota', () => {
  expect(CLIENTS * FRAMES * PAYLOAD).toBeGreaterThan(2 * TURN_BYTES_MAX);
});

describe.each<[NonNullable<Flood['transport']>, boolean]>([
  ['tcp', true],
  ['tls', hasTls],
  ['unix', isLinux],
])('a flood over %s', (transport, runs) => {
  test.runIf(runs)('arrives whole and in order, and its ends are seen, though reading stopped', async () => {
    const recorded = await flooded({ transport });
    await until(() => recorded.disconnects.length === CLIENTS);
    expect(arrived(recorded)).toEqual(sent());
    expect(recorded.disconnects.map(({ disconnect }) => disconnect.why)).toEqual(Array(CLIENTS).fill('end'));
    expect(stopped.mock.calls.length).toBeGreaterThanOrEqual(CLIENTS);
    // Over TLS, some end with what was decrypted before they stopped.
    expect(started.mock.calls.length).toBeGreaterThan(0);
  });

  test.runIf(runs)('is drained, however many idle connections are to be started before', async () => {
    const recorded = await flooded({ transport, idle: transport === 'tls' ? 100 : 1000 });
    await recorded.server.drain({ idle: 0, limit: PATIENCE });
    expect(arrived(recorded)).toEqual(sent());
    expect(stopped.mock.calls.length).toBeGreaterThanOrEqual(CLIENTS);
  });

  test.runIf(runs)('is cut short by a close while reading is stopped', async () => {
    const recorded = await flooded({ transport });
    await until(() => stopped.mock.calls.length >= CLIENTS);
    await recorded.server.close();
    expect(recorded.disconnects).toHaveLength(CLIENTS);
    expect(recorded.disconnects.some(({ disconnect }) => disconnect.why === 'closed')).toBe(true);
    expect(arrived(recorded).flat().length).toBeLessThan(sent().flat().length);
    expect(recorded.server.open).toBe(0);
  });

  test.runIf(runs)(
    'is none for the time-out while it waits; one that stays in a frame once it is read is',
    async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      onTestFinished(() => {
        vi.useRealTimers();
      });
      const timeOut = (): void => {
        vi.advanceTimersByTime(10_000);
      };
      let waited = 0;
      // At once, as in the next turn some are read again, and have nothing more to say.
      stopped.mockImplementation(function (this: Connection) {
        stopReading.call(this);
        if (stopped.mock.calls.length !== CLIENTS) return;
        waited = recorded.server.connections.filter(({ unfinished }) => unfinished > 0).length;
        timeOut();
      });
      const recorded = await flooded({ transport, cut: true }, 1000);
      await until(() => arrived(recorded).flat().length === sent(FRAMES - 1).flat().length);
      expect(waited).toBeGreaterThan(1);
      expect(recorded.disconnects).toEqual([]);
      // Those that came first may still wait to be read again, and are not timed meanwhile.
      await until(() => {
        timeOut();
        return recorded.disconnects.length === CLIENTS;
      });
      expect(recorded.disconnects.map(({ disconnect }) => disconnect)).toEqual(
        Array(CLIENTS).fill({ why: 'idle-timeout', bytes: PAYLOAD + 3 }),
      );
      expect(arrived(recorded)).toEqual(sent(FRAMES - 1));
    },
  );
});
