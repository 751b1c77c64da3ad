// Where a server listens: as text, and as data.

import { isIPv6 } from 'node:net';

/** Something to listen on. */
export type Endpoint =
  | { readonly transport: 'tcp' | 'tls' | 'udp'; readonly host: string; readonly port: number }
  | { readonly transport: 'unix'; readonly path: string }
  /** A socket that is bound already, by its file descriptor: systemd hands such over (sd_listen_fds(3)). */
  | { readonly transport: 'fd'; readonly fd: number; readonly tls: boolean };

/** `logging.handlers.DEFAULT_TCP_LOGGING_PORT`. */
export const TCP_PORT_DEFAULT: number = 9020;

/** `logging.handlers.DEFAULT_UDP_LOGGING_PORT`. */
export const UDP_PORT_DEFAULT: number = 9021;

/** The address that is bound where none is named: other machines cannot reach it. */
export const HOST_DEFAULT: string = '127.0.0.1';

/** Text, or an endpoint, that cannot be listened on. Its message is one line. */
export class EndpointError extends Error {
  override readonly name: string = 'EndpointError';
  readonly code: 'ERR_ENDPOINT' = 'ERR_ENDPOINT';
}

const PORT_MAX = 65_535;

// A name, an IPv4 address, or an IPv6 address in brackets (RFC 3986, 3.2.2); then a port, which may be left out.
const WITH_HOST = /^(tcp|tls|udp):\/\/(?:\[([^\]]*)\]|([^\s:/[\]@?#]*))(?::(\d*))?\/?$/i;
const WITH_PATH = /^unix:(?:\/\/(?=\/))?([^\0]+)$/i;

/**
 * Reads `tcp://127.0.0.1:9020`, `tls://[::1]:9020`, `udp://127.0.0.1`, `unix:/run/picklewire.sock` and the like. The port
 * is Python's (9020; 9021 for udp) where none is given, and 0 lets the system choose.
 * @throws EndpointError
 */
export function parseEndpoint(text: string): Endpoint {
  const path = WITH_PATH.exec(text)?.[1];
  if (path !== undefined) return { transport: 'unix', path };
  const [, scheme, inBrackets, plain, digits = ''] = WITH_HOST.exec(text) ?? [];
  const host = inBrackets ?? plain;
  if (scheme === undefined || host === undefined) {
    throw new EndpointError(
      `${JSON.stringify(text)} is nothing to listen on: write tcp://host:port, tls://host:port, udp://host:port or unix:/path, an IPv6 host in brackets`,
    );
  }
  if (host === '') {
    throw new EndpointError(
      `${JSON.stringify(text)} names no host: 127.0.0.1 is this machine, 0.0.0.0 and [::] are all`,
    );
  }
  if (inBrackets !== undefined && !isIPv6(inBrackets)) {
    throw new EndpointError(`${JSON.stringify(text)} has in brackets what is no IPv6 address`);
  }
  const transport = scheme.toLowerCase() as 'tcp' | 'tls' | 'udp';
  const port = digits === '' ? defaultPort(transport) : Number(digits);
  if (port > PORT_MAX) throw new EndpointError(`${JSON.stringify(text)} has a port over ${PORT_MAX}`);
  return { transport, host, port };
}

/** The text of an endpoint, as `parseEndpoint` reads it. A socket that was handed over is `fd:` and its number. */
export function formatEndpoint(endpoint: Endpoint): string {
  switch (endpoint.transport) {
    case 'unix':
      return `unix:${endpoint.path}`;
    case 'fd':
      return `fd:${endpoint.fd}`;
    default:
      return `${endpoint.transport}://${formatHost(endpoint.host)}:${endpoint.port}`;
  }
}

/** What to listen on, however it is said: endpoints, their texts, or the host and port of one over TCP. */
export interface ListenOptions {
  /** Endpoints or their texts, one or several. Default `tcp://127.0.0.1:9020`. */
  readonly listen?: string | Endpoint | readonly (string | Endpoint)[] | undefined;
  /** With `port`, short for one TCP endpoint. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

/**
 * The endpoints that options ask for.
 * @throws EndpointError for text that names no endpoint; TypeError for `listen` beside `host` or `port`, and for an empty list
 */
export function endpointsOf({ listen, host, port }: ListenOptions): readonly Endpoint[] {
  if (listen === undefined) {
    return [{ transport: 'tcp', host: host ?? HOST_DEFAULT, port: port ?? TCP_PORT_DEFAULT }];
  }
  if (host !== undefined || port !== undefined) {
    throw new TypeError('listen says where to listen: host and port cannot stand beside it');
  }
  const all: readonly (string | Endpoint)[] = Array.isArray(listen) ? listen : [listen as string | Endpoint];
  if (all.length === 0) throw new TypeError('there must be an endpoint to listen on');
  return all.map((each) => (typeof each === 'string' ? parseEndpoint(each) : each));
}

/** A host as it stands in an address: IPv6 in brackets. */
export function formatHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function defaultPort(transport: 'tcp' | 'tls' | 'udp'): number {
  return transport === 'udp' ? UDP_PORT_DEFAULT : TCP_PORT_DEFAULT;
}
