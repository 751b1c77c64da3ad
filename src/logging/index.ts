// picklewire/logging: Python's logging on the receiving side. Knows no socket and no frame.

export { type BasicConfigOptions, basicConfig } from './basic-config.ts';
export type { Factory, HandlerDescription, LoggerSettings } from './config/build.ts';
export { ConfigError } from './config/config-error.ts';
export { checkConfig, type DictConfigOptions, dictConfig, type Plan } from './config/dict-config.ts';
export { type FileConfigOptions, fileConfig, fileConfigDocument } from './config/file-config.ts';
export type { StandardStreams } from './config/handler-classes.ts';
export { ConfigDocument, External } from './config/references.ts';
export { FormatError, LoggingError, type LoggingErrorCode, LogRecordError } from './errors.ts';
export { EscapingFormatter, escapeControls, escapeLines } from './escape.ts';
export { Filter, Filterer, type RecordFilter } from './filter.ts';
export { BraceStyle } from './format/brace-style.ts';
export { BraceFormat } from './format/braces.ts';
export { DollarStyle } from './format/dollar-style.ts';
export type { FormatDefaults, Lookup } from './format/lookup.ts';
export { PercentFormat, percent } from './format/percent.ts';
export { PercentStyle } from './format/percent-style.ts';
export type { Style } from './format/style.ts';
export { TemplateFormat } from './format/template.ts';
export { Formatter, type FormatterOptions } from './formatter.ts';
export { Handler } from './handler.ts';
export { BaseRotatingHandler } from './handlers/base-rotating-handler.ts';
export { BufferedWriter, type BufferedWriterOptions } from './handlers/buffered-writer.ts';
export { DatagramHandler, type DatagramHandlerOptions } from './handlers/datagram-handler.ts';
export {
  type CommonFileOptions,
  FileHandler,
  type FileHandlerOptions,
  type FileLine,
} from './handlers/file-handler.ts';
export {
  type HTTPContext,
  HTTPHandler,
  type HTTPHandlerOptions,
} from './handlers/http-handler.ts';
export type { FileMode } from './handlers/log-file.ts';
export { LogQueue } from './handlers/log-queue.ts';
export { BufferingHandler, MemoryHandler, type MemoryHandlerOptions } from './handlers/memory-handler.ts';
export { NullHandler } from './handlers/null-handler.ts';
export type { OutboxOptions } from './handlers/outbox.ts';
export { QueueHandler, type RecordTaker } from './handlers/queue-handler.ts';
export { QueueListener, type QueueListenerOptions } from './handlers/queue-listener.ts';
export type { TimeOfDay } from './handlers/rollover-time.ts';
export { RotatingFileHandler, type RotatingFileHandlerOptions } from './handlers/rotating-file-handler.ts';
export { SocketHandler, type SocketHandlerOptions } from './handlers/socket-handler.ts';
export { type RawStream, StreamHandler, type TextStream } from './handlers/stream-handler.ts';
export { SysLogHandler, type SysLogHandlerOptions } from './handlers/sys-log-handler.ts';
export {
  facilityNames,
  levelPriorities,
  priorityNames,
  syslogFacilities,
  syslogPriorities,
} from './handlers/sys-log-priorities.ts';
export {
  TimedRotatingFileHandler,
  type TimedRotatingFileHandlerOptions,
} from './handlers/timed-rotating-file-handler.ts';
export { WatchedFileHandler } from './handlers/watched-file-handler.ts';
export {
  JsonFormatter,
  type JsonFormatterOptions,
  type JsonProfile,
  jsonProfiles,
} from './json/json-formatter.ts';
export {
  addLevelName,
  CRITICAL,
  checkLevel,
  DEBUG,
  ERROR,
  FATAL,
  getLevelName,
  getLevelNamesMapping,
  INFO,
  type Level,
  LevelTable,
  NOTSET,
  WARN,
  WARNING,
} from './levels.ts';
export { LogRecord } from './log-record.ts';
export { Logger, type RecordOptions } from './logger.ts';
export { makeLogRecord } from './make-log-record.ts';
export {
  defaultManager,
  disable,
  getHandlerByName,
  getHandlerNames,
  getLogger,
  Manager,
  shutdown,
} from './manager.ts';
export { type Arrival, CONTENTS, FIRST_EXTRA, type RawLine, type RawRecord, SLOTS } from './raw-record.ts';
export { copyRecord, recordDict, recordFields } from './record-dict.ts';
export { OTHERS, Tally } from './tally.ts';
export { type CalendarTime, type Converter, gmtime, localClock, localtime } from './time/calendar.ts';
export { readLocalZone } from './time/local-zone.ts';
export { strftime, TimeFormat } from './time/strftime.ts';
export type { LocalTimeType, TimeZone } from './time/time-zone.ts';
