// The four profiles of JsonFormatter, member by member.

import { describe, expect, test } from 'vitest';
import { JsonFormatter, type JsonProfile, jsonProfiles } from '../../../../src/logging/encode/json/json-formatter.ts';
import type { LogRecord } from '../../../../src/logging/event/log-record.ts';
import { PyTuple } from '../../../../src/pickle/index.ts';
import { bare, fromDict, sent, TRACEBACK } from './records.ts';

function line(profile: JsonProfile, record: LogRecord): string {
  return new JsonFormatter({ profile }).format(record);
}

function parsed(profile: JsonProfile, record: LogRecord): Record<string, unknown> {
  return JSON.parse(line(profile, record)) as Record<string, unknown>;
}

/** What stands in an object at a path of names, `undefined` where there is nothing. */
function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], object);
}

const FULL: Readonly<Record<JsonProfile, string>> = {
  python:
    '{"created":1700000000.25,"levelname":"INFO","levelno":20,"name":"shop.orders","message":"Hello you",' +
    '"pathname":"/srv/shop/views.py","filename":"views.py","module":"views","lineno":31,"funcName":"buy",' +
    '"relativeCreated":59.875,"process":42,"processName":"MainProcess","thread":140000000000000,' +
    '"threadName":"MainThread","user":"zoë"}',
  pino:
    '{"level":30,"time":1700000000250,"pid":42,"name":"shop.orders","caller":"buy (/srv/shop/views.py:31)",' +
    '"msg":"Hello you","user":"zoë"}',
  ecs:
    '{"@timestamp":"2023-11-14T22:13:20.250Z","log.level":"info","message":"Hello you","ecs":{"version":"1.6.0"},' +
    '"log":{"logger":"shop.orders","origin":{"file":{"line":31,"name":"views.py"},"function":"buy"}},' +
    '"process":{"pid":42,"name":"MainProcess","thread":{"id":140000000000000,"name":"MainThread"}},"user":"zoë"}',
  otel:
    '{"Timestamp":"1700000000250000000","SeverityText":"INFO","SeverityNumber":9,"Body":"Hello you",' +
    '"Resource":{"process.pid":42},"InstrumentationScope":{"Name":"shop.orders"},' +
    '"Attributes":{"code.file.path":"/srv/shop/views.py","code.function.name":"buy","code.line.number":31,' +
    '"thread.id":140000000000000,"thread.name":"MainThread","user":"zoë"}}',
};

/** A record of None has what no record is without. */
const BARE: Readonly<Record<JsonProfile, string>> = {
  python: '{"created":0.5,"message":"m","relativeCreated":0.5}',
  pino: '{"time":500,"msg":"m"}',
  ecs: '{"@timestamp":"1970-01-01T00:00:00.500Z","message":"m","ecs":{"version":"1.6.0"}}',
  otel: '{"Timestamp":"500000000","Body":"m"}',
};

test.each(jsonProfiles)(
  '%s writes what a SocketHandler sends, in one order, and leaves out what is None',
  (profile) => {
    expect(line(profile, sent({ user: 'zoë' }))).toBe(FULL[profile]);
    expect(line(profile, bare({ relativeCreated: 0.5 }))).toBe(BARE[profile]);
  },
);

test('python is the profile of a formatter that is given none', () => {
  expect(new JsonFormatter().format(sent({ user: 'zoë' }))).toBe(FULL.python);
});

