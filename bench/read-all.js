// Looks at all that a record has. Imports nothing, so that whatever is measured with it has nothing else in it.

/** @import { LogRecord } from '../dist/logging/index.js' */

/**
 * Every field of a record and every extra, looked at: nothing of it may be left to be made later.
 * @param {LogRecord} record
 */
export function readAll(record) {
  let there = 0;
  if (record.name !== null) there++;
  if (record.msg !== null) there++;
  if (record.args !== null) there++;
  if (record.levelname !== null) there++;
  if (record.levelno !== null) there++;
  if (record.pathname !== null) there++;
  if (record.filename !== null) there++;
  if (record.module !== null) there++;
  if (record.exc_info !== null) there++;
  if (record.exc_text !== null) there++;
  if (record.stack_info !== null) there++;
  if (record.lineno !== null) there++;
  if (record.funcName !== null) there++;
  if (record.created > 0) there++;
  if (record.msecs > 0) there++;
  if (record.relativeCreated > 0) there++;
  if (record.thread !== null) there++;
  if (record.threadName !== null) there++;
  if (record.processName !== null) there++;
  if (record.process !== null) there++;
  if (record.taskName !== null) there++;
  if (record.message !== null) there++;
  if (record.asctime !== null) there++;
  for (const value of record.extras.values()) if (value !== null) there++;
  return there;
}
