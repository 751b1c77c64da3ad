// The quota by itself: members are names, and a turn reads what the test says.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { READ_BYTES_MAX, ReadQuota } from '../../src/net/reading/read-quota.ts';
import { checkProperty } from '../properties/check.ts';
import { turn } from './server-fixture.ts';

const CHUNK = 64 * 1024;
/** Four members start in a turn. */
const QUOTA = 8 * CHUNK;

function quotaOf(count: number, quota = QUOTA) {
  const members = Array.from({ length: count }, (_, n) => `m${n}`);
  /** What was done, in order: `-` a stop, `+` a start. */
  const done: string[] = [];
  const stopped = new Set<string>();
  const stop = (member: string): void => {
    expect(stopped.has(member), `${member} was stopped already`).toBe(false);
    stopped.add(member);
    done.push(`-${member}`);
  };
  const start = (member: string): void => {
    expect(stopped.delete(member), `${member} was not stopped`).toBe(true);
    done.push(`+${member}`);
  };
  const made = new ReadQuota<string>({ stop, start }, quota);
  for (const member of members) made.add(member);
  return { quota: made, members, stopped, taken: () => done.splice(0) };
}

describe('the quota', () => {
  test('stops nobody in however many turns that read less', async () => {
    const { quota, taken } = quotaOf(3);
    for (let turns = 0; turns < 50; turns++) {
      for (let chunk = 0; chunk < 6; chunk++) expect(quota.read('m0', CHUNK)).toBe(true);
      await turn();
    }
    expect([taken(), quota.starts]).toEqual([[], 0]);
  });

  test('counts small turns together only up to an eighth of it', async () => {
    const { quota, taken } = quotaOf(3);
    for (let turns = 0; turns < 1000; turns++) {
      quota.read('m1', 1000);
      await turn();
    }
    expect(quota.read('m0', 7 * CHUNK - 1)).toBe(true);
    expect(taken()).toEqual([]);
  });

  test('stops all once it is read, idle ones too, and starts them by turns, in order', async () => {
    const { quota, members, taken } = quotaOf(10);
    for (let chunk = 0; chunk < 7; chunk++) expect(quota.read('m5', CHUNK)).toBe(true);
    expect(taken()).toEqual([]);
    expect(quota.read('m5', CHUNK)).toBe(false);
    expect(taken()).toEqual(members.map((member) => `-${member}`));
    const turns = [];
    for (let n = 0; n < 5; n++) {
      await turn();
      turns.push(taken());
    }
    expect(turns).toEqual([['+m0', '+m1', '+m2', '+m3'], ['+m4', '+m5', '+m6', '+m7'], ['+m8', '+m9'], [], []]);
    expect(quota.starts).toBe(10);
  });

  test('is shared out while some wait: who has had 64 KiB, in one turn or several, queues up again', async () => {
    const { quota, taken } = quotaOf(7);
    quota.read('m0', QUOTA);
    await turn();
    taken();
    expect(quota.read('m1', CHUNK - 1)).toBe(true);
    expect(quota.read('m0', CHUNK)).toBe(false);
    // What TLS had decrypted by then.
    expect(quota.read('m0', 100)).toBe(false);
    expect(taken()).toEqual(['-m0']);
    await turn();
    expect(taken()).toEqual(['+m4', '+m5', '+m6', '+m0']);
    expect(quota.read('m1', 1)).toBe(false);
    await turn();
    expect(taken()).toEqual(['-m1', '+m1']);
    await turn();
    await turn();
    // Nobody waits any more, so that one may have more again.
    expect(quota.read('m1', 7 * CHUNK)).toBe(true);
    expect(taken()).toEqual([]);
  });

  test('that is read again while some wait sends those back first that had nothing', async () => {
    const { quota, taken } = quotaOf(5);
    quota.read('m0', QUOTA);
    await turn();
    taken();
    for (const member of ['m2', 'm0']) expect(quota.read(member, 100)).toBe(true);
    quota.read('m4', QUOTA);
    expect(taken()).toEqual(['-m1', '-m3', '-m2', '-m0']);
    await turn();
    expect(taken()).toEqual(['+m4', '+m1', '+m3', '+m2']);
  });

  test('stops who comes in a turn that has read it, and nobody who comes later', async () => {
    const { quota, taken } = quotaOf(1);
    quota.read('m0', QUOTA);
    quota.add('new');
    expect(taken()).toEqual(['-m0', '-new']);
    await turn();
    quota.add('newer');
    expect(taken()).toEqual(['+m0', '+new']);
  });

  test('forgets who has gone', async () => {
    const { quota, taken } = quotaOf(6);
    quota.read('m0', QUOTA);
    quota.remove('m1');
    quota.remove('m5');
    await turn();
    quota.remove('m0');
    quota.read('m2', QUOTA);
    expect(taken().slice(6)).toEqual(['+m0', '+m2', '+m3', '+m4', '-m2', '-m3', '-m4']);
  });

  test('lets who has had 64 KiB at once have more the next time: its share of what those get that start', async () => {
    expect(new ReadQuota({ stop: () => {}, start: () => {} }).nextReadBytes(CHUNK)).toBe(READ_BYTES_MAX);
    const { quota } = quotaOf(2);
    expect([0, CHUNK - 1, CHUNK, QUOTA].map((last) => quota.nextReadBytes(last))).toEqual([
      CHUNK,
      CHUNK,
      QUOTA / 2,
      QUOTA / 2,
    ]);
    quota.read('m0', QUOTA);
    await turn();
    expect([0, CHUNK].map((last) => quota.nextReadBytes(last))).toEqual([CHUNK, QUOTA / 4]);
    await turn();
    expect(quota.nextReadBytes(CHUNK)).toBe(QUOTA / 2);
    const many = quotaOf(100).quota;
    many.read('m0', QUOTA);
    await turn();
    expect(many.nextReadBytes(QUOTA)).toBe(CHUNK);
  });
});

