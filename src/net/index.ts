// picklewire/net: frames from sockets. Knows no pickle and no log record.

export { AllowList } from './access/allow-list.ts';
export {
  CONNECTION_LIMITS_DEFAULT,
  type ConnectionLimitOptions,
  type ConnectionLimits,
} from './access/connection-limits.ts';
export { type Peer, PeerRefusedError, type RefusalCode } from './access/peer.ts';
export {
  DatagramError,
  DatagramServer,
  type DatagramServerEvents,
  type DatagramServerOptions,
} from './datagram-server.ts';
export {
  FRAME_ALLOWANCE_BYTES,
  FRAME_BYTES_DEFAULT,
  FRAME_BYTES_MAX,
  type FrameBudget,
  FrameReader,
  type FrameReaderOptions,
  FramingError,
} from './framing/frame-reader.ts';
export {
  FrameSignatureError,
  FrameVerifier,
  type FrameVerifierOptions,
  isSigned,
  KEY_BYTES_MIN,
  type SignatureFault,
} from './framing/frame-verifier.ts';
export { KeyFileError, readKeyFile } from './framing/key-file.ts';
export type { LikelyProtocol } from './framing/likely-protocol.ts';
export type { BoundAddress } from './listen/bound-address.ts';
export {
  type Endpoint,
  EndpointError,
  endpointsOf,
  formatEndpoint,
  HOST_DEFAULT,
  type ListenOptions,
  parseEndpoint,
  TCP_PORT_DEFAULT,
  UDP_PORT_DEFAULT,
} from './listen/endpoint.ts';
export { ListenError } from './listen/listen-error.ts';
export { hostToBind, isLoopback } from './listen/loopback.ts';
export { type ActivatedSocket, activatedSockets, type SocketKind, socketKind } from './listen/socket-activation.ts';
export { LogServer } from './log-server.ts';
export type { LogServerEvents, LogServerOptions } from './log-server-options.ts';
export type { Connection, Disconnect } from './reading/connection.ts';
export type { DrainOptions } from './reading/drain.ts';
export { type TlsSettings, TlsSettingsError } from './tls/tls-settings.ts';
