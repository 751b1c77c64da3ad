// The counts of a receiver, by name.

/** Counts since the receiver was made; but `open` and `unfinished` are as of now. */
export interface ReceiverStats {
  /** Connections taken in; over TLS, once their handshake was over. */
  connections: number;
  /** Connections that are open. */
  open: number;
  /** Datagrams taken in. */
  datagrams: number;
  /** Frames that came whole and within the limits. */
  frames: number;
  /** Bytes that came, length prefixes included. */
  bytes: number;
  /** Bytes of the memory for unfinished frames that are taken; the 4 KiB that each connection has are not counted. */
  unfinished: number;
  /** Records handled. */
  records: number;
  /** Rejections, of whatever code. */
  rejected: number;
  /** Peers turned away: not allowed, too many, or without a TLS handshake that succeeds. */
  refused: number;
  /** Frames over the limit, skipped. */
  oversize: number;
  /** Frames skipped because the memory for unfinished frames had no room for them. */
  overBudget: number;
  /** Frames refused for their signature: with the wrong one, without, or signed where there is no key. */
  unverified: number;
  /** Connections that ended inside a frame: a stock client does that when it gives up. */
  truncated: number;
  /** Connections closed because nothing more came of a frame. */
  idleTimeout: number;
  /** Connections that spoke another protocol, and were closed. */
  wrongProtocol: number;
  /** Payloads that went on after their pickle. */
  trailing: number;
  /** Records that a lagging `for await` loop did not get. */
  dropped: number;
}
