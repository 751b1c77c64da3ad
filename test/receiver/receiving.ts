// What the tests of the receiver share: a receiver on a free port that notes all it tells, and clients of it.

import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { Handler, type LogRecord, Manager } from '../../src/logging/index.ts';
import { createReceiver, type Receiver, type ReceiverOptions, type Rejection } from '../../src/receiver/index.ts';
import { frames } from '../net/frames.ts';

/** Keeps the messages that reach it. */
export class Messages extends Handler {
  readonly texts: string[] = [];

  override emit(record: LogRecord): void {
    this.texts.push(record.getMessage());
  }
}

export interface Receiving {
  readonly receiver: Receiver;
  readonly port: number;
  readonly manager: Manager;
  /** What the root logger's handler got. */
  readonly handled: string[];
  /** What the listeners of 'record' got. */
  readonly records: LogRecord[];
  readonly rejections: Rejection[];
}

/** A receiver that listens, with a Manager of its own unless `options` has one; closed when the test is over. */
export async function receiving(options: ReceiverOptions = {}): Promise<Receiving> {
  const { manager = new Manager() } = options;
  const root = new Messages();
  manager.root.addHandler(root);
  const receiver = createReceiver({ ...(options.listen === undefined ? { port: 0 } : {}), ...options, manager });
  const records: LogRecord[] = [];
  const rejections: Rejection[] = [];
  receiver.on('record', (record) => records.push(record));
  receiver.on('rejected', (rejection) => rejections.push(rejection));
  onTestFinished(() => receiver.close({ idle: 1 }));
  const { port } = await receiver.listen();
  return { receiver, port, manager, handled: root.texts, records, rejections };
}

/** Sends payloads as frames on a connection of their own, closes it, and waits until the receiver has seen the end. */
export async function send(receiver: Receiver, ...payloads: readonly Uint8Array[]): Promise<void> {
  await sendBytes(receiver, frames(...payloads));
}

/** The same with bytes as they are. The receiver may close first, and reset what it did not read. */
export async function sendBytes(receiver: Receiver, bytes: Uint8Array): Promise<void> {
  const gone = new Promise<void>((resolve) => receiver.once('disconnect', () => resolve()));
  connectTo(receiver).end(bytes);
  await gone;
}

/** A client that is connecting; what it writes meanwhile is sent then. Destroyed when the test is over. */
export function connectTo(receiver: Receiver): Socket {
  const socket = connect(receiver.address?.port as number, '127.0.0.1').on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}
