// Frames in, records handled: events, counts, and whose loggers get what.

import { describe, expect, test } from 'vitest';
import { getLogger, Manager } from '../../src/logging/index.ts';
import { createReceiver } from '../../src/receiver/index.ts';
import { frames, latin1, prefix } from '../net/frames.ts';
import { until } from '../net/server-fixture.ts';
import { opcodes, pickleRecord } from '../record/pickles.ts';
import { connectTo, Messages, receiving, send, sendBytes } from './receiving.ts';

const NOT_A_RECORD = opcodes('N.');

describe('a record', () => {
  test("goes to the handlers, then to the listeners of 'record' with its connection", async () => {
    const { receiver, handled, rejections } = await receiving();
    const seen: unknown[] = [];
    receiver.on('record', (record, connection) => {
      seen.push([record.msg, [...handled], connection.id, connection.remoteAddress]);
    });
    await send(receiver, pickleRecord('one'));
    await send(receiver, pickleRecord('two'));
    expect(seen).toEqual([
      ['one', ['one'], 1, '127.0.0.1'],
      ['two', ['one', 'two'], 2, '127.0.0.1'],
    ]);
    expect(rejections).toEqual([]);
  });

  test('is handled as soon as its frame is there, while its connection stays open', async () => {
    const { receiver, handled } = await receiving();
    const socket = connectTo(receiver);
    for (const msg of ['one', 'two', 'three']) {
      socket.write(frames(pickleRecord(msg)));
      await until(() => handled.at(-1) === msg);
    }
    expect(receiver.connections).toHaveLength(1);
  });
});

describe('a bad frame', () => {
  test.each([
    ['that is empty', new Uint8Array(0), 'ERR_PICKLE_TRUNCATED'],
    ['of garbage', latin1('\xff garbage'), 'ERR_PICKLE_OPCODE'],
    ['shorter than its pickle', pickleRecord('x').subarray(0, -1), 'ERR_PICKLE_TRUNCATED'],
    ['that is no dict', NOT_A_RECORD, 'ERR_RECORD_NOT_A_DICT'],
    ['with a field of the wrong type', pickleRecord('x', { created: 'now' }), 'ERR_RECORD_FIELD'],
    ['over the limit', pickleRecord('x'.repeat(2000)), 'ERR_FRAME_OVERSIZE'],
  ])('%s costs itself only: those around it on its connection are logged', async (_, bad, code) => {
    const { receiver, handled, rejections } = await receiving({ maxFrame: 1000 });
    const socket = connectTo(receiver);
    socket.write(frames(pickleRecord('before'), bad, bad, pickleRecord('after')));
    await until(() => handled.length === 2);
    expect(handled).toEqual(['before', 'after']);
    expect(rejections.map((rejection) => [rejection.code, rejection.peer?.id])).toEqual([
      [code, 1],
      [code, 1],
    ]);
    expect(rejections[0]?.message).toMatch(/^.+$/);
    expect(receiver.stats).toMatchObject({ records: 2, rejected: 2, connections: 1 });
    expect(receiver.connections).toHaveLength(1);
  });
});

describe('stats', () => {
  test('count everything once', async () => {
    const { receiver } = await receiving({ maxFrame: 1000 });
    const streams = [
      frames(pickleRecord('a'), Buffer.concat([pickleRecord('b'), latin1('trailing')]), NOT_A_RECORD),
      frames(new Uint8Array(1001), pickleRecord('c')),
      frames(pickleRecord('d'), pickleRecord('cut off')).subarray(0, -1),
      latin1('GET / HTTP/1.1\r\n\r\n'),
    ];
    for (const bytes of streams) await sendBytes(receiver, bytes);
    expect(receiver.stats).toEqual({
      connections: 4,
      open: 0,
      datagrams: 0,
      frames: 5,
      bytes: streams.reduce((sum, { length }) => sum + length, 0),
      unfinished: 0,
      records: 4,
      rejected: 3,
      refused: 0,
      oversize: 1,
      overBudget: 0,
      unverified: 0,
      truncated: 1,
      idleTimeout: 0,
      wrongProtocol: 1,
      trailing: 1,
      dropped: 0,
    });
  });

  test('are a copy: writing to them changes nothing', async () => {
    const { receiver } = await receiving();
    (receiver.stats as { records: number }).records = 99;
    expect(receiver.stats.records).toBe(0);
  });

  test('count a reset in mid-frame as cut off too, and a reset between frames not', async () => {
    const { receiver, handled, rejections } = await receiving();
    const cuts = [3, 0];
    for (const [index, cut] of cuts.entries()) {
      const gone = new Promise((resolve) => receiver.once('disconnect', (_, disconnect) => resolve(disconnect.why)));
      const socket = connectTo(receiver);
      socket.write(Buffer.concat([frames(pickleRecord('whole')), prefix(100).subarray(0, cut)]));
      await until(() => handled.length === index + 1);
      socket.resetAndDestroy();
      expect(await gone).toBe('reset');
    }
    expect(receiver.stats).toMatchObject({ records: 2, truncated: 1, rejected: 0 });
    expect(rejections).toEqual([]);
  });
});

