// The one error of this folder, and the table of its codes. Codes are stable; messages may get better.

import { opcodeName } from './opcodes.ts';

/** What each code means. A failure has exactly one. */
export const pickleErrorCodes = {
  ERR_PICKLE_TRUNCATED: 'the data ends before the pickle does',
  ERR_PICKLE_OPCODE: 'a byte that is no opcode, or a protocol that does not exist',
  ERR_PICKLE_STACK: 'an opcode needs more values than there are above the topmost mark',
  ERR_PICKLE_MARK: 'an opcode needs a mark and there is none',
  ERR_PICKLE_MEMO: 'a memo entry that was never stored, or an index that is none',
  ERR_PICKLE_TYPE: 'an opcode applied to a value of the wrong type',
  ERR_PICKLE_ARGUMENT: 'an opcode argument that cannot be read as what it should be',
  ERR_PICKLE_TEXT: 'bytes that are not text in the encoding they should have',
  ERR_PICKLE_FRAME: 'an argument or a frame that crosses the end of its frame',
  ERR_PICKLE_FORBIDDEN_GLOBAL: 'a class or function that is not on the allow-list',
  ERR_PICKLE_CONSTRUCTOR: 'an allowed class given arguments or a state that Python never pickles for it',
  ERR_PICKLE_PERSISTENT_ID: 'a persistent id that could not be loaded, or nothing to load it with',
  ERR_PICKLE_EXTENSION: 'an extension code that is not registered',
  ERR_PICKLE_BUFFER: 'an out-of-band buffer that was not given, or could not be',
  ERR_PICKLE_UNPICKLABLE: 'a value that cannot be pickled',
  ERR_PICKLE_LIMIT: 'a limit was reached; `limit` names it',
} as const;

export type PickleErrorCode = keyof typeof pickleErrorCodes;

/** What a PickleError may say beyond its code and message. */
export interface PickleErrorDetails {
  /** Offset of the failing opcode, in bytes from the start of the data or stream. */
  readonly offset?: number;
  /** The failing opcode's byte; -1 where the data ended before one. */
  readonly opcode?: number;
  /** With ERR_PICKLE_LIMIT: its name in `Limits`, or `constructorWork`, or `engine` for what JavaScript cannot hold. */
  readonly limit?: string | null;
  /** With ERR_PICKLE_FORBIDDEN_GLOBAL: the module and name asked for, as `module.name`. */
  readonly global?: string | null;
  readonly cause?: unknown;
}

/** Thrown for every malformed, forbidden or oversize pickle, for a value that cannot become one, and for nothing else. */
export class PickleError extends Error {
  override readonly name: string = 'PickleError';
  readonly code: PickleErrorCode;
  /** What is wrong, without the place. */
  readonly reason: string;
  /** Offset of the failing opcode in bytes; -1 until it is known. */
  readonly offset: number;
  /** The failing opcode as pickle.py names it; null where the byte is none, or the data ended before one. */
  readonly opcode: string | null;
  readonly limit: string | null;
  readonly global: string | null;

  constructor(code: PickleErrorCode, reason: string, details: PickleErrorDetails = {}) {
    const { offset = -1, opcode = -1, limit = null, global = null, cause } = details;
    const name = opcodeName(opcode);
    const place = offset < 0 ? '' : ` at byte ${offset}${name === null ? '' : ` (${name})`}`;
    super(`${reason}${place}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.reason = reason;
    this.offset = offset;
    this.opcode = name;
    this.limit = limit;
    this.global = global;
  }
}

/** A limit was reached. */
export function limitReached(limit: string, most: number, what: string): PickleError {
  return new PickleError('ERR_PICKLE_LIMIT', `more than ${most} ${what} (${limit})`, { limit });
}

/** An opcode reached for a value that is not there, or lies below a mark. */
export function stackEmpty(): PickleError {
  return new PickleError('ERR_PICKLE_STACK', 'too few values on the stack above the topmost mark');
}

/** What to say of something that the caller's own code threw. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'something was thrown that is no Error';
}

/** The same error, now that its place is known. What an engine cannot hold (a Map of 2^24 entries) is a limit too. */
export function located(error: unknown, offset: number, opcode: number): unknown {
  if (error instanceof RangeError) {
    return new PickleError('ERR_PICKLE_LIMIT', error.message, { offset, opcode, limit: 'engine', cause: error });
  }
  if (!(error instanceof PickleError) || error.offset >= 0) return error;
  const { code, reason, limit, global, cause } = error;
  return new PickleError(code, reason, { offset, opcode, limit, global, cause });
}

/**
 * Text from the wire for an error message: quoted, cut at 80 characters, and with everything but printable ASCII
 * escaped, so that a message can be shown anywhere.
 */
export function quoted(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return JSON.stringify(shown).replace(/[\u007f-\u2025\u2027-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
