// Python's handler classes by their dotted names: which arguments they take, and what is made of them here. A name that
// is not in this table is refused; none is ever imported.

import { LoggingError } from '../errors.ts';
import { HELD_BYTES_MAX } from '../event/record-size.ts';
import type { Handler } from '../handler.ts';
import { DatagramHandler } from '../handlers/datagram-handler.ts';
import { FileHandler } from '../handlers/file-handler.ts';
import { HTTPHandler } from '../handlers/http-handler.ts';
import { LogQueue } from '../handlers/log-queue.ts';
import { MemoryHandler } from '../handlers/memory-handler.ts';
import { NullHandler } from '../handlers/null-handler.ts';
import { QueueHandler } from '../handlers/queue-handler.ts';
import { QueueListener } from '../handlers/queue-listener.ts';
import type { TimeOfDay } from '../handlers/rollover-time.ts';
import { RotatingFileHandler } from '../handlers/rotating-file-handler.ts';
import { SocketHandler } from '../handlers/socket-handler.ts';
import { StreamHandler, type TextStream } from '../handlers/stream-handler.ts';
import { SysLogHandler } from '../handlers/sys-log-handler.ts';
import { syslogFacilities } from '../handlers/sys-log-priorities.ts';
import { TimedRotatingFileHandler } from '../handlers/timed-rotating-file-handler.ts';
import { WatchedFileHandler } from '../handlers/watched-file-handler.ts';
import { FILE_MODES, type FileMode } from '../write/log-file.ts';
import { External } from './references.ts';
import { boolean, integer, level, listOf, nullable, type Reader, type Section, text, wrongType } from './section.ts';

/** Where `ext://sys.stdout` and `ext://sys.stderr` lead. */
export interface StandardStreams {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
}

/** What a handler is made with, besides its own section. */
export interface HandlerContext {
  /** Whether nothing outside of this process may be touched: no file is opened then. */
  readonly trial: boolean;
  readonly streams: StandardStreams;
  /** Bytes that may wait for a file or a receiver; undefined for the handlers' own default. */
  readonly maxPending: number | undefined;
  /** Another handler of the configuration, by name; a Reader. */
  readonly handler: Reader<Handler>;
  /** The number of a level; a Reader. */
  readonly level: Reader<number>;
}

export interface HandlerClass {
  /** The names of Python's positional arguments, in order. */
  readonly positional: readonly string[];
  /** Makes a handler of the keywords in a section, asking it for all that there are. */
  make(keywords: Section, context: HandlerContext): Handler;
}

