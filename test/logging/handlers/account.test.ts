// The account of handlers: what was written, dropped and failed is what they were given, once nothing waits; and of those
// that send, at any time, with what is waiting.

import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { JsonFormatter } from '../../../src/logging/encode/json/json-formatter.ts';
import { EscapingFormatter } from '../../../src/logging/escape.ts';
import type { LogRecord } from '../../../src/logging/event/log-record.ts';
import { Formatter } from '../../../src/logging/formatter.ts';
import type { Handler } from '../../../src/logging/handler.ts';
import { DatagramHandler } from '../../../src/logging/handlers/datagram-handler.ts';
import { FileHandler, type FileHandlerOptions } from '../../../src/logging/handlers/file-handler.ts';
import { HTTPHandler } from '../../../src/logging/handlers/http-handler.ts';
import type { OutboxHandler } from '../../../src/logging/handlers/outbox-handler.ts';
import {
  RotatingFileHandler,
  type RotatingFileHandlerOptions,
} from '../../../src/logging/handlers/rotating-file-handler.ts';
import { SocketHandler } from '../../../src/logging/handlers/socket-handler.ts';
import { StreamHandler } from '../../../src/logging/handlers/stream-handler.ts';
import { SysLogHandler } from '../../../src/logging/handlers/sys-log-handler.ts';
import { TimedRotatingFileHandler } from '../../../src/logging/handlers/timed-rotating-file-handler.ts';
import { WatchedFileHandler } from '../../../src/logging/handlers/watched-file-handler.ts';
import { BufferedWriter, type BufferedWriterOptions } from '../../../src/logging/write/buffered-writer.ts';
import { PyTuple } from '../../../src/pickle/index.ts';
import { Lines, makeRecord, Recording } from '../recording.ts';
import { useScratch } from './scratch.ts';

const scratch = useScratch();

/** Where there is a server that takes everything: closed after the test, and by `stop`. */
interface Served {
  readonly port: number;
  stop(): Promise<void>;
}

async function serve(server: Server): Promise<Served> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.resume();
  });
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(stop);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as { port: number }).port, stop };
}

