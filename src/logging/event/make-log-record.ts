// A dict from a stranger as a LogRecord: fields by the table of their names, each of a known kind, the rest as extras.

import { PyFloat, str } from '../../pickle/index.ts';
import { LogRecordError } from '../errors.ts';
import { typeName } from '../text/python-types.ts';
import { type Field, fieldTable, slotOf } from './field-table.ts';
import { LogRecord } from './log-record.ts';
import { setField } from './set-field.ts';

/**
 * Python's `logging.makeLogRecord`: a record with the attributes of a dict, the others as in `new LogRecord()`.
 * `msg`, `args` and `exc_info` hold any value. A text that is neither a str nor None becomes its `str()`; what should
 * be an int and is none (`levelno`, `lineno`, `process`, `thread`) is null, and its value an extra of that name.
 * Nothing from the wire names a property here: a name that is not in the table is the key of an extra.
 * @throws LogRecordError when `created`, `msecs` or `relativeCreated` is neither a float nor an int
 */
export function makeLogRecord(dict: ReadonlyMap<unknown, unknown>): LogRecord {
  const record = new LogRecord();
  for (const [name, value] of dict) {
    const slot = slotOf(name);
    if (slot < 0) record.extras.set(name, value);
    else setField(record, slot, fitted(record, fieldTable[slot] as Field, value));
  }
  return record;
}

/** The value as the field holds it. */
function fitted(record: LogRecord, { kind, name }: Field, value: unknown): unknown {
  switch (kind) {
    case 'text':
      return typeof value === 'string' || value === null ? value : str(value);
    case 'int':
      if (Number.isSafeInteger(value) || typeof value === 'bigint') return value;
      // loguru sends objects here: formats find them among the extras.
      if (value !== null) record.extras.set(name, value);
      return null;
    case 'float':
      if (typeof value === 'number') return value;
      if (value instanceof PyFloat) return value.value;
      if (typeof value === 'bigint') return Number(value);
      throw new LogRecordError(name, 'a float', typeName(value));
    default:
      return value;
  }
}
