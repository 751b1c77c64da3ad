// picklewire/logging: Python's logging on the receiving side.

export { type BasicConfigOptions, basicConfig } from './basic-config.ts';
export { BoundedCounter, OTHERS } from './bounded-counter.ts';
export type { Factory, HandlerDescription, LoggerSettings } from './config/build.ts';
export { ConfigError } from './config/config-error.ts';
export { checkConfig, type DictConfigOptions, dictConfig, type Plan } from './config/dict-config.ts';
export { type FileConfigOptions, fileConfig, fileConfigDocument } from './config/file-config.ts';
export type { StandardStreams } from './config/handler-class.ts';
export { ConfigDocument, External } from './config/references.ts';
export type { OutboxOptions } from './deliver/outbox.ts';
export { BraceStyle } from './encode/brace-style.ts';
export { DollarStyle } from './encode/dollar-style.ts';
export {
  JsonFormatter,
  type JsonFormatterOptions,
  type JsonProfile,
  jsonProfiles,
} from './encode/json/json-formatter.ts';
export type { LineBuffer } from './encode/line-buffer.ts';
export { PercentStyle } from './encode/percent-style.ts';
export type { Style } from './encode/style.ts';
export { FormatError, LoggingError, type LoggingErrorCode, LogRecordError } from './errors.ts';
export { EscapingFormatter, escapeControls, escapeLines } from './escape.ts';
export type { LogEvent } from './event/log-event.ts';
export { LogRecord } from './event/log-record.ts';
export { makeLogRecord } from './event/make-log-record.ts';
export { copyRecord, recordDict } from './event/record-dict.ts';
export { Filter, Filterer, type RecordFilter } from './filter.ts';
export { Formatter, type FormatterOptions } from './formatter.ts';
export { Handler } from './handler.ts';
export { BaseRotatingHandler } from './handlers/base-rotating-handler.ts';
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
export { LogQueue, type LogQueueOptions } from './handlers/log-queue.ts';
export {
  BufferingHandler,
  type BufferingHandlerOptions,
  MemoryHandler,
  type MemoryHandlerOptions,
} from './handlers/memory-handler.ts';
export { NullHandler } from './handlers/null-handler.ts';
export { OutboxHandler } from './handlers/outbox-handler.ts';
export { QueueHandler, type RecordTaker } from './handlers/queue-handler.ts';
export { QueueListener, type QueueListenerOptions } from './handlers/queue-listener.ts';
export type { TimeOfDay } from './handlers/rollover-time.ts';
export { RotatingFileHandler, type RotatingFileHandlerOptions } from './handlers/rotating-file-handler.ts';
export { SocketHandler, type SocketHandlerOptions } from './handlers/socket-handler.ts';
export { StreamHandler, type TextStream } from './handlers/stream-handler.ts';
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
export { Logger, type RecordOptions } from './logger.ts';
export {
  defaultManager,
  disable,
  getHandlerByName,
  getHandlerNames,
  getLogger,
  Manager,
  shutdown,
} from './manager.ts';
export { BraceFormat } from './text/braces.ts';
export type { FormatDefaults, Lookup } from './text/lookup.ts';
export { PercentFormat, percent } from './text/percent.ts';
export { TemplateFormat } from './text/string-template.ts';
export { type CalendarTime, type Converter, gmtime, localClock, localtime } from './time/calendar.ts';
export { readLocalZone } from './time/local-zone.ts';
export { strftime, TimeFormat } from './time/strftime.ts';
export type { LocalTimeType, TimeZone } from './time/time-zone.ts';
export { BufferedWriter, type BufferedWriterOptions } from './write/buffered-writer.ts';
export type { LineSink } from './write/line-sink.ts';
export type { FileMode } from './write/log-file.ts';
