// Frames to records to loggers. The only folder that knows both the wire and the log.

export {
  type ActivatedSocket,
  AllowList,
  activatedSockets,
  type BoundAddress,
  CONNECTION_LIMITS_DEFAULT,
  type ConnectionLimitOptions,
  type ConnectionLimits,
  type Endpoint,
  EndpointError,
  FrameSignatureError,
  FrameVerifier,
  type FrameVerifierOptions,
  formatEndpoint,
  HOST_DEFAULT,
  hostToBind,
  isLoopback,
  KeyFileError,
  type LikelyProtocol,
  ListenError,
  type Peer,
  parseEndpoint,
  readKeyFile,
  type SignatureFault,
  TCP_PORT_DEFAULT,
  type TlsSettings,
  TlsSettingsError,
  UDP_PORT_DEFAULT,
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
