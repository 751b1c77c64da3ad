// The profile `python`: LogRecord's attributes under Python's names. Knows no other profile.

import type { LogRecord } from '../../event/log-record.ts';
import { isTrue } from '../../text/python-types.ts';
import { extraMembers, type Profile } from './profile.ts';
import { objectOf, type Room } from './room.ts';

/** All attributes of a LogRecord but those in which a stray value may stand (see `makeLogRecord`). */
const NAMES: ReadonlySet<string> = new Set(
  (
    'name msg args levelname pathname filename module exc_info exc_text stack_info funcName created msecs ' +
    'relativeCreated threadName processName taskName message asctime'
  ).split(' '),
);

/**
 * (`python-raw.ts` writes the same of records that are not decoded.)
 *
 * Python's names (https://docs.python.org/3/library/logging.html#logrecord-attributes), in one order; what is None is
 * left out. `msg` is there where it is not the message, `args` where it is not empty. Never there: `exc_info`, which
 * `exc_text` says as text, and `msecs` and `asctime`, which `created` says.
 */
export const pythonProfile: Profile = (record, message, room) =>
  objectOf(room.float(',"created":', record.created), otherMembers(record, message, room));

function otherMembers(record: LogRecord, message: string, room: Room): string {
  return (
    room.name(',"levelname":', record.levelname) +
    room.int(',"levelno":', record.levelno) +
    room.name(',"name":', record.name) +
    room.text(',"message":', message) +
    (record.msg === message ? '' : room.value(',"msg":', record.msg)) +
    (isTrue(record.args) ? room.value(',"args":', record.args) : '') +
    room.name(',"pathname":', record.pathname) +
    room.name(',"filename":', record.filename) +
    room.name(',"module":', record.module) +
    room.int(',"lineno":', record.lineno) +
    room.name(',"funcName":', record.funcName) +
    room.float(',"relativeCreated":', record.relativeCreated) +
    room.int(',"process":', record.process) +
    room.name(',"processName":', record.processName) +
    room.int(',"thread":', record.thread) +
    room.name(',"threadName":', record.threadName) +
    room.name(',"taskName":', record.taskName) +
    room.text(',"exc_text":', record.exc_text) +
    room.text(',"stack_info":', record.stack_info) +
    (record.extras.size === 0 ? '' : extraMembers(record, room, (name) => isTaken(name, record)))
  );
}

/** Where the sender had no int, the field is None and its value an extra of the field's name, which it may keep. */
function isTaken(name: string, record: LogRecord): boolean {
  switch (name) {
    case 'levelno':
    case 'lineno':
    case 'process':
    case 'thread':
      return record[name] !== null;
    default:
      return NAMES.has(name);
  }
}
