// The str() of every value whose str() is not its repr().

import {
  PyDate,
  PyDateTime,
  PyDecimal,
  PyException,
  PyFraction,
  PyIPAddress,
  PyPath,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyUUID,
  PyZoneInfo,
} from '../values/index.ts';
import { clockStr, dateStr, offsetStr, timeDeltaStr, timeZoneStr } from './datetime.ts';
import { exceptionStrParts } from './exceptions.ts';
import type { Output } from './output.ts';
import { ClassTable, type Container, container, type Parts, type ScalarWriter, scalar } from './table.ts';

const SCALARS: ClassTable<ScalarWriter<unknown>> = new ClassTable([
  scalar(PyDate, (out, value) => out.write(dateStr(value))),
  scalar(PyTimeDelta, (out, value) => out.write(timeDeltaStr(value))),
  scalar(PyTimeZone, (out, value) => out.write(timeZoneStr(value))),
  scalar(PyZoneInfo, (out, { key }) => out.write(key)),
  scalar(PyDecimal, (out, { text }) => out.write(text)),
  scalar(PyFraction, (out, { numerator, denominator }) => {
    out.write(Number(denominator) === 1 ? `${numerator}` : `${numerator}/${denominator}`);
  }),
  scalar(PyUUID, (out, { text }) => out.write(text)),
  scalar(PyPath, (out, { text }) => out.write(text)),
  scalar(PyIPAddress, (out, { text }) => out.write(text)),
]);

const CONTAINERS: ClassTable<Container<unknown>> = new ClassTable([
  container(PyDateTime, {
    parts: (out, value) => clockParts(out, `${dateStr(value)} ${clockStr(value)}`, value),
    cycle: 'datetime.datetime(...)',
  }),
  container(PyTime, { parts: (out, value) => clockParts(out, clockStr(value), value), cycle: 'datetime.time(...)' }),
  container(PyException, { parts: exceptionStrParts, cycle: ({ name }) => `${name}(...)` }),
]);

/** Writes `str(value)` if the value holds no other and prints otherwise than by repr(), and says whether it did. */
export function writeScalarStr(out: Output, value: unknown): boolean {
  if (typeof value === 'string') {
    out.write(value);
    return true;
  }
  if (typeof value !== 'object' || value === null) return false;
  const write = SCALARS.find(value);
  write?.(out, value);
  return write !== undefined;
}

/** The printer of a container whose str() is not its repr(). */
export function findStrContainer(value: object): Container<unknown> | undefined {
  return CONTAINERS.find(value);
}

/**
 * Date and time, then the offset. Where that is not known here, our own form takes its place: ` [`, the zone's repr(),
 * `]`; but for a time in a `ZoneInfo`, since Python too knows no offset of most zones without a date.
 */
function* clockParts(out: Output, text: string, value: PyTime | PyDateTime): Parts {
  out.write(text);
  const { tzinfo } = value;
  const offset = value.utcOffset();
  if (offset !== null) {
    out.write(offsetStr(offset));
  } else if (tzinfo !== null && !(value instanceof PyTime && tzinfo instanceof PyZoneInfo)) {
    out.write(' [');
    yield tzinfo;
    out.write(']');
  }
}
