// What a Formatter sets in an event before it is shown, in the fields as they lie in a frame: its message, and its time.

import { SLOTS } from './field-table.ts';
import { ABSENT, type FrameFields, TEXT, VALUE } from './log-event.ts';

const { msg: MSG, args: ARGS, exc_info: EXC_INFO, message: MESSAGE } = SLOTS;

/**
 * Sets `message` to the text of `msg`, where that is all of the message and no exception is left to be shown as text, as
 * SocketHandler sends it. Otherwise returns false: the message is the record's to make.
 */
export function setMessage(frame: FrameFields): boolean {
  const { kinds, starts, lengths, values } = frame;
  if (kinds[MSG] !== TEXT || kinds[EXC_INFO] !== ABSENT) return false;
  if (kinds[ARGS] !== ABSENT && (kinds[ARGS] !== VALUE || values[ARGS] !== null)) return false;
  kinds[MESSAGE] = TEXT;
  starts[MESSAGE] = starts[MSG] as number;
  lengths[MESSAGE] = lengths[MSG] as number;
  return true;
}

/** Sets a field to a text that is not in the frame. */
export function setText(frame: FrameFields, slot: number, text: string): void {
  frame.kinds[slot] = VALUE;
  frame.values[slot] = text;
}
