// UTC offsets of IANA time zones, read from the engine's own database through Intl.

const WALL_FIELDS = {
  calendar: 'iso8601',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;

/** Reads the wall clock of one zone. Costly to make (some 0.1 ms), so a zone keeps its own. */
export type WallClock = Intl.DateTimeFormat;

/** The wall clock of a zone, or null when the engine does not know the zone. */
export function wallClock(key: string): WallClock | null {
  try {
    return new Intl.DateTimeFormat('en-US', { ...WALL_FIELDS, timeZone: key });
  } catch {
    return null;
  }
}

/**
 * The offset from UTC, in seconds, of a reading of a zone's wall clock, as PEP 495 defines it: where a reading occurs
 * twice `fold` picks the second, and where it is skipped `fold` 0 takes the offset before the gap.
 * `wall` is the reading in milliseconds, as if it were UTC.
 */
export function zoneOffset(clock: WallClock, wall: number, fold: 0 | 1): number {
  // The two offsets in force around the reading: a day is more than any zone's offset, and transitions lie further apart.
  const before = offsetAt(clock, wall - 86_400_000);
  const after = offsetAt(clock, wall + 86_400_000);
  // Stryker disable next-line ConditionalExpression: only speed tells
  if (before === after) return before;
  const early = offsetAt(clock, wall - before * 1000) === before;
  const late = offsetAt(clock, wall - after * 1000) === after;
  if (early && late) return fold === 0 ? before : after;
  if (early) return before;
  if (late) return after;
  return fold === 0 ? before : after;
}

/** The offset in seconds that a zone has at an instant (milliseconds since 1970 UTC). */
function offsetAt(clock: WallClock, instant: number): number {
  const fields: Record<string, number> = {};
  for (const { type, value } of clock.formatToParts(instant)) fields[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  wall.setUTCHours(hour, minute, second);
  return Math.round((wall.getTime() - Math.floor(instant / 1000) * 1000) / 1000);
}