async function serveDatagrams(): Promise<DatagramSocket> {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

const HOST = '127.0.0.1';

/** Each handler at a server that takes what comes; and at one that is not there, with room for two or so records. */
const HANDLERS: readonly [string, () => Promise<OutboxHandler>, () => Promise<OutboxHandler>][] = [
  [
    'SocketHandler',
    async () => new SocketHandler(HOST, (await serve(createServer())).port),
    async () => {
      const { port, stop } = await serve(createServer());
      await stop();
      return new SocketHandler(HOST, port, { maxPending: 1000 });
    },
  ],
  [
    'DatagramHandler',
    async () => new DatagramHandler(HOST, (await serveDatagrams()).address().port),
    async () => new DatagramHandler('no-such-host.invalid', 9021, { maxPending: 1000 }),
  ],
  [
    'SysLogHandler over UDP',
    async () => new SysLogHandler({ address: [HOST, (await serveDatagrams()).address().port] }),
    async () => new SysLogHandler({ address: ['no such host', 514], maxPending: 128 }),
  ],
  [
    'SysLogHandler over TCP',
    async () => new SysLogHandler({ address: [HOST, (await serve(createServer())).port], socktype: 'tcp' }),
    async () => {
      const { port, stop } = await serve(createServer());
      await stop();
      return new SysLogHandler({ address: [HOST, port], socktype: 'tcp', maxPending: 128 });
    },
  ],
  [
    'HTTPHandler',
    async () => {
      const answer = createHttpServer((request, response) => {
        response.statusCode = request.url?.includes('msg=refused') ? 400 : 200;
        response.end();
      });
      return new HTTPHandler(`${HOST}:${(await serve(answer)).port}`, '/');
    },
    async () => {
      const { port, stop } = await serve(createServer());
      await stop();
      return new HTTPHandler(`${HOST}:${port}`, '/', { maxPending: 1000 });
    },
  ],
];

function sumOf({ dropped }: Handler): number {
  return [...dropped.values()].reduce((sum, count) => sum + count, 0);
}

function expectAccount(handler: OutboxHandler, handled: number): void {
  expect(handler.written + sumOf(handler) + handler.failed + handler.waiting).toBe(handled);
}

/** Has no text; and is too long for a datagram. */
const broken = { msg: '%d', args: PyTuple.of('x') };
const long = { msg: 'x'.repeat(70_000) };

describe.each(HANDLERS)('%s', (name, reachable, unreachable) => {
  test('counts each record once where they arrive', async () => {
    const handler = await reachable();
    // An HTTPHandler sends what the message is made of, and this server refuses a URL of that length for its own sake.
    const entries = name === 'HTTPHandler' ? [{}, { msg: 'refused' }, {}] : [{}, broken, long, {}];
    for (const [index, each] of entries.entries()) {
      handler.handle(makeRecord(each));
      expectAccount(handler, index + 1);
    }
    while (handler.waiting > 0) {
      expectAccount(handler, entries.length);
      await handler.flush();
    }
    await handler.close();
    const failed = name === 'DatagramHandler' || name === 'SysLogHandler over UDP' ? 2 : 1;
    expect([handler.written, handler.failed, sumOf(handler)]).toEqual([entries.length - failed, failed, 0]);
  });

  test('counts each record once where nothing is there', async () => {
    const handler = await unreachable();
    for (let handled = 1; handled <= 10; handled++) {
      handler.handle(makeRecord());
      expectAccount(handler, handled);
    }
    await expect(handler.flush()).rejects.toThrow();
    expectAccount(handler, 10);
    expect([handler.written, handler.failed, handler.waiting > 0]).toEqual([0, 0, true]);
    await expect(handler.close()).rejects.toThrow();
    expect([handler.written, handler.failed, handler.waiting, sumOf(handler)]).toEqual([0, 0, 0, 10]);
  });
});

/** The message of a line of JSON; a line that is none as it is. */
function messageOf(line: string): string {
  try {
    return (JSON.parse(line) as { message: string }).message;
  } catch {
    return line;
  }
}

/** A handler, and what is to be closed before it. */
interface Written {
  readonly handler: Handler;
  readonly writer?: BufferedWriter;
}

/** Writes by itself, and as its base would. */
class OwnStream extends StreamHandler {
  override emit(each: LogRecord): void {
    this.stream.write(this.format(each) + this.terminator);
  }
}

class MoreStream extends StreamHandler {
  override emit(each: LogRecord): void {
    each.extras.set('seen', true);
    super.emit(each);
  }
}

class OwnFormat extends StreamHandler {
  override format(each: LogRecord): string {
    return `own ${super.format(each)}`;
  }
}

class OwnFile extends FileHandler {
  override emit(each: LogRecord): void {
    this.stream.write(this.format(each) + this.terminator);
  }
}

class MoreFile extends FileHandler {
  override emit(each: LogRecord): void {
    super.emit(each);
  }
}

function over(Class: new (writer: BufferedWriter) => StreamHandler, options?: BufferedWriterOptions): Written {
  const writer = new BufferedWriter(openSync(scratch.path('app.log'), 'w'), options);
  return { writer, handler: new Class(writer) };
}

const onFile = (options?: FileHandlerOptions): FileHandler => new FileHandler(scratch.path('app.log'), options);

const rotating = (options?: RotatingFileHandlerOptions): RotatingFileHandler =>
  new RotatingFileHandler(scratch.path('app.log'), { maxBytes: 12, backupCount: 9, ...options });

const WRITERS: readonly [string, () => Written][] = [
  ['StreamHandler over a BufferedWriter', () => over(StreamHandler)],
  ['StreamHandler over a stream of text', () => ({ handler: new StreamHandler(new Lines()) })],
  ['StreamHandler over stderr', () => ({ handler: new StreamHandler() })],
  ['FileHandler', () => ({ handler: onFile() })],
  ['FileHandler that opens late', () => ({ handler: onFile({ delay: true }) })],
  ['FileHandler in UTF-16', () => ({ handler: onFile({ encoding: 'utf-16' }) })],
  ['RotatingFileHandler', () => ({ handler: rotating() })],
  [
    'TimedRotatingFileHandler',
    () => {
      let time = Date.UTC(2099, 0) / 1000;
      const now = (): number => time++;
      return { handler: new TimedRotatingFileHandler(scratch.path('app.log'), { when: 'S', now }) };
    },
  ],
  ['WatchedFileHandler', () => ({ handler: new WatchedFileHandler(scratch.path('app.log')) })],
  ['Handler with an emit of its own', () => ({ handler: new Recording() })],
  ['StreamHandler with an emit that adds to it, over a BufferedWriter', () => over(MoreStream)],
  ['StreamHandler with an emit that adds to it', () => ({ handler: new MoreStream(new Lines()) })],
  ['StreamHandler with an emit of its own, over a BufferedWriter', () => over(OwnStream)],
  ['StreamHandler with an emit of its own', () => ({ handler: new OwnStream(new Lines()) })],
  ['StreamHandler with a format of its own, over a BufferedWriter', () => over(OwnFormat)],
  ['FileHandler with an emit that adds to it', () => ({ handler: new MoreFile(scratch.path('app.log')) })],
  ['FileHandler with an emit of its own', () => ({ handler: new OwnFile(scratch.path('app.log')) })],
];

/** As `Handler` says: what is written, failed and dropped. */
function accountOf(handler: Handler): Record<'written' | 'failed' | 'dropped', number> {
  return { written: handler.written, failed: handler.failed, dropped: sumOf(handler) };
}

async function close({ handler, writer }: Written): Promise<void> {
  await writer?.close();
  await handler.close();
}

describe.each(WRITERS)('%s', (name, make) => {
  test('counts each record once, as written or as failed', async () => {
    const made = make();
    const { handler } = made;
    // One that keeps records does not look into them.
    const failed = handler instanceof Recording ? 0 : 2;
    for (const each of [{}, broken, { msg: 'é\ud83d' }, {}, broken, long]) handler.handle(makeRecord(each));
    await close(made);
    expect(accountOf(handler)).toEqual({ written: 6 - failed, failed, dropped: 0 });
  });

  test('counts each record once, however often it is flushed between them', async () => {
    const made = make();
    const { handler } = made;
    for (let handled = 1; handled <= 20; handled++) {
      handler.handle(makeRecord({ msg: `${handled}` }));
      if (handled % 3 > 0) continue;
      await handler.flush();
      expect(accountOf(handler)).toEqual({ written: handled, failed: 0, dropped: 0 });
    }
    await close(made);
    expect([name, accountOf(handler)]).toEqual([name, { written: 20, failed: 0, dropped: 0 }]);
  });
});

describe('a record for which there is no room is dropped, by its level, and is no other thing', () => {
  test.each<[string, () => Written]>([
    ['StreamHandler', () => over(StreamHandler, { maxPending: 40 })],
    ['StreamHandler with a format of its own', () => over(OwnFormat, { maxPending: 60 })],
    ['StreamHandler with an emit that adds to it', () => over(MoreStream, { maxPending: 40 })],
    ['FileHandler', () => ({ handler: onFile({ maxPending: 40 }) })],
    ['RotatingFileHandler', () => ({ handler: rotating({ maxPending: 40 }) })],
  ])('of a %s', async (_, make) => {
    const made = make();
    const { handler } = made;
    for (let count = 0; count < 10; count++) {
      handler.handle(makeRecord({ levelname: count % 2 === 0 ? 'INFO' : 'ERROR' }));
    }
    handler.handle(makeRecord(broken));
    await close(made);
    expect(accountOf(handler)).toEqual({ written: 6, failed: 1, dropped: 4 });
    expect([...handler.dropped]).toEqual([
      ['INFO', 2],
      ['ERROR', 2],
    ]);
  });

  test('of a StreamHandler whose stream says so, or is closed', async () => {
    let room = 3;
    const handler = new StreamHandler({ write: () => (room-- > 0 ? 'queued' : 'dropped') });
    for (let count = 0; count < 5; count++) handler.handle(makeRecord());
    expect(accountOf(handler)).toEqual({ written: 3, failed: 0, dropped: 2 });

    const closed = over(StreamHandler);
    closed.handler.handle(makeRecord());
    await close(closed);
    closed.handler.handle(makeRecord());
    expect(accountOf(closed.handler)).toEqual({ written: 1, failed: 0, dropped: 1 });
  });
});

describe('what waits for a file that cannot be written', () => {
  test('is written and counted so when it can be', async () => {
    const handler = new FileHandler(scratch.path('none/app.log'), { delay: true });
    handler.handle(makeRecord());
    await expect(handler.flush()).rejects.toThrow(/ENOENT/);
    expect(accountOf(handler)).toEqual({ written: 0, failed: 0, dropped: 0 });
    mkdirSync(scratch.path('none'));
    handler.handle(makeRecord());
    await handler.close();
    expect(accountOf(handler)).toEqual({ written: 2, failed: 0, dropped: 0 });
  });

  test.each<[string, () => FileHandler]>([
    ['FileHandler', () => new FileHandler(scratch.path('none/app.log'), { delay: true, errors: 'strict' })],
    [
      'RotatingFileHandler',
      () => {
        const handler = new RotatingFileHandler(scratch.path('none/app.log'), {
          delay: true,
          maxBytes: 12,
          backupCount: 1,
          errors: 'strict',
        });
        handler.doRollover();
        return handler;
      },
    ],
  ])('is dropped at close, of a %s: records by their level, and nothing that is no record', async (_, make) => {
    const handler = make();
    for (const levelname of ['INFO', 'ERROR', 'INFO', null]) handler.handle(makeRecord({ levelname }));
    handler.handle(makeRecord({ msg: '\ud83d' }));
    handler.handle(makeRecord(broken));
    await expect(handler.close()).rejects.toThrow(/ENOENT/);
    expect(accountOf(handler)).toEqual({ written: 0, failed: 2, dropped: 4 });
    expect([...handler.dropped]).toEqual([
      ['INFO', 2],
      ['ERROR', 1],
      ['null', 1],
    ]);
  });

  test.runIf(existsSync('/dev/full'))('is dropped at close where the disk is full', async () => {
    const handler = new FileHandler('/dev/full');
    for (let count = 0; count < 3; count++) handler.handle(makeRecord());
    await expect(handler.close()).rejects.toThrow(/ENOSPC/);
    expect(accountOf(handler)).toEqual({ written: 0, failed: 0, dropped: 3 });
    handler.handle(makeRecord());
    await expect(handler.close()).rejects.toThrow(/ENOSPC/);
    expect(accountOf(handler)).toEqual({ written: 0, failed: 0, dropped: 4 });
  });
});

describe('a record that strict errors refuse', () => {
  test.each(['ascii', 'utf-8', 'utf-16'])('counts as failed and not as written, in %s', async (encoding) => {
    const handler = onFile({ encoding, errors: 'strict' });
    for (const msg of ['one', 'a\ud83d', 'two']) handler.handle(makeRecord({ msg }));
    await handler.close();
    expect(accountOf(handler)).toEqual({ written: 2, failed: 1, dropped: 0 });
    expect(handler.errors.size).toBe(1);
    const { 'app.log': text = '' } = scratch.files();
    expect(text.replace(/[^a-z\n]/g, '')).toBe('one\ntwo\n');
  });

  test('rolls the file over where it would not fit, as in Python, and leaves nothing in the new one', async () => {
    const handler = new RotatingFileHandler(scratch.path('app.log'), {
      maxBytes: 10,
      backupCount: 2,
      encoding: 'ascii',
      errors: 'strict',
    });
    for (const msg of ['one', 'é', 'éé\u{1f600}éé', 'two']) handler.handle(makeRecord({ msg }));
    await handler.close();
    expect(scratch.files()).toEqual({ 'app.log': 'two\n', 'app.log.1': 'one\n' });
    expect(accountOf(handler)).toEqual({ written: 2, failed: 2, dropped: 0 });
  });

  test('does not where it would fit', async () => {
    const handler = rotating({ errors: 'strict', encoding: 'ascii' });
    for (const msg of ['one', 'é', 'two']) handler.handle(makeRecord({ msg }));
    await handler.close();
    expect(scratch.files()).toEqual({ 'app.log': 'one\ntwo\n' });
    expect(accountOf(handler)).toEqual({ written: 2, failed: 1, dropped: 0 });
  });
});

test('a record after close is counted, whether its file is opened again or not', async () => {
  for (const mode of ['a', 'w'] as const) {
    const handler = onFile({ mode });
    handler.handle(makeRecord());
    await handler.close();
    handler.handle(makeRecord());
    await handler.close();
    const { written, failed, dropped } = accountOf(handler);
    expect([mode, written + failed + dropped]).toEqual([mode, 2]);
  }
});

describe('a record that is logged while another is formatted comes before it, and both are whole', () => {
  /** Has something to say of each record to the handler that it works for. */
  class Talkative extends Formatter {
    readonly #handler: Handler;

    constructor(handler: Handler) {
      super();
      this.#handler = handler;
    }

    override format(each: LogRecord): string {
      if (each.msg === 'outer') this.#handler.handle(makeRecord({ msg: 'inner' }));
      return super.format(each);
    }
  }

  test.each<[string, () => Written]>([
    ['StreamHandler over a BufferedWriter', () => over(StreamHandler)],
    ['FileHandler', () => ({ handler: onFile() })],
    ['RotatingFileHandler', () => ({ handler: rotating({ maxBytes: 100 }) })],
  ])('by a %s', async (_, make) => {
    const made = make();
    const { handler } = made;
    handler.setFormatter(new Talkative(handler));
    for (const msg of ['outer', 'next']) handler.handle(makeRecord({ msg }));
    await close(made);
    expect(scratch.files()).toEqual({ 'app.log': 'inner\nouter\nnext\n' });
    expect(accountOf(handler)).toEqual({ written: 3, failed: 0, dropped: 0 });
  });

  test.each<[string, () => Written, Formatter]>([
    ['text, over a BufferedWriter', () => over(StreamHandler), new Formatter()],
    ['text', () => ({ handler: onFile() }), new Formatter()],
    ['JSON, over a BufferedWriter', () => over(StreamHandler), new JsonFormatter()],
    ['JSON', () => ({ handler: onFile() }), new JsonFormatter()],
    ['JSON that is escaped', () => ({ handler: onFile() }), new EscapingFormatter(new JsonFormatter())],
  ])('where an error makes its stack when it is asked for, as %s', async (name, make, formatter) => {
    const made = make();
    const { handler } = made;
    handler.setFormatter(formatter);
    const error = new Error('outer');
    Object.defineProperty(error, 'stack', {
      get: () => {
        handler.handle(makeRecord({ msg: 'inner' }));
        return 'stack';
      },
    });
    for (const each of [{ msg: 'first' }, { msg: 'outer', exc_info: error }, { msg: 'next' }]) {
      handler.handle(makeRecord(each));
    }
    await close(made);
    const lines = (scratch.files()['app.log'] ?? '').split('\n').slice(0, -1);
    expect(lines.map(messageOf)).toEqual(
      name.startsWith('JSON') ? ['first', 'inner', 'outer', 'next'] : ['first', 'inner', 'outer', 'stack', 'next'],
    );
    expect(accountOf(handler)).toEqual({ written: 4, failed: 0, dropped: 0 });
  });
});
