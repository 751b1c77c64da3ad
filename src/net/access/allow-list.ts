// Addresses and networks that may send, and the one way in which an address is written.

import { BlockList, isIP, isIPv6 } from 'node:net';

import { EndpointError } from '../listen/endpoint.ts';

/** Addresses and ranges of them. */
export class AllowList {
  readonly #list: BlockList = new BlockList();

  /**
   * Takes addresses (`10.0.0.5`, `fe80::1`) and ranges (`10.0.0.0/8`). An empty list keeps all out.
   * @throws EndpointError for what is neither
   */
  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry);
  }

  /** Whether an address is among them. An IPv4 address may be written as IPv6 has it (`::ffff:10.0.0.5`). */
  has(address: string): boolean {
    const [plain] = address.split('%', 1) as [string];
    return this.#list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  }

  #add(entry: string): void {
    const [address, length, ...more] = entry.split('/') as [string, ...string[]];
    const version = address.includes('%') ? 0 : isIP(address);
    const bits = version === 6 ? 128 : 32;
    const prefix = length === undefined ? bits : Number(/^\d{1,3}$/.exec(length)?.[0]);
    if (version === 0 || more.length > 0 || !(prefix <= bits)) {
      const expected = 'an address or a range, as in 10.0.0.5, 10.0.0.0/8 or fd00::/8';
      throw new EndpointError(`${JSON.stringify(entry)} is no such thing as ${expected}`);
    }
    const mapped = version === 6 ? ipv4Of(address) : address;
    // What is written as IPv6 and has nothing but an IPv4 address open is a range of those.
    if (mapped !== null && prefix >= bits - 32) this.#list.addSubnet(mapped, prefix - (bits - 32), 'ipv4');
    else this.#list.addSubnet(address, prefix, 'ipv6');
  }
}

/** An address as it is counted and told: an IPv4 address in its own notation, whatever socket it came to. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? (ipv4Of(address) ?? address) : address;
}

/** The IPv4 address that an IPv6 one stands for (RFC 4291, 2.5.5.2), or null. */
function ipv4Of(address: string): string | null {
  // The URL parser has one way to write each address.
  const [, high, low] = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/.exec(new URL(`tcp://[${address}]`).hostname) ?? [];
  if (high === undefined || low === undefined) return null;
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [upper >> 8, upper & 0xff, lower >> 8, lower & 0xff].join('.');
}
