// Frames to records to loggers. The only folder that knows both the wire and the log.

export {
  FrameSignatureError,
  FrameVerifier,
  type FrameVerifierOptions,
  KeyFileError,
  readKeyFile,
  type SignatureFault,
} from '../net/index.ts';
export { type CapturedFrame, CaptureError, readCapture } from './capture.ts';
export {
  createReceiver,
  Receiver,
  type ReceiverEvents,
  type ReceiverOptions,
  type ReceiverStats,
  type Rejection,
} from './receiver.ts';
export { NotADictError, RecordDecoder, type RecordDecoderOptions } from './record-decoder.ts';
