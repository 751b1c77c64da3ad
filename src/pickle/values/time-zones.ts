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

/**
 * The offset from UTC, in seconds, of a wall-clock reading in a zone, as PEP 495 defines it: where a reading occurs
 * twice `fold` picks the second, and where it is skipped `fold` 0 takes the offset before the gap.
 * `wall` is the reading in milliseconds, as if it were UTC. Null when the engine does not know the zone.
 */
export function zoneOffset(key: string, wall: number, fold: 0 | 1): number | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { ...WALL_FIELDS, timeZone: key });
  } catch {
    return null;
  }
  // The two offsets in force around the reading: a day is more than any zone's offset, and transitions lie further apart.
  const before = offsetAt(format, wall - 86_400_000);
  const after = offsetAt(format, wall + 86_400_000);
  if (before === after) return before;
  const early = offsetAt(format, wall - before * 1000) === before;
  const late = offsetAt(format, wall - after * 1000) === after;
  if (early && late) return fold === 0 ? before : after;
  if (early) return before;
  if (late) return after;
  return fold === 0 ? before : after;
}

/** The offset in seconds that a zone has at an instant (milliseconds since 1970 UTC). */
function offsetAt(format: Intl.DateTimeFormat, instant: number): number {
  const fields: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) fields[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  wall.setUTCHours(hour, minute, second);
  return Math.round((wall.getTime() - Math.floor(instant / 1000) * 1000) / 1000);
}
