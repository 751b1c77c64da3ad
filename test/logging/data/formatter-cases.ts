// Random formatters as formatters.py prints them, and what picklewire makes of the same ones.

import { FormatError, type LoggingErrorCode } from '../../../src/logging/errors.ts';
import type { LogRecord } from '../../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../../src/logging/event/make-log-record.ts';
import { Formatter } from '../../../src/logging/formatter.ts';
import { unpickle } from '../../../src/pickle/index.ts';

/** `text` is null where Python raises `exception`. */
export interface FormatterCase {
  /** A pickle, as a SocketHandler sends it. */
  readonly payload: Uint8Array;
  readonly format: string;
  readonly datefmt: string | null;
  /** The environment's TZ. */
  readonly zone: string;
  readonly defaults: Readonly<Record<string, unknown>> | null;
  /** Whether a Formatter that validates its format accepts it. */
  readonly accepted: boolean;
  readonly text: string | null;
  readonly exception: string | null;
}

type Row = readonly [
  record: number,
  format: string,
  datefmt: string | null,
  zone: string,
  defaults: Record<string, unknown> | null,
  accepted: 0 | 1,
  text: string | null,
  exception: string | null,
];

/** The codes that stand for Python's exceptions. */
export const CODES: Readonly<Record<string, LoggingErrorCode>> = {
  AttributeError: 'ERR_FORMAT_ATTRIBUTE',
  IndexError: 'ERR_FORMAT_INDEX',
  KeyError: 'ERR_FORMAT_KEY',
  OverflowError: 'ERR_FORMAT_OVERFLOW',
  TypeError: 'ERR_FORMAT_TYPE',
  ValueError: 'ERR_FORMAT_VALUE',
};

export function parseFormatterCases(lines: string): FormatterCase[] {
  const rows = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as string | Row);
  const payloads = rows.filter((row) => typeof row === 'string').map((row) => Buffer.from(row, 'base64'));
  return rows
    .filter((row) => typeof row !== 'string')
    .map(([record, format, datefmt, zone, defaults, accepted, text, exception]) => ({
      payload: payloads[record] as Buffer,
      format,
      datefmt,
      zone,
      defaults,
      accepted: accepted === 1,
      text,
      exception,
    }));
}

/** A line for a case in which picklewire differs from Python; null where it does not. Sets the environment's TZ. */
export function difference(style: string, expected: FormatterCase): string | null {
  const { payload, format, datefmt, zone, defaults, text, exception } = expected;
  process.env['TZ'] = zone;
  const options = defaults === null ? {} : { defaults };
  const accepted = outcome(() => String(new Formatter(format, datefmt, style, true, options).usesTime()));
  const made = outcome(() => new Formatter(format, datefmt, style, false, options).format(recordOf(payload)));
  const wantedError = exception === null ? null : `! ${CODES[exception] ?? exception}`;
  if (made === (wantedError ?? `= ${text}`) && accepted.startsWith('=') === expected.accepted) return null;
  const wanted = `${expected.accepted ? 'accepted' : 'refused'}, ${wantedError ?? `= ${text}`}`;
  const got = `${accepted.startsWith('=') ? 'accepted' : 'refused'}, ${made}`;
  return JSON.stringify({ style, format, datefmt, zone, defaults, wanted, got });
}

function recordOf(payload: Uint8Array): LogRecord {
  const dict = unpickle(payload, { floats: 'tagged', unknownGlobals: 'inert' });
  return makeLogRecord(dict as Map<unknown, unknown>);
}

function outcome(make: () => string): string {
  try {
    return `= ${make()}`;
  } catch (error) {
    if (error instanceof FormatError) return `! ${error.code}`;
    throw error;
  }
}
