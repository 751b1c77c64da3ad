// One SocketHandler payload to one event, or to one LogRecord: where pickle and logging meet.

import { type LogEvent, type LogRecord, makeLogRecord } from '../logging/event/index.ts';
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
 * remembers the strings that records repeat, and the templates that their frames follow.
 */
export class RecordDecoder {
  readonly #decoder: PickleDecoder;
  /** Whether templates may be learned, which starts with the second payload: a decoder may be used only once. */
  readonly #learns: boolean;
  #templates: TemplateCache | null = null;
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
   * The record of one payload, without its length prefix; it owns its data.
   * @throws PickleError, NotADictError (`ERR_RECORD_NOT_A_DICT`) or LogRecordError (`ERR_RECORD_FIELD`)
   */
  decode(payload: Uint8Array): LogRecord {
    return this.#templates?.read(payload) ?? this.#decode(payload);
  }

  /**
   * The event of the payload from `start` to `end`, valid until the next call and as long as the bytes are: where it
   * follows a template, nothing of it is decoded yet. With more memory behind the payload, it is read in place.
   * Errors as of `decode`.
   */
  event(bytes: Uint8Array, start = 0, end: number = bytes.length): LogEvent {
    const located = this.#templates?.locate(bytes, start, end) ?? null;
    return located ?? this.#decode(bytes.length === end - start ? bytes : bytes.subarray(start, end));
  }

  #decode(payload: Uint8Array): LogRecord {
    const dict = this.#decoder.decode(payload);
    if (!(dict instanceof Map)) throw new NotADictError(dict);
    const record = makeLogRecord(dict);
    if (this.#decoder.bytesConsumed < payload.length) this.#trailing++;
    if (this.#templates === null && this.#learns) this.#templates = new TemplateCache();
    else this.#templates?.learn(payload);
    return record;
  }
}
