// Frames to records to loggers. The only folder that knows both the wire and the log.

export {
  type ActivatedSocket,
  AllowList,
  activatedSockets,
  type BoundAddress,
  type ConnectionLimitOptions,
  type ConnectionLimits,
  DEFAULT_CONNECTION_LIMITS,
  DEFAULT_HOST,
  DEFAULT_TCP_PORT,
  DEFAULT_UDP_PORT,
  type Endpoint,
  EndpointError,
  FrameSignatureError,
  FrameVerifier,
  type FrameVerifierOptions,
  formatEndpoint,
  hostToBind,
  isLoopback,
  KeyFileError,
  type LikelyProtocol,
  ListenError,
  type Peer,
  parseEndpoint,
  readKeyFile,
  type SignatureFault,
  type TlsSettings,
  TlsSettingsError,
} from '../net/index.ts';
export { NotADictError, RecordDecoder, type RecordDecoderOptions } from '../record/index.ts';
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
