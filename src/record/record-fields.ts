// Values to a record's fields, by their slots. Knows no frame.

import type { LogRecord } from '../logging/index.ts';

// The numbers are those of SLOTS, spelled out: so they become a table of jumps.

/** Gives a record one of its three times. */
export function setTime(record: LogRecord, slot: number, value: number): void {
  switch (slot) {
    case 13:
      record.created = value;
      break;
    case 14:
      record.msecs = value;
      break;
    default:
      record.relativeCreated = value;
  }
}

/** Gives a record a value of the type that its field has, or an extra, whose name is the key. */
export function setField(record: LogRecord, slot: number, key: string, value: unknown): void {
  switch (slot) {
    case 0:
      record.name = value as string;
      break;
    case 1:
      record.msg = value;
      break;
    case 2:
      record.args = value;
      break;
    case 3:
      record.levelname = value as string;
      break;
    case 4:
      record.levelno = value as number;
      break;
    case 5:
      record.pathname = value as string;
      break;
    case 6:
      record.filename = value as string;
      break;
    case 7:
      record.module = value as string;
      break;
    case 8:
      record.exc_info = value;
      break;
    case 9:
      record.exc_text = value as string;
      break;
    case 10:
      record.stack_info = value as string;
      break;
    case 11:
      record.lineno = value as number;
      break;
    case 12:
      record.funcName = value as string;
      break;
    case 13:
    case 14:
    case 15:
      setTime(record, slot, value as number);
      break;
    case 16:
      record.thread = value as number;
      break;
    case 17:
      record.threadName = value as string;
      break;
    case 18:
      record.processName = value as string;
      break;
    case 19:
      record.process = value as number;
      break;
    case 20:
      record.taskName = value as string;
      break;
    case 21:
      record.message = value as string;
      break;
    case 22:
      record.asctime = value as string;
      break;
    default:
      record.extras.set(key, value);
  }
}
