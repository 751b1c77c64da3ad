import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME_ALLOWANCE_BYTES, FrameReader } from '../../src/net/framing/frame-reader.ts';
import { checkProperty } from '../properties/check.ts';
import { Budget, collect, frames } from './frames.ts';

const LIMIT = 40;
const payloads = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 });
const cuts = fc.array(fc.nat(1500), { maxLength: 40 });

/** `bytes` cut at each of the offsets that lie inside it, as chunks that nobody else sees. */
function cutAt(bytes: Uint8Array, offsets: readonly number[]): Uint8Array[] {
  const edges = [0, ...offsets.filter((offset) => offset < bytes.length).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, i) => bytes.slice(edges[i], edge));
}

const asText = (payload: Uint8Array): string => Buffer.from(payload).toString('latin1');

test('frames cut anywhere give the same payloads as whole frames', () => {
  checkProperty(
    fc.property(payloads, cuts, (sent, offsets) => {
      const received = collect();
      for (const chunk of cutAt(frames(...sent), offsets)) received.reader.push(chunk);
      expect(received.payloads).toEqual(sent.map(asText));
      expect(received.reader.end()).toBe(0);
    }),
  );
});

test('frames over the limit are skipped, and every other frame is delivered in order', () => {
  checkProperty(
    fc.property(payloads, cuts, (sent, offsets) => {
      const received = collect(LIMIT);
      for (const chunk of cutAt(frames(...sent), offsets)) received.reader.push(chunk);
      const [small, large] = [sent.filter((p) => p.length <= LIMIT), sent.filter((p) => p.length > LIMIT)];
      expect(received.payloads).toEqual(small.map(asText));
      expect(received.skipped).toEqual(large.map((payload) => payload.length));
      expect(received.reader).toMatchObject({ frames: small.length, oversize: large.length });
    }),
  );
});

test('a budget is never exceeded, whatever comes, costs no frame that fits, and is all given back at the end', () => {
  const most = 3 * FRAME_ALLOWANCE_BYTES;
  const lengths = fc.array(fc.oneof(fc.nat(60), fc.integer({ min: FRAME_ALLOWANCE_BYTES - 9, max: most })), {
    maxLength: 9,
  });
  const offsets = fc.array(fc.nat(9 * most), { maxLength: 40 });
  checkProperty(
    fc.property(lengths, offsets, fc.nat(most), (sent, places, room) => {
      const budget = new Budget(room);
      const [received, overBudget]: [number[], number[]] = [[], []];
      const reader = new FrameReader({
        budget,
        onFrame: (_, start, end) => received.push(end - start),
        onOverBudget: (length) => overBudget.push(length),
      });
      for (const chunk of cutAt(frames(...sent.map((length) => new Uint8Array(length))), places)) reader.push(chunk);
      let next = 0;
      for (const length of sent) if (length === received[next]) next++;
      expect(next).toBe(received.length);
      expect(received.length + overBudget.length).toBe(sent.length);
      expect(overBudget.every((length) => length > room + FRAME_ALLOWANCE_BYTES)).toBe(true);
      expect(reader).toMatchObject({ frames: received.length, overBudget: overBudget.length, unfinished: 0 });
      expect(budget.taken).toBe(0);
    }),
  );
});

test('overwriting each chunk after its push changes no payload that was copied, whole or straddling', () => {
  checkProperty(
    fc.property(payloads, cuts, (sent, offsets) => {
      const kept: Uint8Array[] = [];
      const reader = new FrameReader({ onFrame: (bytes, start, end) => kept.push(bytes.slice(start, end)) });
      for (const chunk of cutAt(frames(...sent), offsets)) {
        reader.push(chunk);
        chunk.fill(0xff);
      }
      expect(kept.map(asText)).toEqual(sent.map(asText));
    }),
  );
});

test('any bytes, cut anywhere, give the same payloads, counts, failure and tail as in one chunk', () => {
  // Small numbers are common, so that lengths that are none, too long and fitting all come up.
  const bytes = fc.array(fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(255)), { maxLength: 400 });
  checkProperty(
    fc.property(bytes, cuts, (stream, offsets) => {
      const read = (chunks: readonly Uint8Array[]): unknown => {
        const { reader, payloads, skipped } = collect(LIMIT);
        for (const chunk of chunks) reader.push(chunk);
        const { frames, bytes, failure } = reader;
        return { payloads, skipped, frames, bytes, failure, offset: failure?.offset, tail: reader.end() };
      };
      const whole = Uint8Array.from(stream);
      expect(read(cutAt(whole, offsets))).toEqual(read([whole]));
    }),
  );
});
