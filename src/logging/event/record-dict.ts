// A LogRecord as the dict that Python keeps its attributes in, and back. Knows no wire and no format.

import type { LogRecord } from './log-record.ts';
import { makeLogRecord } from './make-log-record.ts';

/** The attributes of every record, in the order in which Python's LogRecord sets them. */
const FIELDS = [
  'name',
  'msg',
  'args',
  'levelname',
  'levelno',
  'pathname',
  'filename',
  'module',
  'exc_info',
  'exc_text',
  'stack_info',
  'lineno',
  'funcName',
  'created',
  'msecs',
  'relativeCreated',
  'thread',
  'threadName',
  'processName',
  'process',
  'taskName',
] as const;

/** Those that a Formatter adds. */
const FORMATTED = ['message', 'asctime'] as const;

/** The names of all of LogRecord's fields. */
export const recordFields: readonly [...typeof FIELDS, ...typeof FORMATTED] = [...FIELDS, ...FORMATTED];

const NAMES: ReadonlySet<unknown> = new Set(recordFields);

/** Whether a name is that of an attribute that Python's LogRecord or Formatter sets. */
export function isRecordField(name: unknown): boolean {
  return NAMES.has(name);
}

/** Python's `record.__dict__`: fields, then extras, then what a Formatter has added. The dict is the caller's. */
export function recordDict(record: LogRecord): Map<unknown, unknown> {
  const dict = new Map<unknown, unknown>(FIELDS.map((name) => [name, record.get(name)]));
  for (const [name, value] of record.extras) if (!isRecordField(name)) dict.set(name, value);
  for (const name of FORMATTED) {
    const value = record.get(name);
    if (value !== undefined) dict.set(name, value);
  }
  return dict;
}

/** Python's `copy.copy(record)`: another record with the same values. */
export function copyRecord(record: LogRecord): LogRecord {
  return makeLogRecord(recordDict(record));
}
