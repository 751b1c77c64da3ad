// Formatter: lines, times, tracebacks and stacks as Python's prints them.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so the fields of the $ style look

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { basicConfig } from '../../src/logging/basic-config.ts';
import { styles } from '../../src/logging/encode/styles.ts';
import { FormatError } from '../../src/logging/errors.ts';
import type { LogRecord } from '../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../src/logging/event/make-log-record.ts';
import { Formatter } from '../../src/logging/formatter.ts';
import { Manager } from '../../src/logging/manager.ts';
import { gmtime } from '../../src/logging/time/calendar.ts';
import { PyException, PyFloat, PyGlobal, PyObject, PyTuple } from '../../src/pickle/index.ts';

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
    [null, { defaultMsecFormat: '' }, '2023-11-14 17:13:20'],
    ['%H:%M %Z', {}, '17:13 EST'],
    ['%H:%M %Z', { converter: gmtime }, '22:13 GMT'],
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

  test('a format of milliseconds that leaves out the time is an error, as in Python', () => {
    const formatter = new Formatter('%(asctime)s', null, '%', true, { defaultMsecFormat: '%03d' });
    expect(codeOf(() => formatter.format(record()))).toBe('ERR_FORMAT_TYPE');
  });

  test('the time zone is read when the first time is shown', () => {
    const formatter = new Formatter('%(asctime)s', '%H %Z');
    process.env['TZ'] = 'CET-1CEST,M3.5.0,M10.5.0/3';
    expect(formatter.format(record())).toBe('23 CET');
    process.env['TZ'] = 'UTC0';
    expect(formatter.format(record({ created: 1700003600 }))).toBe('00 CET');
    expect(new Formatter('%(asctime)s', '%H %Z').format(record())).toBe('22 UTC');
  });

  test('a date format given for once', () => {
    expect(new Formatter().formatTime(record(), '%Y')).toBe('2023');
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
  ])('%o', (entries, text) => {
    expect(new Formatter().format(record(entries))).toBe(text);
  });

  test('a subclass formats exceptions and the stack', () => {
    class Quiet extends Formatter {
      override formatException(excInfo: unknown): string {
        return `failed with ${String(excInfo)}`;
      }
      override formatStack(stackInfo: string): string {
        return `${stackInfo.length} characters`;
      }
    }
    const made = record({ exc_info: 'E1', stack_info: 'Stack' });
    expect(new Quiet().format(made)).toBe('Hello you\nfailed with E1\n5 characters');
  });
});

describe('an exception without its text', () => {
  const boom = new PyException('ValueError', PyTuple.of('boom'));
  const strange = new PyObject('app.errors', 'Boom', PyTuple.of<unknown>('x', 1));

  test.each([
    [boom, 'ValueError: boom'],
    [new PyException('KeyError', PyTuple.of('k')), "KeyError: 'k'"],
    [new PyException('ValueError', PyTuple.of()), 'ValueError'],
    [PyTuple.of<unknown>(new PyGlobal('builtins', 'ValueError'), boom, null), 'ValueError: boom'],
    [PyTuple.of<unknown>(null, strange, null), "app.errors.Boom: ('x', 1)"],
    [new PyObject('app.errors', 'Boom', PyTuple.of('x')), 'app.errors.Boom: x'],
    [new PyObject('app.errors', 'Boom', PyTuple.of()), 'app.errors.Boom'],
    [PyTuple.of(1, 2, 3), '(1, 2, 3)'],
    [true, 'True'],
  ])('that came over the wire, %o, is shown as %s', (excInfo, text) => {
    const made = record({ exc_info: excInfo });
    expect(new Formatter().format(made)).toBe(`Hello you\n${text}`);
    expect(made.exc_text).toBe(text);
  });

  test('of this process is shown by its stack', () => {
    const error = new Error('here');
    expect(new Formatter().format(record({ exc_info: error }))).toBe(`Hello you\n${error.stack}`);
  });

  test.each([
    [{ exc_info: boom, exc_text: 'Traceback' }, 'Hello you\nTraceback'],
    [{ exc_info: null }, 'Hello you'],
    [{ exc_info: false }, 'Hello you'],
    [{ exc_info: PyTuple.of() }, 'Hello you'],
  ])('%o needs none', (entries, text) => {
    expect(new Formatter().format(record(entries))).toBe(text);
  });
});

