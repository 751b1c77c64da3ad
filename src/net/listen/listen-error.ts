// The error of an endpoint that cannot be listened on, with the reason in words.

import { type Endpoint, formatEndpoint } from './endpoint.ts';

/** An endpoint that cannot be listened on. Its message is one line and names it; `cause` is the system's error. */
export class ListenError extends Error {
  override readonly name: string = 'ListenError';
  /** The system's: EADDRINUSE, EACCES, EADDRNOTAVAIL, ENOTFOUND and the like; or ERR_ENDPOINT. */
  readonly code: string;
  readonly endpoint: Endpoint;

  constructor(endpoint: Endpoint, cause: unknown) {
    const { code = 'ERR_LISTEN', message } = cause as NodeJS.ErrnoException;
    super(`cannot listen on ${formatEndpoint(endpoint)}: ${REASONS[code] ?? message} (${code})`, { cause });
    this.code = code;
    this.endpoint = endpoint;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not (ports below 1024 are for root, and a folder for those who may write to it)',
  ENOENT: 'there is no such folder',
  ENOTFOUND: 'there is no such host name',
};
