// A record as Python's `record.__dict__`, and copies of records.

import { describe, expect, test } from 'vitest';
import { isRecordField } from '../../src/logging/event/field-table.ts';
import { LogRecord } from '../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../src/logging/event/make-log-record.ts';
import { copyRecord, recordDict } from '../../src/logging/event/record-dict.ts';
import { PyFloat, PyTuple } from '../../src/pickle/index.ts';
import { makeRecord } from './recording.ts';

/** `list(logging.makeLogRecord({}).__dict__)` of Python 3.13. */
const PYTHON_NAMES =
  'name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno funcName created ' +
  'msecs relativeCreated thread threadName processName process taskName';

test('has the names of Python in their order, then extras, then what a Formatter adds', () => {
  const record = makeRecord({ user: 'x', asctime: 'now', message: 'hello', 5: 'five' });
  expect([...recordDict(record).keys()].join(' ')).toBe(`${PYTHON_NAMES} 5 user message asctime`);
  expect([...recordDict(new LogRecord()).keys()].join(' ')).toBe(PYTHON_NAMES);
});

test('has whole times as floats', () => {
  const dict = recordDict(makeRecord({ created: 5, msecs: 0, relativeCreated: 1.5 }));
  expect([dict.get('created'), dict.get('msecs'), dict.get('relativeCreated')]).toEqual([
    new PyFloat(5),
    new PyFloat(0),
    1.5,
  ]);
});

test('an extra with the name of a field does not replace it', () => {
  const record = makeRecord();
  record.extras.set('msg', 'forged').set('asctime', 'forged');
  const dict = recordDict(record);
  expect([dict.get('msg'), dict.has('asctime')]).toEqual(['hello', false]);
});

test('all fields of a record are known, and nothing else', () => {
  for (const name of Object.keys(new LogRecord()))
    expect([name, isRecordField(name)]).toEqual([name, name !== 'extras']);
  for (const name of ['__proto__', 'get', 5, null]) expect(isRecordField(name)).toBe(false);
});

describe('a copy', () => {
  test.each<[string, Record<string, unknown>]>([
    ['plain', {}],
    ['with all fields', { args: PyTuple.of(1), exc_info: 1, exc_text: 'e', message: 'm', asctime: 'a', created: 0 }],
    ['with a level that is no int', { levelno: 'high', lineno: 1.5 }],
    ['with extras', { __proto__x: 1, user: [1] }],
  ])('of a record that is %s has equal values', (_, entries) => {
    const record = makeRecord(entries);
    expect(copyRecord(record)).toEqual(record);
  });

  test('shares no extras with its record, but their values', () => {
    const value = [1];
    const record = makeLogRecord(
      new Map<unknown, unknown>([
        ['user', value],
        [PyTuple.of(1), 2],
      ]),
    );
    const copy = copyRecord(record);
    expect(copy.extras.get('user')).toBe(value);
    expect(copy.extras.size).toBe(2);
    copy.extras.clear();
    expect(record.extras.size).toBe(2);
  });
});
