// Records to a syslog server, as Python's SysLogHandler sends them: over UDP, TCP or a Unix stream socket.

import { connect } from 'node:net';
import { Outbox, type OutboxOptions } from '../deliver/outbox.ts';
import type { Transport } from '../deliver/transport.ts';
import { DatagramTransport } from '../deliver/transports/datagram-transport.ts';
import { StreamTransport, unixDatagramSocket } from '../deliver/transports/stream-transport.ts';
import { textEncoding } from '../encode/text-encoding.ts';
import { LoggingError } from '../errors.ts';
import type { LogRecord } from '../event/log-record.ts';
import { OutboxHandler } from './outbox-handler.ts';
import { facilityNames, levelPriorities, priorityNames, syslogFacilities } from './sys-log-priorities.ts';

/** Options of a SysLogHandler. */
export interface SysLogHandlerOptions extends OutboxOptions {
  /** A host and port, or the path of a Unix stream socket. Default `['localhost', 514]`. */
  readonly address?: readonly [host: string, port: number] | string;
  /** A facility's number or name. Default `user`. */
  readonly facility?: number | string;
  /** Default `udp` for a host. A path has `tcp` only: Node has no Unix datagram sockets, as `/dev/log` mostly is. */
  readonly socktype?: 'udp' | 'tcp';
  /** What stands before each message; `program: `, say. Default empty. */
  readonly ident?: string;
  /** Whether a NUL ends each message. Over a stream, nothing else does. Default true. */
  readonly appendNul?: boolean;
}

/** The largest facility that fits the 32 bits which it shares with a priority. */
const FACILITY_MAX: number = 2 ** 28 - 1;
const PRIORITY_MAX = 7;

const utf8 = textEncoding('utf-8', 'backslashreplace');

/**
 * Sends each record as `<priority>`, the ident, and its text. The text is the formatter's as it is: one that escapes
 * line ends keeps a stranger's record from looking like two.
 *
 * Records wait while the server cannot be reached. Those that were being sent over a stream when it broke (64 KiB, or one
 * longer record) are sent again, and may arrive twice. A message that is too long for a datagram is counted as failed.
 */
export class SysLogHandler extends OutboxHandler {
  readonly address: readonly [host: string, port: number] | string;
  readonly facility: number | string;
  readonly socktype: 'udp' | 'tcp';
  ident: string;
  appendNul: boolean;
  /** The name of a priority for the name of a level; any other level is a warning. */
  priorityMap: ReadonlyMap<string, string> = levelPriorities;
  protected readonly outbox: Outbox;

  /**
   * @throws LoggingError `ERR_CONFIG` for a facility that there is not, another socktype, and a path with `udp`
   */
  constructor(options: SysLogHandlerOptions = {}) {
    super();
    const { address = ['localhost', 514], facility = syslogFacilities.LOG_USER } = options;
    const { socktype = typeof address === 'string' ? 'tcp' : 'udp', ident = '', appendNul = true } = options;
    this.address = address;
    this.facility = facility;
    this.socktype = socktype;
    this.ident = ident;
    this.appendNul = appendNul;
    this.encodePriority(facility, 0);
    this.outbox = new Outbox(this.#transport(), this, options);
  }

  /**
   * A facility and a priority, by their numbers or names, as the one number that a message begins with.
   * @throws LoggingError `ERR_CONFIG` for a name or number that there is not
   */
  encodePriority(facility: number | string, priority: number | string): number {
    const code = numberOf(facility, facilityNames, 'facility', FACILITY_MAX);
    return code * 8 + numberOf(priority, priorityNames, 'priority', PRIORITY_MAX);
  }

  /** The name of the priority of a level, for `encodePriority`. */
  mapPriority(levelname: string): string {
    return this.priorityMap.get(levelname) ?? 'warning';
  }

  protected override payload(record: LogRecord): Uint8Array {
    const message = this.ident + this.format(record) + (this.appendNul ? '\0' : '');
    const priority = this.encodePriority(this.facility, this.mapPriority(String(record.levelname)));
    return utf8.encode(utf8.prepare(`<${priority}>${message}`));
  }

  #transport(): Transport {
    const { address, socktype } = this;
    if (socktype !== 'udp' && socktype !== 'tcp') {
      throw new LoggingError('ERR_CONFIG', `the socktype must be udp or tcp, not ${socktype}`);
    }
    if (typeof address === 'string' && socktype === 'udp') throw unixDatagramSocket(address);
    if (typeof address !== 'string' && socktype === 'udp') return new DatagramTransport(...address);
    const to = typeof address === 'string' ? { path: address } : { host: address[0], port: address[1] };
    return new StreamTransport(
      () => connect(to),
      (error) => this.handleError(error, null),
    );
  }
}

function numberOf(code: number | string, names: ReadonlyMap<string, number>, what: string, max: number): number {
  const number = typeof code === 'string' ? names.get(code) : code;
  if (number !== undefined && Number.isInteger(number) && number >= 0 && number <= max) return number;
  throw new LoggingError('ERR_CONFIG', `there is no ${what} ${code}`);
}
