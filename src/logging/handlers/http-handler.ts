// Records to a web server, as Python's HTTPHandler sends them: each a form, in a request of its own.

import type { SecureContextOptions } from 'node:tls';
import { Outbox, type OutboxOptions } from '../deliver/outbox.ts';
import { type HttpMessage, HttpTransport } from '../deliver/transports/http-transport.ts';
import { LoggingError } from '../errors.ts';
import type { LogRecord } from '../event/log-record.ts';
import { recordDict } from '../event/record-dict.ts';
import { OutboxHandler } from './outbox-handler.ts';
import { urlencode } from './url-encode.ts';

/** What Python has an `ssl.SSLContext` for: certificates and keys to trust and to show. */
export interface HTTPContext extends SecureContextOptions {
  /** Whether a server's certificate must be one to trust. Default true. */
  readonly rejectUnauthorized?: boolean;
  /** The name that the certificate must have, where it is not the host's. */
  readonly servername?: string;
}

/** Options of an HTTPHandler. */
export interface HTTPHandlerOptions extends OutboxOptions {
  /** `GET` (the default) or `POST`, in any case. */
  readonly method?: string;
  /** Uses HTTPS. Default false. */
  readonly secure?: boolean;
  /** User name and password, sent with each request. */
  readonly credentials?: readonly [user: string, password: string] | null;
  /** For HTTPS; default: the system's. */
  readonly context?: HTTPContext | null;
}

/**
 * Sends each record as a form: in the URL of a GET, or in the body of a POST. One request at a time; records wait for
 * it, and while the server cannot be reached or answers 429 or 500 and above. Then the record is sent again, not before
 * the time of a `Retry-After`; so is one whose request broke before its answer, and which may arrive twice. A record that
 * the server refuses with another status from 400 up is counted as failed (Python does not look).
 */
export class HTTPHandler extends OutboxHandler {
  /** The server, with a port after a colon where that is not the usual one. */
  readonly host: string;
  /** The path of the requests. */
  readonly url: string;
  readonly secure: boolean;
  readonly #hostname: string;
  readonly #port: number | null;
  readonly #context: HTTPContext;
  readonly #authorization: string | null;
  protected readonly outbox: Outbox;
  #method: 'GET' | 'POST';

  /**
   * @throws LoggingError `ERR_CONFIG` for a host that is none, another method, and a context without `secure`
   */
  constructor(host: string, url: string, options: HTTPHandlerOptions = {}) {
    super();
    const { method = 'GET', secure = false, credentials = null, context = null } = options;
    if (!secure && context !== null)
      throw new LoggingError('ERR_CONFIG', 'a context is for HTTPS, which is not asked for');
    this.host = host;
    this.url = url;
    this.secure = secure;
    [this.#hostname, this.#port] = splitHost(host);
    this.#context = context ?? {};
    this.#authorization =
      credentials === null ? null : `Basic ${Buffer.from(credentials.join(':')).toString('base64')}`;
    this.#method = checkMethod(method);
    this.outbox = new Outbox(new HttpTransport((form) => this.#message(form)), this, options);
  }

  get method(): 'GET' | 'POST' {
    return this.#method;
  }

  /** @throws LoggingError `ERR_CONFIG` for another method than GET and POST */
  set method(method: string) {
    this.#method = checkMethod(method);
  }

  /** The fields of the form: here, all attributes of the record. For subclasses to override. */
  mapLogRecord(record: LogRecord): Iterable<readonly [unknown, unknown]> {
    return recordDict(record);
  }

  protected override payload(record: LogRecord): Uint8Array {
    return Buffer.from(urlencode(this.mapLogRecord(record)), 'latin1');
  }

  #message(form: Uint8Array): HttpMessage {
    const isPost = this.#method === 'POST';
    const separator = this.url.includes('?') ? '&' : '?';
    return {
      secure: this.secure,
      options: {
        ...this.#context,
        host: this.#hostname,
        port: this.#port,
        method: this.#method,
        path: isPost ? this.url : this.url + separator + Buffer.from(form).toString('latin1'),
        headers: {
          'Accept-Encoding': 'identity',
          ...(isPost ? { 'Content-type': 'application/x-www-form-urlencoded', 'Content-length': form.length } : {}),
          ...(this.#authorization === null ? {} : { Authorization: this.#authorization }),
        },
      },
      body: isPost ? form : EMPTY,
    };
  }
}

const EMPTY: Uint8Array = new Uint8Array(0);

function checkMethod(method: string): 'GET' | 'POST' {
  const name = method.toUpperCase();
  if (name === 'GET' || name === 'POST') return name;
  throw new LoggingError('ERR_CONFIG', `the method must be GET or POST, not ${method}`);
}

/** A host and its port, as Python's http.client reads them: a name, an address, an IPv6 address in brackets. */
function splitHost(host: string): [hostname: string, port: number | null] {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:\s]+))(?::(\d{0,5}))?$/.exec(host) ?? [];
  const hostname = bracketed ?? plain;
  if (hostname === undefined || Number(port) > 65_535)
    throw new LoggingError('ERR_CONFIG', `${host} is no host and port`);
  return [hostname, port ? Number(port) : null];
}
