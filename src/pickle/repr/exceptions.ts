// What Python's built-in exceptions make of their arguments, and the str() that follows from it.

import { osErrorSubclasses } from '../values/exception-names.ts';
import { PyByteArray, type PyException, PyFloat } from '../values/index.ts';
import type { Output } from './output.ts';
import { AsStr, type Parts } from './table.ts';
import { escapedCodePoint } from './text.ts';

type Args = readonly unknown[];
type ExceptionParts = (out: Output, exception: PyException) => Parts;

/** The classes whose str() is not that of BaseException. */
const SPECIAL: ReadonlyMap<string, ExceptionParts> = new Map<string, ExceptionParts>([
  ['KeyError', keyErrorParts],
  ['UnicodeDecodeError', unicodeErrorParts(decodeErrorText)],
  ['UnicodeEncodeError', unicodeErrorParts(encodeErrorText)],
  ['UnicodeTranslateError', unicodeErrorParts(translateErrorText)],
  ...['SyntaxError', 'IndentationError', 'TabError', '_IncompleteInputError'].map(
    (name) => [name, syntaxErrorParts] as const,
  ),
  ...['BaseExceptionGroup', 'ExceptionGroup'].map((name) => [name, groupParts] as const),
]);

const OS_ERRORS: ReadonlySet<string> = new Set(['OSError', 'IOError', 'EnvironmentError', ...osErrorSubclasses]);

/** The `args` that a rebuilt exception shows: an OSError keeps its file names apart from them. */
export function exceptionArgs(exception: PyException): Args {
  return fileNames(exception).length === 0 ? exception.args : exception.args.slice(0, 2);
}

/** Writes `str(exception)`. Source: the `…_str` functions of CPython's `exceptions.c`. */
export function exceptionStrParts(out: Output, exception: PyException): Parts {
  if (OS_ERRORS.has(exception.name)) return osErrorParts(out, exception);
  return (SPECIAL.get(exception.name) ?? baseParts)(out, exception);
}

/** Nothing, the only argument, or all of them as a tuple. */
function* baseParts(_out: Output, { args }: PyException): Parts {
  if (args.length === 1) yield new AsStr(args[0]);
  else if (args.length > 1) yield args;
}

/** A key may be text that is empty or ends in a space: it is shown by repr(). */
function* keyErrorParts(out: Output, exception: PyException): Parts {
  if (exception.args.length === 1) yield exception.args[0];
  else yield* baseParts(out, exception);
}

function* osErrorParts(out: Output, exception: PyException): Parts {
  const { args } = exception;
  if (args.length < 2 || args.length > 5) {
    yield* baseParts(out, exception);
    return;
  }
  const [errno, strerror] = args;
  const [first, second] = fileNames(exception);
  out.write('[Errno ');
  yield new AsStr(errno);
  out.write('] ');
  yield new AsStr(strerror);
  if (first === undefined) return;
  out.write(': ');
  yield first;
  if (second === undefined) return;
  out.write(' -> ');
  yield second;
}

/** The file names among `(errno, strerror, filename, winerror, filename2)`. Source: `oserror_parse_args`, `oserror_init`. */
function fileNames({ name, args }: PyException): Args {
  const [, , filename, , filename2] = args;
  if (!OS_ERRORS.has(name) || args.length < 3 || args.length > 5 || filename === null) return [];
  // A BlockingIOError's third argument may be a number of characters instead.
  if (name === 'BlockingIOError' && isNumber(filename)) return [];
  return filename2 === undefined || filename2 === null ? [filename] : [filename, filename2];
}

function* groupParts(out: Output, exception: PyException): Parts {
  const [message, exceptions] = exception.args;
  if (!Array.isArray(exceptions)) {
    yield* baseParts(out, exception);
    return;
  }
  yield new AsStr(message);
  out.write(` (${exceptions.length} sub-exception${exceptions.length === 1 ? '' : 's'})`);
}

/** The message, then file and line as far as they are known: `invalid syntax (app.py, line 3)`. */
function* syntaxErrorParts(out: Output, { args }: PyException): Parts {
  const [message = null, location] = args;
  yield new AsStr(message);
  if (args.length !== 2 || !Array.isArray(location)) return;
  const [path, line] = location;
  const places: string[] = [];
  if (typeof path === 'string') places.push(path.slice(path.lastIndexOf('/') + 1));
  if (typeof line === 'number' || typeof line === 'bigint') places.push(`line ${line}`);
  if (places.length > 0) out.write(` (${places.join(', ')})`);
}

/** The printer of a Unicode error, from a text of its arguments that is null where they are not of its kind. */
function unicodeErrorParts(describe: (args: Args) => string | null): ExceptionParts {
  return function* (out, exception) {
    const text = describe(exception.args);
    if (text === null) yield* baseParts(out, exception);
    else out.write(text);
  };
}

function decodeErrorText([encoding, object, start, end, reason]: Args): string | null {
  const bytes = object instanceof PyByteArray ? object.bytes : object;
  if (typeof encoding !== 'string' || typeof reason !== 'string' || !(bytes instanceof Uint8Array)) return null;
  if (typeof start !== 'number' || typeof end !== 'number') return null;
  const byte = end === start + 1 ? bytes[start] : undefined;
  const what = byte === undefined ? 'bytes' : `byte 0x${byte.toString(16).padStart(2, '0')}`;
  return `'${encoding}' codec can't decode ${what} in position ${position(start, end, byte)}: ${reason}`;
}

function encodeErrorText([encoding, object, start, end, reason]: Args): string | null {
  const what = charactersText(object, start, end);
  if (what === null || typeof encoding !== 'string' || typeof reason !== 'string') return null;
  return `'${encoding}' codec can't encode ${what}: ${reason}`;
}

function translateErrorText([object, start, end, reason]: Args): string | null {
  const what = charactersText(object, start, end);
  return what === null || typeof reason !== 'string' ? null : `can't translate ${what}: ${reason}`;
}

function charactersText(text: unknown, start: unknown, end: unknown): string | null {
  if (typeof text !== 'string' || typeof start !== 'number' || typeof end !== 'number') return null;
  const code = end === start + 1 ? codePointNumber(text, start) : undefined;
  const what = code === undefined ? 'characters' : `character '${escapedCodePoint(code)}'`;
  return `${what} in position ${position(start, end, code)}`;
}

/** The one place where a single byte or character is at fault, else first and last. */
function position(start: number, end: number, single: number | undefined): string {
  return single === undefined ? `${start}-${end - 1}` : String(start);
}

/** The code point at an index that counts code points, as Python's do. */
function codePointNumber(text: string, index: number): number | undefined {
  if (index < 0) return undefined;
  let unit = 0;
  for (let skipped = 0; skipped < index && unit < text.length; skipped += 1) {
    unit += (text.codePointAt(unit) as number) > 0xffff ? 2 : 1;
  }
  return text.codePointAt(unit);
}

function isNumber(value: unknown): boolean {
  return (
    typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof PyFloat
  );
}
