// Python's repr() and str() of decoded values.

/** Bounds on the text that `repr` and `str` make. */
export interface ReprOptions {
  /** UTF-16 units after which the text is cut and ends in `…`. Default 16 Mi. */
  readonly maxLength?: number;
}

/** What Python 3.13's `repr()` prints for a decoded value. */
export function repr(_value: unknown, _options?: ReprOptions): string {
  throw new Error('being written');
}

/** What Python 3.13's `str()` prints for a decoded value. */
export function str(_value: unknown, _options?: ReprOptions): string {
  throw new Error('being written');
}
