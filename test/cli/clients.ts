// Clients of the command: they connect, send frames and leave. Knows nothing of what a frame holds.

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { frames } from '../net/frames.ts';

/** Connects, sends the payloads as frames, and leaves; resolves when the other side has seen that and closed too. */
export async function sendTo(port: number, ...payloads: readonly Uint8Array[]): Promise<void> {
  await sendBytesTo(port, frames(...payloads));
}

/** The same with bytes as they are. A reset by the other side is an end like any other. */
export async function sendBytesTo(port: number, bytes: Uint8Array): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {}).resume();
  socket.end(bytes);
  await closed;
}

/** Resolves when every one of many clients has connected, sent its bytes and left, whatever the other side does. */
export async function sendAndLeave(port: number, streams: readonly Uint8Array[]): Promise<void> {
  await Promise.all(
    streams.map(async (bytes) => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      const closed = once(socket, 'close');
      // The kernel has taken all of it when this is called: nothing is lost by leaving.
      socket.end(bytes, () => socket.destroy());
      await closed;
    }),
  );
}

/** Resolves when nobody listens on the port any more. */
export async function gone(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const refused = await once(socket, 'connect').then(
      () => false,
      () => true,
    );
    socket.destroy();
    if (refused) return;
    await delay(10);
  }
}
