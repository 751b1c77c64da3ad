// Signed frames: tells whose key a frame was signed with, and that it comes for the first time, before its content is
// looked into. Bytes and keys come from the caller.

import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** The shortest key that is taken, in bytes: as long as the HMAC (RFC 2104, 3). */
export const KEY_BYTES_MIN: number = 32;

// A signed payload: magic, key id (4 bytes) and session (8), counter, time, then the HMAC of all these and of what
// follows it. (docs/signed-frames.md)
const MAGIC = Buffer.from('PWS1');
const KEY_ID_AT = 4;
const COUNTER_AT = 16;
const TIME_AT = 24;
const HMAC_AT = 32;
const CONTENT_AT = 64;

/** What a key's id is the HMAC of. No frame begins so: an id says nothing about any frame's HMAC. */
const KEY_ID_TEXT = 'key id';

/** Why a frame is refused for its signature. */
export type SignatureFault =
  /** It is not signed, and must be. */
  | 'unsigned'
  /** It has one, and there is no key here to check it with. */
  | 'no-keys'
  | 'unknown-key'
  | 'bad-signature'
  | 'too-old'
  | 'from-the-future'
  /** It came before, or after a later frame of its session. */
  | 'replayed';

/** A frame that is refused before anything in it is read. */
export class FrameSignatureError extends Error {
  override readonly name: string = 'FrameSignatureError';
  readonly code: 'ERR_FRAME_SIGNATURE' = 'ERR_FRAME_SIGNATURE';
  readonly reason: SignatureFault;

