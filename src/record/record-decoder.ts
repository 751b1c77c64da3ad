// One SocketHandler payload to one LogRecord: where pickle and logging meet. Knows no socket.

import { type LogRecord, makeLogRecord } from '../logging/index.ts';
import {
  type AllowedGlobal,
  defaultLimits,
  type Limits,
  PickleDecoder,
  PyGlobal,
  PyObject,
  repr,
  type UnknownGlobals,
} from '../pickle/index.ts';
import type { FrameEvent } from './frame-event.ts';
import { limitsAllowTemplates, TemplateCache } from './template/template-cache.ts';

export interface RecordDecoderOptions {
  /** Exact names that a record's values may be of. Default: `safeGlobals`. */
  readonly allow?: Iterable<AllowedGlobal> | undefined;
  /** Any other class: kept as data that names it (`inert`, the default, so that no record is lost), or an error. */
  readonly unknownGlobals?: UnknownGlobals | undefined;
  /** Limits that differ from picklewire/pickle's `defaultLimits`. */
  readonly limits?: Partial<Limits> | undefined;
}

/** A payload that is a pickle, but not one of a record. */
export class NotADictError extends Error {
  override readonly name: string = 'NotADictError';
  readonly code: 'ERR_RECORD_NOT_A_DICT' = 'ERR_RECORD_NOT_A_DICT';
  /** The class or function that the pickle names, or calls, instead of giving a record, as `module.name`; or null. */
  readonly global: string | null;

  constructor(value: unknown) {
    super(`a record is a dict, and this pickle is ${repr(value, { maxLength: 120 })}`);
    this.global = value instanceof PyGlobal || value instanceof PyObject ? `${value.module}.${value.name}` : null;
  }
}

/**
 * Decodes payloads as `logging.handlers.SocketHandler.makePickle` makes them, in any protocol. Keep one for many: it
 * remembers the strings that records repeat, and how the frames are laid out in which they come.
 */
export class RecordDecoder {
  readonly #decoder: PickleDecoder;
  /** Whether layouts may be learned, which starts with the second payload: a decoder may be used only once. */
  readonly #learns: boolean;
  #layouts: TemplateCache | null = null;
  #trailing = 0;

  constructor(options: RecordDecoderOptions = {}) {
    const { allow, unknownGlobals = 'inert', limits } = options;
    this.#decoder = new PickleDecoder({
      unknownGlobals,
      // Python prints 1.0 and 1 differently, and so must a record's extras be told apart.
      floats: 'tagged',
      // Python 2's str is bytes that are text nearly always; what is not UTF-8 must not cost the record.
      strings: 'surrogateescape',
      ...(allow === undefined ? {} : { allow }),
      ...(limits === undefined ? {} : { limits }),
    });
    this.#learns = limitsAllowTemplates({ ...defaultLimits, ...limits });
  }

  /** Payloads that went on after their pickle's STOP: read all the same, as `pickle.loads` does. */
  get trailing(): number {
    return this.#trailing;
  }

  /**
   * Where the values of a payload lie, if it is laid out like one before: a record to be read until the next payload
   * comes. Null for any other; then `decode` may learn from it.
   * @param start where the payload begins in the bytes, and `end`, where it ends: with more behind it, it is read in place
   */
  locate(bytes: Uint8Array, start?: number, end?: number): FrameEvent | null {
    return this.#layouts?.locate(bytes, start, end) ?? null;
  }

  /**
   * The record of one payload, without its length prefix; it owns its data.
   * @param located what `locate` has given for this payload, if it was asked
   * @throws PickleError, NotADictError (`ERR_RECORD_NOT_A_DICT`) or LogRecordError (`ERR_RECORD_FIELD`)
   */
  decode(payload: Uint8Array, located?: FrameEvent | null): LogRecord {
    const known = located === undefined ? this.#layouts?.read(payload) : located?.record();
    if (known) return known;
    const dict = this.#decoder.decode(payload);
    if (!(dict instanceof Map)) throw new NotADictError(dict);
    const record = makeLogRecord(dict);
    if (this.#decoder.bytesConsumed < payload.length) this.#trailing++;
    if (this.#layouts === null && this.#learns) this.#layouts = new TemplateCache();
    else this.#layouts?.learn(payload);
    return record;
  }
}
