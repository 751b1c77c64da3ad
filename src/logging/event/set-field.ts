// A value into the field of a record that has its slot: the one place where fields are set by number. A test holds the
// numbers, which are spelled out so that they become a table of jumps, to the field table.

import type { LogRecord } from './log-record.ts';

/** Gives a record a value of the kind that its field has. */
export function setField(record: LogRecord, slot: number, value: unknown): void {
  switch (slot) {
    case 0:
      record.name = value as string | null;
      break;
    case 1:
      record.msg = value;
      break;
    case 2:
      record.args = value;
      break;
    case 3:
      record.levelname = value as string | null;
      break;
    case 4:
      record.levelno = value as number | null;
      break;
    case 5:
      record.pathname = value as string | null;
      break;
    case 6:
      record.filename = value as string | null;
      break;
    case 7:
      record.module = value as string | null;
      break;
    case 8:
      record.exc_info = value;
      break;
    case 9:
      record.exc_text = value as string | null;
      break;
    case 10:
      record.stack_info = value as string | null;
      break;
    case 11:
      record.lineno = value as number | null;
      break;
    case 12:
      record.funcName = value as string | null;
      break;
    case 13:
      record.created = value as number;
      break;
    case 14:
      record.msecs = value as number;
      break;
    case 15:
      record.relativeCreated = value as number;
      break;
    case 16:
      record.thread = value as number | null;
      break;
    case 17:
      record.threadName = value as string | null;
      break;
    case 18:
      record.processName = value as string | null;
      break;
    case 19:
      record.process = value as number | null;
      break;
    case 20:
      record.taskName = value as string | null;
      break;
    case 21:
      record.message = value as string | null;
      break;
    case 22:
      record.asctime = value as string | null;
      break;
    default:
      throw new RangeError(`no field has the slot ${slot}`);
  }
}
