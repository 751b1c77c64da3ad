// Reads the text of strs, the short ones through a cache.

import { CACHED_BYTES, StringCache } from './string-cache.ts';
import { decodeUtf8 } from './text.ts';
import { PyGlobal } from './values/index.ts';

/** Short strings before a decoder gets a cache: one small pickle has not enough of them to be worth its room. */
const UNCACHED_STRINGS = 32;

export class StrReader {
  readonly #decode: (bytes: Uint8Array, start: number, end: number) => string;
  #cache: StringCache | null = null;
  #shortStrings = 0;

  /** `decode` makes the string of bytes; what it throws passes through. */
  constructor(decode: (bytes: Uint8Array, start: number, end: number) => string) {
    this.#decode = decode;
  }

  read(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    if (length <= CACHED_BYTES) {
      if (this.#cache !== null) return this.#cache.get(bytes, start, end);
      // Stryker disable next-line EqualityOperator: one string earlier or later
      if (++this.#shortStrings > UNCACHED_STRINGS) this.#cache = new StringCache(this.#decode);
    }
    return this.#decode(bytes, start, end);
  }
}

/** The UTF-8 of a str, lone surrogates included; ERR_PICKLE_TEXT for what is no such text. */
export function decodeUnicode(bytes: Uint8Array, start: number, end: number): string {
  return decodeUtf8(bytes, start, end, 'surrogatepass');
}

/**
 * Whether a Python 2 `str` that comes on top of the first `sp` values of a stack is bytes, however other strs are read:
 * as the state of a datetime, and as the object of a UnicodeDecodeError. (CPython needs `encoding='latin1'` or `'bytes'`
 * for such a pickle.)
 */
export function isPackedArgument(stack: readonly unknown[], sp: number): boolean {
  // There is nothing below the stack, and to ask an array for that takes longer than all else here.
  // Stryker disable next-line ConditionalExpression,EqualityOperator: only speed tells
  const isOfDate = sp > 0 && isGlobal(stack[sp - 1], 'datetime', PACKED);
  // Stryker disable next-line ConditionalExpression,EqualityOperator: only speed tells
  return isOfDate || (sp > 1 && isGlobal(stack[sp - 2], 'builtins', DECODE_ERRORS));
}

function isGlobal(value: unknown, module: string, names: ReadonlySet<string>): boolean {
  // Stryker disable next-line ConditionalExpression: the values before a str are seldom objects, which is quickly asked
  return typeof value === 'object' && value instanceof PyGlobal && value.module === module && names.has(value.name);
}

/** Classes whose first argument is packed bytes, and those whose second is bytes, as Python 2 pickles them. */
const PACKED: ReadonlySet<string> = new Set(['datetime', 'date', 'time']);
const DECODE_ERRORS: ReadonlySet<string> = new Set(['UnicodeDecodeError']);
