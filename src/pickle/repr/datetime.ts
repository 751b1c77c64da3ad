// The repr() and str() of the datetime family, but for tzinfo, which may be any value. Values in, text out.

import type { PyDate, PyDateTime, PyTime, PyTimeDelta, PyTimeZone } from '../values/index.ts';

export function dateRepr({ year, month, day }: PyDate): string {
  return `datetime.date(${year}, ${month}, ${day})`;
}

/** `datetime.datetime(2024, 1, 2, 3, 4, fold=1`, up to the tzinfo. */
export function dateTimeReprStart(value: PyDateTime): string {
  const { year, month, day, fold } = value;
  return `datetime.datetime(${year}, ${month}, ${day}, ${clockRepr(value)}${fold === 0 ? '' : ', fold=1'}`;
}

/** `datetime.time(3, 4`, up to the tzinfo and the fold. */
export function timeReprStart(time: PyTime): string {
  return `datetime.time(${clockRepr(time)}`;
}

/** Hour and minute always, then seconds and microseconds as far as the last that is not 0. */
function clockRepr({ hour, minute, second, microsecond }: PyTime | PyDateTime): string {
  const text = `${hour}, ${minute}`;
  if (microsecond !== 0) return `${text}, ${second}, ${microsecond}`;
  return second === 0 ? text : `${text}, ${second}`;
}

export function timeDeltaRepr({ days, seconds, microseconds }: PyTimeDelta): string {
  const parts: string[] = [];
  if (days !== 0) parts.push(`days=${days}`);
  if (seconds !== 0) parts.push(`seconds=${seconds}`);
  if (microseconds !== 0) parts.push(`microseconds=${microseconds}`);
  return `datetime.timedelta(${parts.join(', ') || '0'})`;
}

/** `-1 day, 23:59:59.000001` */
export function timeDeltaStr({ days, seconds, microseconds }: PyTimeDelta): string {
  const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const daysText = days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `;
  return daysText + clock + fraction(microseconds);
}

/** `UTC+01:00`, or the name that the zone was given. */
export function timeZoneStr({ offset, name }: PyTimeZone): string {
  if (name !== null) return name;
  return isZero(offset) ? 'UTC' : `UTC${offsetStr(offset)}`;
}

export function isZero({ days, seconds, microseconds }: PyTimeDelta): boolean {
  return days === 0 && seconds === 0 && microseconds === 0;
}

/** `2024-01-02` */
export function dateStr({ year, month, day }: PyDate | PyDateTime): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** `03:04:05.000006`, without an offset. */
export function clockStr({ hour, minute, second, microsecond }: PyTime | PyDateTime): string {
  return `${two(hour)}:${two(minute)}:${two(second)}${fraction(microsecond)}`;
}

/** `+01:00`, `-00:44:30`, `+00:00:00.000001` */
export function offsetStr({ days, seconds, microseconds }: PyTimeDelta): string {
  const total = (days * 86_400 + seconds) * 1_000_000 + microseconds;
  const rest = Math.abs(total) % 1_000_000;
  const size = Math.floor(Math.abs(total) / 1_000_000);
  const text = `${total < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}`;
  return size % 60 === 0 && rest === 0 ? text : `${text}:${two(size % 60)}${fraction(rest)}`;
}

function fraction(microseconds: number): string {
  return microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
