// A guard against keys chosen to collide. Maps and sets hash text with a secret, and numbers without one: whoever knows
// the function can put them all in one bucket, where each look-up walks past every one before it.

import { limitReached } from './errors.ts';

/** Collections up to this size are not watched: even wholly in one bucket, their keys cost no more than their bytes. */
const UNWATCHED_KEYS = 1024;

const FIRST_BUCKETS = 4096;
/** Keys to a bucket, on average, before there are more buckets. */
const LOAD = 4;
/** Keys in one bucket that chance does not explain: the fullest of many random buckets has some five times the load. */
const MOST_IN_BUCKET = 64;

type NumericKey = number | bigint;
type Keyed = ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>;

/** Watches the numeric keys of the collections that a pickle fills. */
export class KeyGuard {
  #spreads: Map<Keyed, KeySpread> | null = null;

  /** To be called when a key has been put into a collection. ERR_PICKLE_LIMIT (`hashCollisions`) when they collide. */
  check(collection: Keyed, key: unknown): void {
    if (this.collide(collection, key)) throw limitReached('hashCollisions', MOST_IN_BUCKET, 'keys of one hash');
  }

  /** Whether, with the key just put into it, too many of a collection's keys share a bucket for chance to have done it. */
  collide(collection: Keyed, key: unknown): boolean {
    if (collection.size <= UNWATCHED_KEYS || !isNumeric(key)) return false;
    this.#spreads ??= new Map();
    let spread = this.#spreads.get(collection);
    if (spread === undefined) {
      spread = new KeySpread();
      this.#spreads.set(collection, spread);
    }
    return spread.overfills(key, collection);
  }

  clear(): void {
    this.#spreads = null;
  }
}

/** How the numeric keys of one collection spread over buckets, by the hash that V8 gives them. */
class KeySpread {
  #counts: Uint8Array = new Uint8Array(0);
  #keys = 0;
  /** The size of the collection when it was last looked at: where it is the same, the key was there before. */
  #size = 0;

  /** Counts a key that has just been put into the collection; true when its bucket, or another's, is too full. */
  overfills(key: NumericKey, collection: Keyed): boolean {
    if (collection.size === this.#size) return false;
    this.#size = collection.size;
    if (this.#keys < this.#counts.length * LOAD) return this.#count(key);
    // The keys so far are counted over again, which happens to each a few times in all.
    this.#counts = new Uint8Array(this.#counts.length === 0 ? FIRST_BUCKETS : this.#counts.length * 8);
    this.#keys = 0;
    let full = false;
    for (const each of collection.keys()) if (isNumeric(each) && this.#count(each)) full = true;
    return full;
  }

  #count(key: NumericKey): boolean {
    this.#keys++;
    const bucket = hashOf(key) & (this.#counts.length - 1);
    const count = (this.#counts[bucket] as number) + 1;
    if (count > MOST_IN_BUCKET) return true;
    this.#counts[bucket] = count;
    return false;
  }
}

function isNumeric(key: unknown): key is NumericKey {
  return typeof key === 'number' || typeof key === 'bigint';
}

/** V8's `Object::GetSimpleHash`: integers of 32 bits by one mixing function, all other numbers by another of 64 bits. */
function hashOf(key: NumericKey): number {
  // Stryker disable next-line EqualityOperator: zero is its own negative
  if (typeof key === 'bigint') return hash64(BigInt.asUintN(64, key < 0n ? -key : key));
  if ((key | 0) === key) return hash32(key);
  bits.setFloat64(0, key);
  return hash64(bits.getBigUint64(0));
}

// Constant in effect: written and read back within one call.
const bits = new DataView(new ArrayBuffer(8));

/** `ComputeUnseededHash`, after Thomas Wang. */
function hash32(key: number): number {
  let hash = (~key + (key << 15)) | 0;
  hash ^= hash >>> 12;
  hash = (hash + (hash << 2)) | 0;
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 2057);
  hash ^= hash >>> 16;
  return hash & 0x3fffffff;
}

/** `ComputeLongHash`, after Thomas Wang. */
function hash64(key: bigint): number {
  let hash = BigInt.asUintN(64, ~key + (key << 18n));
  hash ^= hash >> 31n;
  hash = BigInt.asUintN(64, hash * 21n);
  hash ^= hash >> 11n;
  hash = BigInt.asUintN(64, hash + (hash << 6n));
  hash ^= hash >> 22n;
  return Number(hash & 0x3fffffffn);
}
