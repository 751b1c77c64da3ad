// Signed frames as the documentation has them, made apart from the code that checks them.

import { createHash, createHmac } from 'node:crypto';

/** What a frame is signed with and what it says, each with a default. */
export interface Signing {
  readonly key?: Uint8Array;
  /** 8 bytes. */
  readonly session?: Uint8Array;
  readonly counter?: number | bigint;
  /** Seconds since 1970. */
  readonly time?: number;
}

/** A key of 32 bytes, always the same for a name. */
export function keyNamed(name: string): Uint8Array {
  return createHash('sha256').update(name).digest();
}

export function sessionNamed(name: string): Uint8Array {
  return keyNamed(name).subarray(0, 8);
}

/** A time that tests take for now, in seconds since 1970. */
export const NOW = 1_800_000_000;

/** A signed payload, without its length prefix. */
export function signed(
  content: Uint8Array,
  { key = keyNamed('good'), session = sessionNamed('s'), counter = 1, time = NOW }: Signing = {},
): Uint8Array {
  const header = Buffer.alloc(32);
  header.write('PWS1');
  header.set(createHmac('sha256', key).update('key id').digest().subarray(0, 4), 4);
  header.set(session, 8);
  header.writeBigUInt64BE(BigInt(counter), 16);
  header.writeBigUInt64BE(BigInt(Math.round(time * 1e6)), 24);
  const hmac = createHmac('sha256', key)
    .update(Buffer.concat([header, content]))
    .digest();
  return Buffer.concat([header, hmac, content]);
}
