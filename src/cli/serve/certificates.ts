// The certificates of `--tls-cert` and its like, which SIGHUP reads again.

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsSettings } from '../../net/index.ts';
import type { Receiver } from '../../receiver/index.ts';
import { failure, reasonOf } from '../command-failure.ts';
import type { Messages } from '../monitoring/messages.ts';

/** The files of certificates, and the newest version of TLS that they serve. */
export interface CertificatePaths {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
  readonly maxVersion: TlsSettings['maxVersion'];
}

/** The certificates of a server, from their files. */
export class Certificates {
  readonly #paths: CertificatePaths;
  readonly #messages: Messages;

  constructor(paths: CertificatePaths, messages: Messages) {
    this.#paths = paths;
    this.#messages = messages;
  }

  /**
   * What the files hold now.
   * @throws CommandFailure for a file that cannot be read
   */
  read(): TlsSettings {
    const { cert, key, ca, maxVersion } = this.#paths;
    const tls = { cert: readPem(cert), key: readPem(key), ca: ca === undefined ? ca : readPem(ca), maxVersion };
    this.#warnOfExpiry(tls.cert);
    return tls;
  }

  /** Reads the files again, for connections that come from now on. Where they cannot be used, those of before stay. */
  reload(receiver: Receiver): void {
    try {
      receiver.setTls(this.read());
      this.#messages.info('cli', `read the certificate from ${this.#paths.cert}`);
    } catch (error) {
      this.#messages.error('cli', `the certificates stay as they were: ${reasonOf(error)}`);
    }
  }

  /** Senders refuse a certificate that has expired, and it is here that this can be seen. */
  #warnOfExpiry(pem: Buffer): void {
    let expiry: number;
    try {
      expiry = Date.parse(new X509Certificate(pem).validTo);
    } catch {
      return; // The receiver that is given the certificate says what is wrong with it.
    }
    if (expiry >= Date.now()) return;
    const day = new Date(expiry).toISOString().slice(0, 10);
    this.#messages.error('cli', `the certificate in ${this.#paths.cert} expired on ${day}: senders will not accept it`);
  }
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw failure('cannot read a certificate or its key', error);
  }
}
