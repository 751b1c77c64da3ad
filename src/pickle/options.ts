// The options of every decoder in this folder: one readonly object, each field with its default.

import type { AllowedGlobal, UnknownGlobals } from './globals.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { safeGlobals } from './safe-globals.ts';
import { decodeAscii, decodeLatin1, decodeUtf8 } from './text.ts';

/** How a Python 2 `str`, which is bytes that may be text, is read. */
export type Strings = 'ascii' | 'latin1' | 'utf8' | 'surrogateescape' | 'bytes';

export interface UnpickleOptions {
  /** Exact names that may be used, and what to do with them. Default: `safeGlobals`. */
  readonly allow?: Iterable<AllowedGlobal>;
  /** Any other global: an error (`reject`, the default), or data that names it (`inert`). It is never resolved. */
  readonly unknownGlobals?: UnknownGlobals;
  /** `tagged` gives whole-numbered floats as `PyFloat`, to tell 1.0 from 1. Default `number`. */
  readonly floats?: 'number' | 'tagged';
  /**
   * `object` gives each dict whose keys are all strings as an object without a prototype, where `__proto__` is a key like
   * any other; keys that are array indexes (`'0'`, `'17'`) move to its front, in ascending order. Other dicts, and
   * OrderedDict, Counter and defaultdict, stay Maps, as do the kwargs and entries of a `PyObject` and the attributes of
   * exceptions and namespaces. Default `map`.
   */
  readonly dicts?: 'map' | 'object';
  /**
   * How a Python 2 `str` is read: `ascii` (the default, as CPython: a byte over 127 is an error), `latin1`, `utf8`,
   * `surrogateescape` (UTF-8, each undecodable byte 0xNN kept as the lone surrogate U+DCNN), or `bytes`.
   */
  readonly strings?: Strings;
  /** Gives the object that a persistent id stands for. Without it, an id is an error. */
  readonly persistentLoad?: (id: unknown) => unknown;
  /** The module and name behind each extension code (`copyreg.add_extension`). They pass the same policy. */
  readonly extensions?: ReadonlyMap<number, readonly [module: string, name: string]>;
  /** Out-of-band buffers (PEP 574), in the order in which they were given out. */
  readonly buffers?: Iterable<unknown>;
  /** Limits that differ from `defaultLimits`. */
  readonly limits?: Partial<Limits>;
}

/** Makes a string of the bytes of a Python 2 `str`. */
export type StringReader = (bytes: Uint8Array, start: number, end: number) => string;

/** UnpickleOptions with every default filled in. */
export interface ResolvedOptions {
  readonly allow: Iterable<AllowedGlobal>;
  readonly unknownGlobals: UnknownGlobals;
  readonly floats: 'number' | 'tagged';
  readonly dicts: 'map' | 'object';
  /** Null where a Python 2 `str` is to stay bytes. */
  readonly readString: StringReader | null;
  readonly persistentLoad: ((id: unknown) => unknown) | null;
  readonly extensions: ReadonlyMap<number, readonly [module: string, name: string]>;
  readonly buffers: Iterator<unknown> | null;
  readonly limits: Limits;
}

const STRING_READERS: Readonly<Record<Strings, StringReader | null>> = {
  ascii: decodeAscii,
  latin1: decodeLatin1,
  // Stryker disable next-line StringLiteral: strict is to do neither of the others
  utf8: (bytes, start, end) => decodeUtf8(bytes, start, end, 'strict'),
  surrogateescape: (bytes, start, end) => decodeUtf8(bytes, start, end, 'surrogateescape'),
  bytes: null,
};

/** Fills in the defaults. A TypeError for an option whose value is none of those it can have. */
export function resolveOptions(options: UnpickleOptions): ResolvedOptions {
  const { unknownGlobals = 'reject', floats = 'number', dicts = 'map', strings = 'ascii' } = options;
  oneOf('unknownGlobals', unknownGlobals, ['reject', 'inert']);
  oneOf('floats', floats, ['number', 'tagged']);
  oneOf('dicts', dicts, ['map', 'object']);
  oneOf('strings', strings, Object.keys(STRING_READERS));
  return {
    allow: options.allow ?? safeGlobals,
    unknownGlobals,
    floats,
    dicts,
    readString: STRING_READERS[strings],
    persistentLoad: options.persistentLoad ?? null,
    extensions: options.extensions ?? new Map(),
    buffers: options.buffers?.[Symbol.iterator]() ?? null,
    limits: { ...defaultLimits, ...options.limits },
  };
}

function oneOf(option: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new TypeError(`${option} must be one of ${known.join(', ')}, not ${value}`);
}