test('a stock client that gives up in mid-frame, again and again, is counted and not shouted about', async () => {
  const { receiver, rejections } = await receiving();
  for (let times = 0; times < 20; times++) await sendBytes(receiver, prefix(500));
  expect(receiver.stats).toMatchObject({ connections: 20, truncated: 20, rejected: 0 });
  expect(rejections).toEqual([]);
});

describe("a listener of 'record' that throws", () => {
  test('costs nothing but a rejection that says so', async () => {
    const { receiver, handled, rejections } = await receiving();
    receiver.on('record', (record) => {
      if (record.msg === 'bad') throw new Error('the listener failed');
    });
    await send(receiver, pickleRecord('good'), pickleRecord('bad'), pickleRecord('next'));
    expect(handled).toEqual(['good', 'bad', 'next']);
    expect(rejections).toMatchObject([{ code: 'ERR_RECORD_LISTENER', message: 'the listener failed', global: null }]);
    expect(receiver.stats).toMatchObject({ records: 3, rejected: 1 });
  });
});

describe('loggers', () => {
  const leveled = (levelno: number, name = 'app.db'): Uint8Array => pickleRecord(`level ${levelno}`, { levelno, name });

  test('levels of handlers apply, levels of loggers do not', async () => {
    const { receiver, manager, handled } = await receiving();
    const errors = new Messages('ERROR');
    manager.root.addHandler(errors);
    manager.root.setLevel('CRITICAL');
    manager.getLogger('app').setLevel('CRITICAL');
    await send(receiver, ...[10, 20, 30, 40, 50].map((level) => leveled(level)));
    expect(handled).toEqual(['level 10', 'level 20', 'level 30', 'level 40', 'level 50']);
    expect(errors.texts).toEqual(['level 40', 'level 50']);
  });

  test('are those of the record: its own, then upwards as far as it propagates', async () => {
    const { receiver, manager, handled } = await receiving();
    const [app, other] = [new Messages(), new Messages()];
    manager.getLogger('app').addHandler(app);
    manager.getLogger('other').addHandler(other);
    manager.getLogger('other').propagate = false;
    await send(receiver, leveled(20, 'app.db'), leveled(30, 'apple'), leveled(40, 'other'), leveled(50, 'root'));
    expect(app.texts).toEqual(['level 20']);
    expect(other.texts).toEqual(['level 40']);
    expect(handled).toEqual(['level 20', 'level 30', 'level 50']);
  });

  test('with a logname are that one, and the record keeps its name', async () => {
    const { receiver, manager, records } = await receiving({ logname: 'remote' });
    const [remote, app] = [new Messages(), new Messages()];
    manager.getLogger('remote').addHandler(remote);
    manager.getLogger('app').addHandler(app);
    await send(receiver, leveled(20, 'app.db'));
    expect([remote.texts, app.texts, records[0]?.name]).toEqual([['level 20'], [], 'app.db']);
  });

  test('of two receivers with two Managers do not mix', async () => {
    const [first, second] = [await receiving(), await receiving()];
    await send(first.receiver, pickleRecord('to the first'));
    await send(second.receiver, pickleRecord('to the second'), NOT_A_RECORD);
    expect([first.handled, second.handled]).toEqual([['to the first'], ['to the second']]);
    expect([first.rejections.length, second.rejections.length]).toEqual([0, 1]);
    expect([first.receiver.stats.records, second.receiver.stats.records]).toEqual([1, 1]);
  });

  test('of getLogger are meant where no Manager is given', async () => {
    const messages = new Messages();
    const logger = getLogger('picklewire.test');
    logger.addHandler(messages);
    const receiver = createReceiver({ port: 0 });
    await receiver.listen();
    await send(receiver, pickleRecord('hello', { name: 'picklewire.test' }));
    await receiver.close();
    logger.removeHandler(messages);
    expect(messages.texts).toEqual(['hello']);
  });

  test('are not made by the names of strangers', async () => {
    const { receiver, manager } = await receiving();
    await send(receiver, ...Array.from({ length: 100 }, (_, n) => pickleRecord('m', { name: `a.b${n}.c` })));
    const messages = new Messages();
    expect(manager.getLogger('a.b1.c').parent).toBe(manager.root);
    manager.getLogger('a').addHandler(messages);
    await send(receiver, pickleRecord('m', { name: 'a.b1.c' }));
    expect(messages.texts).toEqual(['m']);
  });
});

describe('listening', () => {
  test('a port in use rejects with the code of the system', async () => {
    const { port } = await receiving();
    await expect(createReceiver({ port, manager: new Manager() }).listen()).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  test('is on loopback unless told otherwise, and the address is null before and after', async () => {
    const receiver = createReceiver({ port: 0 });
    expect(receiver.address).toBeNull();
    const { port } = await receiver.listen();
    expect(receiver.address).toMatchObject({ address: '127.0.0.1', port });
    await receiver.close();
    expect(receiver.address).toBeNull();
  });

  test.each([0, -1, 1.5, 2 ** 24])('a frame limit of %d is a RangeError', (maxFrame) => {
    expect(() => createReceiver({ maxFrame })).toThrow(RangeError);
  });
});
