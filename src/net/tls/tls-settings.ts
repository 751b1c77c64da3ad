// The certificates of a server, and their check before they are used.

import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** What a TLS server shows, and asks for. All are PEM. */
export interface TlsSettings {
  /** The server's certificate, and those between it and its authority. */
  readonly cert: string | Buffer;
  /** Its private key. */
  readonly key: string | Buffer;
  /** With authorities, a client must show a certificate of one of them. */
  readonly ca?: string | Buffer | undefined;
  /**
   * The newest version of TLS that is spoken; TLS 1.2 is the oldest, and the default. In TLS 1.3 a server sends session
   * tickets after the handshake (RFC 8446, 4.6.1; Node cannot leave them out), which a handler that only writes never
   * reads. When it then closes without TLS's own close, or its process dies, that becomes a reset, and the records on
   * their way are lost: allow TLS 1.3 where the senders' handlers close as those of picklewire_handlers.py do.
   */
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
}

/** Certificates, or a key, that cannot be used. Its message is one line. */
export class TlsSettingsError extends Error {
  override readonly name: string = 'TlsSettingsError';
  readonly code: 'ERR_TLS_SETTINGS' = 'ERR_TLS_SETTINGS';
}

/**
 * What a secure context is made of, once it is known that one can be.
 * @throws TlsSettingsError
 */
export function checkedTls({ cert, key, ca, maxVersion = 'TLSv1.2' }: TlsSettings): SecureContextOptions {
  const options: SecureContextOptions = { cert, key, ca, minVersion: 'TLSv1.2', maxVersion };
  parsed('the certificate', cert);
  // A context takes any text for an authority without a word, and then trusts no client.
  if (ca !== undefined) parsed("the clients' authority", ca);
  try {
    createSecureContext(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new TlsSettingsError(FAULTS[code ?? ''] ?? `the certificate and its key cannot be used: ${message}`);
  }
  return options;
}

function parsed(what: string, pem: string | Buffer): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw new TlsSettingsError(`${what} is no certificate in PEM`);
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: 'the key is not the one of the certificate',
  ERR_OSSL_UNSUPPORTED: 'the key is no private key in PEM',
  ERR_OSSL_PEM_NO_START_LINE: 'the key is no private key in PEM',
  ERR_MISSING_PASSPHRASE: 'the key has a passphrase, and must have none',
};
