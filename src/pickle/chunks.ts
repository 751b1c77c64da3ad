// Chunks of bytes from whatever gives them over time. Knows the protocols of iteration, and no pickle.

/** What `chunksOf` asks of a web ReadableStream. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
}

/** Chunks of bytes: an array or generator of them, a Node stream, a web ReadableStream, … */
export type PickleSource = Iterable<Uint8Array> | AsyncIterable<Uint8Array> | ByteStream;

/** The chunks of a source, which is closed when the loop over them is left. A TypeError for what is no source. */
export function chunksOf(source: PickleSource): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
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