describe('styles', () => {
  test.each([
    ['{', '{levelname:<8}{name!r} {created:.1f}', "INFO    'app' 1700000000.2"],
    ['$', '$levelname:${name} $$', 'INFO:app $'],
    ['{', null, 'Hello you'],
    ['$', '', 'Hello you'],
  ])('%s formats %o', (style, format, line) => {
    expect(new Formatter(format, null, style).format(record())).toBe(line);
  });

  test.each([
    ['%', '%(asctime)s', true],
    ['%', '%(message)s asctime', false],
    ['{', '{asctime:.4}', true],
    ['{', '{message} asctime', false],
    ['$', '$asctime', true],
    ['$', '${asctime}', true],
    ['$', '$message asctime', false],
  ])('%s finds the time in %o: %o', (style, format, usesTime) => {
    expect(new Formatter(format, '%Y', style).usesTime()).toBe(usesTime);
  });

  test.each([
    ['{', '{ip} {message}'],
    ['$', '$ip ${message}'],
  ])('%s takes defaults for what a record lacks', (style, format) => {
    const formatter = new Formatter(format, null, style, true, { defaults: { ip: '-', message: 'hidden' } });
    expect(formatter.format(record())).toBe('- Hello you');
    expect(formatter.format(record({ ip: '::1' }))).toBe('::1 Hello you');
  });

  test.each([
    ['{', '{message:5\n}', 'none'],
    ['{', '{message\n}', 'none'],
    ['{', '{message:>{width}.{precision}}', 'none'],
    ['{', '{message!r:*^10s}', 'none'],
    ['{', '{a.b[c d].e}', 'none'],
    ['{', 'no field', 'ERR_FORMAT_INVALID'],
    ['{', '{}', 'ERR_FORMAT_INVALID'],
    ['{', '{message', 'ERR_FORMAT_INVALID'],
    ['{', '{message!x}', 'ERR_FORMAT_INVALID'],
    ['{', '{message:y}', 'ERR_FORMAT_INVALID'],
    ['{', '{created:%H}', 'ERR_FORMAT_INVALID'],
    ['{', '{dd-trace}', 'ERR_FORMAT_INVALID'],
    ['$', 'no field', 'ERR_FORMAT_INVALID'],
    ['$', '$$', 'ERR_FORMAT_INVALID'],
    ['$', '$message $', 'ERR_FORMAT_INVALID'],
    ['$', '${message', 'ERR_FORMAT_INVALID'],
    ['$', '$message$$', 'none'],
  ])('%s checks %o when the Formatter is made: %s', (style, format, code) => {
    expect(codeOf(() => new Formatter(format, null, style))).toBe(code);
    expect(codeOf(() => new Formatter(format, null, style, false))).toBe('none');
  });

  test.each(['', 'x', '%%', '{}'])('there is no style %o', (style) => {
    expect(codeOf(() => new Formatter(null, null, style))).toBe('ERR_FORMAT_STYLE');
  });

  test.each([
    ['%', '%(levelname)s:%(name)s:%(message)s'],
    ['{', '{levelname}:{name}:{message}'],
    ['$', '${levelname}:${name}:${message}'],
  ])('%s has a format of its own for basicConfig', (style, format) => {
    expect(styles.get(style)?.basicFormat).toBe(format);
    const manager = new Manager();
    const lines: string[] = [];
    basicConfig({ manager, style, stream: { write: (text: string) => lines.push(text) > 0 } });
    manager.root.handle(record());
    expect(lines).toEqual(['INFO:app:Hello you\n']);
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

  test.each([
    ['{', '{gone}', {}, 'ERR_FORMAT_VALUE'],
    ['{', '{name.first}', {}, 'ERR_FORMAT_ATTRIBUTE'],
    ['{', '{name[9]}', {}, 'ERR_FORMAT_INDEX'],
    ['{', '{0}', {}, 'ERR_FORMAT_INDEX'],
    ['{', '{}', {}, 'ERR_FORMAT_INDEX'],
    ['{', '{m[x]}', { m: new Map() }, 'ERR_FORMAT_VALUE'],
    ['{', '{taskName:5}', {}, 'ERR_FORMAT_TYPE'],
    ['{', '{levelno:s}', {}, 'ERR_FORMAT_VALUE'],
    ['{', '{n:c}', { n: -1 }, 'ERR_FORMAT_OVERFLOW'],
    ['$', '$gone', {}, 'ERR_FORMAT_VALUE'],
    ['$', '$', {}, 'ERR_FORMAT_VALUE'],
  ])('%s fails in %o with %o', (style, format, entries, code) => {
    expect(codeOf(() => new Formatter(format, null, style, false).format(record(entries)))).toBe(code);
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
