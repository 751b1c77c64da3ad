// One payload to one record: the join of pickle and logging, which knows no socket.

export type { FrameEvent } from './frame-event.ts';
export { NotADictError, RecordDecoder, type RecordDecoderOptions } from './record-decoder.ts';
