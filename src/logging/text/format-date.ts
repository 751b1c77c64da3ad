// Dates and times by a format specification, which is a date format.
// Source: wrap_strftime in CPython's Modules/_datetimemodule.c.

import { PyDate, type PyDateTime, PyTime, type PyTimeDelta, PyTimeZone, PyZoneInfo, str } from '../../pickle/index.ts';
import { FormatError } from '../errors.ts';
import { calendarOf } from '../time/calendar.ts';
import { readLocalZone, readZone } from '../time/local-zone.ts';
import { type PrintableTime, TimeFormat } from '../time/strftime.ts';
import type { Specification } from './format-spec.ts';

type Value = PyDateTime | PyDate | PyTime;

/** The directives that mean the value's own offset, zone and microseconds; `%%` is none. */
const OWN_DIRECTIVE = /%(?::z|[\s\S])/g;

const LONE_SURROGATE = /\p{Cs}/u;

/**
 * `value.strftime(specification)`.
 * @throws FormatError `ERR_FORMAT_VALUE`, `ERR_TIME_FORMAT`, `ERR_FORMAT_LIMIT`
 */
export function formatDate(value: Value, specification: Specification): string {
  const source = specification.as(readable);
  const format = source.replace(OWN_DIRECTIVE, (directive) => ownText(value, directive) ?? directive);
  return new TimeFormat(format).apply(calendarTime(value));
}

/** C reads up to a NUL. */
function readable(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new FormatError('ERR_FORMAT_VALUE', 'a lone surrogate has no UTF-8');
  return text.replace(/\0[\s\S]*$/, '');
}

/** The text of a directive that the C library is not asked for. */
function ownText(value: Value, directive: string): string | null {
  switch (directive) {
    case '%f':
      return String('microsecond' in value ? value.microsecond : 0).padStart(6, '0');
    case '%z':
      return offsetText(value, '');
    case '%:z':
      return offsetText(value, ':');
    case '%Z':
      return zoneName(value).replaceAll('%', '%%');
    default:
      return null;
  }
}

function utcOffset(value: Value): PyTimeDelta | null {
  return value instanceof PyDate ? null : value.utcOffset();
}

/** `+0100`, `-01:01:01.000001`; empty where there is no offset. */
function offsetText(value: Value, separator: string): string {
  const offset = utcOffset(value);
  if (offset === null) return '';
  const total = (offset.days * 86_400 + offset.seconds) * 1_000_000 + offset.microseconds;
  const microseconds = Math.abs(total) % 1_000_000;
  const seconds = Math.floor(Math.abs(total) / 1_000_000);
  const fields = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (seconds % 60 !== 0 || microseconds !== 0) fields.push(seconds % 60);
  const text = fields.map((field) => String(field).padStart(2, '0')).join(separator);
  const fraction = microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`;
  return (total < 0 ? '-' : '+') + text + fraction;
}

/** What `tzname()` gives, empty where it is None. */
function zoneName(value: Value): string {
  if (value instanceof PyDate) return '';
  const { tzinfo } = value;
  if (tzinfo instanceof PyTimeZone) return str(tzinfo);
  if (!(tzinfo instanceof PyZoneInfo)) return '';
  const offset = value.utcOffset();
  if (offset === null) return '';
  const epoch = wallSeconds(value) - offset.days * 86_400 - offset.seconds;
  return readZone(tzinfo.key)?.at(epoch).name ?? '';
}

/** What `timetuple()` gives the C library, which knows nothing of the value's own zone. */
function calendarTime(value: Value): PrintableTime {
  const wall = wallSeconds(value);
  // Only a zone that tells summer from winter gives the C library an offset to print, and that is zero.
  const tellsSummer = !(value instanceof PyDate) && value.tzinfo instanceof PyZoneInfo && value.utcOffset() !== null;
  return {
    ...calendarOf(wall, { offset: 0, name: '', isdst: false }),
    offset: tellsSummer ? 0 : null,
    get epoch() {
      const zone = readLocalZone();
      return wall - zone.at(wall - zone.at(wall).offset).offset;
    },
  };
}

/** The reading of the value's clock in seconds since 1970; a time without a date is one of 1900-01-01. */
function wallSeconds(value: Value): number {
  const date = value instanceof PyTime ? new PyDate(1900, 1, 1) : value;
  const midnight = new Date(0).setUTCFullYear(date.year, date.month - 1, date.day) / 1000;
  return value instanceof PyDate ? midnight : midnight + (value.hour * 60 + value.minute) * 60 + value.second;
}
