// The senders of the fault test: each does one thing wrong, for a bounded time, to a port on loopback.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { frames, prefix } from '../net/frames.ts';
import { pickleRecord } from '../record/pickles.ts';
import type { Plan } from './plan.ts';

/**
 * Sends what the plan says and ends as it says. `arrived` resolves when all good frames of the plan are in the output: a
 * reset takes along what is still on its way, so the one that resets waits for it first.
 */
export async function sendPlan(port: number, plan: Plan, arrived: () => Promise<void>): Promise<void> {
  const socket = await open(port);
  for (const piece of plan.pieces) {
    if (!socket.write(piece)) await once(socket, 'drain');
    // A turn of the loop between small pieces: so they leave as packets of their own.
    if (piece.length < 10) await turn();
  }
  if (plan.ending === 'reset') {
    await arrived();
    await new Promise((resolve) => socket.write(plan.tail, resolve));
    await leave(socket, () => socket.resetAndDestroy());
  } else {
    if (plan.ending === 'cut') socket.write(plan.tail);
    await leave(socket, () => socket.end());
  }
}

/** Announces a frame of so many bytes, sends a few of them, and waits until the other side closes or `over` resolves. */
export async function announce(port: number, length: number, over: Promise<unknown>): Promise<void> {
  const socket = await open(port);
  const closed = once(socket, 'close');
  socket.write(Buffer.concat([prefix(length), Buffer.alloc(100, 'K')]));
  await Promise.race([closed, over]);
  socket.destroy();
  await closed;
}

/** Sends one good frame byte by byte, with a pause after each, and leaves. */
export async function drip(port: number, message: string, pause: number): Promise<void> {
  const socket = await open(port);
  for (const byte of frames(pickleRecord(message))) {
    socket.write(Uint8Array.of(byte));
    await delay(pause);
  }
  await leave(socket, () => socket.end());
}

/** Sends half a frame and nothing more; resolves when the other side has had enough. */
export async function stall(port: number, message: string): Promise<void> {
  const socket = await open(port);
  const closed = once(socket, 'close');
  const bytes = frames(pickleRecord(message));
  socket.write(bytes.subarray(0, bytes.length / 2));
  await closed;
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }).on('error', () => {});
  await once(socket, 'connect');
  return socket.resume();
}

async function leave(socket: Socket, go: () => unknown): Promise<void> {
  const closed = once(socket, 'close');
  go();
  await closed;
}
