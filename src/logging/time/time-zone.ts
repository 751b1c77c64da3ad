// What a time zone is to a calendar.

/** What applies in a zone at some moment. */
export interface LocalTimeType {
  /** Seconds east of UTC. */
  readonly offset: number;
  /** The abbreviation in use, `CET` or `CEST` say. */
  readonly name: string;
  /** Whether it is called daylight saving time there (C's `tm_isdst`), which need not be ahead of the other. */
  readonly isdst: boolean;
}

export interface TimeZone {
  /** @param epoch whole seconds since 1970 */
  at(epoch: number): LocalTimeType;
}

/** A zone whose clock never changes. */
export function fixedZone(offset: number, name: string): TimeZone {
  const type: LocalTimeType = { offset, name, isdst: false };
  return { at: () => type };
}
