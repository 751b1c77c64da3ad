// picklewire: the receiver of Python's log records, what it takes, hands out and throws. Frames alone are picklewire/net,
// pickles picklewire/pickle, loggers and handlers picklewire/logging.

export { LogRecord, LogRecordError } from './logging/index.ts';
export {
  type BoundAddress,
  type Connection,
  type ConnectionLimitOptions,
  type Disconnect,
  type DrainOptions,
  type Endpoint,
  EndpointError,
  type LikelyProtocol,
  ListenError,
  type Peer,
  type SignatureFault,
  type TlsSettings,
  TlsSettingsError,
} from './net/index.ts';
export { PickleError } from './pickle/index.ts';
export {
  createReceiver,
  Receiver,
  type ReceiverEvents,
  type ReceiverOptions,
  type ReceiverStats,
  type Rejection,
  type RejectionCode,
  type ServerOptions,
} from './receiver/index.ts';
export { NotADictError, RecordDecoder, type RecordDecoderOptions } from './record/index.ts';
