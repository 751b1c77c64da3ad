// `--metrics`: what a scraper reads is what was sent, and /ready says whether more is taken.

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { Metrics } from '../../src/cli/monitoring/metrics.ts';
import { makeLogRecord } from '../../src/logging/index.ts';
import { frames, prefix } from '../net/frames.ts';
import { opcodes, pickleRecord } from '../record/pickles.ts';
import { sendBytesTo, sendTo } from './clients.ts';
import { builtPackage, picklewire, type Running } from './command.ts';
import { connectTo } from './traffic.ts';

const folder = builtPackage();

function serve(...args: readonly string[]): Running {
  return picklewire(folder, ['serve', '--port', '0', '--metrics', '0', '--format', '%(message)s', ...args]);
}

async function statusUrl(running: Running): Promise<string> {
  const [, url] = await running.printed(/^metrics on (http:\/\/127\.0\.0\.1:\d+)\/metrics$/m);
  return url as string;
}

/** The samples of a scrape, by name and labels as they are written. */
async function scrape(running: Running): Promise<Map<string, number>> {
  const response = await fetch(`${await statusUrl(running)}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

/** The samples of these names, without the prefix that all have. */
function picked(samples: ReadonlyMap<string, number>, ...names: readonly string[]): Record<string, number | undefined> {
  return Object.fromEntries(names.map((name) => [name, samples.get(`picklewire_${name}`)]));
}

test('a scrape has the numbers of what was sent', async () => {
  const running = serve('--globals', 'reject', '--max-frame', '6000');
  const port = await running.port();
  const now = Date.now() / 1000;
  const levels = [10, 20, 20, 30, 40, 50, 50, 50, 15, 60];
  const records = levels.map((levelno) => pickleRecord('m', { levelno, created: now - 0.25 }));
  const ahead = pickleRecord('m', { created: now + 1000.5 });
  const forbidden = ['Thing', 'Thing', 'Other'].map((name) => opcodes(`capp\n${name}\n)R.`));
  const sent = frames(...records, ahead, ...forbidden, new Uint8Array(7000), opcodes('not a pickle'));
  await sendBytesTo(port, sent);
  await sendBytesTo(port, Buffer.concat([prefix(100), new Uint8Array(50)]));
  await sendBytesTo(port, opcodes('GET / HTTP/1.1\r\n\r\n'));
  const open = await connectTo(port);
  open.write(frames(pickleRecord('last')));
  // 4 KiB are the connection's own, and are not counted.
  open.write(Buffer.concat([prefix(5000), new Uint8Array(4999)]));
  await running.printed(/^last$/m);

  let samples = await scrape(running);
  for (let tries = 0; samples.get('picklewire_unfinished_bytes') === 0 && tries < 1000; tries++) {
    samples = await scrape(running);
  }
  expect(
    picked(
      samples,
      ...['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'other'].map((level) => `records_total{level="${level}"}`),
    ),
  ).toEqual({
    'records_total{level="DEBUG"}': 1,
    'records_total{level="INFO"}': 4,
    'records_total{level="WARNING"}': 1,
    'records_total{level="ERROR"}': 1,
    'records_total{level="CRITICAL"}': 3,
    'records_total{level="other"}': 2,
  });
  const names = [
    'frames_total',
    'connections_total',
    'open_connections',
    'oversize_total',
    'truncated_total',
    'idle_timeout_total',
    'over_budget_total',
    'datagrams_total',
    'decode_errors_total{reason="ERR_PICKLE_FORBIDDEN_GLOBAL"}',
    'forbidden_globals_total{global="app.Thing"}',
    'forbidden_globals_total{global="app.Other"}',
    'wrong_protocol_total{protocol="http"}',
    'receive_lag_seconds_count',
    'receive_lag_seconds_bucket{le="0.001"}',
  ];
  expect(picked(samples, ...names)).toEqual({
    frames_total: 16,
    connections_total: 4,
    open_connections: 1,
    oversize_total: 1,
    truncated_total: 1,
    idle_timeout_total: 0,
    over_budget_total: 0,
    datagrams_total: 0,
    'decode_errors_total{reason="ERR_PICKLE_FORBIDDEN_GLOBAL"}': 3,
    'forbidden_globals_total{global="app.Thing"}': 2,
    'forbidden_globals_total{global="app.Other"}': 1,
    'wrong_protocol_total{protocol="http"}': 1,
    receive_lag_seconds_count: 12,
    // The record of a clock that is ahead, whose lag would be negative.
    'receive_lag_seconds_bucket{le="0.001"}': 1,
  });
  expect(samples.get('picklewire_received_bytes_total')).toBeGreaterThan(sent.length);
  const unfinished = samples.get('picklewire_unfinished_bytes');
  expect(unfinished).toBeGreaterThanOrEqual(4999 - 4096);
  expect(unfinished).toBeLessThanOrEqual(5000 - 4096);
  expect(samples.get('picklewire_receive_lag_seconds_sum')).toBeGreaterThan(10 * 0.25);
  expect([...samples.keys()]).toContain('nodejs_eventloop_lag_seconds');
});

test('a name that a terminal would act on, where somebody looks at the numbers, is escaped', async () => {
  const running = serve('--globals', 'reject');
  await sendTo(await running.port(), opcodes('capp\nThing\x1b[2J\n)R.'), pickleRecord('last'));
  await running.printed(/^last$/m);
  // The exposition format doubles the backslash.
  expect([...(await scrape(running)).keys()]).toContain(
    'picklewire_forbidden_globals_total{global="app.Thing\\\\x1b[2J"}',
  );
});

test('of a hundred forbidden names and more, the later ones are counted as one', async () => {
  const running = serve('--globals', 'reject');
  const names = Array.from({ length: 150 }, (_, number) => `Thing${number}`);
  await sendTo(await running.port(), ...names.map((name) => opcodes(`capp\n${name}"\\\n)R.`)), pickleRecord('last'));
  await running.printed(/^last$/m);
  const samples = await scrape(running);
  const counted = [...samples].filter(([name]) => name.startsWith('picklewire_forbidden_globals_total'));
  expect(counted).toHaveLength(101);
  expect(samples.get('picklewire_forbidden_globals_total{global="other"}')).toBe(50);
  expect(samples.get('picklewire_forbidden_globals_total{global="app.Thing0\\"\\\\"}')).toBe(1);
});

