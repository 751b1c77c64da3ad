// A record's time in the units and texts of other logging systems.

import { SecondCache, threeDigits } from '../../time/second-cache.ts';

/** Milliseconds from 1970 to either end of JavaScript's calendar. */
const CALENDAR = 8.64e15;

/**
 * Whole milliseconds since 1970, cut as Python cuts `msecs`; null for a time that no calendar here has.
 * @param created seconds since 1970. Its own last digits are below a microsecond, and would cut 0.123 to 0.122.
 */
export function milliseconds(created: number): number | null {
  const time = Math.floor(Math.round(created * 1e6) / 1000);
  return Math.abs(time) <= CALENDAR ? time : null;
}

/** Nanoseconds since 1970 as decimal digits; null before 1970 and for what 64 bits do not hold. */
export function nanoseconds(created: number): string | null {
  let seconds = Math.floor(created);
  let rest = Math.round((created - seconds) * 1e9);
  if (rest === 1e9) {
    seconds += 1;
    rest = 0;
  }
  if (!(seconds >= 0 && seconds < 18_446_744_073)) return null;
  if (seconds === 0) return String(rest);
  const micros = (rest / 1000) | 0;
  const millis = (micros / 1000) | 0;
  return (
    seconds + (threeDigits[millis] as string) + threeDigits[micros - millis * 1000] + threeDigits[rest - micros * 1000]
  );
}

/** Times as `2020-03-20T18:11:37.895Z`. */
export class IsoClock {
  /** The texts of seconds, up to the point. */
  readonly #seconds: SecondCache = new SecondCache((second) => new Date(second * 1000).toISOString().slice(0, -4));

  /** The text of a time in seconds since 1970; null as `milliseconds`. */
  format(created: number): string | null {
    const time = milliseconds(created);
    if (time === null) return null;
    const second = Math.floor(time / 1000);
    return `${this.#seconds.text(second)}${threeDigits[time - second * 1000]}Z`;
  }
}
