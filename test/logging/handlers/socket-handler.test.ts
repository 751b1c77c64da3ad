// SocketHandler: what it sends, and what becomes of records while there is nobody to take them.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { LogRecord } from '../../../src/logging/event/log-record.ts';
import { Formatter } from '../../../src/logging/formatter.ts';
import { SocketHandler, type SocketHandlerOptions } from '../../../src/logging/handlers/socket-handler.ts';
import { PyFloat, PyObject, PyTime, PyTuple, repr, unpickle } from '../../../src/pickle/index.ts';
import { FrameReceiver, recordOf } from './socket-receiver.ts';

let stderr: string[];

beforeEach(() => {
  stderr = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr.push(String(text));
    return true;
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A handler that tries again at once, and is closed after the test. */
function handlerOf(port: number | null, options: SocketHandlerOptions = {}, host = '127.0.0.1'): SocketHandler {
  const handler = new SocketHandler(host, port, options);
  handler.retryStart = 0.001;
  handler.retryFactor = 1;
  onTestFinished(() => handler.close().catch(() => {}));
  return handler;
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const receiver = await FrameReceiver.listen();
  const { port } = receiver;
  receiver.server.close();
  await once(receiver.server, 'close');
  return port;
}

describe('a record is sent', () => {
  /** The dict of a record's pickle, floats tagged. */
  function sent(record: LogRecord, options: SocketHandlerOptions = {}, formatter: Formatter | null = null): string {
    const handler = new SocketHandler('127.0.0.1', 9, options);
    handler.setFormatter(formatter);
    const frame = handler.makePickle(record);
    expect(new DataView(frame.buffer).getUint32(0)).toBe(frame.length - 4);
    return repr(unpickle(frame.subarray(4), { floats: 'tagged' }));
  }

  test("with Python's attributes in Python's order, the message made, args and exc_info None", () => {
    const record = recordOf({
      msg: '%s is %d',
      args: PyTuple.of<unknown>('one', 1),
      exc_info: PyTuple.of(1, 2, 3),
      exc_text: 'Traceback',
      stack_info: 'Stack',
      created: new PyFloat(1),
      msecs: 2.5,
      relativeCreated: 3,
      thread: 140_000_000_000_000,
      lineno: 7,
      user: 'alice',
      ids: [1, 2 ** 53],
    });
    record.message = 'left out';
    expect(sent(record)).toBe(
      "{'name': 'app', 'msg': 'one is 1', 'args': None, 'levelname': 'INFO', 'levelno': 20, 'pathname': '', " +
        "'filename': '', 'module': '', 'exc_info': None, 'exc_text': 'Traceback', 'stack_info': 'Stack', " +
        "'lineno': 7, 'funcName': None, 'created': 1.0, 'msecs': 2.5, 'relativeCreated': 3.0, 'thread': 140000000000000, " +
        "'threadName': None, 'processName': None, 'process': None, 'taskName': None, 'user': 'alice', " +
        "'ids': [1, 9007199254740992.0]}",
    );
  });

  test('by protocol 1, or another if asked for', () => {
    const starts = [{}, { protocol: 0 }, { protocol: 5 }].map((options) => {
      return Buffer.from(new SocketHandler('h', 9, options).makePickle(recordOf()).subarray(4, 6)).toString('latin1');
    });
    expect(starts).toEqual(['}q', '(d', '\x80\x05']);
  });

  test('with what a field holds that is no int, and with asctime where it is set', () => {
    const record = recordOf({ levelno: 'twenty', asctime: 'now' });
    expect(sent(record)).toContain("'levelno': 'twenty'");
    expect(sent(record)).toContain("'asctime': 'now'");
  });

  test('with a text for every value that must not be pickled, and the rest as it is', () => {
    const inert = new PyObject('os', 'system', PyTuple.of('id'));
    const text = '"<os.system args=(\'id\',)>"';
    const record = recordOf({ cmd: inert, deep: [1, { of: inert }], at: new PyTime(1, 2, 0, 0, 0, inert), when: /x/ });
    const dict = sent(record);
    expect(dict).toContain(
      `'cmd': ${text}, 'deep': [1, {'of': ${text}}], 'at': "datetime.time(1, 2, tzinfo=<os.system`,
    );
    expect(dict).toContain("'when': '/x/'");
  });

  test('with the exc_text that its formatter makes of exc_info', () => {
    class Tracing extends Formatter {
      override format(record: LogRecord): string {
        record.exc_text ??= `made of ${repr(record.exc_info)}`;
        return super.format(record);
      }
    }
    expect(sent(recordOf({ exc_info: 1 }), {}, new Tracing())).toContain("'exc_text': 'made of 1'");
    expect(sent(recordOf({ exc_info: 1, exc_text: 'mine' }), {}, new Tracing())).toContain("'exc_text': 'mine'");
    expect(sent(recordOf(), {}, new Tracing())).toContain("'exc_text': None");
  });
});

describe('records arrive', () => {
  test('all, in order, over one connection that the first one opens', async () => {
    const receiver = await FrameReceiver.listen();
    const handler = handlerOf(receiver.port);
    for (let i = 0; i < 5000; i++) handler.handle(recordOf({ msg: `record ${i}` }));
    await handler.close();
    await receiver.received(5000);
    expect(receiver.messages).toEqual(Array.from({ length: 5000 }, (_, i) => `record ${i}`));
    expect([receiver.connections.length, handler.pending, handler.dropped.size, stderr]).toEqual([1, 0, 0, []]);
  });

  test.skipIf(process.platform === 'win32')('at a Unix socket, where the port is null', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'picklewire-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'log.sock');
    const receiver = await FrameReceiver.listen(path);
    const handler = handlerOf(null, {}, path);
    handler.handle(recordOf());
    await receiver.received(1);
    expect(receiver.messages).toEqual(['hello']);
  });

  test('by a name with an address that refuses and one that does not', async () => {
    const receiver = await FrameReceiver.listen();
    const handler = handlerOf(receiver.port, {}, 'localhost');
    handler.handle(recordOf());
    await receiver.received(1);
  });

  test('that were logged before there was a receiver, which is reported once', async () => {
    const port = await freePort();
    const handler = handlerOf(port);
    for (let i = 0; i < 100; i++) handler.handle(recordOf({ msg: `${i}` }));
    await expect(handler.flush()).rejects.toThrow(/ECONNREFUSED/);
    await expect(handler.flush()).rejects.toThrow(/ECONNREFUSED/);
    const receiver = await FrameReceiver.listen(port);
    await receiver.received(100);
    expect(receiver.messages).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
    expect([stderr.length, handler.errors.size, handler.dropped.size]).toEqual([1, 1, 0]);
  });

  test('after the receiver has closed the connection, over another', async () => {
    const receiver = await FrameReceiver.listen();
    const handler = handlerOf(receiver.port);
    for (let i = 0; i < 3; i++) {
      handler.handle(recordOf({ msg: `${i}` }));
      await receiver.received(i + 1);
      const gone = once(receiver.connections.at(-1) as Socket, 'close');
      receiver.connections.at(-1)?.end();
      await gone;
    }
    expect([receiver.messages, receiver.connections.length]).toEqual([['0', '1', '2'], 3]);
  });

  test('whole, and some of them twice, where the connection broke while they were handed over', async () => {
    class Breaking extends SocketHandler {
      whole = false;

      override makeSocket(): Socket {
        const socket = super.makeSocket();
        const write = socket.write.bind(socket);
        const half = (bytes: Uint8Array): boolean => {
          return write(bytes.subarray(0, bytes.length / 2), () => socket.destroy(new Error('broken')));
        };
        if (!this.whole) socket.write = half as typeof socket.write;
        this.whole = true;
        return socket;
      }
    }
    const receiver = await FrameReceiver.listen();
    const handler = new Breaking('127.0.0.1', receiver.port);
    handler.retryStart = 0.001;
    for (const msg of ['one', 'two', 'three']) handler.handle(recordOf({ msg }));
    await receiver.received(4);
    await handler.close();
    expect(receiver.payloads.map(({ length }) => length)).toEqual([1, 3]);
    expect(receiver.messages).toEqual(['one', 'one', 'two', 'three']);
    expect([...handler.errors]).toEqual([['broken', 1]]);
  });

  test('after close too, as in Python', async () => {
    const receiver = await FrameReceiver.listen();
    const handler = handlerOf(receiver.port);
    for (const msg of ['one', 'two']) {
      handler.handle(recordOf({ msg }));
      await handler.close();
    }
    await handler.close();
    await receiver.received(2);
    expect([receiver.messages, receiver.connections.length]).toEqual([['one', 'two'], 2]);
  });
});

describe('a record that cannot be sent', () => {
  const broken = { msg: '%d', args: PyTuple.of('x') };

  test('is counted as an error, and nothing is thrown', async () => {
    const receiver = await FrameReceiver.listen();
    const handler = handlerOf(receiver.port);
    for (const entries of [{}, broken, { msg: 'x'.repeat(2 ** 24) }, {}]) handler.handle(recordOf(entries));
    await receiver.received(2);
    expect([[...handler.errors.values()], receiver.connections.length]).toEqual([[1, 1], 1]);
    expect(stderr.join('')).toMatch(/%d takes a real number.*\n.*16777215 bytes of a pickle/);
  });

  test('with closeOnError closes the connection, behind what was sent before', async () => {
    const receiver = await FrameReceiver.listen();
    const handler = handlerOf(receiver.port, { closeOnError: true });
    handler.handle(recordOf({ msg: 'one' }));
    await receiver.received(1);
    handler.handle(recordOf({ msg: 'x'.repeat(4 * 1024 * 1024) }));
    handler.handle(recordOf(broken));
    handler.handle(recordOf({ msg: 'three' }));
    await receiver.received(3);
    expect(receiver.payloads.map(({ length }) => length)).toEqual([2, 1]);
    expect([...handler.errors.values()]).toEqual([1]);
  });
});

describe('while there is no connection', () => {
  class Unreachable extends SocketHandler {
    attempts = 0;

    override makeSocket(): never {
      this.attempts++;
      throw new Error('unreachable');
    }
  }

  /** Lets an attempt fail that was begun. */
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test('attempts come after 1, 2, 4, … 30 seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const handler = new Unreachable('h', 9);
    handler.handle(recordOf());
    let attempts = 1;
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
      expect(handler.attempts).toBe(attempts);
      await vi.advanceTimersByTimeAsync(1);
      expect(handler.attempts).toBe(++attempts);
    }
    await turn();
    expect([...handler.errors]).toEqual([['unreachable', attempts]]);
  });

  test('of several addresses, the last error is reported', async () => {
    class Nowhere extends SocketHandler {
      override makeSocket(): Socket {
        return new Socket().destroy(new AggregateError([new Error('first'), new Error('last')]));
      }
    }
    const handler = new Nowhere('h', 9);
    handler.handle(recordOf());
    await expect(handler.close()).rejects.toThrow('last');
    expect([...handler.errors]).toEqual([['last', 1]]);
  });

  test('records make no attempts of their own, and flush does', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const handler = new Unreachable('h', 9);
    for (let i = 0; i < 10; i++) handler.handle(recordOf());
    await turn();
    for (let i = 0; i < 10; i++) handler.handle(recordOf());
    expect(handler.attempts).toBe(1);
    await expect(handler.flush()).rejects.toThrow('unreachable');
    expect(handler.attempts).toBe(2);
  });

  test('maxPending bytes wait, and the newest beyond are dropped and counted by level', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const size = new SocketHandler('h', 9).makePickle(recordOf()).length;
    const handler = new Unreachable('h', 9, { maxPending: 2 * size });
    for (const levelname of ['INFO', 'INFO', 'INFO', 'WARN']) handler.handle(recordOf({ levelname }));
    expect([handler.pending, [...handler.dropped]]).toEqual([
      2 * size,
      [
        ['INFO', 1],
        ['WARN', 1],
      ],
    ]);
  });

  test('close tries once more, counts what is left as dropped, and rejects', async () => {
    const handler = new Unreachable('h', 9);
    for (const levelname of ['INFO', 'ERROR']) handler.handle(recordOf({ levelname }));
    await turn();
    await expect(handler.close()).rejects.toThrow('unreachable');
    expect([handler.attempts, handler.pending, [...handler.dropped]]).toEqual([
      2,
      0,
      [
        ['INFO', 1],
        ['ERROR', 1],
      ],
    ]);
    await handler.close();
  });

  test('one that closes each connection at once makes the next attempt wait', async () => {
    class Impatient extends SocketHandler {
      readonly attempts: number[] = [];

      override makeSocket(): Socket {
        this.attempts.push(performance.now());
        const socket = super.makeSocket();
        socket.write = (() => true) as typeof socket.write; // as if the receiver had closed before anything was written
        return socket;
      }
    }
    const receiver = await FrameReceiver.listen(0, (socket) => socket.end());
    const handler = new Impatient('127.0.0.1', receiver.port);
    handler.retryStart = 0.05;
    handler.handle(recordOf());
    await vi.waitFor(() => expect(handler.attempts.length).toBe(3));
    const [first, second, third] = handler.attempts as [number, number, number];
    expect(second - first).toBeGreaterThan(49);
    expect(third - second).toBeGreaterThan(99);
    expect([...handler.errors.keys(), handler.waiting]).toEqual(['the receiver closed the connection', 1]);
    await expect(handler.close()).rejects.toThrow();
  });
});

