// picklewire/net: frames from sockets. Knows no pickle and no log record.

export { AllowList } from './access/allow-list.ts';
export {
  type ConnectionLimitOptions,
  type ConnectionLimits,
  DEFAULT_CONNECTION_LIMITS,
} from './access/connection-limits.ts';
export { type Peer, PeerRefusedError, type RefusalCode } from './access/peer.ts';
export {
  DatagramError,
  DatagramServer,
  type DatagramServerEvents,
  type DatagramServerOptions,
} from './datagram-server.ts';
export {
  DEFAULT_MAX_FRAME,
  FRAME_ALLOWANCE,
  type FrameBudget,
  FrameReader,
  type FrameReaderOptions,
  FramingError,
  MAX_FRAME_LIMIT,
} from './framing/frame-reader.ts';
export {
  FrameSignatureError,
  FrameVerifier,
  type FrameVerifierOptions,
  isSigned,
  MIN_KEY_BYTES,
  type SignatureFault,
} from './framing/frame-verifier.ts';
export { KeyFileError, readKeyFile } from './framing/key-file.ts';
export type { LikelyProtocol } from './framing/likely-protocol.ts';
export type { BoundAddress } from './listen/bound-address.ts';
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
} from './listen/endpoint.ts';
export { ListenError } from './listen/listen-error.ts';
export { hostToBind, isLoopback } from './listen/loopback.ts';
export { type ActivatedSocket, activatedSockets, type SocketKind, socketKind } from './listen/socket-activation.ts';
export { LogServer } from './log-server.ts';
export type { LogServerEvents, LogServerOptions } from './log-server-options.ts';
export type { Connection, Disconnect } from './reading/connection.ts';
export type { DrainOptions } from './reading/drain.ts';
export { type TlsSettings, TlsSettingsError } from './tls/tls-settings.ts';
