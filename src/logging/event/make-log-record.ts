// A dict from a stranger as a LogRecord: fields by a fixed list of names, each of a known type, the rest as extras.
// Knows no pickle and no wire format.

import { PyFloat, str } from '../../pickle/index.ts';
import { LogRecordError } from '../errors.ts';
import { typeName } from '../text/python-types.ts';
import { LogRecord } from './log-record.ts';

/**
 * Python's `logging.makeLogRecord`: a record with the attributes of a dict, the others as in `new LogRecord()`.
 * `msg`, `args` and `exc_info` hold any value. A text that is neither a str nor None becomes its `str()`; what should
 * be an int and is none (`levelno`, `lineno`, `process`, `thread`) is null, and its value an extra of that name.
 * @throws LogRecordError when `created`, `msecs` or `relativeCreated` is neither a float nor an int
 */
export function makeLogRecord(dict: ReadonlyMap<unknown, unknown>): LogRecord {
  const record = new LogRecord();
  for (const [name, value] of dict) setField(record, name, value);
  return record;
}

/** Nothing from the wire names a property here: a name that is not in this list is the key of an extra. */
function setField(record: LogRecord, name: unknown, value: unknown): void {
  switch (name) {
    case 'name':
      record.name = text(value);
      return;
    case 'msg':
      record.msg = value;
      return;
    case 'args':
      record.args = value;
      return;
    case 'levelname':
      record.levelname = text(value);
      return;
    case 'levelno':
      record.levelno = integer(record, name, value);
      return;
    case 'pathname':
      record.pathname = text(value);
      return;
    case 'filename':
      record.filename = text(value);
      return;
    case 'module':
      record.module = text(value);
      return;
    case 'exc_info':
      record.exc_info = value;
      return;
    case 'exc_text':
      record.exc_text = text(value);
      return;
    case 'stack_info':
      record.stack_info = text(value);
      return;
    case 'lineno':
      record.lineno = integer(record, name, value);
      return;
    case 'funcName':
      record.funcName = text(value);
      return;
    case 'created':
      record.created = double(name, value);
      return;
    case 'msecs':
      record.msecs = double(name, value);
      return;
    case 'relativeCreated':
      record.relativeCreated = double(name, value);
      return;
    case 'thread':
      record.thread = integer(record, name, value);
      return;
    case 'threadName':
      record.threadName = text(value);
      return;
    case 'processName':
      record.processName = text(value);
      return;
    case 'process':
      record.process = integer(record, name, value);
      return;
    case 'taskName':
      record.taskName = text(value);
      return;
    case 'message':
      record.message = text(value);
      return;
    case 'asctime':
      record.asctime = text(value);
      return;
    default:
      record.extras.set(name, value);
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' || value === null ? value : str(value);
}

/** An int or None. Anything else (loguru sends objects) goes to the extras, where formats find it all the same. */
function integer(record: LogRecord, name: string, value: unknown): number | bigint | null {
  if (Number.isSafeInteger(value) || typeof value === 'bigint') return value as number | bigint;
  if (value !== null) record.extras.set(name, value);
  return null;
}

function double(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  if (value instanceof PyFloat) return value.value;
  if (typeof value === 'bigint') return Number(value);
  throw new LogRecordError(name, 'a float', typeName(value));
}
