// Sockets that were bound before this program started, by systemd say: sd_listen_fds(3). Reads what they are from /proc
// (proc_net(5)), and leaves them to the server that listens on them.

import { readFileSync, readlinkSync } from 'node:fs';

import { type Endpoint, EndpointError } from './endpoint.ts';

/** What a file descriptor is a socket of. */
export interface SocketKind {
  readonly kind: 'tcp' | 'udp' | 'unix';
  /** The address it is bound to; null for a Unix socket. */
  readonly host: string | null;
  /** The port; 0 for a Unix socket. */
  readonly port: number;
  /** The path of a Unix socket; else null. */
  readonly path: string | null;
}

/** A socket that was handed over. */
export interface ActivatedSocket {
  /** To be listened on; its transport is `fd`. */
  readonly endpoint: Endpoint;
  readonly kind: 'tcp' | 'udp' | 'unix';
  /** The address it is bound to; null for a Unix socket. */
  readonly host: string | null;
  /** systemd's FileDescriptorName=, or empty. */
  readonly name: string;
}

/** SD_LISTEN_FDS_START. */
const FIRST_FD = 3;

/**
 * The sockets that `env` says were handed to the process `pid`: LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES of
 * sd_listen_fds(3). None when they are for another process, or when there is no such thing. One whose name begins with
 * `tls` is for TLS.
 * @throws EndpointError with one line, when the variables contradict themselves or a descriptor is no socket to listen on
 */
export function activatedSockets(env: NodeJS.ProcessEnv, pid: number): ActivatedSocket[] {
  const { LISTEN_PID: owner, LISTEN_FDS: count, LISTEN_FDNAMES: names } = env;
  if (owner === undefined || count === undefined) return [];
  if (wholeNumber('LISTEN_PID', owner) !== pid) return [];
  const all = names === undefined ? [] : names.split(':');
  const number = wholeNumber('LISTEN_FDS', count);
  if (names !== undefined && all.length !== number) {
    throw new EndpointError(`LISTEN_FDNAMES has ${all.length} names for the ${number} sockets of LISTEN_FDS`);
  }
  return Array.from({ length: number }, (_, index) => {
    const [fd, name] = [FIRST_FD + index, all[index] ?? ''];
    const { kind, host } = socketKind(fd);
    const tls = name.startsWith('tls');
    if (tls && kind !== 'tcp')
      throw new EndpointError(`file descriptor ${fd} (${name}) is no TCP socket: no TLS there`);
    return { endpoint: { transport: 'fd', fd, tls }, kind, host, name };
  });
}

/**
 * What a file descriptor of this process is, as far as it can be listened on: a listening TCP or Unix stream socket, or
 * a UDP socket.
 * @throws EndpointError for anything else
 */
export function socketKind(fd: number): SocketKind {
  const inode = inodeOf(fd);
  for (const [table, kind] of TABLES) {
    const row = readTable(table).find((columns) => columns[INODE] === inode);
    if (row === undefined) continue;
    if (kind === 'tcp' && row[STATE] !== LISTENING) throw new EndpointError(`file descriptor ${fd} does not listen`);
    const [address, port] = row[LOCAL]!.split(':') as [string, string];
    return { kind, host: hostOf(address), port: Number.parseInt(port, 16), path: null };
  }
  const unix = readTable('unix').find((columns) => columns[UNIX_INODE] === inode);
  if (unix === undefined) {
    throw new EndpointError(`file descriptor ${fd} is no TCP, UDP or Unix socket, or one of another network namespace`);
  }
  if (unix[UNIX_TYPE] !== STREAM || !(Number.parseInt(unix[UNIX_FLAGS]!, 16) & ACCEPTS)) {
    throw new EndpointError(`file descriptor ${fd} is a Unix socket that does not listen for streams`);
  }
  return { kind: 'unix', host: null, port: 0, path: unix.slice(UNIX_PATH).join(' ') };
}

const TABLES = [
  ['tcp', 'tcp'],
  ['tcp6', 'tcp'],
  ['udp', 'udp'],
  ['udp6', 'udp'],
] as const;

// The columns of /proc/net/tcp and its like, and TCP_LISTEN.
const LOCAL = 1;
const STATE = 3;
const INODE = 9;
const LISTENING = '0A';

// Those of /proc/net/unix, SOCK_STREAM, and __SO_ACCEPTCON.
const UNIX_FLAGS = 3;
const UNIX_TYPE = 4;
const UNIX_INODE = 6;
const UNIX_PATH = 7;
const STREAM = '0001';
const ACCEPTS = 0x10000;

function inodeOf(fd: number): string {
  let target: string;
  try {
    target = readlinkSync(`/proc/self/fd/${fd}`);
  } catch (error) {
    throw new EndpointError(`cannot look at file descriptor ${fd}: ${(error as Error).message}`);
  }
  const [, inode] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
  if (inode === undefined) throw new EndpointError(`file descriptor ${fd} is no socket: it is ${target}`);
  return inode;
}

/** The rows of a table, in columns, without its heading; none where the system has no such table. */
function readTable(name: string): string[][] {
  let text: string;
  try {
    text = readFileSync(`/proc/self/net/${name}`, 'latin1');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/ +/));
}

/** An address as /proc has it: 32-bit words in hex, each in the byte order of this machine, which is Linux's usual. */
function hostOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex').swap32();
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  // The one way to write each address (RFC 5952) is the URL parser's.
  return new URL(`tcp://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new EndpointError(`${name} is no whole number: ${JSON.stringify(text)}`);
  return Number(text);
}
