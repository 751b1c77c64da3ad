// What a transport is to the outbox: how bytes get to the other side, and how that is told which messages it refuses.

/** A way to the other side. The outbox makes one call at a time, `destroy` apart. */
export interface Transport {
  /** Messages are joined and sent as one while they have at most this many bytes; with 0 each is sent by itself. */
  readonly batchBytesMax: number;
  /** Whether there is a connection, or what stands for one: `open` is called first where there is none. */
  readonly isOpen: boolean;
  /** Gets ready to send, by connecting, say. What it throws is reported and tried again. */
  open(): Promise<void>;
  /**
   * Resolves when the bytes were handed over. What it throws is reported, and the same bytes are sent again.
   * @throws RefusedError for messages that the other side does not take
   */
  send(bytes: Uint8Array): Promise<void>;
  /** Breaks off what is under way, which settles soon: it fails with the error, unless it has succeeded. */
  destroy(error: Error): void;
  /** Ends the connection behind what was sent. */
  close(): Promise<void>;
}

/** The other side, or the system, does not take a message. */
export class RefusedError extends Error {
  /** Seconds after which it asks for the message again; null: sending it again would change nothing. */
  readonly retryAfter: number | null;

  constructor(message: string, retryAfter: number | null) {
    super(message);
    this.retryAfter = retryAfter;
  }
}