test('times that senders make up leave the sum of lags a number', async () => {
  const metrics = new Metrics();
  for (const created of [Number.NaN, Infinity, -Infinity, -1e300, 1e300]) {
    metrics.onRecord(makeLogRecord(new Map([['created', created]])));
  }
  const [, text] = await metrics.text();
  expect(text).toMatch(/^picklewire_receive_lag_seconds_count 5$/m);
  expect(text).toMatch(/^picklewire_receive_lag_seconds_bucket\{le="0\.001"\} 3$/m);
  expect(text).toMatch(/^picklewire_receive_lag_seconds_sum 63072000$/m);
});

test('records that found no room are counted by level, said, and in the summary', async () => {
  const running = serve('--max-backlog', '1000');
  const port = await running.port();
  // Nobody reads its output: what a pipe holds, and then 1000 bytes more, is all that there is room for.
  running.child.stdout?.pause();
  const record = pickleRecord('x'.repeat(10_000), { levelname: 'ERROR', levelno: 40 });
  await sendTo(port, ...Array.from({ length: 100 }, () => record));
  await running.printed(/^picklewire: \d+ records dropped \(ERROR \d+\) so far: .*--max-backlog/m);
  const samples = await scrape(running);
  const dropped = samples.get('picklewire_dropped_total{handler="output",level="ERROR"}') as number;
  expect(dropped).toBeGreaterThan(0);
  expect(samples.get('picklewire_dropped_total{handler="output",level="INFO"}')).toBe(0);
  running.kill('SIGUSR1');
  await running.printed(new RegExp(`^picklewire: 100 records from 1 connection, ${dropped} records dropped`, 'm'));
  running.child.stdout?.resume();
  running.kill('SIGTERM');
  expect(await running.ended).toEqual({ code: 0, signal: null });
  expect(running.stdout.split('\n')).toHaveLength(100 - dropped + 1);
});

test('/ready is 200 when records are taken, and 503 from SIGTERM on, as long as it drains', async () => {
  const running = serve();
  const port = await running.port();
  const url = await statusUrl(running);
  const status = async (path: string): Promise<number> => (await fetch(url + path)).status;
  expect([await status('/ready'), await status('/health')]).toEqual([200, 200]);

  const socket = connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  let sending = true;
  const sent = (async () => {
    for (let number = 0; sending; number++) {
      socket.write(frames(pickleRecord(`record ${number}`)));
      await delay(5);
    }
    socket.end();
  })();
  running.kill('SIGTERM');
  while ((await status('/ready')) !== 503) await delay(1);
  expect(await status('/health')).toBe(200);
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  sending = false;
  await sent;
  expect(await running.ended).toEqual({ code: 0, signal: null });
});

test('without the flag nothing is served', async () => {
  const running = picklewire(folder, ['serve', '--port', '0']);
  const port = await running.port();
  expect(running.stderr).toBe(`listening on tcp://127.0.0.1:${port}\n`);
});
