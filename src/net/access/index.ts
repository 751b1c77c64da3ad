// Who may send, and how much of it may wait here unfinished.

export { AllowList } from './allow-list.ts';
export {
  CONNECTION_LIMITS_DEFAULT,
  type ConnectionLimitOptions,
  type ConnectionLimits,
} from './connection-limits.ts';
export { type Peer, PeerRefusedError, type RefusalCode } from './peer.ts';
