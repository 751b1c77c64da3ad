// Laws of the receiver, over frames cut anywhere and in any number.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from '../../src/net/index.ts';
import { RecordDecoder } from '../../src/record/index.ts';
import { frames } from '../net/frames.ts';
import { turn } from '../net/server-fixture.ts';
import { checkProperty } from '../properties/check.ts';
import { opcodes, PROTOCOLS, pickleRecord } from '../record/pickles.ts';
import { connectTo, receiving, sendBytes } from './receiving.ts';

const records = fc.array(
  fc
    .record({ msg: fc.string({ unit: 'binary' }), user: fc.string(), protocol: fc.constantFrom(...PROTOCOLS) })
    .map(({ msg, user, protocol }) => pickleRecord(msg, { user }, protocol)),
  { minLength: 1, maxLength: 8 },
);
const rejected = fc.constantFrom(opcodes('N.'), opcodes(''), opcodes('cos\nsystem\n(S"x"\ntR.'));
const payloads = fc.tuple(records, fc.array(rejected, { maxLength: 3 })).map(([good, bad]) => [...good, ...bad]);

/** What a stream of frames gives: each record as plain data, or the code of its error. */
function readAll(chunks: readonly Uint8Array[]): unknown[] {
  const results: unknown[] = [];
  const decoder = new RecordDecoder();
  const reader = new FrameReader({
    onFrame: (bytes, start, end) => {
      try {
        results.push(structuredClone(decoder.decode(bytes.subarray(start, end))));
      } catch (error) {
        results.push((error as { code: string }).code);
      }
    },
  });
  for (const chunk of chunks) {
    reader.push(chunk);
    chunk.fill(0xff);
  }
  expect(reader.end()).toBe(0);
  return results;
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, index) => bytes.slice(edges[index], edge));
}

test('frames cut anywhere give the same records and errors as whole frames', () => {
  checkProperty(
    fc.property(payloads, fc.array(fc.nat(), { maxLength: 30 }), (sent, cuts) => {
      const whole = sent.flatMap((payload) => readAll([frames(payload)]));
      expect(whole).toHaveLength(sent.length);
      expect(readAll(cutAt(frames(...sent), cuts))).toEqual(whole);
    }),
  );
});

test('frames cut anywhere and sent over a socket, a turn of the event loop apart, are all logged in order', async () => {
  const { receiver, handled } = await receiving();
  const messages = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 });
  await checkProperty(
    fc.asyncProperty(messages, fc.array(fc.nat(), { maxLength: 12 }), async (sent, cuts) => {
      handled.length = 0;
      const gone = new Promise((resolve) => receiver.once('disconnect', resolve));
      const socket = connectTo(receiver).setNoDelay();
      for (const chunk of cutAt(frames(...sent.map((msg) => pickleRecord(msg))), cuts)) {
        socket.write(chunk);
        await turn();
      }
      socket.end();
      await gone;
      expect(handled).toEqual(sent);
    }),
  );
});

test('a frame sent one byte at a time is one record', async () => {
  const { receiver, handled, rejections } = await receiving();
  const gone = new Promise((resolve) => receiver.once('disconnect', resolve));
  const socket = connectTo(receiver).setNoDelay();
  for (const byte of frames(pickleRecord('byte by byte'), pickleRecord('and again'))) {
    socket.write(Uint8Array.of(byte));
    await turn();
  }
  socket.end();
  await gone;
  expect([handled, rejections]).toEqual([['byte by byte', 'and again'], []]);
});

test('100,000 frames written in one burst arrive as 100,000 records, in order', async () => {
  const { receiver, handled, rejections } = await receiving();
  const sent = Array.from({ length: 100_000 }, (_, number) => `record ${number}`);
  await sendBytes(receiver, Buffer.concat(sent.map((msg) => frames(pickleRecord(msg)))));
  expect(handled.length).toBe(sent.length);
  expect(handled.findIndex((msg, number) => msg !== sent[number])).toBe(-1);
  expect(rejections).toEqual([]);
  expect(receiver.stats).toMatchObject({ records: 100_000, connections: 1, truncated: 0, rejected: 0 });
});
