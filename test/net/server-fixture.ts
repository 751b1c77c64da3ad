// What the tests of the server share: a server that notes all it is told, and clients that a test need not clean up.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { onTestFinished } from 'vitest';

import type { Connection, Disconnect } from '../../src/net/connection.ts';
import { LogServer, type LogServerOptions } from '../../src/net/log-server.ts';

export interface Recorded {
  readonly server: LogServer;
  readonly port: number;
  /** Payloads as text, by the id of their connection. */
  readonly received: Map<number, string[]>;
  readonly disconnects: { readonly connection: Connection; readonly disconnect: Disconnect }[];
}

/** A listening server on a free port of loopback; `onFrame` is called after a payload was noted. */
export async function listening(
  options: Partial<Pick<LogServerOptions, 'maxFrame'>> & { onFrame?: (text: string) => void } = {},
): Promise<Recorded> {
  const received = new Map<number, string[]>();
  const disconnects: Recorded['disconnects'] = [];
  const server = new LogServer({
    port: 0,
    maxFrame: options.maxFrame,
    onFrame: (payload, connection) => {
      const text = Buffer.from(payload).toString('latin1');
      received.get(connection.id)?.push(text);
      options.onFrame?.(text);
    },
  });
  server.on('connection', (connection) => received.set(connection.id, []));
  server.on('disconnect', (connection, disconnect) => disconnects.push({ connection, disconnect }));
  onTestFinished(() => server.close());
  const { port } = await server.listen();
  return { server, port, received, disconnects };
}

/** A client that is connected; what becomes of it is up to the test, and its errors are no matter. */
export async function client(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

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
