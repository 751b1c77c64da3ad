// What is said of those who are no SocketHandlers: what they are and what to do, in one line; and nothing of those who only
// look whether a port is open.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { frames, latin1, prefix } from '../net/frames.ts';
import { opcodes, pickleRecord } from '../record/pickles.ts';
import { sendBytesTo, sendTo } from './clients.ts';
import { builtPackage, picklewire, Running, scratchFolder } from './command.ts';

const folder = builtPackage();

function serve(...args: readonly string[]): Running {
  return picklewire(folder, ['serve', '--port', '0', '--format', '%(message)s', ...args]);
}

/** The lines on stderr that tell of a rejection. */
function told({ stderr }: Running): string[] {
  return stderr.split('\n').filter((line) => line.startsWith('picklewire: rejected from 127.0.0.1:'));
}

/** A TLS 1.3 ClientHello, as far as it is looked at. */
const CLIENT_HELLO = latin1('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03');

const JSON_RECORD = latin1('{"name": "app", "msg": "m", "levelno": 20}');

describe('one line for', () => {
  test.each([
    ['TLS', CLIENT_HELLO, /TLS.*tls:\/\/ listener.*\[ERR_FRAME_LENGTH\]$/],
    ['HTTP', latin1('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'), /HTTP.*--metrics \[ERR_FRAME_LENGTH\]$/],
    ['JSON lines', Buffer.concat([JSON_RECORD, latin1('\n')]), /JSON.*SocketHandler.*\[ERR_FRAME_LENGTH\]$/],
    ['syslog', latin1('<13>Jan  1 00:00:00 host app: text'), /syslog.*SocketHandler.*\[ERR_FRAME_LENGTH\]$/],
    ['text', latin1('hello, is anybody there?\r\n'), /text.*SocketHandler.*\[ERR_FRAME_LENGTH\]$/],
    ['pickles alone', pickleRecord('m'), /length prefix.*makePickle.*\[ERR_FRAME_LENGTH\]$/],
    ['JSON in frames', frames(JSON_RECORD), /frames hold JSON.*makePickle.*\[ERR_PICKLE_OPCODE\]$/],
    ['JSON lists in frames', frames(latin1('[{"a": 1}]')), /frames hold JSON.*\[ERR_PICKLE_OPCODE\]$/],
    ['pickles of no record', frames(opcodes(']q\0.')), /SocketHandler sends dicts.*\[ERR_RECORD_NOT_A_DICT\]$/],
    ['long frames', frames(new Uint8Array(20_000)), /--max-frame.*\[ERR_FRAME_OVERSIZE\]$/],
  ])('%s, whatever it says itself', async (_, bytes, line) => {
    const running = serve('--max-frame', '10000');
    const port = await running.port();
    for (let time = 0; time < 3; time++) await sendBytesTo(port, bytes);
    await sendTo(port, pickleRecord('served'));
    await running.printed(/^served$/m);
    expect(told(running)).toEqual([expect.stringMatching(line)]);
  });

  test('a datagram that is none of a DatagramHandler', async () => {
    const running = picklewire(folder, ['serve', '--listen', 'udp://127.0.0.1:0', '--format', '%(message)s']);
    const [, port] = await running.printed(/^listening on udp:\/\/127\.0\.0\.1:(\d+)$/m);
    const socket = createSocket('udp4');
    for (const bytes of [latin1('text'), frames(pickleRecord('served'))]) socket.send(bytes, Number(port), '127.0.0.1');
    await running.printed(/^served$/m);
    socket.close();
    await running.printed(/^picklewire: rejected from 127\.0\.0\.1:\d+: .*DatagramHandler.*\[ERR_DATAGRAM\]$/m);
    running.kill('SIGUSR1');
    await running.printed(/^picklewire: 1 record from 0 connections and 2 datagrams, 1 rejected$/m);
  });
});

test('nothing is said of those who connect and leave, which is what health checks do', async () => {
  const running = serve();
  const port = await running.port();
  for (let time = 0; time < 5; time++) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    if (time % 2 === 0) socket.end();
    else socket.resetAndDestroy();
    await once(socket, 'close');
  }
  await sendTo(port, pickleRecord('served'));
  await running.printed(/^served$/m);
  expect(running.stderr).toBe(`listening on tcp://127.0.0.1:${port}\n`);
});

