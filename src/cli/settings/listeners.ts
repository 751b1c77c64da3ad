// What is listened on, from the texts of settings. Binds nothing, and knows nothing of who may send.

import { InvalidArgumentError } from 'commander';
import { AllowList } from '../../net/access/index.ts';
import { type Endpoint, EndpointError, formatEndpoint, parseEndpoint } from '../../net/index.ts';
import { type ActivatedSocket, activatedSockets } from '../../net/listen/index.ts';
import { failure } from '../command-failure.ts';

/** One `--listen`: an endpoint, or all the sockets that systemd hands over. */
export type ListenUrl = Endpoint | 'systemd';

/** Where HTTP is served. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** An endpoint, and what is known of who can reach it. */
export interface Listener {
  readonly endpoint: Endpoint;
  /** As messages name it. */
  readonly name: string;
  readonly isUnix: boolean;
  readonly isTls: boolean;
  /** The address that is or will be bound; null where there is none, or where it is not known. */
  readonly host: string | null;
}

/** A URL of `--listen`. */
export function listenUrl(text: string): ListenUrl {
  return text === 'systemd:' ? 'systemd' : checked(text, parseEndpoint);
}

/** An address, or a network as `10.0.0.0/8`. */
export function network(text: string): string {
  return checked(text, () => {
    new AllowList([text]);
    return text;
  });
}

/** `9100`, `localhost:9100` or `[::1]:9100`. */
export function hostPort(text: string): HostPort {
  const match = /^(?:(?:\[([\da-fA-F:.]+)\]|([^:[\]/@\s]+)):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new InvalidArgumentError('It must be [host:]port.');
  return { host: match[1] ?? match[2] ?? '127.0.0.1', port };
}

/**
 * The listeners of settings; those of systemd are looked up in the environment of this process.
 * @throws CommandFailure where systemd handed over none, or none that can be used
 */
export function listenersOf(urls: readonly ListenUrl[], env: NodeJS.ProcessEnv, pid: number): Listener[] {
  return urls.flatMap((url) => (url === 'systemd' ? handedOver(env, pid).map(listenerOfSocket) : [listenerOf(url)]));
}

/** What a parser makes of a setting's text. */
function checked<T>(text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof EndpointError ? new InvalidArgumentError(error.message) : error;
  }
}

function handedOver(env: NodeJS.ProcessEnv, pid: number): ActivatedSocket[] {
  let sockets: ActivatedSocket[];
  try {
    sockets = activatedSockets(env, pid);
  } catch (error) {
    throw failure('cannot use the sockets of systemd', error);
  }
  if (sockets.length > 0) return sockets;
  throw failure('cannot listen on the sockets of systemd', 'this process was handed none; start it by a .socket unit');
}

function listenerOf(endpoint: Endpoint): Listener {
  return {
    endpoint,
    name: formatEndpoint(endpoint),
    isUnix: endpoint.transport === 'unix',
    isTls: endpoint.transport === 'tls',
    host: 'host' in endpoint ? endpoint.host : null,
  };
}

function listenerOfSocket({ endpoint, kind, host, name }: ActivatedSocket): Listener {
  return {
    endpoint,
    name: `the ${kind} socket of systemd${name === '' ? '' : ` named ${name}`}${host === null ? '' : ` on ${host}`}`,
    isUnix: kind === 'unix',
    isTls: endpoint.transport === 'fd' && endpoint.tls,
    host,
  };
}
