// Where to listen: endpoints as text and as data, addresses that only this machine reaches, sockets handed over.

export type { BoundAddress } from './bound-address.ts';
export {
  type Endpoint,
  EndpointError,
  endpointsOf,
  formatEndpoint,
  type ListenOptions,
  parseEndpoint,
} from './endpoint.ts';
export { ListenError } from './listen-error.ts';
export { hostToBind, isLoopback } from './loopback.ts';
export { type ActivatedSocket, activatedSockets, socketKind } from './socket-activation.ts';
