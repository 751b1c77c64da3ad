// Where `serve` writes its lines, and how they look.

import { isatty } from 'node:tty';
import {
  BufferedWriter,
  FileHandler,
  Formatter,
  type Handler,
  PercentFormat,
  StreamHandler,
} from '../logging/index.ts';
import { ColourFormatter, wantsColour } from './colour.ts';
import { failure } from './failure.ts';

/** Its descriptor: `process.stdout` would write to a pipe synchronously, and stop the reading of sockets with it. */
const STDOUT = 1;

export interface OutputOptions {
  readonly format: string;
  readonly datefmt?: string;
  /** A file to append to; without it, standard output. */
  readonly output?: string;
}

/**
 * The handler of every record; `onPipeClosed` is called when standard output is a pipe that nobody reads.
 * @throws CommandFailure for a bad format, or a file that cannot be opened
 */
export function openOutput(options: OutputOptions, onPipeClosed: () => void): Handler {
  const colour = options.output === undefined && wantsColour(isatty(STDOUT), process.env);
  const formatter = makeFormatter(options, colour);
  const handler = options.output === undefined ? standardOutput(onPipeClosed) : openFile(options.output);
  handler.setFormatter(formatter);
  return handler;
}

function makeFormatter({ format, datefmt }: OutputOptions, colour: boolean): Formatter {
  try {
    // Like Python's, a Formatter finds a broken conversion with the first record, and then loses every one. Zero suits
    // each conversion that there is.
    new PercentFormat(format).applyTo({ get: () => 0 });
    return colour ? new ColourFormatter(format, datefmt) : new Formatter(format, datefmt);
  } catch (error) {
    throw failure('--format or --datefmt', error);
  }
}

function openFile(path: string): Handler {
  try {
    return new FileHandler(path);
  } catch (error) {
    throw failure('cannot open the output file', error);
  }
}

function standardOutput(onPipeClosed: () => void): Handler {
  const writer = new BufferedWriter(STDOUT, {
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
