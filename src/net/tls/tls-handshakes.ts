// TLS handshakes: turns accepted connections into TLS ones, or finds out why that fails.

import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { PeerRefusedError } from '../access/peer.ts';
import { handshakeFault } from './handshake-fault.ts';
import { checkedTls, type TlsSettings, TlsSettingsError } from './tls-settings.ts';

/** Milliseconds that a handshake may take: a stock client gives it one second. */
const HANDSHAKE_MS_MAX = 10_000;

export interface TlsHandshakeEvents {
  /** `subject` is null where no certificate was asked for. */
  readonly onSecure: (socket: TLSSocket, transportSocket: Socket | undefined, subject: string | null) => void;
  readonly onFailure: (transportSocket: Socket | undefined, error: PeerRefusedError) => void;
}

/** The TLS side of a server, which is handed the sockets that another server has accepted. */
export class TlsHandshakes {
  readonly #server: Server;
  /** Whether clients must show a certificate. */
  readonly asksForCertificate: boolean;

  /** @throws TlsSettingsError */
  constructor(settings: TlsSettings, { onSecure, onFailure }: TlsHandshakeEvents) {
    this.asksForCertificate = settings.ca !== undefined;
    this.#server = createServer({
      ...checkedTls(settings),
      requestCert: this.asksForCertificate,
      rejectUnauthorized: true,
      handshakeTimeout: HANDSHAKE_MS_MAX,
    });
    this.#server.on('secureConnection', (socket) => {
      // An error, and with it the end of the connection. OpenSSL's own way is to answer each attempt with an alert, which
      // pile up in memory where the peer does not read.
      socket.disableRenegotiation();
      onSecure(socket, transportSocketOf(socket), this.asksForCertificate ? subjectOf(socket) : null);
    });
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      const transportSocket = transportSocketOf(socket);
      const fault = (socket.authorizationError as unknown as string | null) ?? null;
      // A peer that only looks whether the port is open, and leaves, is no failure.
      const cameToLook = fault === null && error.code === 'ECONNRESET' && transportSocket?.bytesRead === 0;
      if (!cameToLook) onFailure(transportSocket, handshakeFault(error, fault));
    });
  }

  /** Begins the handshake on a socket from which nothing was read; `tls.Server` documents this way in. */
  begin(transportSocket: Socket): void {
    this.#server.emit('connection', transportSocket);
  }

  /**
   * Shows and asks for other certificates from the next handshake on.
   * @throws TlsSettingsError when they cannot be used, or change whether clients need one: then the old ones stay
   */
  set(settings: TlsSettings): void {
    if ((settings.ca !== undefined) !== this.asksForCertificate) {
      throw new TlsSettingsError('whether clients must show a certificate cannot change while the server runs');
    }
    this.#server.setSecureContext(checkedTls(settings));
  }
}

/** The socket that TLS is spoken over, for which Node has no public name: it still knows its peer when TLS is gone. */
function transportSocketOf(socket: TLSSocket): Socket | undefined {
  return (socket as TLSSocket & { readonly _parent?: Socket })._parent;
}

/**
 * The subject of the client's certificate as in RFC 4514: the last part first, with commas between. Node has the parts
 * one to a line, escaped as that RFC says.
 */
function subjectOf(socket: TLSSocket): string | null {
  const subject = socket.getPeerX509Certificate()?.subject;
  return subject === undefined ? null : subject.split('\n').reverse().join(',').replaceAll(' + ', '+');
}
