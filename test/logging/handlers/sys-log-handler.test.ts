// SysLogHandler: the bytes that a server gets, over each kind of socket, and servers that come and go.

import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LoggingError } from '../../../src/logging/errors.ts';
import { Formatter } from '../../../src/logging/formatter.ts';
import { SysLogHandler, type SysLogHandlerOptions } from '../../../src/logging/handlers/sys-log-handler.ts';
import {
  facilityNames,
  levelPriorities,
  priorityNames,
  syslogFacilities,
  syslogPriorities,
} from '../../../src/logging/handlers/sys-log-priorities.ts';
import { findPythons } from '../../interop/pythons.ts';
import { makeRecord } from '../recording.ts';
import { useScratch } from './scratch.ts';

const scratch = useScratch();

/** Where to send, and what arrived there. */
interface Listening {
  readonly options: SysLogHandlerOptions;
  /** Resolves with all that has arrived when it is as long as that, as text. */
  received(length: number): Promise<string>;
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

async function datagrams(host: string): Promise<Listening> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  onTestFinished(() => void socket.close());
  socket.bind(0, host);
  await once(socket, 'listening');
  let all = '';
  socket.on('message', (message) => {
    all += message.toString('latin1');
  });
  return {
    options: { address: [host, socket.address().port] },
    received: async (length) => {
      while (all.length < length) await once(socket, 'message');
      return all;
    },
  };
}

interface StreamListening extends Listening {
  readonly server: Server;
  readonly sockets: Socket[];
}

async function stream(at: { port: number; host: string } | { path: string }): Promise<StreamListening> {
  let all = '';
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (chunk) => {
      all += chunk.toString('latin1');
      server.emit('received');
    });
    socket.on('error', () => {});
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(at);
  await once(server, 'listening');
  const address = server.address();
  return {
    server,
    sockets,
    options:
      typeof address === 'string' ? { address } : { address: ['127.0.0.1', address?.port ?? 0], socktype: 'tcp' },
    received: async (length) => {
      while (all.length < length) await once(server, 'received');
      return all;
    },
  };
}

const tcp = (port = 0): Promise<StreamListening> => stream({ port, host: '127.0.0.1' });

const KINDS: readonly [string, () => Promise<Listening>][] = [
  ['UDP', () => datagrams('127.0.0.1')],
  ...(hasIpv6 ? [['UDP over IPv6', () => datagrams('::1')] as [string, () => Promise<Listening>]] : []),
  ['TCP', () => tcp()],
  ['a Unix stream socket', () => stream({ path: scratch.path('log') })],
];

const spam = makeRecord({ msg: 'sp\xe4m', levelname: 'ERROR', levelno: 40 });

describe.each(KINDS)('over %s', (_, listen) => {
  test('the messages are those of Python', async () => {
    const { options, received } = await listen();
    const handler = new SysLogHandler(options);
    let expected = '<11>sp\xc3\xa4m\0';
    handler.handle(spam);
    expect(await received(expected.length)).toBe(expected);
    handler.appendNul = false;
    handler.handle(spam);
    expected += '<11>sp\xc3\xa4m';
    expect(await received(expected.length)).toBe(expected);
    handler.ident = 'h\xe4m-';
    handler.handle(spam);
    expected += '<11>h\xc3\xa4m-sp\xc3\xa4m';
    expect(await received(expected.length)).toBe(expected);
    await handler.close();
    expect([handler.errors.size, handler.dropped.size]).toEqual([0, 0]);
  });

  test('a record after close is sent as well', async () => {
    const { options, received } = await listen();
    const handler = new SysLogHandler({ ...options, ident: 'id ', appendNul: false, facility: 'local7' });
    await handler.close();
    handler.setFormatter(new Formatter('%(name)s: %(message)s'));
    handler.handle(makeRecord());
    await handler.close();
    expect(await received(1)).toBe('<190>id app: hello');
  });

  test('ten thousand records arrive, where a stream holds them', async () => {
    const { options, received } = await listen();
    const handler = new SysLogHandler(options);
    let expected = '';
    for (let index = 0; index < (handler.socktype === 'tcp' ? 10_000 : 50); index++) {
      handler.handle(makeRecord({ msg: `${index}` }));
      expected += `<14>${index}\0`;
    }
    await handler.close();
    expect(await received(expected.length)).toBe(expected);
  });
});