test('an error of a connection that is not in use is reported, and the next record opens another', async () => {
  let client: Socket | null = null;
  class Kept extends SocketHandler {
    override makeSocket(): Socket {
      client = super.makeSocket();
      return client;
    }
  }
  const receiver = await FrameReceiver.listen();
  const handler = new Kept('127.0.0.1', receiver.port);
  onTestFinished(() => handler.close());
  handler.handle(recordOf({ msg: 'one' }));
  await handler.flush();
  (client as Socket | null)?.destroy(new Error('reset'));
  await vi.waitFor(() => expect([...handler.errors]).toEqual([['reset', 1]]));
  handler.handle(recordOf({ msg: 'two' }));
  await receiver.received(2);
  expect(receiver.connections.length).toBe(2);
});

test('a connection that breaks after it was good is made again at once, and what was being sent comes again', async () => {
  class Breaking extends SocketHandler {
    writes = 0;

    override makeSocket(): Socket {
      const socket = super.makeSocket();
      const write = socket.write.bind(socket) as (bytes: Uint8Array, done: () => void) => boolean;
      const breaking = (bytes: Uint8Array, done: () => void): boolean => {
        return ++this.writes === 2 ? write(bytes, () => socket.destroy(new Error('broken'))) : write(bytes, done);
      };
      socket.write = breaking as typeof socket.write;
      return socket;
    }
  }
  const receiver = await FrameReceiver.listen();
  const handler = new Breaking('127.0.0.1', receiver.port);
  handler.retryStart = 1000;
  handler.handle(recordOf({ msg: '0' }));
  await handler.flush();
  for (const msg of ['1', '2', '3']) handler.handle(recordOf({ msg }));
  await handler.close();
  await receiver.received(7);
  expect(receiver.payloads.map(({ length }) => length)).toEqual([4, 3]);
  expect(receiver.messages).toEqual(['0', '1', '2', '3', '1', '2', '3']);
  expect([[...handler.errors], handler.written, handler.dropped.size]).toEqual([[['broken', 1]], 4, 0]);
});