describe('members that not every record has', () => {
  const TRACE = '0af7651916cd43dd8448eb211c80319c';
  const rows: readonly [JsonProfile, entries: Record<string, unknown>, path: string[], expected: unknown][] = [
    ['python', { taskName: 'Task-1' }, ['taskName'], 'Task-1'],
    ['python', { exc_text: TRACEBACK }, ['exc_text'], TRACEBACK],
    ['python', { stack_info: 'Stack …' }, ['stack_info'], 'Stack …'],
    ['python', { msg: 'Hello you', args: PyTuple.of() }, ['msg'], undefined],
    ['python', { msg: 'Hello %s', args: PyTuple.of('you') }, ['message'], 'Hello you'],
    ['python', { msg: 'Hello %s', args: PyTuple.of('you') }, ['msg'], 'Hello %s'],
    ['python', { msg: 'Hello %s', args: PyTuple.of('you') }, ['args'], ['you']],
    ['python', { msg: 'plain', args: new Map([['k', 1]]) }, ['args'], { k: 1 }],
    ['python', { msg: new Map([['k', 1]]) }, ['message'], "{'k': 1}"],
    ['python', { msg: new Map([['k', 1]]) }, ['msg'], { k: 1 }],
    ['python', { asctime: '10:00', exc_info: 1 }, ['asctime'], undefined],
    ['python', { levelno: 'high' }, ['levelno'], 'high'],
    ['python', { process: new Map([['id', 1]]) }, ['process'], { id: 1 }],

    ['pino', { levelno: null }, ['level'], undefined],
    ['pino', { exc_text: TRACEBACK }, ['err'], { type: 'ValueError', message: 'no money', stack: TRACEBACK }],
    ['pino', { exc_text: 'boom' }, ['err'], { stack: 'boom' }],
    ['pino', { stack_info: 'Stack …' }, ['stack_info'], 'Stack …'],
    ['pino', { funcName: null }, ['caller'], '/srv/shop/views.py:31'],
    ['pino', { lineno: null }, ['caller'], 'buy (/srv/shop/views.py)'],
    ['pino', { pathname: '' }, ['caller'], undefined],
    ['pino', { hostname: 'web-1' }, ['hostname'], 'web-1'],
    ['pino', { process: new Map([['id', 1]]) }, ['process'], { id: 1 }],

    ['ecs', { levelname: 'WARNING' }, ['log.level'], 'warning'],
    [
      'ecs',
      { exc_text: TRACEBACK, stack_info: 'Stack …' },
      ['error'],
      { type: 'ValueError', message: 'no money', stack_trace: TRACEBACK },
    ],
    ['ecs', { exc_text: 'boom' }, ['error'], { stack_trace: 'boom' }],
    ['ecs', { stack_info: 'Stack …' }, ['error'], { stack_trace: 'Stack …' }],
    ['ecs', { 'http.request.method': 'get' }, ['http.request.method'], 'get'],
    ['ecs', { http: new Map([['version', '1.1']]) }, ['http', 'version'], '1.1'],

    ['otel', { levelname: 'WARNING' }, ['SeverityText'], 'WARN'],
    ['otel', { levelname: 'CRITICAL' }, ['SeverityText'], 'CRITICAL'],
    ['otel', { exc_text: TRACEBACK }, ['Attributes', 'exception.type'], 'ValueError'],
    ['otel', { exc_text: TRACEBACK }, ['Attributes', 'exception.message'], 'no money'],
    ['otel', { exc_text: TRACEBACK }, ['Attributes', 'exception.stacktrace'], TRACEBACK],
    ['otel', { exc_text: 'boom' }, ['Attributes', 'exception.type'], undefined],
    ['otel', { stack_info: 'Stack …' }, ['Attributes', 'code.stacktrace'], 'Stack …'],
    ['otel', { otelTraceID: TRACE }, ['TraceId'], TRACE],
    ['otel', { otelTraceID: TRACE }, ['Attributes', 'otelTraceID'], undefined],
    ['otel', { otelTraceID: '0' }, ['TraceId'], undefined],
    ['otel', { otelTraceID: '0' }, ['Attributes', 'otelTraceID'], undefined],
    ['otel', { otelTraceID: '0'.repeat(32) }, ['TraceId'], undefined],
    ['otel', { otelTraceID: TRACE.toUpperCase() }, ['Attributes', 'otelTraceID'], TRACE.toUpperCase()],
    ['otel', { otelTraceID: 7 }, ['Attributes', 'otelTraceID'], 7],
    ['otel', { otelSpanID: 'b7ad6b7169203331' }, ['SpanId'], 'b7ad6b7169203331'],
    ['otel', { otelSpanID: 'b7' }, ['Attributes', 'otelSpanID'], 'b7'],
    ['otel', { otelTraceID: TRACE, otelTraceSampled: true }, ['TraceFlags'], 1],
    ['otel', { otelTraceID: TRACE, otelTraceSampled: false }, ['TraceFlags'], 0],
    ['otel', { otelTraceID: '0', otelTraceSampled: false }, ['TraceFlags'], undefined],
    ['otel', { otelServiceName: 'shop' }, ['Resource', 'service.name'], 'shop'],
    ['otel', { otelServiceName: 'shop' }, ['Attributes', 'otelServiceName'], undefined],
    ['otel', { otelServiceName: null }, ['Attributes', 'otelServiceName'], null],
  ];
  test.each(rows)('%s of %o has at %j: %o', (profile, entries, path, expected) => {
    expect(at(parsed(profile, sent(entries)), path)).toEqual(expected);
  });
});

describe('levels', () => {
  test.each<[level: number | bigint, pino: number, otel: number | undefined]>([
    [-5, 10, undefined],
    [0, 10, undefined],
    [9, 10, undefined],
    [10, 20, 5],
    [15, 20, 8],
    [20, 30, 9],
    [21, 30, 10],
    [25, 30, 12],
    [30, 40, 13],
    [32, 40, 15],
    [39, 40, 16],
    [40, 50, 17],
    [43, 50, 20],
    [50, 60, 21],
    [53, 60, 24],
    [99, 60, 24],
    [10n ** 400n, 60, 24],
  ])('%s is %s to pino and %s to OpenTelemetry', (levelno, pino, otel) => {
    expect(parsed('pino', sent({ levelno }))['level']).toBe(pino);
    expect(parsed('otel', sent({ levelno }))['SeverityNumber']).toBe(otel);
  });
});

