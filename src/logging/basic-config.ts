// The one-call set-up of the root logger.

import { styles } from './encode/styles.ts';
import { LoggingError } from './errors.ts';
import { Formatter } from './formatter.ts';
import type { Handler } from './handler.ts';
import { FileHandler, type FileHandlerOptions } from './handlers/file-handler.ts';
import { StreamHandler, type TextStream } from './handlers/stream-handler.ts';
import type { Level } from './levels.ts';
import { defaultManager, type Manager } from './manager.ts';

/** Options of basicConfig; Python's, and the Manager whose root is meant. */
export interface BasicConfigOptions {
  /** Logs to this file, not to stderr. */
  readonly filename?: string;
  /** How the file is opened. Default `a`. */
  readonly filemode?: FileHandlerOptions['mode'];
  /** Of the file: see FileHandlerOptions. */
  readonly encoding?: FileHandlerOptions['encoding'];
  readonly errors?: FileHandlerOptions['errors'];
  /** Default `%(levelname)s:%(name)s:%(message)s`, in the style asked for. */
  readonly format?: string;
  readonly datefmt?: string;
  /** `%` (the default), `{` or `$`. */
  readonly style?: string;
  /** The root logger's level. */
  readonly level?: Level;
  /** Logs to this stream, not to stderr; not together with `filename`. */
  readonly stream?: TextStream;
  /** Handlers made by the caller, who may have given them formatters; not together with `filename` or `stream`. */
  readonly handlers?: Iterable<Handler>;
  /** First removes and closes the handlers that the root has. Default false. */
  readonly force?: boolean;
  /** Default: the default Manager. */
  readonly manager?: Manager;
}

const OPTIONS: Readonly<Record<keyof BasicConfigOptions, true>> = {
  filename: true,
  filemode: true,
  encoding: true,
  errors: true,
  format: true,
  datefmt: true,
  style: true,
  level: true,
  stream: true,
  handlers: true,
  force: true,
  manager: true,
};

/**
 * Python's `logging.basicConfig`: gives the root logger a handler, unless it has one. An option that is `undefined` is
 * not given.
 * @throws LoggingError `ERR_CONFIG` for options that exclude each other or do not exist, `ERR_LEVEL`; FormatError as
 *   `new Formatter`; the system's error for a file that cannot be opened. Nothing is changed then, but for `force`.
 */
export function basicConfig(options: BasicConfigOptions = {}): void {
  const {
    filename,
    filemode,
    encoding,
    errors,
    format,
    datefmt,
    style = '%',
    level,
    stream,
    handlers,
    force,
    manager = defaultManager,
  } = options;
  const { root } = manager;
  if (force) for (const handler of root.handlers.splice(0)) closeQuietly(handler);
  if (root.handlers.length > 0) return;

  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(OPTIONS, name));
  if (unknown.length > 0) throw new LoggingError('ERR_CONFIG', `there is no option ${unknown.join(', ')}`);
  if (handlers !== undefined && (stream !== undefined || filename !== undefined)) {
    throw new LoggingError('ERR_CONFIG', 'handlers excludes stream and filename');
  }
  if (stream !== undefined && filename !== undefined) {
    throw new LoggingError('ERR_CONFIG', 'stream and filename exclude each other');
  }
  const rootLevel = level === undefined ? root.level : manager.levels.checkLevel(level);
  const formatter = new Formatter(format ?? styles.get(style)?.basicFormat, datefmt, style);
  const file = {
    ...(filemode === undefined ? {} : { mode: filemode }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(errors === undefined ? {} : { errors }),
  };
  const added = handlers ?? [filename ? new FileHandler(filename, file) : new StreamHandler(stream)];

  for (const handler of added) {
    if (handler.formatter === null) handler.setFormatter(formatter);
    root.addHandler(handler);
  }
  root.level = rootLevel;
}

function closeQuietly(handler: Handler): void {
  handler.close().catch((error: unknown) => handler.handleError(error, null));
}