test('a receiver that does not read stalls nobody, and close gives up on it', async () => {
  const receiver = await FrameReceiver.listen(0, (socket) => socket.pause());
  const handler = handlerOf(receiver.port, { closeTimeout: 100, maxPending: 32 * 1024 * 1024 });
  for (let i = 0; i < 100; i++) handler.handle(recordOf({ msg: 'x'.repeat(1024 * 1024) }));
  expect(handler.dropped.get('INFO')).toBe(100 - 31);
  await expect(handler.close()).rejects.toThrow('not everything was sent within 100 ms');
  expect([handler.pending, handler.errors.size]).toEqual([0, 0]);
  expect(handler.dropped.get('INFO')).toBeGreaterThan(100 - 31);
});

test('an open connection keeps no program alive once all is sent', async () => {
  const receiver = await FrameReceiver.listen(0, (socket) => socket.unref());
  const handler = handlerOf(receiver.port);
  handler.handle(recordOf());
  expect(process.getActiveResourcesInfo()).toContain('TCPSocketWrap');
  await handler.flush();
  await receiver.received(1);
  expect(process.getActiveResourcesInfo()).not.toContain('TCPSocketWrap');
});

test.each([0, -1, 1.5, 65_536, Number.NaN])('a handler for port %d cannot be made', (port) => {
  expect(() => new SocketHandler('h', port)).toThrow(/is no port/);
});

test.each([-1, 6, 1.5])('a handler for protocol %d cannot be made', (protocol) => {
  expect(() => new SocketHandler('h', 9, { protocol })).toThrow(/no pickle protocol/);
});
