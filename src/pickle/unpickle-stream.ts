// Pickles from whatever gives chunks of bytes over time. Knows the protocols of iteration, and no pickle.

import type { UnpickleOptions } from './options.ts';
import { Unpickler } from './unpickler.ts';

/** What `unpickleStream` asks of a web ReadableStream. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
}

/** Chunks of bytes: an array or generator of them, a Node stream, a web ReadableStream, … */
export type PickleSource = Iterable<Uint8Array> | AsyncIterable<Uint8Array> | ByteStream;

/**
 * The values of the pickles in a stream, which follow one another and may be cut anywhere. Each chunk is asked for when
 * the values before it have been taken. Leaving the loop early, or an error, closes the source.
 *
 * Throws, after the values before it, the PickleError of the first pickle that fails (ERR_PICKLE_TRUNCATED when the
 * source ends inside one), and what the source throws; a TypeError for a source that gives anything but Uint8Arrays.
 */
export async function* unpickleStream(source: PickleSource, options: UnpickleOptions = {}): AsyncGenerator<unknown> {
  const unpickler = new Unpickler(options);
  for await (const chunk of chunksOf(source)) {
    yield* unpickler.push(chunk);
    if (unpickler.error !== null) throw unpickler.error;
  }
  unpickler.end();
}

function chunksOf(source: PickleSource): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source || Symbol.iterator in source) return source;
    if ('getReader' in source) return readChunks(source);
  }
  throw new TypeError('a source must be an iterable, an async iterable or a ReadableStream');
}

/** A ReadableStream where the engine cannot iterate one. */
async function* readChunks(stream: ByteStream): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value as Uint8Array;
  } finally {
    // Does nothing to a stream that has ended; one that has failed has thrown already.
    await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}
