// picklewire/net: frames from sockets, datagrams and streams; what a program needs that listens itself.

export {
  CONNECTION_LIMITS_DEFAULT,
  type ConnectionLimitOptions,
  type ConnectionLimits,
  type Peer,
  PeerRefusedError,
  type RefusalCode,
} from './access/index.ts';
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
  FrameSignatureError,
  FrameVerifier,
  type FrameVerifierOptions,
  FramingError,
  KeyFileError,
  type LikelyProtocol,
  readKeyFile,
  type SignatureFault,
} from './framing/index.ts';
export {
  type BoundAddress,
  type Endpoint,
  EndpointError,
  formatEndpoint,
  ListenError,
  type ListenOptions,
  parseEndpoint,
} from './listen/index.ts';
export { LogServer } from './log-server.ts';
export type { LogServerEvents, LogServerOptions } from './log-server-options.ts';
export type { Connection, Disconnect } from './reading/connection.ts';
export type { DrainOptions } from './reading/drain.ts';
export { type TlsSettings, TlsSettingsError } from './tls/tls-settings.ts';
