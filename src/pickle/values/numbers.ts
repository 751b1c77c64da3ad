// The exact numbers of Python's `decimal`, `fractions` and `uuid` modules.

/** A `decimal.Decimal`, every digit kept; `text` is what Python's `str()` gives of it. */
export class PyDecimal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
    Object.freeze(this);
  }

  /** The nearest double; NaN for a NaN of any kind. */
  toNumber(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }
}

/** A `fractions.Fraction` in lowest terms, its denominator positive. */
export class PyFraction {
  readonly numerator: number | bigint;
  readonly denominator: number | bigint;

  constructor(numerator: number | bigint, denominator: number | bigint) {
    this.numerator = numerator;
    this.denominator = denominator;
    Object.freeze(this);
  }
}

/** A `uuid.UUID`; `text` is its canonical form of 36 characters. */
export class PyUUID {
  /** Set once, when the pickle gives the state of the instance that it made before. */
  text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}
