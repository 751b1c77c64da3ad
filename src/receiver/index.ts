// Frames to records to loggers: the one folder that knows both the wire and the log.

export { type CapturedFrame, CaptureError, readCapture } from './capture.ts';
export type { ServerOptions } from './endpoint-set.ts';
export { createReceiver, Receiver } from './receiver.ts';
export type { ReceiverEvents, ReceiverOptions } from './receiver-options.ts';
export {
  type Rejection,
  type RejectionCode,
  type RejectionKind,
  type RejectionMetric,
  rejectionTable,
} from './rejections.ts';
export type { ReceiverStats } from './stats.ts';
