// A receiver for the tests of the handlers that send: it keeps the payloads of whole frames, by connection.

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { LogRecord } from '../../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../../src/logging/event/make-log-record.ts';
import { FrameReader } from '../../../src/net/index.ts';
import { unpickle } from '../../../src/pickle/index.ts';

export class FrameReceiver {
  readonly server: Server;
  readonly connections: Socket[] = [];
  /** The payloads of each connection. */
  readonly payloads: Uint8Array[][] = [];
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  private constructor(onConnection: (socket: Socket) => void) {
    this.server = createServer((socket) => {
      const payloads: Uint8Array[] = [];
      const reader = new FrameReader({ onFrame: (bytes, start, end) => payloads.push(bytes.slice(start, end)) });
      this.connections.push(socket);
      this.payloads.push(payloads);
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        reader.push(chunk);
        this.#check();
      });
      onConnection(socket);
    });
  }

  /** Listens on a free port or at a Unix socket's path; closed after the test. */
  static async listen(
    where: number | string = 0,
    onConnection: (socket: Socket) => void = () => {},
  ): Promise<FrameReceiver> {
    const receiver = new FrameReceiver(onConnection);
    if (typeof where === 'string') receiver.server.listen(where);
    else receiver.server.listen(where, '127.0.0.1');
    await once(receiver.server, 'listening');
    onTestFinished(() => receiver.close());
    return receiver;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** The dicts received so far, over all connections. */
  get dicts(): ReadonlyMap<unknown, unknown>[] {
    return this.payloads.flat().map((payload) => unpickle(payload) as Map<unknown, unknown>);
  }

  get messages(): unknown[] {
    return this.dicts.map((dict) => dict.get('msg'));
  }

  /** Resolves when so many payloads have come. */
  received(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      this.#check();
    });
  }

  close(): void {
    for (const socket of this.connections) socket.destroy();
    this.server.close();
  }

  #check(): void {
    const count = this.payloads.flat().length;
    this.#waiting = this.#waiting.filter((waiting) => {
      if (count >= waiting.count) waiting.resolve();
      return count < waiting.count;
    });
  }
}

/** A record with these attributes. */
export function recordOf(entries: Readonly<Record<string, unknown>> = {}): LogRecord {
  return makeLogRecord(
    new Map(Object.entries({ name: 'app', levelno: 20, levelname: 'INFO', msg: 'hello', ...entries })),
  );
}
