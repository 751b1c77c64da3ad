// Our SocketHandler, received by the cookbook's receiver in real Pythons, and by our own.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Formatter, type LogRecord, makeLogRecord, SocketHandler } from '../../src/logging/index.ts';
import { PyDecimal, PyFloat, PyObject, PyTuple } from '../../src/pickle/index.ts';
import { Running, scratchFolder } from '../cli/command.ts';
import { receiving } from '../receiver/receiving.ts';
import { findPythons, type Python } from './pythons.ts';

const pythons = findPythons();

/** Every attribute that a record has, and two extras. */
const FORMAT =
  '%(created)f %(msecs)03d %(relativeCreated)d %(name)s %(levelname)-8s %(levelno)s %(pathname)s %(filename)s:%(lineno)d ' +
  '%(module)s %(funcName)s %(process)d %(processName)s %(thread)d %(threadName)s %(user)s %(request)s | %(message)s';

const formatter = new Formatter(FORMAT);

function recordOf(entries: Readonly<Record<string, unknown>>): LogRecord {
  const fields = {
    name: 'shop.orders',
    levelno: 20,
    levelname: 'INFO',
    pathname: '/srv/shop/orders.py',
    filename: 'orders.py',
    module: 'orders',
    funcName: 'pay',
    lineno: 17,
    created: 1781094895.0591235,
    msecs: new PyFloat(59),
    relativeCreated: 1234.5,
    thread: 140_140_140_140_140,
    threadName: 'MainThread',
    processName: 'MainProcess',
    process: 4711,
    user: 'alice',
    request: 1,
  };
  return makeLogRecord(new Map(Object.entries({ ...fields, ...entries })));
}

const records: readonly LogRecord[] = [
  { msg: 'plain' },
  { msg: '' },
  { msg: '%s of %d', args: PyTuple.of<unknown>('two', 2) },
  { msg: '%(a)s', args: new Map([['a', 'named']]) },
  { msg: 'Größe 10 €, 日本語, \u{1f600}, \u00a0 and \u2028', name: 'é' },
  { msg: 'two\nlines\ttabbed' },
  { msg: new PyDecimal('12.50') },
  { msg: 'extras', user: null, request: 12345678901234567890n },
  { msg: 'extras', user: true, request: 2.5 },
  { msg: 'extras', user: new PyFloat(1e300), request: Number.NaN },
  { msg: 'inert', user: new PyObject('os', 'system', PyTuple.of('id')) },
  { msg: 'failed', levelname: 'ERROR', levelno: 40, exc_text: 'Traceback (most recent call last):\nValueError: é' },
  { msg: 'with its stack', stack_info: 'Stack (most recent call last):\n  File "x"' },
  { msg: 'x'.repeat(100_000) },
  ...Array.from({ length: 1000 }, (_, number) => ({ msg: 'record %d', args: PyTuple.of(number), request: number })),
].map(recordOf);

/** Python 2 knows no stack of a record. */
function suits({ version }: Python, record: LogRecord): boolean {
  return !version.startsWith('2.') || record.stack_info === null;
}

async function sendTo(port: number, all: readonly LogRecord[]): Promise<void> {
  const handler = new SocketHandler('127.0.0.1', port);
  for (const record of all) handler.handle(record);
  await handler.close();
  expect([handler.errors.size, handler.dropped.size]).toEqual([0, 0]);
}

describe.skipIf(pythons.length === 0)('records of a SocketHandler', () => {
  test.each(pythons)("are written by the cookbook's receiver in Python $version as they are here", async (python) => {
    const sent = records.filter((record) => suits(python, record));
    const path = join(scratchFolder(), 'received.log');
    const program = fileURLToPath(new URL('cookbook_receiver.py', import.meta.url));
    const receiver = new Running(python.command, [program, path, FORMAT, `${sent.length}`], {
      env: { PYTHONDONTWRITEBYTECODE: '1' },
    });
    const [, port] = await receiver.printed(/^(\d+)\r?$/m);
    await sendTo(Number(port), sent);
    expect([(await receiver.ended).code, receiver.stderr]).toEqual([0, '']);
    expect(readFileSync(path, 'utf8').split('\n')).toEqual(
      sent
        .map((record) => `${formatter.format(record)}\n`)
        .join('')
        .split('\n'),
    );
  });
});

test('records of a SocketHandler reach our own receiver, and are there what they were', async () => {
  const { receiver, port, records: received, rejections } = await receiving();
  const gone = new Promise((resolve) => receiver.once('disconnect', resolve));
  await sendTo(port, records);
  await gone;
  expect(rejections).toEqual([]);
  expect(received.map((record) => formatter.format(record))).toEqual(records.map((record) => formatter.format(record)));
});
