// Records to a syslog server, as Python's SysLogHandler sends them. Knows no server's dialect.

import { DatagramTransport } from '../deliver/datagram-transport.ts';
import { Outbox, type OutboxOptions, type Transport } from '../deliver/outbox.ts';
import { datagramSocket, StreamTransport } from '../deliver/stream-transport.ts';
import { LoggingError } from '../errors.ts';
import type { LogRecord } from '../event/log-record.ts';
import { Handler } from '../handler.ts';
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

/** Numbers from here on do not fit the 32 bits that a facility and a priority share. */
const FACILITIES: number = 2 ** 28;

/**
 * Sends each record as `<priority>`, the ident, and its text. The text is the formatter's as it is: one that escapes
 * line ends keeps a stranger's record from looking like two.
 *
 * Records wait while the server cannot be reached. Those that were being sent over a stream when it broke (64 KiB at
 * most) are sent again, and may arrive twice.
 */
export class SysLogHandler extends Handler {
  readonly address: readonly [host: string, port: number] | string;
  readonly facility: number | string;
  readonly socktype: 'udp' | 'tcp';
  ident: string;
  appendNul: boolean;
  /** The name of a priority for the name of a level; any other level is a warning. */
  priorityMap: ReadonlyMap<string, string> = levelPriorities;
  readonly #outbox: Outbox;

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
    const onError = (error: Error): void => this.handleError(error, null);
    this.#outbox = new Outbox(makeLink(address, socktype, onError), options, this.dropped, onError);
  }

  /**
   * A facility and a priority, by their numbers or names, as the one number that a message begins with.
   * @throws LoggingError `ERR_CONFIG` for a name or number that there is not
   */
  encodePriority(facility: number | string, priority: number | string): number {
    const code = numberOf(facility, facilityNames, 'facility', FACILITIES);
    return code * 8 + numberOf(priority, priorityNames, 'priority', 8);
  }

  /** The name of the priority of a level, for `encodePriority`. */
  mapPriority(levelname: string): string {
    return this.priorityMap.get(levelname) ?? 'warning';
  }

  override emit(record: LogRecord): void {
    const levelname = String(record.levelname);
    const message = this.ident + this.format(record) + (this.appendNul ? '\0' : '');
    const priority = this.encodePriority(this.facility, this.mapPriority(levelname));
    this.#outbox.push(`<${priority}>${message}`, levelname);
  }

  /**
   * Resolves when everything emitted so far was handed to the operating system.
   * @throws the system's error when an attempt fails meanwhile; the records stay, and are tried again
   */
  override flush(): Promise<void> {
    return this.#outbox.flush();
  }

  /**
   * Sends what is pending and closes the socket. As in Python, a record after it opens another.
   * @throws the system's error when an attempt fails; what was pending is counted as dropped
   */
  override close(): Promise<void> {
    return this.#outbox.close();
  }
}

function makeLink(
  address: readonly [host: string, port: number] | string,
  socktype: string,
  onLost: (error: Error) => void,
): Transport {
  if (socktype !== 'udp' && socktype !== 'tcp') {
    throw new LoggingError('ERR_CONFIG', `the socktype must be udp or tcp, not ${socktype}`);
  }
  if (typeof address === 'string') {
    if (socktype === 'udp') throw datagramSocket(address);
    return new StreamTransport({ path: address });
  }
  const [host, port] = address;
  return socktype === 'udp' ? new DatagramTransport(host, port, onLost) : new StreamTransport({ host, port });
}

function numberOf(code: number | string, names: ReadonlyMap<string, number>, what: string, limit: number): number {
  const number = typeof code === 'string' ? names.get(code) : code;
  if (number !== undefined && Number.isInteger(number) && number >= 0 && number < limit) return number;
  throw new LoggingError('ERR_CONFIG', `there is no ${what} ${code}`);
}
