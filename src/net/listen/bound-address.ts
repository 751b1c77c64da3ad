// An endpoint as it is bound.

import { formatHost } from './endpoint.ts';

/** What is listened on, now that the system has chosen what was left to it. */
export interface BoundAddress {
  readonly transport: 'tcp' | 'tls' | 'udp' | 'unix';
  /** The address; of a Unix socket its path. */
  readonly address: string;
  /** 0 for a Unix socket. */
  readonly port: number;
  readonly family: 'IPv4' | 'IPv6' | 'unix';
  /** As `parseEndpoint` reads it: `tcp://127.0.0.1:9020`. */
  readonly url: string;
}

/** An address and a port, bound. */
export function boundAddress(transport: 'tcp' | 'tls' | 'udp', address: string, port: number): BoundAddress {
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return { transport, address, port, family, url: `${transport}://${formatHost(address)}:${port}` };
}

/** A Unix socket, bound. */
export function boundToPath(path: string): BoundAddress {
  return { transport: 'unix', address: path, port: 0, family: 'unix', url: `unix:${path}` };
}
