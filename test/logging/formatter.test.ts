// Formatter: lines, times, tracebacks and stacks as Python's prints them.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FormatError } from '../../src/logging/errors.ts';
import { Formatter } from '../../src/logging/formatter.ts';
import type { LogRecord } from '../../src/logging/log-record.ts';
import { makeLogRecord } from '../../src/logging/make-log-record.ts';
import { gmtime } from '../../src/logging/time/calendar.ts';
import { PyFloat, PyTuple } from '../../src/pickle/index.ts';

const originalZone = process.env['TZ'];

beforeEach(() => {
  process.env['TZ'] = 'America/New_York';
});

afterEach(() => {
  if (originalZone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = originalZone;
});

function record(entries: Record<string, unknown> = {}): LogRecord {
  const plain = { name: 'app', msg: 'Hello %s', args: PyTuple.of('you'), levelno: 20, levelname: 'INFO' };
  const times = { created: 1700000000.25, msecs: new PyFloat(250), relativeCreated: 59.875 };
  return makeLogRecord(new Map(Object.entries({ ...plain, ...times, ...entries })));
}

function codeOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
  return 'none';
}

test.each([
  [null, 'Hello you'],
  ['', 'Hello you'],
  ['%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s', '   59 app             INFO     Hello you'],
  ['%(levelname)s:%(name)s:%(message)s', 'INFO:app:Hello you'],
  ['%(asctime)s %(msecs)03d', '2023-11-14 17:13:20,250 250'],
  ['%(msecs)s %(created).6f %(relativeCreated)s', '250.0 1700000000.250000 59.875'],
  ['%(process)s %(taskName)s', 'None None'],
  ['%(request_id)s %(dd.trace_id)s %(message)s', 'r-1 7 Hello you'],
])('%o', (format, line) => {
  const made = record({ request_id: 'r-1', 'dd.trace_id': 7 });
  expect(new Formatter(format).format(made)).toBe(line);
  expect(new Formatter(format).format(made)).toBe(line);
});

test('the record keeps the message, and the time where the format shows it', () => {
  const made = record({ asctime: 'leaked' });
  new Formatter('%(message)s').format(made);
  expect([made.message, made.asctime]).toEqual(['Hello you', 'leaked']);
  new Formatter('%(asctime)s').format(made);
  expect(made.asctime).toBe('2023-11-14 17:13:20,250');
});

describe('times', () => {
  test.each([
    ['%H:%M', {}, '17:13'],
    [null, { converter: gmtime }, '2023-11-14 22:13:20,250'],
    [null, { defaultMsecFormat: '%s.%03dZ' }, '2023-11-14 17:13:20.250Z'],
    [null, { defaultMsecFormat: null }, '2023-11-14 17:13:20'],
    [null, { defaultTimeFormat: '%d/%m' }, '14/11,250'],
    ['', {}, '2023-11-14 17:13:20,250'],
  ])('datefmt %o with %o', (datefmt, options, text) => {
    expect(new Formatter('%(asctime)s', datefmt, '%', true, options).format(record())).toBe(text);
  });

  test('milliseconds are those of the record, cut off, not those of its creation time', () => {
    expect(new Formatter('%(asctime)s').format(record({ msecs: 7.9 }))).toBe('2023-11-14 17:13:20,007');
  });

  test('records of the same second, of others and of none have each their own time', () => {
    const formatter = new Formatter('%(asctime)s', '%S');
    const seconds = [1700000000.25, 1700000000.75, 1700000001, 1699999999.9, 1700000000];
    expect(seconds.map((created) => formatter.format(record({ created })))).toEqual(['20', '20', '21', '19', '20']);
    expect(codeOf(() => formatter.format(record({ created: Number.NaN })))).toBe('ERR_TIME_FORMAT');
    expect(formatter.format(record({ created: 1700000000 }))).toBe('20');
  });

  test('a date format given for once', () => {
    expect(new Formatter().formatTime(record(), '%Y')).toBe('2023');
  });

  test('usesTime looks for the name in parentheses', () => {
    expect(new Formatter('%(asctime)s').usesTime()).toBe(true);
    expect(new Formatter('%(message)s asctime').usesTime()).toBe(false);
  });
});

