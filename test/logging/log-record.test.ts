// LogRecord and makeLogRecord: Python's attributes and defaults, and nothing from the wire as a property.

import { describe, expect, test } from 'vitest';
import { LogRecordError } from '../../src/logging/errors.ts';
import { LogRecord } from '../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../src/logging/event/make-log-record.ts';
import { PyFloat, PyObject, PyTuple } from '../../src/pickle/index.ts';

const TEXTS = [
  'name',
  'levelname',
  'pathname',
  'filename',
  'module',
  'exc_text',
  'stack_info',
  'funcName',
  'threadName',
  'processName',
  'taskName',
  'message',
  'asctime',
] as const;
const INTEGERS = ['levelno', 'lineno', 'process', 'thread'] as const;
const TIMES = ['created', 'msecs', 'relativeCreated'] as const;
const ANYTHING = ['msg', 'args', 'exc_info'] as const;
const FIELDS = [...TEXTS, ...INTEGERS, ...TIMES, ...ANYTHING];

const record = (entries: Record<string, unknown>): LogRecord => makeLogRecord(new Map(Object.entries(entries)));

test('an empty dict gives the defaults of Python, and null for what Python reads from its process', () => {
  const { created, msecs, relativeCreated, args, ...rest } = makeLogRecord(new Map());
  expect(rest).toEqual({
    name: null,
    msg: '',
    levelname: 'Level None',
    levelno: null,
    pathname: '',
    filename: '',
    module: '',
    exc_info: null,
    exc_text: null,
    stack_info: null,
    lineno: 0,
    funcName: null,
    thread: null,
    threadName: null,
    processName: null,
    process: null,
    taskName: null,
    message: null,
    asctime: null,
    extras: new Map(),
  });
  expect(args).toEqual(PyTuple.of());
  expect(created).toBeGreaterThan(1.7e9);
  expect(msecs).toBe(Math.round(created * 1000) % 1000);
  expect(relativeCreated).toBeGreaterThanOrEqual(0);
});

test('every record has the same fields in the same order, whatever the dict holds', () => {
  const full = record(
    Object.fromEntries(
      [...FIELDS]
        .reverse()
        .map((name) => [name, name === 'msg' ? 'x' : null])
        .filter(([name]) => !TIMES.includes(name as 'created')),
    ),
  );
  expect(Object.keys(full)).toEqual(Object.keys(new LogRecord()));
});

test.each(FIELDS)('%s of the dict is what a format finds under that name', (name) => {
  const value = (TIMES as readonly string[]).includes(name)
    ? 1.5
    : (INTEGERS as readonly string[]).includes(name)
      ? 7
      : 'x';
  expect(record({ [name]: value }).get(name)).toBe(value);
  expect(record({ [name]: value }).extras.size).toBe(0);
});

test('a name that no record has is not found', () => {
  for (const name of ['gone', '__proto__', 'constructor', 'extras', 'getMessage', 'get', '']) {
    expect(new LogRecord().get(name)).toBeUndefined();
  }
  expect(new LogRecord().get('message')).toBeUndefined();
});

test('names that mean something to JavaScript are extras and no properties', () => {
  const names = ['__proto__', 'constructor', 'extras', 'getMessage', 'get', 'then', 'toJSON', 'toString'];
  const made = makeLogRecord(new Map(names.map((name) => [name, `the ${name}`])));
  expect(Object.keys(made)).toEqual(Object.keys(new LogRecord()));
  expect(Object.getPrototypeOf(made)).toBe(LogRecord.prototype);
  expect(made.getMessage()).toBe('');
  for (const name of names) expect(made.get(name)).toBe(`the ${name}`);
});

test('a key that is no string is kept, where no format reaches it', () => {
  const made = makeLogRecord(
    new Map<unknown, unknown>([
      [1, 'one'],
      [PyTuple.of(1), 'tuple'],
    ]),
  );
  expect([...made.extras.values()]).toEqual(['one', 'tuple']);
  expect(made.get('1')).toBeUndefined();
});

describe('types of fields', () => {
  test.each(TEXTS)('%s becomes text unless it is None', (name) => {
    expect(record({ [name]: new PyFloat(2) }).get(name)).toBe('2.0');
    expect(makeLogRecord(new Map([[name, null]]))[name]).toBeNull();
  });

  test.each(INTEGERS)('%s is an int of any size, or None; anything else is kept where formats find it', (name) => {
    expect(record({ [name]: 2n ** 64n })[name]).toBe(2n ** 64n);
    expect(record({ [name]: null })[name]).toBeNull();
    for (const value of [true, 1.5, new PyFloat(1), '7', new PyObject('m', 'Level', PyTuple.of(20))]) {
      expect(record({ [name]: value })[name]).toBeNull();
      expect(record({ [name]: value }).get(name)).toBe(value);
    }
  });

  test.each(TIMES)('%s is a float or an int, and always a float to formats', (name) => {
    expect(record({ [name]: new PyFloat(3) })[name]).toBe(3);
    expect(record({ [name]: 3 }).get(name)).toEqual(new PyFloat(3));
    expect(record({ [name]: 2n ** 60n })[name]).toBe(2 ** 60);
    for (const value of [null, true, '1.5']) expect(() => record({ [name]: value })).toThrow(LogRecordError);
  });

  test('the error says which field, what was expected and what was found', () => {
    try {
      record({ created: 'noon' });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'ERR_RECORD_FIELD',
        field: 'created',
        expected: 'a float',
        found: 'str',
      });
    }
  });
});

describe('getMessage', () => {
  test.each<[string, unknown, unknown, string]>([
    ['no arguments: signs stand for themselves', '100 %', PyTuple.of(), '100 %'],
    ['no arguments at all', '100 %', null, '100 %'],
    ['an empty dict', '100 %', new Map(), '100 %'],
    ['a tuple', '%s is %d', PyTuple.of<unknown>('x', 5), 'x is 5'],
    ['a dict', '%(x)s', new Map([['x', 1]]), '1'],
    ['a message that is no text', new PyFloat(1), null, '1.0'],
    ['a single value', '%d', 5, '5'],
  ])('with %s', (_, msg, args, text) => {
    expect(record({ msg, args }).getMessage()).toBe(text);
  });
});