/** As libuv does it: whoever is not stopped and has something, in some order, with up to 32 reads of each. */
function readTurn(
  { quota, members, stopped }: ReturnType<typeof quotaOf>,
  order: readonly number[],
  left: number[],
  last: number[],
) {
  const read = members.map(() => 0);
  for (const n of order) {
    const member = members[n] as string;
    for (let reads = 0; reads < 32 && !stopped.has(member); reads++) {
      const bytes = Math.min(quota.nextReadBytes(last[n] as number), left[n] as number);
      if (bytes === 0) break;
      (left[n] as number) -= bytes;
      (read[n] as number) += bytes;
      last[n] = bytes;
      expect(quota.read(member, bytes)).toBe(!stopped.has(member));
    }
  }
  return read;
}

test('of senders that never pause, read in the same order each turn, nobody goes without for long', async () => {
  await checkProperty(
    fc.asyncProperty(fc.integer({ min: 1, max: 80 }), fc.boolean(), async (count, reversed) => {
      const made = quotaOf(count);
      const order = made.members.map((_, n) => n);
      if (reversed) order.reverse();
      const left = made.members.map(() => Number.MAX_SAFE_INTEGER);
      const last = made.members.map(() => 0);
      const silence = made.members.map(() => 0);
      // Four start in a turn; who came before the quota was short may once have more than the others.
      const most = 2 * Math.ceil(count / 4) + 2;
      for (let turns = 0; turns < 3 * most; turns++) {
        for (const [n, bytes] of readTurn(made, order, left, last).entries()) {
          silence[n] = bytes > 0 ? 0 : (silence[n] as number) + 1;
        }
        expect(Math.max(...silence)).toBeLessThan(most);
        await turn();
      }
    }),
    { numRuns: 40 },
  );
});

test('a turn never reads more than the quota and once, all is read, and nobody waits for ever', async () => {
  const amounts = fc.array(fc.oneof(fc.constant(0), fc.nat(40 * CHUNK)), { minLength: 1, maxLength: 60 });
  await checkProperty(
    fc.asyncProperty(amounts, fc.nat(), async (left, seed) => {
      const made = quotaOf(left.length);
      const { members, stopped } = made;
      const last = members.map(() => 0);
      const total = left.reduce((sum, bytes) => sum + bytes, 0);
      let order = members.map((_, n) => n);
      let turns = 0;
      for (; left.some((bytes) => bytes > 0); turns++) {
        const by = (seed + turns) % order.length;
        order = [...order.slice(by), ...order.slice(0, by)];
        const read = readTurn(made, order, left, last).reduce((sum, bytes) => sum + bytes);
        expect(read).toBeLessThan(QUOTA + READ_BYTES_MAX);
        await turn();
        expect(turns).toBeLessThan(10 + members.length + (4 * total) / CHUNK);
      }
      // The queue empties by itself.
      for (let n = 0; n < 20 + members.length; n++) await turn();
      expect(stopped.size).toBe(0);
    }),
  );
});
