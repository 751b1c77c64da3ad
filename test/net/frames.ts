// What the tests of src/net share: building frames, and a reader that keeps copies.

import { FrameReader } from '../../src/net/frame-reader.ts';

/** A length prefix. */
export function prefix(length: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}

/** A frame around each payload, one after the other. */
export function frames(...payloads: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(payloads.flatMap((payload) => [prefix(payload.length), payload]));
}

/** Text as bytes, one per character. */
export function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** A reader with lists of what it handed on: payloads as latin1 text, and the lengths of oversize frames. */
export function collect(maxFrame?: number): { reader: FrameReader; payloads: string[]; skipped: number[] } {
  const payloads: string[] = [];
  const skipped: number[] = [];
  const reader = new FrameReader({
    maxFrame,
    onFrame: (payload) => payloads.push(Buffer.from(payload).toString('latin1')),
    onOversize: (length) => skipped.push(length),
  });
  return { reader, payloads, skipped };
}

/** `bytes` in pieces of `size` bytes. */
export function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** So many different texts, in order. */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `record ${i}`);
}