describe('limits', () => {
  test('--frame-timeout closes who stops inside a frame, and says so', async () => {
    const running = serve('--frame-timeout', '1');
    const socket = connect(await running.port(), '127.0.0.1').on('error', () => {});
    socket.resume().write(Buffer.concat([prefix(100), new Uint8Array(50)]));
    await once(socket, 'close');
    await running.printed(/^picklewire: rejected from .*--frame-timeout.* \[ERR_FRAME_IDLE_TIMEOUT\]$/m);
  });

  test.each(['--max-unfinished', '--max-unfinished-per-address'])(
    '%s skips frames for which there is no room',
    async (flag) => {
      const running = serve(flag, '100000');
      const port = await running.port();
      const large = pickleRecord('x'.repeat(1_000_000));
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      const bytes = frames(large, pickleRecord('served'));
      // In two parts, the second when the first has been read, so that it must be kept.
      socket.write(bytes.subarray(0, 500_000));
      await running.printed(/^picklewire: rejected from .*--max-unfinished.* \[ERR_FRAME_MEMORY\]$/m);
      socket.end(bytes.subarray(500_000));
      await running.printed(/^served$/m);
      expect(running.stdout).toBe('served\n');
    },
  );

  test('--max-connections turns away who comes when it is reached', async () => {
    const running = serve('--max-connections', '1');
    const port = await running.port();
    const first = connect(port, '127.0.0.1');
    await once(first, 'connect');
    first.write(frames(pickleRecord('first')));
    await running.printed(/^first$/m);
    await sendTo(port, pickleRecord('too many'));
    await running.printed(/^picklewire: rejected from .*--max-connections .* \[ERR_PEER_LIMIT\]$/m);
    const closed = once(first, 'close');
    first.resume().end();
    await closed;
    await sendTo(port, pickleRecord('next'));
    await running.printed(/^next$/m);
    expect(running.stdout).toBe('first\nnext\n');
  });
});

test.runIf(process.platform === 'linux')(
  'the limit of open files turns away who has no room, and is never reached',
  async () => {
    const cwd = scratchFolder();
    const main = join(folder, 'dist/cli/main.js');
    const args = ['serve', '--port', '0', '--format', '%(message)s', '--output', 'app.log'];
    // 22 connections, and what is kept for everything else.
    const running = new Running('sh', ['-c', 'ulimit -n 150; exec "$0" "$@"', process.execPath, main, ...args], {
      cwd,
    });
    const port = await running.port();
    const sockets = Array.from({ length: 200 }, () =>
      connect(port, '127.0.0.1')
        .on('error', () => {})
        .resume(),
    );
    const gone = new Set<unknown>();
    for (const socket of sockets) socket.once('close', () => gone.add(socket));
    for (const deadline = Date.now() + 20_000; gone.size < 178 && Date.now() < deadline; ) await delay(5);
    expect(gone.size).toBe(178);
    renameSync(join(cwd, 'app.log'), join(cwd, 'app.log.1'));
    running.kill('SIGHUP');
    await running.printed(/^picklewire: reopened /m);
    for (const socket of sockets) socket.destroy();
    running.kill('SIGTERM');
    await running.ended;
    expect(running.stderr).toMatch(/^picklewire: rejected from .*ulimit -n.* \[ERR_PEER_LIMIT\]$/m);
    expect(running.stderr).toMatch(/^picklewire: 0 records from 22 connections, 178 rejected$/m);
  },
);

test('lines of rejections go to the logger picklewire.net of a configuration, others stay on stderr', async () => {
  const cwd = scratchFolder();
  const format = '%(levelname)s %(name)s %(message)s';
  writeFileSync(
    join(cwd, 'log.json'),
    JSON.stringify({
      version: 1,
      formatters: { own: { format } },
      handlers: {
        own: { class: 'logging.FileHandler', filename: 'own.log', formatter: 'own' },
        out: { class: 'logging.StreamHandler', stream: 'ext://sys.stdout' },
      },
      loggers: { 'picklewire.net': { level: 'INFO', handlers: ['own'], propagate: false } },
      root: { handlers: ['out'] },
    }),
  );
  const running = picklewire(folder, ['serve', '--port', '0', '--config', 'log.json'], { cwd });
  const port = await running.port();
  await sendBytesTo(port, latin1('GET / HTTP/1.1\r\n\r\n'));
  await sendTo(port, JSON_RECORD, pickleRecord('served'));
  await running.printed(/^served$/m);
  running.kill('SIGHUP');
  await running.printed(/^picklewire: reloaded log\.json$/m);
  await sendTo(port, pickleRecord('after'));
  running.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
  expect(running.stdout).toBe('served\nafter\n');
  expect(told(running)).toEqual([expect.stringMatching(/ERR_PICKLE/)]);
  expect(readFileSync(join(cwd, 'own.log'), 'utf8').split('\n')).toEqual([
    `INFO picklewire.net listening on tcp://127.0.0.1:${port}`,
    expect.stringMatching(/^WARNING picklewire\.net rejected from 127\.0\.0\.1:\d+: .*HTTP.*\[ERR_FRAME_LENGTH\]$/),
    '',
  ]);
});
