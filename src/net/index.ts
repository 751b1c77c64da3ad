// picklewire/net: frames from sockets. Knows no pickle and no log record.

export { AllowList } from './allow-list.ts';
export type { Bound } from './bound.ts';
export type { Connection, Disconnect } from './connection.ts';
export { type ConnectionLimitOptions, type ConnectionLimits, DEFAULT_CONNECTION_LIMITS } from './connection-limits.ts';
export {
  DatagramError,
  DatagramServer,
  type DatagramServerEvents,
  type DatagramServerOptions,
} from './datagram-server.ts';
export {
  DEFAULT_HOST,
  DEFAULT_TCP_PORT,
  DEFAULT_UDP_PORT,
  type Endpoint,
  EndpointError,
  endpointsOf,
  formatEndpoint,
  type ListenOptions,
  parseEndpoint,
} from './endpoint.ts';
export { hostToBind, isLoopback } from './exposure.ts';
export {
  DEFAULT_MAX_FRAME,
  FRAME_ALLOWANCE,
  type FrameBudget,
  FrameReader,
  type FrameReaderOptions,
  FramingError,
  MAX_FRAME_LIMIT,
} from './frame-reader.ts';
export { KeyFileError, readKeyFile } from './key-file.ts';
export type { LikelyProtocol } from './likely-protocol.ts';
export { ListenError } from './listen-error.ts';
export { LogServer } from './log-server.ts';
export type { LogServerEvents, LogServerOptions } from './log-server-options.ts';
export { type Peer, PeerRefusedError, type RefusalCode } from './peer.ts';
export type { DrainOptions } from './quiet.ts';
export {
  FrameSignatureError,
  FrameVerifier,
  type FrameVerifierOptions,
  isSigned,
  MIN_KEY_BYTES,
  type SignatureFault,
} from './signature.ts';
export { type ActivatedSocket, activatedSockets, type SocketKind, socketKind } from './socket-activation.ts';
export { type TlsSettings, TlsSettingsError } from './tls-settings.ts';
