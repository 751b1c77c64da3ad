// `for await (const record of receiver)`: a bounded queue beside the handlers.

import { expect, test } from 'vitest';
import { HELD_BYTES_MAX, recordBytes } from '../../src/logging/event/index.ts';
import { type LogRecord, makeLogRecord } from '../../src/logging/index.ts';
import type { Receiver } from '../../src/receiver/index.ts';
import { RecordQueue } from '../../src/receiver/record-queue.ts';
import { pickleRecord } from '../record/pickles.ts';
import { type Receiving, receiving, send } from './receiving.ts';

const numbered = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) => `${from + n}`);

function sendNumbered({ receiver }: Receiving, from: number, to: number): Promise<void> {
  return send(receiver, ...numbered(from, to).map((msg) => pickleRecord(msg)));
}

/** All messages that a loop over `records` gets, in order. */
async function drain(records: Receiver | AsyncIterator<LogRecord, undefined>): Promise<unknown[]> {
  const iterator = Symbol.asyncIterator in records ? records[Symbol.asyncIterator]() : records;
  const messages: unknown[] = [];
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) messages.push(next.value.msg);
  return messages;
}

test('gives the records in order, and ends when the receiver has closed', async () => {
  const all = await receiving();
  const messages: unknown[] = [];
  const loop = (async () => {
    for await (const record of all.receiver) messages.push(record.msg);
  })();
  await sendNumbered(all, 0, 5000);
  await all.receiver.close();
  await loop;
  expect(messages).toEqual(numbered(0, 5000));
  expect(all.receiver.stats.dropped).toBe(0);
});

test('a reader that lags loses the newest records, which are counted; handlers and listeners get all', async () => {
  const all = await receiving({ queueLimit: 3 });
  const lagging = all.receiver[Symbol.asyncIterator]();
  await sendNumbered(all, 0, 5);
  expect(all.receiver.stats).toMatchObject({ records: 5, dropped: 2 });
  expect([all.handled, all.records.map(({ msg }) => msg)]).toEqual([numbered(0, 5), numbered(0, 5)]);

  expect((await lagging.next()).value?.msg).toBe('0');
  await sendNumbered(all, 5, 7);
  expect(all.receiver.stats.dropped).toBe(3);
  await all.receiver.close();
  expect(await drain(lagging)).toEqual(['1', '2', '5']);
});

test('a reader that lags by more than 64 MiB loses the newest records, however few they are', async () => {
  const all = await receiving();
  const lagging = all.receiver[Symbol.asyncIterator]();
  const text = 'x'.repeat(1024 * 1024);
  for (let count = 0; count < 40; count++) await send(all.receiver, pickleRecord(text));
  const fitting = Math.floor(HELD_BYTES_MAX / recordBytes(all.records[0] as LogRecord));
  expect(all.receiver.stats).toMatchObject({ records: 40, dropped: 40 - fitting });
  await all.receiver.close();
  expect((await drain(lagging)).length).toBe(fitting);
});

test('a queue takes records up to its bytes, and as many again as were taken out', async () => {
  const record = makeLogRecord(new Map([['msg', 'x'.repeat(1000)]]));
  const queue = new RecordQueue(10, () => {}, 3 * recordBytes(record));
  const push = (count: number): boolean[] => Array.from({ length: count }, () => queue.push(record));
  expect(push(4)).toEqual([true, true, true, false]);
  for (let count = 0; count < 2; count++) await queue.next();
  expect(push(3)).toEqual([true, true, false]);
});

test('a reader that lags by less than the limit loses none, however often', async () => {
  const all = await receiving({ queueLimit: 3000 });
  const loop = all.receiver[Symbol.asyncIterator]();
  const messages: unknown[] = [];
  for (let from = 0; from < 9000; from += 1500) {
    await sendNumbered(all, from, from + 1500);
    for (let taken = 0; taken < 1400; taken++) messages.push((await loop.next()).value?.msg);
  }
  await all.receiver.close();
  messages.push(...(await drain(loop)));
  expect(messages).toEqual(numbered(0, 9000));
  expect(all.receiver.stats.dropped).toBe(0);
});

test('two loops get every record each, and lag each for itself', async () => {
  const all = await receiving({ queueLimit: 2 });
  const lagging = all.receiver[Symbol.asyncIterator]();
  const waiting = drain(all.receiver);
  await sendNumbered(all, 0, 1);
  await sendNumbered(all, 1, 2);
  await sendNumbered(all, 2, 3);
  await all.receiver.close();
  expect(await drain(lagging)).toEqual(['0', '1']);
  expect(await waiting).toEqual(['0', '1', '2']);
  expect(all.receiver.stats.dropped).toBe(1);
});

test('a loop that was left neither keeps records nor counts as lagging', async () => {
  const all = await receiving({ queueLimit: 1 });
  const iterator = all.receiver[Symbol.asyncIterator]();
  const loop = (async () => {
    for await (const record of { [Symbol.asyncIterator]: () => iterator }) return record.msg;
    return undefined;
  })();
  await sendNumbered(all, 0, 1);
  expect(await loop).toBe('0');
  await sendNumbered(all, 1, 10);
  expect(all.receiver.stats).toMatchObject({ records: 10, dropped: 0 });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test('readers that wait side by side get a record each, and all end with the receiver', async () => {
  const all = await receiving();
  const iterator = all.receiver[Symbol.asyncIterator]();
  const reads = [iterator.next(), iterator.next(), iterator.next()];
  await sendNumbered(all, 0, 2);
  await all.receiver.close();
  expect((await Promise.all(reads)).map(({ value }) => value?.msg)).toEqual(['0', '1', undefined]);
});

test('a loop that begins when the receiver is closed, or closing, ends', async () => {
  const { receiver } = await receiving();
  const closing = receiver.close();
  expect(await drain(receiver)).toEqual([]);
  await closing;
  expect(await drain(receiver)).toEqual([]);
});

test('close returns the same promise each time, and the handlers stay open', async () => {
  const all = await receiving();
  expect(all.receiver.close()).toBe(all.receiver.close({ idle: 1 }));
  await all.receiver.close();
  all.manager.root.error('still here');
  expect(all.handled).toEqual(['still here']);
});
