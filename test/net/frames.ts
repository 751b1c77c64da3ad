// What the tests of src/net share: building frames, and a reader that keeps copies.

import { type FrameBudget, FrameReader } from '../../src/net/framing/frame-reader.ts';

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

/** The bytes of a span as text, one character each. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.subarray(start, end)).toString('latin1');
}

/** A reader with lists of what it handed on: payloads as latin1 text, and the lengths of oversize frames. */
export function collect(maxFrame?: number): { reader: FrameReader; payloads: string[]; skipped: number[] } {
  const payloads: string[] = [];
  const skipped: number[] = [];
  const reader = new FrameReader({
    maxFrame,
    onFrame: (bytes, start, end) => payloads.push(textOf(bytes, start, end)),
    onOversize: (length) => skipped.push(length),
  });
  return { reader, payloads, skipped };
}

/** So many bytes; giving back more than was taken, or taking more than there is, is the reader's mistake. */
export class Budget implements FrameBudget {
  readonly #room: number;
  taken = 0;
  most = 0;

  constructor(room: number) {
    this.#room = room;
  }

  reserve(bytes: number): boolean {
    if (bytes <= 0) throw new Error(`${bytes} bytes asked for`);
    if (this.taken + bytes > this.#room) return false;
    this.taken += bytes;
    this.most = Math.max(this.most, this.taken);
    return true;
  }

  release(bytes: number): void {
    if (bytes <= 0 || bytes > this.taken) throw new Error(`${bytes} bytes given back of ${this.taken}`);
    this.taken -= bytes;
  }
}

/** `bytes` in pieces of `size` bytes. */
export function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** So many different texts, in order. */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `record ${i}`);
}
