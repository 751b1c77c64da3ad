// Which hosts only this machine reaches. This is told by the text alone, so `localhost` must be bound without a look-up
// as well.

import { BlockList, isIP } from 'node:net';

import { HOST_DEFAULT } from './endpoint.ts';

// RFC 1122, 3.2.1.3 (g); RFC 4291, 2.5.3. A BlockList takes IPv6's way of writing IPv4 addresses for those.
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether only this machine reaches what is bound to `host`: an address of loopback, or the name `localhost`. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host.toLowerCase() === 'localhost';
  return LOOPBACK.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

/** The host to bind for one that was asked for: for `localhost` an address, as a resolver may make others of it. */
export function hostToBind(host: string): string {
  // RFC 6761, 6.3
  return host.toLowerCase() === 'localhost' ? HOST_DEFAULT : host;
}