  constructor(reason: SignatureFault, message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface FrameVerifierOptions {
  /** The keys of which a frame may be signed with any, each of 32 bytes or more; `readKeyFile` reads them. */
  readonly keys: Iterable<Uint8Array>;
  /** How far a frame's time may be from this machine's, before or after it, in seconds. Default 300. */
  readonly window?: number | undefined;
  /** Sessions remembered at a time. Default 100,000; see `verify` for what happens beyond. */
  readonly maxSessions?: number | undefined;
  /** The time, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** The last frame of a sender's session. */
interface Session {
  counter: number;
  /** The latest time of its frames, in seconds since 1970. */
  time: number;
}

/**
 * Checks the signatures of frames, made by `python/picklewire_handlers.py`. Keep one for all receivers that share keys.
 *
 * Throws RangeError for no key, a key shorter than 32 bytes, a `window` that is no positive number of seconds, or a
 * `maxSessions` that is no whole number of 1 or more.
 */
export class FrameVerifier {
  readonly #window: number;
  readonly #maxSessions: number;
  readonly #now: () => number;
  #keys: ReadonlyMap<number, KeyObject>;
  /** By key id and session, one character a byte: no sender can spoil the session of another key. */
  readonly #sessions: Map<string, Session> = new Map();
  /** The latest time of all sessions forgotten. A frame up to it may be one of theirs. */
  #horizon = -Infinity;
  #lastForgetting = -Infinity;

  constructor({ keys, window = 300, maxSessions = 100_000, now = Date.now }: FrameVerifierOptions) {
    if (!(window > 0 && window < Infinity)) throw new RangeError(`window must be a number of seconds, not ${window}`);
    if (!Number.isSafeInteger(maxSessions) || maxSessions < 1) {
      throw new RangeError(`maxSessions must be a whole number of 1 or more, not ${maxSessions}`);
    }
    this.#window = window;
    this.#maxSessions = maxSessions;
    this.#now = now;
    this.#keys = keysById(keys);
  }

  /** Takes other keys from now on, and remembers what it has seen. Throws RangeError as the constructor does. */
  setKeys(keys: Iterable<Uint8Array>): void {
    this.#keys = keysById(keys);
  }

  /**
   * What a signed payload holds, as a view of it.
   *
   * No frame is accepted twice, whatever becomes of this machine's clock. Where more sessions than `maxSessions` are
   * alive within the window, the oldest tenth is forgotten, and a session that is new from then on must not begin with
   * a frame that was signed before theirs were: a sender whose clock lags may be refused then, a replay never passes.
   * @throws FrameSignatureError (`ERR_FRAME_SIGNATURE`), whose `reason` says why
   */
  verify(payload: Uint8Array): Uint8Array {
    if (!isSigned(payload)) {
      throw new FrameSignatureError('unsigned', 'the frame is not signed, and only signed ones are taken here');
    }
    if (payload.length < CONTENT_AT) throw badSignature();
    const header = new DataView(payload.buffer, payload.byteOffset, HMAC_AT);
    const id = header.getUint32(KEY_ID_AT);
    const key = this.#keys.get(id);
    if (key === undefined) throw unknownKey(id);
    const content = payload.subarray(CONTENT_AT);
    const hmac = createHmac('sha256', key).update(payload.subarray(0, HMAC_AT)).update(content).digest();
    if (!timingSafeEqual(hmac, payload.subarray(HMAC_AT, CONTENT_AT))) throw badSignature();

    // From here on a holder of the key speaks. Numbers over 2^53 are rounded, which keeps their order.
    const time = Number(header.getBigUint64(TIME_AT)) / 1e6;
    const now = this.#now() / 1000;
    this.#checkTime(time - now);
    const session = Buffer.from(payload.buffer, payload.byteOffset + KEY_ID_AT, COUNTER_AT - KEY_ID_AT);
    this.#checkCounter(session.toString('latin1'), Number(header.getBigUint64(COUNTER_AT)), time, now);
    return content;
  }

  #checkTime(ahead: number): void {
    if (Math.abs(ahead) <= this.#window) return;
    const [reason, side] = ahead < 0 ? (['too-old', 'behind'] as const) : (['from-the-future', 'ahead of'] as const);
    const seconds = Math.abs(ahead).toFixed(0);
    const message = `the frame was signed ${seconds} s ${side} this machine's clock, and ${this.#window} s are allowed`;
    throw new FrameSignatureError(reason, message);
  }

  #checkCounter(name: string, counter: number, time: number, now: number): void {
    const session = this.#sessions.get(name);
    if (session === undefined) {
      if (time <= this.#horizon) throw replayed('may have come before: its session is too old to be remembered');
      this.#forgetOld(now);
      this.#sessions.set(name, { counter, time });
    } else {
      if (counter <= session.counter) throw replayed('came before, or after a later one of its session');
      session.counter = counter;
      session.time = Math.max(session.time, time);
    }
  }

  /** Makes room for a session: forgets those whose frames are all too old by now, and the oldest tenth if it must. */
  #forgetOld(now: number): void {
    const full = this.#sessions.size >= this.#maxSessions;
    if (!full && Math.abs(now - this.#lastForgetting) < this.#window) return;
    this.#lastForgetting = now;
    let last = now - this.#window;
    if (full) {
      const times = Float64Array.from(this.#sessions.values(), ({ time }) => time).sort();
      last = Math.max(last, times[Math.ceil(times.length / 10) - 1]!);
    }
    for (const [name, { time }] of this.#sessions) {
      if (time > last) continue;
      this.#sessions.delete(name);
      // Not `last` itself: a clock that was far ahead for a moment must not shut out new sessions afterwards.
      this.#horizon = Math.max(this.#horizon, time);
    }
  }
}

/** Whether a payload says that it is signed. No pickle of a record begins so. */
export function isSigned(payload: Uint8Array): boolean {
  return payload.length >= MAGIC.length && MAGIC.every((byte, index) => byte === payload[index]);
}

function keysById(keys: Iterable<Uint8Array>): ReadonlyMap<number, KeyObject> {
  const byId = new Map<number, KeyObject>();
  for (const bytes of keys) {
    if (bytes.length < KEY_BYTES_MIN) {
      throw new RangeError(`a key must have ${KEY_BYTES_MIN} bytes or more, not ${bytes.length}`);
    }
    const key = createSecretKey(bytes);
    const id = createHmac('sha256', key).update(KEY_ID_TEXT).digest().readUInt32BE();
    if (!(byId.get(id)?.equals(key) ?? true)) throw new RangeError(`two keys have the id ${idText(id)}`);
    byId.set(id, key);
  }
  if (byId.size === 0) throw new RangeError('there must be a key');
  return byId;
}

function idText(id: number): string {
  return id.toString(16).padStart(8, '0');
}

function unknownKey(id: number): FrameSignatureError {
  return new FrameSignatureError('unknown-key', `the frame is signed with a key that is not known here: ${idText(id)}`);
}

function badSignature(): FrameSignatureError {
  return new FrameSignatureError('bad-signature', 'the signature does not fit the frame');
}

function replayed(how: string): FrameSignatureError {
  return new FrameSignatureError('replayed', `the frame ${how}`);
}
