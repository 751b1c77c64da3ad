// The repr() of every value that holds no other value.

import {
  PyArray,
  PyByteArray,
  PyComplex,
  PyDate,
  PyDecimal,
  PyFloat,
  PyFraction,
  PyGlobal,
  PyIPAddress,
  PyPath,
  PyRange,
  PySingleton,
  PyTimeDelta,
  PyTimeZone,
  PyUUID,
  PyZoneInfo,
} from '../values/index.ts';
import { dateRepr, isZero, timeDeltaRepr } from './datetime.ts';
import { complexRepr, floatRepr } from './float-repr.ts';
import { globalRepr } from './names.ts';
import type { Output } from './output.ts';
import { ClassTable, type ScalarWriter, scalar } from './table.ts';
import { writeByteArray, writeBytes, writeText } from './text.ts';

const SCALARS: ClassTable<ScalarWriter<unknown>> = new ClassTable([
  scalar(Uint8Array, writeBytes),
  scalar(PyByteArray, (out, { bytes }) => writeByteArray(out, bytes)),
  scalar(PyFloat, (out, { value }) => out.write(floatRepr(value))),
  scalar(PyComplex, (out, { real, imag }) => out.write(complexRepr(real, imag))),
  scalar(PyRange, (out, { start, stop, step }) => {
    out.write(Number(step) === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`);
  }),
  scalar(PySingleton, (out, { name }) => out.write(name)),
  scalar(PyGlobal, (out, value) => out.write(globalRepr(value))),
  scalar(PyArray, writeArray),
  scalar(PyDate, (out, value) => out.write(dateRepr(value))),
  scalar(PyTimeDelta, (out, value) => out.write(timeDeltaRepr(value))),
  scalar(PyTimeZone, writeTimeZone),
  scalar(PyZoneInfo, (out, { key }) => writeCall(out, 'zoneinfo.ZoneInfo', key, 'key=')),
  scalar(PyDecimal, (out, { text }) => writeCall(out, 'Decimal', text)),
  scalar(PyFraction, (out, { numerator, denominator }) => out.write(`Fraction(${numerator}, ${denominator})`)),
  scalar(PyUUID, (out, { text }) => writeCall(out, 'UUID', text)),
  // Windows paths too are shown with forward slashes: pathlib prints as_posix().
  scalar(PyPath, (out, { name, text }) => writeCall(out, name, name.includes('Windows') ? asPosix(text) : text)),
  scalar(PyIPAddress, (out, { name, text }) => writeCall(out, name, text)),
]);

/** Writes `repr(value)` if the value holds no other, and says whether it did. */
export function writeScalar(out: Output, value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      writeText(out, value);
      return true;
    case 'number':
      out.write(numberRepr(value));
      return true;
    case 'bigint':
      out.write(String(value));
      return true;
    case 'boolean':
      out.write(value ? 'True' : 'False');
      return true;
    case 'object': {
      if (value === null) {
        out.write('None');
        return true;
      }
      const write = SCALARS.find(value);
      write?.(out, value);
      return write !== undefined;
    }
    default:
      return false;
  }
}

/** A number is an int where it can be one: larger ints are bigints, so a larger number has been a float. */
function numberRepr(value: number): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : floatRepr(value);
}

function writeArray(out: Output, { typecode, items }: PyArray): void {
  out.write(`array('${typecode}'`);
  if (items.length > 0) {
    out.write(', ');
    if (typecode === 'u' || typecode === 'w') writeText(out, items.join(''));
    else writeNumbers(out, items, typecode === 'f' || typecode === 'd');
  }
  out.write(')');
}

function writeNumbers(out: Output, items: PyArray['items'], floats: boolean): void {
  let separator = '[';
  for (const item of items) {
    if (out.full) return;
    out.write(separator + (floats ? floatRepr(Number(item)) : String(item)));
    separator = ', ';
  }
  out.write(']');
}

function writeTimeZone(out: Output, { offset, name }: PyTimeZone): void {
  if (name === null && isZero(offset)) {
    out.write('datetime.timezone.utc');
    return;
  }
  out.write(`datetime.timezone(${timeDeltaRepr(offset)}`);
  if (name !== null) {
    out.write(', ');
    writeText(out, name);
  }
  out.write(')');
}

function writeCall(out: Output, callee: string, text: string, keyword: '' | 'key=' = ''): void {
  out.write(`${callee}(${keyword}`);
  writeText(out, text);
  out.write(')');
}

function asPosix(text: string): string {
  return text.replaceAll('\\', '/');
}
