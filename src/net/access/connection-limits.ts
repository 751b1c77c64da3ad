// Limits on what peers take up at a time, and the count of it: connections, and memory for frames that have not arrived
// whole.

import type { FrameBudget } from '../framing/frame-reader.ts';

/** What peers may take up, all together and each address by itself. */
export interface ConnectionLimits {
  /** Connections at a time. Default 20,000. */
  readonly maxConnections: number;
  /** Connections at a time from one address; loopback is one, and so are all Unix sockets. Default 10,000. */
  readonly maxConnectionsPerAddress: number;
  /**
   * Bytes kept of frames that have not arrived whole, beyond the 4 KiB that each connection has of its own. Default
   * 64 MiB. A frame that finds no room is skipped; one of up to 4 KiB needs none. So all together is at most this, and
   * 4 KiB for each connection.
   */
  readonly maxUnfinished: number;
  /** The same for the connections of one address. Default 32 MiB. */
  readonly maxUnfinishedPerAddress: number;
  /** Milliseconds without a byte, inside a frame, until a connection is closed (a quarter more at most). Default 30,000. */
  readonly frameTimeout: number;
}

/** Limits as options give them: the defaults stand for those that are left out. */
export type ConnectionLimitOptions = { readonly [Name in keyof ConnectionLimits]?: ConnectionLimits[Name] | undefined };

export const CONNECTION_LIMITS_DEFAULT: ConnectionLimits = Object.freeze({
  maxConnections: 20_000,
  maxConnectionsPerAddress: 10_000,
  maxUnfinished: 64 * 2 ** 20,
  maxUnfinishedPerAddress: 32 * 2 ** 20,
  frameTimeout: 30_000,
});

/** The longest time that a timer of Node's waits, in milliseconds. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

/** The limits to use for those asked for. Throws RangeError for one that is no whole number of 1 or more. */
export function checkedLimits(options: ConnectionLimitOptions = {}): ConnectionLimits {
  const limits: Record<string, number> = { ...CONNECTION_LIMITS_DEFAULT };
  for (const name of Object.keys(limits) as (keyof ConnectionLimits)[]) {
    const value = options[name];
    if (value === undefined) continue;
    const most = name === 'frameTimeout' ? TIMEOUT_MS_MAX : Number.MAX_SAFE_INTEGER;
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw new RangeError(`${name} must be a whole number from 1 to ${most}, not ${value}`);
    }
    limits[name] = value;
  }
  return limits as unknown as ConnectionLimits;
}

/** What the connections of one address, or all of them, take up. */
export class Usage implements FrameBudget {
  readonly address: string;
  connections = 0;
  /** Bytes kept of frames that have not arrived whole, beyond each connection's own 4 KiB. */
  unfinished = 0;
  readonly #maxUnfinished: number;
  readonly #whole: Usage | null;

  /** `whole` is the usage of all addresses, of which this is a part: it counts the same bytes against its own limit. */
  constructor(address: string, maxUnfinished: number, whole: Usage | null) {
    this.address = address;
    this.#maxUnfinished = maxUnfinished;
    this.#whole = whole;
  }

  reserve(bytes: number): boolean {
    if (this.unfinished + bytes > this.#maxUnfinished || this.#whole?.reserve(bytes) === false) return false;
    this.unfinished += bytes;
    return true;
  }

  release(bytes: number): void {
    this.unfinished -= bytes;
    this.#whole?.release(bytes);
  }
}

/** Counts what peers take up, by address. */
export class ConnectionLimiter {
  readonly #limits: ConnectionLimits;
  readonly #all: Usage;
  readonly #usages: Map<string, Usage> = new Map();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
    this.#all = new Usage('', limits.maxUnfinished, null);
  }

  /** Bytes kept of frames that have not arrived whole, of all connections, beyond their own 4 KiB each. */
  get unfinished(): number {
    return this.#all.unfinished;
  }

  /** Takes in a connection from an address, or says in one line why there is no room for it. */
  enter(address: string): Usage | string {
    const { maxConnections, maxConnectionsPerAddress, maxUnfinishedPerAddress } = this.#limits;
    const { connections } = this.#all;
    if (connections >= maxConnections) {
      return `there are ${connections} connections, and no more are taken in all (maxConnections)`;
    }
    const usage = this.#usages.get(address) ?? new Usage(address, maxUnfinishedPerAddress, this.#all);
    if (usage.connections >= maxConnectionsPerAddress) {
      const limit = 'no more are taken from one address (maxConnectionsPerAddress)';
      return `there are ${usage.connections} connections from ${address}, and ${limit}`;
    }
    this.#all.connections++;
    usage.connections++;
    this.#usages.set(address, usage);
    return usage;
  }

  /** What an address takes up, while it has connections. */
  usageOf(address: string): Usage | undefined {
    return this.#usages.get(address);
  }

  /** Lets a connection go. */
  leave(usage: Usage): void {
    this.#all.connections--;
    usage.connections--;
    if (usage.connections === 0) this.#usages.delete(usage.address);
  }
}
