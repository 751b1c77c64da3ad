// The other unpicklers of npm, as functions from a payload to an object.

// @ts-expect-error: it has no types
import jpickle from 'jpickle';
import { Parser } from 'pickleparser';

/** @type {Readonly<Record<string, (payload: Uint8Array) => unknown>>} */
export const npmPeers = {
  pickleparser: (payload) => new Parser().parse(payload),
  // It takes a string of one character for each byte, and makes a Buffer of it.
  jpickle: (payload) =>
    jpickle.loads(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('latin1')),
};
