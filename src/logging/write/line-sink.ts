// Where a handler's lines go: what every file, descriptor and stream of lines has in common.

import type { LineBuffer } from '../encode/line-buffer.ts';

/**
 * Takes one line at a time: written after `begin`, and taken by `commit` before the turn of the event loop ends. A line that is
 * begun and not taken is no more.
 */
export interface LineSink {
  begin(): LineBuffer;
  /** Takes the line that was begun, of a record of that level; false where there is no room for it. */
  commit(levelname: string | null): boolean;
  /** Whether its owner is told of each line when it is written, and counts it then. */
  readonly tells: boolean;
}

/** Whether a stream is one that lines are written to in place. */
export function isLineSink(stream: object): stream is LineSink {
  return 'begin' in stream && 'commit' in stream;
}
