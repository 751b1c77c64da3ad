// The values of the pickles in a stream of chunks.

import { chunksOf, type PickleSource } from './chunks.ts';
import type { UnpickleOptions } from './options.ts';
import { Unpickler } from './unpickler.ts';

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
