// Numbered records on their way to the command, some or without end.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { frames } from '../net/frames.ts';
import { pickleRecord } from '../record/pickles.ts';

export function messages(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, number) => `record ${from + number}`);
}

export function framesOf(texts: readonly string[]): Uint8Array {
  return frames(...texts.map((text) => pickleRecord(text)));
}

export async function connectTo(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Sends records, so many that handlers have always some to write, until it is told to stop. */
export async function sendUntil(port: number, stopped: () => boolean): Promise<string[]> {
  const socket = await connectTo(port);
  const sent: string[] = [];
  while (!stopped()) {
    const next = messages(300, sent.length);
    sent.push(...next);
    if (!socket.write(framesOf(next))) await once(socket, 'drain');
    await delay(1);
  }
  const closed = once(socket, 'close');
  socket.resume().end();
  await closed;
  return sent;
}
