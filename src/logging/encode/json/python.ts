// The profile `python`: LogRecord's attributes under Python's names.

import { SLOTS } from '../../event/field-table.ts';
import type { LogEvent } from '../../event/log-event.ts';
import { isTrue } from '../../text/python-types.ts';
import { extras, field, type Member, message, unusual } from './member.ts';

/** All attributes of a LogRecord but those in which a stray value may stand (see `makeLogRecord`). */
const NAMES: ReadonlySet<string> = new Set(
  (
    'name msg args levelname pathname filename module exc_info exc_text stack_info funcName created msecs ' +
    'relativeCreated threadName processName taskName message asctime'
  ).split(' '),
);

/** Fields of ints. Where the sender had no int, the field is None, and its value an extra that may keep the name. */
const INTS: ReadonlySet<string> = new Set(['levelno', 'lineno', 'process', 'thread']);

/**
 * Python's names (https://docs.python.org/3/library/logging.html#logrecord-attributes), in one order; what is None is
 * left out. `msg` is there where it is not the message, `args` where it is not empty. Never there: `exc_info`, which
 * `exc_text` says as text, and `msecs` and `asctime`, which `created` says.
 */
export const pythonProfile: readonly Member[] = [
  field('created', 'created'),
  field('levelname', 'levelname'),
  field('levelno', 'levelno'),
  field('name', 'name'),
  message('message'),
  unusual('msg', ({ event, message: text }) => {
    const msg = event.value(SLOTS.msg);
    return msg === text ? null : msg;
  }),
  unusual('args', ({ event }) => {
    const args = event.value(SLOTS.args);
    return isTrue(args) ? args : null;
  }),
  field('pathname', 'pathname'),
  field('filename', 'filename'),
  field('module', 'module'),
  field('lineno', 'lineno'),
  field('funcName', 'funcName'),
  field('relativeCreated', 'relativeCreated'),
  field('process', 'process'),
  field('processName', 'processName'),
  field('thread', 'thread'),
  field('threadName', 'threadName'),
  field('taskName', 'taskName'),
  field('exc_text', 'exc_text'),
  field('stack_info', 'stack_info'),
  extras((name, event) => NAMES.has(name) || (INTS.has(name) && isInt(name, event))),
];

function isInt(name: string, event: LogEvent): boolean {
  return event.record()[name as 'levelno' | 'lineno' | 'process' | 'thread'] !== null;
}
