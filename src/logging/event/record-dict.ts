// A LogRecord as the dict that Python keeps its attributes in, and back.

import { fieldTable, isRecordField, OWN_FIELD_COUNT } from './field-table.ts';
import type { LogRecord } from './log-record.ts';
import { makeLogRecord } from './make-log-record.ts';

/** Python's `record.__dict__`: fields, then extras, then what a Formatter has added. The dict is the caller's. */
export function recordDict(record: LogRecord): Map<unknown, unknown> {
  const dict = new Map<unknown, unknown>();
  for (const { name } of fieldTable.slice(0, OWN_FIELD_COUNT)) dict.set(name, record.get(name));
  for (const [name, value] of record.extras) if (!isRecordField(name)) dict.set(name, value);
  for (const { name } of fieldTable.slice(OWN_FIELD_COUNT)) {
    const value = record.get(name);
    if (value !== undefined) dict.set(name, value);
  }
  return dict;
}

/** Python's `copy.copy(record)`: another record with the same values. */
export function copyRecord(record: LogRecord): LogRecord {
  return makeLogRecord(recordDict(record));
}
