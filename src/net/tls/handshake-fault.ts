// The reasons of failed TLS handshakes, in words.

import { PeerRefusedError } from '../access/peer.ts';

/** By OpenSSL's and Node's codes; those of the client's certificate are X509_verify_cert(3)'s. */
const REASONS: Readonly<Record<string, string>> = {
  ERR_SSL_HTTP_REQUEST: 'it sent an HTTP request',
  ERR_SSL_HTTPS_PROXY_REQUEST: 'it sent an HTTP request',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it sent no TLS: a handler without TLS, perhaps',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'it showed no client certificate',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks no version of TLS that is taken here',
  ERR_SSL_NO_SHARED_CIPHER: 'there is no cipher that both sides take',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "it does not know the authority of this server's certificate",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "it does not take this server's certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "this server's certificate has expired, it says",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: "it does not take this server's certificate",
  ERR_TLS_HANDSHAKE_TIMEOUT: 'it did not finish in time',
  ECONNRESET: 'it left in the middle of it',
  CERT_HAS_EXPIRED: 'its client certificate has expired',
  CERT_NOT_YET_VALID: 'its client certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its client certificate is signed by itself, by no authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'its client certificate is of an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'its client certificate is of an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its client certificate is of an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its client certificate is of an authority that is not known here',
  INVALID_PURPOSE: 'its certificate is not one for a client',
};

const HTTP: ReadonlySet<string> = new Set(['ERR_SSL_HTTP_REQUEST', 'ERR_SSL_HTTPS_PROXY_REQUEST']);

/**
 * What went wrong. `certificateFault` is the code of what is wrong with the client's certificate, if anything is:
 * Node then closes, and the error says only that.
 */
export function handshakeFault(error: NodeJS.ErrnoException, certificateFault: string | null): PeerRefusedError {
  const code = certificateFault ?? error.code ?? '';
  const reason =
    REASONS[code] ?? (certificateFault === null ? unknownReason(error) : `its client certificate: ${code}`);
  return new PeerRefusedError(
    'ERR_TLS_HANDSHAKE',
    `the TLS handshake failed: ${reason}`,
    HTTP.has(code) ? 'http' : null,
  );
}

/** OpenSSL's errors read `thread:error:number:library:function:reason:file:line:`, in a line of their own. */
function unknownReason({ code, message, reason }: NodeJS.ErrnoException & { reason?: string }): string {
  return `${reason ?? message.split('\n', 1)[0]} (${code ?? 'no code'})`;
}
