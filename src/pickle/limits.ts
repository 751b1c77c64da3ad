// Bounds on everything that a pickle's sender chooses. All are finite unless the caller says otherwise.

/** Each limit names the quantity it bounds; a pickle that goes over one fails with ERR_PICKLE_LIMIT. */
export interface Limits {
  /** Bytes of one pickle. Default 256 MiB. */
  readonly maxBytes: number;
  /** Levels of containers within containers. Default 1000. */
  readonly maxDepth: number;
  /** Containers and instances built. Default 1,000,000. */
  readonly maxObjects: number;
  /** Values and marks on the stack. Default 1,000,000. */
  readonly maxStack: number;
  /** Entries in the memo. Default 1,000,000. */
  readonly maxMemo: number;
  /** Decimal digits of an int, in binary forms too: Python prints no more. Up to 15 always pass. Default 4300. */
  readonly maxIntDigits: number;
  /** Bytes of an argument that ends at a newline. Default 16 MiB. */
  readonly maxLineBytes: number;
}

export const defaultLimits: Limits = {
  maxBytes: 256 * 1024 * 1024,
  maxDepth: 1000,
  maxObjects: 1_000_000,
  maxStack: 1_000_000,
  maxMemo: 1_000_000,
  maxIntDigits: 4300,
  maxLineBytes: 16 * 1024 * 1024,
};
