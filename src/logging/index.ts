// picklewire/logging: Python's logging on the receiving side. Knows no socket and no frame.

export { type BasicConfigOptions, basicConfig } from './basic-config.ts';
export { FormatError, LoggingError, type LoggingErrorCode, LogRecordError } from './errors.ts';
export { Filter, Filterer, type RecordFilter } from './filter.ts';
export { PercentFormat, percent } from './format/percent.ts';
export type { FormatDefaults } from './format/percent-style.ts';
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
export { OTHERS, Tally } from './tally.ts';
export { type CalendarTime, gmtime, localtime } from './time/calendar.ts';
export { strftime, TimeFormat } from './time/strftime.ts';