describe('the priority', () => {
  test.each([
    ['DEBUG', 15],
    ['INFO', 14],
    ['WARNING', 12],
    ['ERROR', 11],
    ['CRITICAL', 10],
    ['Level 5', 12],
    ['__proto__', 12],
  ])('of %s and a user is %d', (levelname, priority) => {
    const handler = new SysLogHandler();
    expect(handler.encodePriority(handler.facility, handler.mapPriority(levelname))).toBe(priority);
  });

  test.each([
    ['kern', 'emerg', 0],
    ['kern', 'panic', 0],
    ['solaris-cron', 'notice', 15 * 8 + 5],
    ['local7', 7, 191],
    [23, 'warn', 188],
    [1000, 0, 8000],
  ])('of facility %s and priority %s is %d', (facility, priority, expected) => {
    expect(new SysLogHandler().encodePriority(facility, priority)).toBe(expected);
  });

  test('of a level may be another, as the map says', async () => {
    const { options, received } = await datagrams('127.0.0.1');
    const handler = new SysLogHandler({ ...options, facility: syslogFacilities.LOG_MAIL });
    handler.priorityMap = new Map([...levelPriorities, ['ERROR', 'alert']]);
    handler.handle(spam);
    expect(await received(1)).toBe('<17>sp\xc3\xa4m\0');
    await handler.close();
  });

  test('that the map names, and nobody knows, costs the record', () => {
    const handler = new SysLogHandler();
    handler.priorityMap = new Map([['ERROR', 'loud']]);
    handler.handle(spam);
    expect([...handler.errors]).toEqual([['there is no priority loud', 1]]);
  });

  test('has the names and numbers of Python', () => {
    const text = (names: Iterable<readonly [string, number]>): string =>
      Array.from(names, ([name, number]) => `${name} ${number}`)
        .sort()
        .join(', ');
    expect(text(priorityNames)).toBe(
      'alert 1, crit 2, critical 2, debug 7, emerg 0, err 3, error 3, info 6, notice 5, panic 0, warn 4, warning 4',
    );
    expect(text(facilityNames)).toBe(
      'auth 4, authpriv 10, console 14, cron 9, daemon 3, ftp 11, kern 0, local0 16, local1 17, local2 18, ' +
        'local3 19, local4 20, local5 21, local6 22, local7 23, lpr 6, mail 2, news 7, ntp 12, security 13, ' +
        'solaris-cron 15, syslog 5, user 1, uucp 8',
    );
    expect(text(Object.entries(syslogPriorities))).toBe(
      'LOG_ALERT 1, LOG_CRIT 2, LOG_DEBUG 7, LOG_EMERG 0, LOG_ERR 3, LOG_INFO 6, LOG_NOTICE 5, LOG_WARNING 4',
    );
    expect(Object.values(syslogFacilities).sort((a, b) => a - b)).toEqual(
      [...facilityNames.values()].sort((a, b) => a - b),
    );
  });
});

test.each<[string, SysLogHandlerOptions]>([
  ['a facility without a number', { facility: 'nobody' }],
  ['a facility below 0', { facility: -1 }],
  ['a facility that is no integer', { facility: 1.5 }],
  ['a facility beyond 32 bits', { facility: 2 ** 28 }],
  ['a socktype that there is not', { socktype: 'sctp' as 'tcp' }],
  ['a Unix datagram socket', { address: '/dev/log', socktype: 'udp' }],
])('%s is refused', (_, options) => {
  const attempt = (): unknown => new SysLogHandler(options);
  expect(attempt).toThrow(LoggingError);
  expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
});

