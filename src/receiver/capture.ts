// Capture files: frames as they came over the wire, read from any source of bytes.

import { FrameReader } from '../net/index.ts';

/** A frame's payload, and where in the stream it begins, in bytes. */
export interface CapturedFrame {
  readonly payload: Uint8Array;
  readonly offset: number;
}

/** A file that is not a capture, or that ends inside a frame. */
export class CaptureError extends Error {
  override readonly name: string = 'CaptureError';
}

/**
 * The payloads of a stream of length-prefixed frames, each a copy of its own.
 * @throws CaptureError, after the frames before it, where the stream is no such one, ends inside a frame, or has a frame
 *   over the limit (`maxFrame` bytes, by default 2^24 - 1, the most that a receiver can take)
 */
export async function* readCapture(
  source: AsyncIterable<Uint8Array>,
  maxFrame: number = 2 ** 24 - 1,
): AsyncGenerator<CapturedFrame> {
  const waiting: CapturedFrame[] = [];
  let oversize: CaptureError | null = null;
  const reader: FrameReader = new FrameReader({
    maxFrame,
    onFrame: (bytes, start, end) => {
      waiting.push({ payload: bytes.slice(start, end), offset: reader.bytes - (end - start) });
    },
    onOversize: (length) => {
      oversize ??= new CaptureError(`a frame of ${length} bytes at byte ${reader.bytes} is over the limit`);
    },
  });
  for await (const chunk of source) {
    reader.push(chunk);
    yield* waiting.splice(0);
    if (oversize !== null) throw oversize;
    if (reader.failure !== null) throw new CaptureError(reader.failure.message);
  }
  const cut = reader.end();
  if (cut > 0) throw new CaptureError(`the file ends inside a frame, ${cut} bytes after its beginning`);
}
