// picklewire/net: frames from sockets. Knows no pickle and no log record.

export type { Connection, Disconnect } from './connection.ts';
export {
  DEFAULT_MAX_FRAME,
  FrameReader,
  type FrameReaderOptions,
  FramingError,
  MAX_FRAME_LIMIT,
} from './frame-reader.ts';
export { KeyFileError, readKeyFile } from './key-file.ts';
export type { LikelyProtocol } from './likely-protocol.ts';
export { type DrainOptions, LogServer, type LogServerEvents, type LogServerOptions } from './log-server.ts';
export {
  FrameSignatureError,
  FrameVerifier,
  type FrameVerifierOptions,
  isSigned,
  MIN_KEY_BYTES,
  type SignatureFault,
} from './signature.ts';