describe('a server', () => {
  test('that closes the connection, or goes away and comes back, gets what was logged meanwhile', async () => {
    const first = await tcp();
    const handler = new SysLogHandler(first.options);
    handler.handle(makeRecord({ msg: '1' }));
    await first.received(6);

    first.sockets[0]?.destroy();
    first.server.close();
    await once(first.server, 'close');
    // What is sent before the end of the connection has come through is lost, as it is with Python's handler.
    for (let failure = ''; failure !== 'ECONNREFUSED'; ) {
      handler.handle(makeRecord({ msg: 'perhaps' }));
      failure = await handler.flush().then(
        () => '',
        (error: NodeJS.ErrnoException) => error.code ?? '',
      );
    }
    const missed = [...Array(100).keys()].map((index) => `<14>${index}\0`).join('');
    for (let index = 0; index < 100; index++) handler.handle(makeRecord({ msg: String(index) }));
    await expect(handler.flush()).rejects.toThrow('ECONNREFUSED');
    const [, port] = first.options.address as [string, number];
    const second = await tcp(port);
    await handler.flush();
    await handler.close();
    expect((await second.received(missed.length)).slice(-missed.length)).toBe(missed);
    expect(handler.dropped.size).toBe(0);
  });

  test('that is not there costs what finds no room, and at the end what waits', async () => {
    const handler = new SysLogHandler({ address: scratch.path('nobody'), maxPending: 128 });
    for (const levelname of ['INFO', 'ERROR', 'CRITICAL']) handler.handle(makeRecord({ levelname }));
    expect([...handler.dropped]).toEqual([['CRITICAL', 1]]);
    await expect(handler.close()).rejects.toThrow('ENOENT');
    expect([...handler.dropped]).toEqual([
      ['CRITICAL', 1],
      ['INFO', 1],
      ['ERROR', 1],
    ]);
    expect(scratch.stderr.length).toBe(1);
  });

  test('that does not read is not waited for without end', async () => {
    const { options, server } = await tcp();
    server.on('connection', (socket: Socket) => socket.pause());
    const handler = new SysLogHandler({ ...options, timeout: 50 });
    handler.handle(makeRecord({ msg: '€'.repeat(15 * 2 ** 20) })); // more than the system keeps
    await expect(handler.close()).rejects.toThrow('within 50 ms');
    expect([...handler.dropped]).toEqual([['INFO', 1]]);
  });

  test('cannot be sent a datagram that is too long; those after it arrive', async () => {
    const { options, received } = await datagrams('127.0.0.1');
    const handler = new SysLogHandler(options);
    handler.handle(makeRecord({ msg: 'x'.repeat(70_000) }));
    handler.handle(makeRecord());
    expect(await received(1)).toBe('<14>hello\0');
    await handler.close();
    expect([...handler.errors.keys()]).toEqual([expect.stringContaining('EMSGSIZE')]);
    expect([handler.written, handler.failed, handler.dropped.size]).toEqual([1, 1, 0]);
  });

  test('whose name is not known is looked up again for the next record', async () => {
    const handler = new SysLogHandler({ address: ['no such host', 514] });
    handler.handle(spam);
    await expect(handler.flush()).rejects.toThrow('getaddrinfo');
    await expect(handler.close()).rejects.toThrow('getaddrinfo');
    expect([...handler.dropped]).toEqual([['ERROR', 1]]);
  });
});

const python = process.platform === 'win32' ? undefined : findPythons().at(-1);

test.runIf(python)('the path of a datagram socket is reported as what it is', async () => {
  const path = scratch.path('dgram');
  const script = [
    'import socket, sys',
    's = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)',
    's.bind(sys.argv[1])',
    'print(1, flush=True)',
    'sys.stdin.read()',
  ].join('\n');
  const child: ChildProcess = spawn(python?.command ?? '', ['-c', script, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  const handler = new SysLogHandler({ address: path });
  handler.handle(spam);
  await expect(handler.close()).rejects.toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
  expect(scratch.stderr.join('')).toContain('is a Unix datagram socket');
});
