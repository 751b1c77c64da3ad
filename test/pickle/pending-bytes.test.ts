// The bytes of an opcode that is cut: kept whole, in memory that follows what has come and not what was announced.

import { expect, test } from 'vitest';
import { PendingBytes } from '../../src/pickle/pending-bytes.ts';

const MANY = 10_000;

test('what is put in piece by piece is there in order, and nothing else counts', () => {
  for (const size of [1, 7, 255, 256, 257, 1000]) {
    const all = Uint8Array.from({ length: MANY }, (_, i) => i % 251);
    const pending = new PendingBytes();
    for (let at = 0; at < MANY; at += size) pending.append(all, at, Math.min(at + size, MANY), MANY);
    expect(Buffer.from(pending.bytes.subarray(0, pending.length)).equals(all)).toBe(true);
  }
});

test('memory doubles as bytes come, so that each is copied a few times at most, and is never more than is wanted', () => {
  const pending = new PendingBytes();
  const arrays = new Set<Uint8Array>();
  for (let length = 1; length <= MANY; length++) {
    pending.append(Uint8Array.of(1), 0, 1, MANY);
    arrays.add(pending.bytes);
    if (pending.bytes.length > Math.min(MANY, Math.max(256, 2 * length))) expect.fail(`too much after ${length} bytes`);
  }
  expect(arrays.size).toBeLessThan(10);
});

test('is empty when cleared; a large array is given back, and a small one used again', () => {
  const pending = new PendingBytes();
  const small = pending.bytes;
  pending.append(new Uint8Array(10), 0, 10, 10);
  pending.clear();
  expect(pending.length).toBe(0);
  expect(pending.bytes).toBe(small);
  pending.append(new Uint8Array(MANY), 0, MANY, MANY);
  expect(pending.bytes.length).toBe(MANY);
  pending.clear();
  expect(pending.length).toBe(0);
  expect(pending.bytes.length).toBe(small.length);
});
