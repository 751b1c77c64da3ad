// What a server lets its peers take up: connections, memory, and time inside a frame.

import type { Socket } from 'node:net';

import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { FRAME_ALLOWANCE_BYTES as OWN } from '../../src/net/framing/frame-reader.ts';
import type { LogServer } from '../../src/net/log-server.ts';
import { IdleWatch } from '../../src/net/reading/idle-watch.ts';
import { frames, latin1, pieces, prefix } from './frames.ts';
import { client, closed, hasIPv6, isLinux, listening, until } from './server-fixture.ts';

const frame = (text: string): Uint8Array => frames(latin1(text));

/** Begins a frame on the server's connection at `index`: its own 4 KiB, then the one byte that needs shared memory. */
async function begin(server: LogServer, index: number, socket: Socket, length: number): Promise<void> {
  socket.write(Buffer.concat([prefix(length), new Uint8Array(OWN)]));
  await until(() => server.connections[index]?.unfinished === OWN + 4);
  socket.write(new Uint8Array(1));
}

describe('connections', () => {
  test('over the limit are closed and told of, those within are not, and one that leaves makes room', async () => {
    const { server, port, received, refusals } = await listening({ connectionLimits: { maxConnections: 2 } });
    const [first, second] = [await client(port), await client(port)];
    await until(() => server.open === 2);
    const third = await client(port);
    await closed(third.resume());
    expect(refusals).toMatchObject([
      { peer: { transport: 'tcp', remoteAddress: '127.0.0.1' }, error: { code: 'ERR_PEER_LIMIT' } },
    ]);
    expect(refusals[0]?.error.message).toMatch(/^there are 2 connections.*maxConnections/);
    second.end();
    await until(() => server.open === 1);
    const fourth = await client(port);
    fourth.write(frame('fourth'));
    first.write(frame('first'));
    await until(() => [...received.values()].flat().length === 2);
    expect([...received.values()].flat().sort()).toEqual(['first', 'fourth']);
    expect(refusals).toHaveLength(1);
  });

  test.runIf(isLinux)('of one address over its limit are closed, those of another are not', async () => {
    const { server, port, refusals } = await listening({ connectionLimits: { maxConnectionsPerAddress: 2 } });
    await Promise.all([client(port), client(port), client(port, '127.0.0.2')]);
    await until(() => server.open === 3);
    await client(port, '127.0.0.2');
    await until(() => server.open === 4);
    const [one, two] = [await client(port), await client(port, '127.0.0.2')];
    await Promise.all([closed(one.resume()), closed(two.resume())]);
    expect(refusals.map(({ peer }) => peer.remoteAddress).sort()).toEqual(['127.0.0.1', '127.0.0.2']);
    expect(refusals[0]?.error).toMatchObject({ code: 'ERR_PEER_LIMIT' });
    expect(refusals[0]?.error.message).toMatch(/2 connections from 127\.0\.0\.[12].*maxConnectionsPerAddress/);
    expect(server.open).toBe(4);
  });
});

