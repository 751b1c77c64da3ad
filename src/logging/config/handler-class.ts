// What a configuration knows of a class of handlers, and what it makes one with.

import type { Handler } from '../handler.ts';
import type { TextStream } from '../handlers/stream-handler.ts';
import type { Reader, Section } from './section.ts';

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

/** How a class of handlers is configured: a row, which stands beside the class. */
export interface HandlerClass {
  /** Python's dotted name. */
  readonly name: string;
  /** The names of Python's positional arguments, in order. */
  readonly positional: readonly string[];
  /** Makes a handler of the keywords in a section, asking it for all that there are. */
  make(keywords: Section, context: HandlerContext): Handler;
  /** Sets what stands under `.` on any handler that has such attributes. */
  setAttributes?(handler: Handler, attributes: Section): void;
}

/** Options whose value is not `undefined`. */
export function given<T extends object>(options: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
