// Peers that mean harm, or are no SocketHandlers: what they cost, and what is said of them.

import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { frames, latin1, prefix } from '../net/frames.ts';
import { until } from '../net/server-fixture.ts';
import { opcodes, pickleRecord } from '../record/pickles.ts';
import { connectTo, receiving, send, sendBytes } from './receiving.ts';

const MEGABYTE = 2 ** 20;

describe('a pickle that would run a command', () => {
  const witness = join(tmpdir(), `picklewire-witness-${process.pid}`);
  const command = `touch ${witness}`;
  const call = opcodes(`cos\nsystem\n(S'${command}'\ntR`);

  test.each([
    ['os.system', `cos\nsystem\n(S'${command}'\ntR.`],
    ['posix.system', `cposix\nsystem\n(S'${command}'\ntR.`],
    ['subprocess.getoutput', `csubprocess\ngetoutput\n(S'${command}'\ntR.`],
    ['os.popen', `(S'${command}'\nios\npopen\n.`],
    ['nt.system', `(cnt\nsystem\nS'${command}'\no.`],
  ])('by %s runs nothing, is reported once by that name, and the next frame is logged', async (global, pickle) => {
    onTestFinished(() => rmSync(witness, { force: true }));
    const { receiver, handled, rejections } = await receiving();
    await send(receiver, opcodes(pickle), pickleRecord('next'));
    expect(handled).toEqual(['next']);
    expect(rejections).toHaveLength(1);
    const message: unknown = expect.stringContaining(global);
    expect(rejections[0]).toMatchObject({ code: 'ERR_RECORD_NOT_A_DICT', global, message });
    expect(existsSync(witness)).toBe(false);
  });

  test('inside a record is data, or with a policy of reject a rejection that names the global', async () => {
    onTestFinished(() => rmSync(witness, { force: true }));
    const hidden = pickleRecord('hidden', { extra: call });
    const inert = await receiving();
    await send(inert.receiver, hidden, pickleRecord('next'));
    expect(inert.handled).toEqual(['hidden', 'next']);
    expect(inert.records[0]?.extras.get('extra')).toMatchObject({ module: 'os', name: 'system' });

    const strict = await receiving({ unknownGlobals: 'reject' });
    await send(strict.receiver, hidden, pickleRecord('next'));
    expect(strict.handled).toEqual(['next']);
    expect(strict.rejections).toMatchObject([{ code: 'ERR_PICKLE_FORBIDDEN_GLOBAL', global: 'os.system' }]);
    expect(existsSync(witness)).toBe(false);
  });
});

describe('a peer that speaks another protocol', () => {
  test.each([
    ['TLS', latin1('\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'), /TLS/],
    ['HTTP', latin1('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), /HTTP/],
    ['JSON', latin1('{"msg": "hello"}\n{"msg": "again"}\n'), /JSON/],
    ['syslog', latin1('<34>1 2026-11-22T12:00:00Z host app - - - hello\n'), /syslog/],
    ['pickles without a length', pickleRecord('m'), /length prefix/],
  ])('of %s is closed with one rejection that names it, and the frames before it count', async (_, bytes, named) => {
    const { receiver, handled, rejections } = await receiving();
    await sendBytes(receiver, Buffer.concat([frames(pickleRecord('before')), bytes, bytes]));
    expect(handled).toEqual(['before']);
    expect(rejections).toHaveLength(1);
    expect(rejections[0]).toMatchObject({ code: 'ERR_FRAME_LENGTH', message: expect.stringMatching(named) });
    expect(receiver.stats).toMatchObject({ records: 1, rejected: 1, wrongProtocol: 1, truncated: 0 });
    expect(receiver.connections).toEqual([]);
  });
});

describe('an announced length', () => {
  /** Bytes by which the process grew while `act` ran: buffers, and everything together. */
  async function growth(act: () => Promise<void>): Promise<{ buffers: number; resident: number }> {
    const before = process.memoryUsage();
    await act();
    const after = process.memoryUsage();
    return { buffers: after.arrayBuffers - before.arrayBuffers, resident: after.rss - before.rss };
  }

  test('of 4 GiB, on 100 connections, allocates nothing and closes them', async () => {
    const { receiver, rejections } = await receiving();
    const { buffers, resident } = await growth(async () => {
      for (let n = 0; n < 100; n++) connectTo(receiver).write(prefix(0xffff_ffff));
      await until(() => receiver.stats.wrongProtocol === 100);
    });
    expect(rejections).toHaveLength(100);
    expect(buffers).toBeLessThan(32 * MEGABYTE);
    expect(resident).toBeLessThan(256 * MEGABYTE);
  });

  test.each([
    ['within the limit', 8 * MEGABYTE],
    ['over the limit', 16 * MEGABYTE - 1],
  ])('%s, on 100 connections that send a byte of it, allocates nothing like it', async (_, length) => {
    const { receiver } = await receiving();
    const bytes = Buffer.concat([prefix(length), latin1('}')]);
    const { buffers, resident } = await growth(async () => {
      for (let n = 0; n < 100; n++) connectTo(receiver).write(bytes);
      await until(() => receiver.connections.filter((connection) => connection.bytes === bytes.length).length === 100);
    });
    expect(buffers).toBeLessThan(32 * MEGABYTE);
    expect(resident).toBeLessThan(256 * MEGABYTE);
  });

  test('over the limit is one rejection, and its bytes are skipped without being kept', async () => {
    const { receiver, handled, rejections } = await receiving({ maxFrame: 1000 });
    const skipped = new Uint8Array(4 * MEGABYTE);
    await send(receiver, pickleRecord('before'), skipped, pickleRecord('after'));
    expect(handled).toEqual(['before', 'after']);
    expect(rejections).toMatchObject([{ code: 'ERR_FRAME_OVERSIZE', message: expect.stringContaining('4194304') }]);
    expect(receiver.stats).toMatchObject({ oversize: 1, rejected: 1, truncated: 0 });
  });
});

test('a peer that closes in mid-frame costs no CPU and one count', async () => {
  const { receiver, handled } = await receiving();
  await sendBytes(receiver, Buffer.concat([frames(pickleRecord('whole')), prefix(5000), latin1('}q\0(')]));
  const before = process.cpuUsage();
  await delay(300);
  const { user, system } = process.cpuUsage(before);
  // The cookbook's receiver would have used all of the 300,000 µs.
  expect(user + system).toBeLessThan(150_000);
  expect(handled).toEqual(['whole']);
  expect(receiver.stats).toMatchObject({ records: 1, truncated: 1, rejected: 0 });
});

test('nothing is ever written to a peer, whatever it sends', async () => {
  const { receiver } = await receiving({ maxFrame: 1000 });
  const bytes = [frames(pickleRecord('m'), opcodes('N.'), new Uint8Array(1001)), latin1('GET / HTTP/1.1\r\n\r\n')];
  const socket = connectTo(receiver);
  let received = 0;
  socket.on('data', (chunk: Uint8Array) => {
    received += chunk.length;
  });
  socket.write(Buffer.concat(bytes));
  await until(() => receiver.stats.wrongProtocol === 1);
  await until(() => socket.destroyed || socket.readableEnded);
  expect(received).toBe(0);
});