describe('unfinished frames', () => {
  test('take up what is counted, and nothing any more once they are whole or their connection is gone', async () => {
    const { server, port, received } = await listening();
    const [first, second, third] = [await client(port), await client(port), await client(port)];
    await until(() => server.open === 3);
    // 4 KiB of each are the connection's own, and are not counted.
    third.write(Buffer.concat([prefix(100_000), new Uint8Array(OWN)]));
    await begin(server, 0, first, 100_000);
    await begin(server, 1, second, OWN + 1000);
    await until(() => server.unfinished === OWN + 1000);
    second.write(new Uint8Array(999));
    await until(() => server.unfinished === OWN);
    first.destroy();
    await until(() => server.unfinished === 0);
    expect(received.get(2)).toHaveLength(1);
    expect(server.connections.map(({ unfinished }) => unfinished)).toEqual([0, OWN + 4]);
  });

  test.runIf(isLinux).each([
    ['maxUnfinished', 1500, ['127.0.0.1', '127.0.0.2']],
    ['maxUnfinishedPerAddress', 1500, ['127.0.0.1', '127.0.0.1']],
  ])('beyond %s are skipped and told of, and cost no connection', async (name, room, [one, two]) => {
    const { server, port, received } = await listening({ connectionLimits: { [name]: room } });
    const overBudget: number[] = [];
    server.on('overBudget', (connection, length) => overBudget.push(connection.id, length));
    const [first, second] = [await client(port, one), await client(port, two)];
    await until(() => server.open === 2);
    await begin(server, 0, first, OWN + 1000);
    await until(() => server.unfinished === 1000);
    await begin(server, 1, second, OWN + 501);
    await until(() => overBudget.length > 0);
    expect(overBudget[1]).toBe(OWN + 501);
    second.write(Buffer.concat([new Uint8Array(500), frame('next')]));
    await begin(server, 1, second, OWN + 500);
    await until(() => server.unfinished === 1500);
    second.write(new Uint8Array(499));
    first.write(new Uint8Array(999));
    await until(() => [...received.values()].flat().length === 3);
    expect(
      [...received.values()]
        .flat()
        .map((text) => text.length)
        .sort((a, b) => a - b),
    ).toEqual([4, OWN + 500, OWN + 1000]);
    expect(overBudget).toHaveLength(2);
    expect(server.connections.reduce((sum, connection) => sum + connection.overBudget, 0)).toBe(1);
  });

  test.runIf(isLinux)('of one address beyond its limit leave room for others', async () => {
    const { server, port } = await listening({ connectionLimits: { maxUnfinishedPerAddress: 1000 } });
    const addresses = ['127.0.0.1', '127.0.0.2'];
    for (const [n, address] of addresses.entries()) await begin(server, n, await client(port, address), OWN + 1000);
    await until(() => server.unfinished === 2000);
  });

  test('of 4 KiB find room whatever others hold: 1,300 that send 5 bytes each, and one that holds all there is', async () => {
    const { server, port, received } = await listening({ connectionLimits: { maxUnfinished: 1000 } });
    const overBudget: number[] = [];
    server.on('overBudget', (_connection, length) => overBudget.push(length));
    const greedy = await client(port);
    await begin(server, 0, greedy, OWN + 1000);
    await until(() => server.unfinished === 1000);
    const tiny = Buffer.concat([prefix(2 ** 20), new Uint8Array(1)]);
    for (let n = 0; n < 13; n++) {
      for (const socket of await Promise.all(Array.from({ length: 100 }, () => client(port)))) socket.write(tiny);
    }
    await until(() => server.connections.filter(({ unfinished }) => unfinished === tiny.length).length === 1300);

    const honest = await client(port);
    const sent = Array.from({ length: 10 }, (_, n) => `${n}`.repeat(OWN));
    let arrived = 0;
    for (const half of sent.flatMap((text) => pieces(frame(text), OWN / 2))) {
      honest.write(half);
      arrived += half.length;
      await until(() => server.connections.at(-1)?.bytes === arrived);
    }
    expect(received.get(1302)).toEqual(sent);
    expect(overBudget).toEqual([]);
    // One that is longer needs what the greedy one has.
    await begin(server, 1301, honest, OWN + 2);
    await until(() => overBudget.length > 0);
    expect(overBudget).toEqual([OWN + 2]);
  });
});

