// Values to pickles: the face of the encoder.

import { defaultLimits } from '../limits.ts';
import { Encoder } from './encoder.ts';

/** Options of `pickle`. */
export interface PickleOptions {
  /** 0 to 5. Default 4, as in Python 3.8 to 3.13. */
  readonly protocol?: number;
  /**
   * Gives what to pickle in place of a value that cannot be pickled; asked once for each object in a pickle. Without it
   * such a value is an error, as it is when the replacement cannot be pickled either.
   */
  readonly fallback?: (value: unknown) => unknown;
  /** Bytes that a pickle may have, at most 4 GiB. Default: what decoders read by default, 256 MiB. */
  readonly maxBytes?: number;
}

/** The lengths of texts and bytes are written in four bytes. */
const MOST_BYTES = 2 ** 32 - 1;

/**
 * One pickle of a value, byte for byte what CPython 3.13's `pickle.dumps(value, protocol)` gives.
 *
 * - null, booleans and strings are None, bool and str; a safe integer is an int, any other number a float, and a bigint
 *   an int; `Uint8Array`, Array, Map and Set are bytes, list, dict and set.
 * - A plain object is a dict with str keys. The classes of this module are what they stand for.
 * - Sharing and cycles are kept. Python tells objects apart by identity, which strings do not have here: equal strings
 *   are one object, as interned ones are there.
 * - A `PyGlobal` is pickled where it names a built-in type, and a `PyObject` never: no pickle made here can have its
 *   reader look up, or call, what somebody else named.
 * - As in CPython, a `fold` is lost before protocol 4, and a few new exceptions become OSError before protocol 3.
 *   Groups of exceptions are left out. A path goes by the module `pathlib`, which every Python 3 can read.
 *
 * @throws PickleError `ERR_PICKLE_UNPICKLABLE` for any other value (undefined, a function, a Date, an instance of
 *   another class), a key that Python cannot hash, and a value that holds itself where Python cannot make one;
 *   `ERR_PICKLE_LIMIT` for more than `maxBytes`
 * @throws TypeError for a protocol that does not exist
 */
export function pickle(value: unknown, options: PickleOptions = {}): Uint8Array {
  const { protocol = 4, fallback = null, maxBytes = defaultLimits.maxBytes } = options;
  if (!Number.isInteger(protocol) || protocol < 0 || protocol > 5) {
    throw new TypeError(`protocol must be an integer from 0 to 5, not ${protocol}`);
  }
  return new Encoder(protocol, fallback, Math.min(maxBytes, MOST_BYTES)).encode(value);
}
