// Where `serve` writes its lines, and how they look.

import { isatty } from 'node:tty';
import {
  BufferedWriter,
  EscapingFormatter,
  escapeControls,
  escapeLines,
  FileHandler,
  Formatter,
  type Handler,
  JsonFormatter,
  type JsonProfile,
  PercentFormat,
  type StandardStreams,
  StreamHandler,
} from '../../logging/index.ts';
import { failure } from '../command-failure.ts';
import { ColourFormatter, wantsColour } from './colour.ts';

/** Its descriptor: `process.stdout` would write to a pipe synchronously, and stop the reading of sockets with it. */
const STDOUT = 1;
const STDERR = 2;

/** The format of the logging cookbook's receiver, in each style; `$` has no widths. */
const COOKBOOK_FORMATS = {
  '%': '%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s',
  '{': '{relativeCreated:5.0f} {name!s:<15} {levelname!s:<8} {message}',
  $: '$relativeCreated $name $levelname $message',
};

/** How a format names its fields. */
export type FormatStyle = keyof typeof COOKBOOK_FORMATS;

export const formatStyles: readonly FormatStyle[] = Object.keys(COOKBOOK_FORMATS) as FormatStyle[];

export interface OutputOptions {
  /** Default: the cookbook's, in the style given. */
  readonly format?: string;
  readonly datefmt?: string;
  readonly style: FormatStyle;
  /** JSON instead of text; the format, its style and the escapes of text are not looked at then. */
  readonly json?: JsonProfile;
  /** Writes control characters as they are, to a terminal too. */
  readonly raw?: boolean;
  /** Escapes control characters and line ends, so that each record is one line. */
  readonly escape?: boolean;
  /** A file to append to; without it, standard output. */
  readonly output?: string;
  /** Bytes that may wait for it; the newest records beyond are dropped and counted. */
  readonly maxBacklog: number;
}

/**
 * The handler of every record; `onPipeClosed` is called when standard output is a pipe whose reader is gone.
 * @throws CommandFailure for a bad format, or a file that cannot be opened
 */
export function openOutput(options: OutputOptions, onPipeClosed: () => void): Handler {
  const isTerminal = options.output === undefined && isatty(STDOUT);
  const formatter = options.json ? new JsonFormatter({ profile: options.json }) : textFormatter(options, isTerminal);
  const { output, maxBacklog } = options;
  const handler = output === undefined ? standardOutput(maxBacklog, onPipeClosed) : openFile(output, maxBacklog);
  handler.setFormatter(formatter);
  return handler;
}

/** Standard output and standard error, for the handlers of a configuration. */
export interface StandardOutputs {
  readonly streams: StandardStreams;
  /** To be closed when nothing is written to the streams any more. Errors as of BufferedWriter. */
  readonly stdout: Handler;
}

/**
 * Opens both; where one is a terminal, it gets nothing that it would act on. About `maxBacklog` bytes may wait for each;
 * `onPipeClosed` is called when standard output is a pipe whose reader is gone.
 */
export function openStreams(maxBacklog: number, onPipeClosed: () => void): StandardOutputs {
  const stdout = standardOutput(maxBacklog, onPipeClosed);
  const shown = escapingFor(isatty(STDOUT));
  const printed = escapingFor(isatty(STDERR));
  return {
    stdout,
    streams: {
      stdout: {
        write: (text) => stdout.stream.write(shown(text)),
        // What cannot be written is standard output's own error, which says so, and when it is closed at last.
        flush: () => stdout.flush().catch(() => {}),
      },
      stderr: {
        // Node keeps whatever a pipe does not take, without a limit.
        write: (text) => {
          const { stderr } = process;
          return stderr.writableLength + text.length > maxBacklog ? 'dropped' : stderr.write(printed(text));
        },
      },
    },
  };
}

function textFormatter(options: OutputOptions, isTerminal: boolean): Formatter {
  const { style, format = COOKBOOK_FORMATS[style], datefmt } = options;
  const escaped = escaping(options, isTerminal);
  try {
    // Like Python's, a Formatter finds a broken conversion with the first record, and then loses every one. Zero suits
    // each conversion that there is. (The other styles are checked as they are made.)
    if (style === '%') new PercentFormat(format).applyTo({ get: () => 0 });
    if (wantsColour(isTerminal, process.env)) return new ColourFormatter(format, datefmt, style, escaped);
    const formatter = new Formatter(format, datefmt, style);
    return escaped === asItIs ? formatter : new EscapingFormatter(formatter, escaped);
  } catch (error) {
    throw failure('--format or --datefmt', error);
  }
}

/** What text goes through: a file gets it as Python writes it, a terminal nothing that it would act on. */
function escaping(options: OutputOptions, isTerminal: boolean): (text: string) => string {
  return options.escape ? escapeLines : escapingFor(isTerminal && !options.raw);
}

function escapingFor(isTerminal: boolean): (text: string) => string {
  return isTerminal ? escapeControls : asItIs;
}

function asItIs(text: string): string {
  return text;
}

function openFile(path: string, maxPending: number): Handler {
  try {
    return new FileHandler(path, { maxPending });
  } catch (error) {
    throw failure('cannot open the output file', error);
  }
}

function standardOutput(maxPending: number, onPipeClosed: () => void): StdoutHandler {
  const writer = new BufferedWriter(STDOUT, {
    maxPending,
    onError: (error) => {
      if ((error as { code?: string }).code === 'EPIPE') onPipeClosed();
      else handler.handleError(error, null);
    },
  });
  const handler = new StdoutHandler(writer);
  return handler;
}

/** Closes the writer with the handler: a StreamHandler alone leaves its stream to its owner. */
class StdoutHandler extends StreamHandler {
  readonly #writer: BufferedWriter;

  constructor(writer: BufferedWriter) {
    super(writer);
    this.#writer = writer;
  }

  override close(): Promise<void> {
    return this.#writer.close();
  }
}