describe('blocks after the line', () => {
  test.each([
    [{ exc_text: 'Traceback' }, 'Hello you\nTraceback'],
    [{ stack_info: 'Stack' }, 'Hello you\nStack'],
    [{ exc_text: 'Traceback', stack_info: 'Stack' }, 'Hello you\nTraceback\nStack'],
    [{ exc_text: 'Traceback\n', stack_info: 'Stack\n' }, 'Hello you\nTraceback\nStack\n'],
    [{ exc_text: '', stack_info: '' }, 'Hello you'],
    [{ msg: 'ends\n', args: null, exc_text: 'Traceback' }, 'ends\nTraceback'],
    [{ exc_info: PyTuple.of(1, 2, 3) }, 'Hello you'],
  ])('%o', (entries, text) => {
    expect(new Formatter().format(record(entries))).toBe(text);
  });

  test('a subclass formats the stack', () => {
    class Quiet extends Formatter {
      override formatStack(stackInfo: string): string {
        return `${stackInfo.length} characters`;
      }
    }
    expect(new Quiet().format(record({ stack_info: 'Stack' }))).toBe('Hello you\n5 characters');
  });
});

describe('defaults', () => {
  test.each([{ ip: '-' }, new Map([['ip', '-']])])('%o stands in for a name that the record lacks', (defaults) => {
    const formatter = new Formatter('%(ip)s %(message)s', null, '%', true, { defaults });
    expect(formatter.format(record())).toBe('- Hello you');
    expect(formatter.format(record({ ip: '::1' }))).toBe('::1 Hello you');
    expect(formatter.format(record({ ip: null }))).toBe('None Hello you');
  });

  test('nothing is inherited from Object', () => {
    const formatter = new Formatter('%(toString)s', null, '%', true, { defaults: { ip: '-' } });
    expect(codeOf(() => formatter.format(record()))).toBe('ERR_FORMAT_VALUE');
  });
});

describe('errors', () => {
  test.each([
    ['no field', 'ERR_FORMAT_INVALID'],
    ['%s', 'ERR_FORMAT_INVALID'],
    ['%(name)', 'ERR_FORMAT_INVALID'],
    ['%(dd.trace_id)s', 'ERR_FORMAT_INVALID'],
    ['%(name)-5s', 'none'],
    ['%(name)*.*S', 'none'],
    ['%(größe)s', 'none'],
  ])('the format %o is checked when the Formatter is made: %s', (format, code) => {
    expect(codeOf(() => new Formatter(format))).toBe(code);
    expect(codeOf(() => new Formatter(format, null, '%', false))).toBe('none');
  });

  test('other styles are refused, and so is a date format with %Z', () => {
    expect(codeOf(() => new Formatter('{message}', null, '{'))).toBe('ERR_FORMAT_STYLE');
    expect(codeOf(() => new Formatter('%(asctime)s', '%H %Z'))).toBe('ERR_TIME_FORMAT');
  });

  test.each([
    ['%(gone)s', {}, 'ERR_FORMAT_VALUE'],
    ['%(name)d', {}, 'ERR_FORMAT_TYPE'],
    ['%(message)s', { args: PyTuple.of(1, 2) }, 'ERR_FORMAT_TYPE'],
    ['%(message)s', { msg: '%(x)s', args: new Map([['y', 1]]) }, 'ERR_FORMAT_KEY'],
    ['%(asctime)s', { created: Number.NaN }, 'ERR_TIME_FORMAT'],
  ])('%o with %o', (format, entries, code) => {
    expect(codeOf(() => new Formatter(format).format(record(entries)))).toBe(code);
  });
});