/** Options whose value is not `undefined`. */
function given<T extends object>(options: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

const fileMode: Reader<FileMode> = (value, path) => {
  if (typeof value === 'string' && Object.hasOwn(FILE_MODES, value)) return value as FileMode;
  throw wrongType(path, Object.keys(FILE_MODES).join(', '), value);
};

/** A time of the day as `HH:MM` or `HH:MM:SS`: what JSON and YAML have in place of Python's `datetime.time`. */
const timeOfDay: Reader<TimeOfDay> = (value, path) => {
  const match = typeof value === 'string' ? /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(value) : null;
  if (match === null) throw wrongType(path, 'a time as HH:MM or HH:MM:SS', value);
  return { hour: Number(match[1]), minute: Number(match[2]), second: Number(match[3] ?? 0) };
};

function streamOf({ streams }: HandlerContext): Reader<TextStream> {
  return (value, path) => {
    if (value === null) return streams.stderr;
    const name = value instanceof External ? value.name : null;
    if (name === 'sys.stdout') return streams.stdout;
    if (name === 'sys.stderr') return streams.stderr;
    throw wrongType(path, 'ext://sys.stdout or ext://sys.stderr', value);
  };
}

/** A host and a port, or a path: Python's tuple is a list here. */
const address: Reader<readonly [string, number] | string> = (value, path, document) => {
  if (!Array.isArray(value)) return text(value, path, document);
  if (value.length !== 2) throw wrongType(path, 'a host and a port', value);
  return [text(value[0], path, document), integer(value[1], path, document)];
};

const credentials: Reader<readonly [string, string]> = (value, path, document) => {
  const [user, password, ...more] = listOf(text)(value, path, document);
  if (user === undefined || password === undefined || more.length > 0) {
    throw wrongType(path, 'a user and a password', value);
  }
  return [user, password];
};

/** Records that may wait for a listener. Python's queue has no bound; this one holds a burst, and what a reload held. */
const QUEUE_RECORDS_MAX = 200_000;

const FACILITY_PREFIXES = ['logging.handlers.SysLogHandler.', 'handlers.SysLogHandler.'];

const facility: Reader<number | string> = (value, path) => {
  if (typeof value === 'string' || Number.isSafeInteger(value)) return value as number | string;
  if (value instanceof External) {
    for (const prefix of FACILITY_PREFIXES) {
      const name = value.name.startsWith(prefix) ? value.name.slice(prefix.length) : '';
      if (Object.hasOwn(syslogFacilities, name)) return syslogFacilities[name as keyof typeof syslogFacilities];
    }
  }
  throw wrongType(path, "a facility's name or number", value);
};

const SOCKTYPES: ReadonlyMap<unknown, 'udp' | 'tcp'> = new Map([
  ['socket.SOCK_DGRAM', 'udp'],
  ['socket.SOCK_STREAM', 'tcp'],
]);

const socktype: Reader<'udp' | 'tcp'> = (value, path) => {
  const type = value instanceof External ? SOCKTYPES.get(value.name) : undefined;
  if (type === undefined) throw wrongType(path, 'ext://socket.SOCK_DGRAM or ext://socket.SOCK_STREAM', value);
  return type;
};

/** What every handler of files takes. */
function fileOptions(keywords: Section, { trial, maxPending }: HandlerContext) {
  const delay = keywords.read('delay', boolean);
  return {
    encoding: keywords.read('encoding', nullable(text)),
    errors: keywords.read('errors', nullable(text)) ?? undefined, // Python's None is its handlers' default
    delay: trial ? true : delay,
    maxPending,
  };
}

/** A class of files that are never rolled over. */
function plainFile(type: typeof FileHandler): HandlerClass {
  return {
    positional: ['filename', 'mode', 'encoding', 'delay', 'errors'],
    make: (keywords, context) =>
      new type(
        keywords.require('filename', text),
        given({ mode: keywords.read('mode', fileMode), ...fileOptions(keywords, context) }),
      ),
  };
}

const CLASSES: Readonly<Record<string, HandlerClass>> = {
  'logging.NullHandler': { positional: [], make: () => new NullHandler() },

  'logging.StreamHandler': {
    positional: ['stream'],
    make: (keywords, context) =>
      new StreamHandler(keywords.read('stream', streamOf(context)) ?? context.streams.stderr),
  },

  'logging.FileHandler': plainFile(FileHandler),

  'logging.handlers.WatchedFileHandler': plainFile(WatchedFileHandler),

  'logging.handlers.RotatingFileHandler': {
    positional: ['filename', 'mode', 'maxBytes', 'backupCount', 'encoding', 'delay', 'errors'],
    make: (keywords, context) =>
      new RotatingFileHandler(
        keywords.require('filename', text),
        given({
          mode: keywords.read('mode', fileMode),
          maxBytes: keywords.read('maxBytes', integer),
          backupCount: keywords.read('backupCount', integer),
          ...fileOptions(keywords, context),
        }),
      ),
  },

  'logging.handlers.TimedRotatingFileHandler': {
    positional: ['filename', 'when', 'interval', 'backupCount', 'encoding', 'delay', 'utc', 'atTime', 'errors'],
    make: (keywords, context) =>
      new TimedRotatingFileHandler(
        keywords.require('filename', text),
        given({
          when: keywords.read('when', text),
          interval: keywords.read('interval', integer),
          backupCount: keywords.read('backupCount', integer),
          utc: keywords.read('utc', boolean),
          atTime: keywords.read('atTime', nullable(timeOfDay)),
          ...fileOptions(keywords, context),
        }),
      ),
  },

  'logging.handlers.SocketHandler': {
    positional: ['host', 'port'],
    make: (keywords, { maxPending }) =>
      new SocketHandler(
        keywords.require('host', text),
        keywords.require('port', nullable(integer)),
        given({ maxPending }),
      ),
  },

  'logging.handlers.DatagramHandler': {
    positional: ['host', 'port'],
    make: (keywords, { maxPending }) =>
      new DatagramHandler(
        keywords.require('host', text),
        keywords.require('port', nullable(integer)),
        given({ maxPending }),
      ),
  },

  'logging.handlers.SysLogHandler': {
    positional: ['address', 'facility', 'socktype'],
    make: (keywords, { maxPending }) =>
      new SysLogHandler(
        given({
          address: keywords.read('address', address),
          facility: keywords.read('facility', facility),
          socktype: keywords.read('socktype', nullable(socktype)) ?? undefined,
          maxPending,
        }),
      ),
  },

  'logging.handlers.HTTPHandler': {
    positional: ['host', 'url', 'method', 'secure', 'credentials'],
    make: (keywords, { maxPending }) =>
      new HTTPHandler(
        keywords.require('host', text),
        keywords.require('url', text),
        given({
          method: keywords.read('method', text),
          secure: keywords.read('secure', boolean),
          credentials: keywords.read('credentials', nullable(credentials)),
          maxPending,
        }),
      ),
  },

  'logging.handlers.MemoryHandler': {
    positional: ['capacity', 'flushLevel', 'target', 'flushOnClose'],
    make: (keywords, context) =>
      new MemoryHandler(
        keywords.require('capacity', integer),
        given({
          flushLevel: keywords.read('flushLevel', context.level),
          target: keywords.read('target', nullable(context.handler)),
          flushOnClose: keywords.read('flushOnClose', boolean),
          maxBytes: context.maxPending,
        }),
      ),
  },

  'logging.handlers.QueueHandler': {
    positional: [],
    make: (keywords, context) => {
      const queue = new LogQueue(QUEUE_RECORDS_MAX, {
        maxBytes: 2 * (context.maxPending ?? HELD_BYTES_MAX), // a reload may hold a little more than the half
      });
      const handler = new QueueHandler(queue);
      const handlers = keywords.read('handlers', listOf(context.handler)) ?? [];
      const respectHandlerLevel = keywords.read('respect_handler_level', boolean) ?? false;
      handler.listener = new QueueListener(queue, handlers, { respectHandlerLevel });
      // Python leaves this to the program; here there is no program but the configuration.
      if (!context.trial) handler.listener.start();
      return handler;
    },
  },
};

/** The classes that there are, by their dotted names. */
export const handlerClasses: ReadonlyMap<string, HandlerClass> = new Map(Object.entries(CLASSES));

/** What an attribute under `.` may be: Python sets any; here those that mean something. */
export function setAttributes(handler: Handler, attributes: Section): void {
  if (handler instanceof StreamHandler) handler.terminator = attributes.read('terminator', text) ?? handler.terminator;
  if (handler instanceof SysLogHandler) {
    handler.ident = attributes.read('ident', text) ?? handler.ident;
    handler.appendNul = attributes.read('append_nul', boolean) ?? handler.appendNul;
  }
  attributes.finish();
}

/** A level as a number of this table. */
export function levelIn(levels: { checkLevel(level: string | number): number }): Reader<number> {
  return (value, path, document) => {
    const asked = level(value, path, document);
    try {
      return levels.checkLevel(asked);
    } catch (error) {
      if (!(error instanceof LoggingError)) throw error;
      throw wrongType(path, 'the name or number of a known level', asked);
    }
  };
}
