// picklewire/logging: Python's logging on the receiving side. Knows no socket and no frame.

export { type BasicConfigOptions, basicConfig } from './basic-config.ts';
export { type CalendarTime, gmtime, localtime } from './calendar.ts';
export { FormatError, LoggingError, type LoggingErrorCode, LogRecordError } from './errors.ts';
export { Formatter, type FormatterOptions } from './formatter.ts';
export { Handler } from './handler.ts';
export { BufferedWriter, type BufferedWriterOptions } from './handlers/buffered-writer.ts';
export { FileHandler, type FileHandlerOptions } from './handlers/file-handler.ts';
export { StreamHandler, type TextStream } from './handlers/stream-handler.ts';
export {
  addLevelName,
  CRITICAL,
  checkLevel,
  DEBUG,
  ERROR,
  FATAL,
  getLevelName,
  INFO,
  type Level,
  LevelTable,
  NOTSET,
  WARN,
  WARNING,
} from './levels.ts';
export { LogRecord } from './log-record.ts';
export { Logger } from './logger.ts';
export { makeLogRecord } from './make-log-record.ts';
export { defaultManager, getLogger, Manager } from './manager.ts';
export { PercentFormat, percent } from './percent.ts';
export type { FormatDefaults } from './percent-style.ts';
export { strftime, TimeFormat } from './strftime.ts';
export { OTHERS, Tally } from './tally.ts';