describe('times', () => {
  test.each<[created: number, pino: number | undefined, ecs: string | undefined, otel: string | undefined]>([
    [1_700_000_000.123456, 1_700_000_000_123, '2023-11-14T22:13:20.123Z', '1700000000123456001'],
    [1_700_000_000.9999998, 1_700_000_001_000, '2023-11-14T22:13:21.000Z', '1700000000999999762'],
    [1_700_000_000.999_9, 1_700_000_000_999, '2023-11-14T22:13:20.999Z', '1700000000999900103'],
    [1_700_000_000, 1_700_000_000_000, '2023-11-14T22:13:20.000Z', '1700000000000000000'],
    [0, 0, '1970-01-01T00:00:00.000Z', '0'],
    [0.001, 1, '1970-01-01T00:00:00.001Z', '1000000'],
    [1.9999999999, 2000, '1970-01-01T00:00:02.000Z', '2000000000'],
    [-0.5, -500, '1969-12-31T23:59:59.500Z', undefined],
    [18_446_744_072.5, 18_446_744_072_500, '2554-07-21T23:34:32.500Z', '18446744072500000000'],
    [18_446_744_073, 18_446_744_073_000, '2554-07-21T23:34:33.000Z', undefined],
    [8.64e12, 8.64e15, '+275760-09-13T00:00:00.000Z', undefined],
    [8.65e12, undefined, undefined, undefined],
    [Number.NaN, undefined, undefined, undefined],
    [Number.NEGATIVE_INFINITY, undefined, undefined, undefined],
  ])('%s seconds', (created, pino, ecs, otel) => {
    const record = sent({ created });
    expect(parsed('pino', record)['time']).toBe(pino);
    expect(parsed('ecs', record)['@timestamp']).toBe(ecs);
    expect(parsed('otel', record)['Timestamp']).toBe(otel);
  });

  test.each([
    [1_700_000_000, '1700000000.0'],
    [-0, '-0.0'],
    [1e-7, '1e-07'],
    [1e22, '1e+22'],
    [Number.NaN, '{"$float":"nan"}'],
    [Number.POSITIVE_INFINITY, '{"$float":"inf"}'],
  ])('created %s is a float as Python prints it: %s', (created, json) => {
    expect(line('python', sent({ created }))).toContain(`{"created":${json},`);
  });
});

describe('extras', () => {
  test.each<[JsonProfile, own: string[]]>([
    ['python', ['name', 'msg', 'args', 'created', 'msecs', 'asctime', 'message', 'exc_info', 'lineno', 'stack_info']],
    ['pino', ['level', 'time', 'pid', 'name', 'caller', 'msg', 'err', 'stack_info']],
    ['ecs', ['@timestamp', 'log.level', 'message', 'ecs', 'log', 'process', 'error', 'log.origin.file.line']],
  ])('of %s that have a name of its own get one that is free', (profile, own) => {
    const record = sent({ err_: 1, log_: 2, name__: 3 });
    const before = parsed(profile, record);
    for (const name of own) record.extras.set(name, `my ${name}`);
    const after = parsed(profile, record);
    const moved = own.map((name) => [`${name}${before[`${name}_`] === undefined ? '_' : '__'}`, `my ${name}`]);
    expect(after).toEqual({ ...before, ...Object.fromEntries(moved) });
  });

  test('of otel have only other attributes beside them', () => {
    const record = fromDict({ ...bareEntries, 'thread.id': 'mine', 'thread.id_': 'too', Body: 'an extra' });
    expect(parsed('otel', record)['Attributes']).toEqual({
      'thread.id__': 'mine',
      'thread.id_': 'too',
      Body: 'an extra',
    });
  });

  test.each(jsonProfiles)('%s keeps keys that are no text, and keys that begin with a dollar sign', (profile) => {
    const record = sent({ $dict: 'own', $: 1 });
    record.extras.set(1, 'one').set(PyTuple.of(1, 2), null);
    const object = parsed(profile, record);
    const extras = profile === 'otel' ? object['Attributes'] : object;
    expect(extras).toMatchObject({
      $$dict: 'own',
      $$: 1,
      $dict: [
        [1, 'one'],
        [[1, 2], null],
      ],
    });
  });
});

const bareEntries = { msg: 'm', pathname: null, lineno: null, levelname: null };
