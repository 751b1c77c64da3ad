// What the tests of the server share: a server that notes all it is told, and clients that a test need not clean up.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';
import type { Peer, PeerRefusedError } from '../../src/net/access/peer.ts';
import { LogServer } from '../../src/net/log-server.ts';
import type { LogServerOptions } from '../../src/net/log-server-options.ts';
import type { Connection, Disconnect } from '../../src/net/reading/connection.ts';
import { textOf } from './frames.ts';

export interface Recorded {
  readonly server: LogServer;
  readonly port: number;
  /** Payloads as text, by the id of their connection. */
  readonly received: Map<number, string[]>;
  readonly disconnects: { readonly connection: Connection; readonly disconnect: Disconnect }[];
  readonly refusals: { readonly peer: Peer; readonly error: PeerRefusedError }[];
}

/** A listening server on a free port of loopback; `onFrame` is called after a payload was noted. */
export async function listening(
  options: Omit<LogServerOptions, 'onFrame'> & { onFrame?: (text: string) => void } = {},
): Promise<Recorded> {
  const received = new Map<number, string[]>();
  const disconnects: Recorded['disconnects'] = [];
  const refusals: Recorded['refusals'] = [];
  const server = new LogServer({
    ...(options.listen === undefined ? { port: 0 } : {}),
    ...options,
    onFrame: (bytes, start, end, connection) => {
      const text = textOf(bytes, start, end);
      received.get(connection.id)?.push(text);
      options.onFrame?.(text);
    },
  });
  server.on('connection', (connection) => received.set(connection.id, []));
  server.on('disconnect', (connection, disconnect) => disconnects.push({ connection, disconnect }));
  server.on('refused', (peer, error) => refusals.push({ peer, error }));
  onTestFinished(() => server.close());
  const { port } = await server.listen();
  return { server, port, received, disconnects, refusals };
}

/** A client that is connected; what becomes of it is up to the test, and its errors are no matter. */
export async function client(to: number | string, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = typeof to === 'string' ? connect(to) : connect({ port: to, host: '127.0.0.1', localAddress });
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

/** Resolves when a socket is closed, well or not. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Whether all of 127.0.0.0/8 is loopback's, without being asked for. */
export const isLinux: boolean = process.platform === 'linux';

/** Whether there is IPv6 on this machine. */
export const hasIPv6: boolean = Object.values(networkInterfaces()).some((all) => {
  return all?.some(({ address }) => address === '::1');
});

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Resolves when `done()` holds, which it is asked in each turn of the event loop; rejects when the test is over. */
export async function until(done: () => boolean): Promise<void> {
  let over = false;
  onTestFinished(() => {
    over = true;
  });
  while (!done()) {
    if (over) throw new Error('the test ended before what it waited for');
    await turn();
  }
}

/** An empty folder, removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'picklewire-net-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