describe('a frame of which no more comes', () => {
  test.each([
    ['part of a length', prefix(100).subarray(0, 2), 2],
    ['a length', prefix(100), 4],
    ['part of a payload', frame('cut off').subarray(0, 7), 7],
    ['part of a frame over the limit', Buffer.concat([prefix(2 ** 20), new Uint8Array(6)]), 10],
  ])('closes its connection after %s, while idle ones stay', async (_, bytes, lost) => {
    const { server, port, disconnects, received } = await listening({
      maxFrame: 1000,
      connectionLimits: { frameTimeout: 40 },
    });
    const idle = await client(port);
    idle.write(frame('before'));
    await until(() => received.get(1)?.length === 1);
    const idled = await client(port);
    idled.resume().write(Buffer.concat([frame('whole'), bytes]));
    await closed(idled);
    await until(() => disconnects.length === 1);
    expect(disconnects[0]?.disconnect).toEqual({ why: 'idle-timeout', bytes: lost });
    expect(received.get(2)).toEqual(['whole']);
    idle.write(frame('after'));
    await until(() => received.get(1)?.length === 2);
    expect(server.open).toBe(1);
  });
});

describe('the watch', () => {
  function watching() {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const idled: string[] = [];
    return { idled, watch: new IdleWatch<string>(1000, (member) => idled.push(member)) };
  }

  test('tells of an idle one once, after the time-out and a quarter of it at most', () => {
    const { idled, watch } = watching();
    watch.touch('early', true);
    vi.advanceTimersByTime(249);
    watch.touch('late', true);
    vi.advanceTimersByTime(1000 - 249);
    expect(idled).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(idled).toEqual(['early', 'late']);
    vi.advanceTimersByTime(10_000);
    expect(idled).toHaveLength(2);
  });

  test('never tells of one that goes on, however slowly, or is done', () => {
    const { idled, watch } = watching();
    watch.touch('done', true);
    for (let times = 0; times < 50; times++) {
      watch.touch('slow', true);
      vi.advanceTimersByTime(1000);
      watch.touch('done', false);
    }
    expect(idled).toEqual([]);
  });

  test('has a timer only while somebody is in the middle', () => {
    const { watch } = watching();
    watch.touch('idle', false);
    expect(vi.getTimerCount()).toBe(0);
    watch.touch('busy', true);
    watch.touch('other', true);
    expect(vi.getTimerCount()).toBe(1);
    watch.touch('busy', false);
    watch.touch('other', false);
    vi.advanceTimersByTime(250);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('takes a sweep that comes late for one, however late', () => {
    const { idled, watch } = watching();
    watch.touch('busy', true);
    // As when the process was stopped: the timer fires once for all the time that has passed.
    for (let times = 0; times < 4; times++) vi.advanceTimersToNextTimer();
    expect(idled).toEqual([]);
    watch.touch('busy', true);
    for (let times = 0; times < 4; times++) vi.advanceTimersToNextTimer();
    expect(idled).toEqual([]);
    vi.advanceTimersToNextTimer();
    expect(idled).toEqual(['busy']);
  });
});

describe.runIf(isLinux)('an address', () => {
  test('that may not connect is closed and told of; one that may is not', async () => {
    const { server, port, refusals, received } = await listening({ allowFrom: ['127.0.0.2/31'] });
    const stranger = await client(port);
    await closed(stranger.resume());
    expect(refusals).toMatchObject([
      { peer: { remoteAddress: '127.0.0.1' }, error: { code: 'ERR_PEER_NOT_ALLOWED', protocol: null } },
    ]);
    for (const address of ['127.0.0.2', '127.0.0.3']) (await client(port, address)).write(frame(address));
    await until(() => [...received.values()].flat().length === 2);
    expect(server.connections.map(({ remoteAddress }) => remoteAddress)).toEqual(['127.0.0.2', '127.0.0.3']);
    expect(refusals).toHaveLength(1);
  });

  test.runIf(hasIPv6)('of IPv4 counts as such where both are listened to', async () => {
    const { server, port, refusals } = await listening({ listen: 'tcp://[::]:0', allowFrom: ['127.0.0.1'] });
    await client(port);
    await until(() => server.open === 1);
    expect(server.connections[0]?.remoteAddress).toBe('127.0.0.1');
    await closed((await client(port, '127.0.0.2')).resume());
    expect(refusals.map(({ peer }) => peer.remoteAddress)).toEqual(['127.0.0.2']);
  });
});
