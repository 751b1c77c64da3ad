// The JSON of every value that holds no other value.

import { floatRepr } from '../repr/float-repr.ts';
import type { Output } from '../repr/output.ts';
import { str } from '../repr/repr.ts';
import { ClassTable, type ScalarWriter, scalar } from '../repr/table.ts';
import { decodeLatin1 } from '../text.ts';
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

const SCALARS: ClassTable<ScalarWriter<unknown>> = new ClassTable([
  scalar(Uint8Array, (out, bytes) => writeBase64(out, '$bytes', bytes)),
  scalar(PyByteArray, (out, { bytes }) => writeBase64(out, '$bytearray', bytes)),
  scalar(PyFloat, (out, { value }) => writeFloat(out, value)),
  scalar(PyComplex, (out, { real, imag }) => writeNumbers(out, '{"$complex":[', [real, imag], ']}', writeFloat)),
  scalar(PyRange, (out, { start, stop, step }) => {
    writeNumbers(out, '{"$range":[', [start, stop, step], ']}', writeNumber);
  }),
  scalar(PySingleton, (out, { name }) => writeGlobal(out, 'builtins', name)),
  scalar(PyGlobal, (out, { module, name }) => writeGlobal(out, module, name)),
  scalar(PyArray, writeArray),
  scalar(PyTimeDelta, (out, value) => out.write(secondsText(value))),
  ...[PyDate, PyTimeZone, PyZoneInfo, PyDecimal, PyFraction, PyUUID, PyPath, PyIPAddress].map((type) =>
    scalar<object>(type, (out, value) => writeString(out, str(value))),
  ),
]);

/** Writes a value if it holds no other, and says whether it did. */
export function writeScalar(out: Output, value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      writeString(out, value);
      return true;
    case 'number':
    case 'bigint':
      writeNumber(out, value);
      return true;
    case 'boolean':
      out.write(String(value));
      return true;
    case 'object': {
      if (value === null) {
        out.write('null');
        return true;
      }
      const write = SCALARS.find(value);
      write?.(out, value);
      return write !== undefined;
    }
    // Stryker disable next-line ConditionalExpression: undefined would be no as well
    default:
      return false;
  }
}

/** UTF-16 units, or bytes (whole groups of base64), that are written in one go: little is made that there is no room for. */
const CHUNK = 6144;

/** Writes text in quotes. What JSON would leave as it is but a terminal may act on, DEL and the C1 controls, is escaped. */
export function writeString(out: Output, text: string): void {
  out.write('"');
  // A surrogate pair that is cut comes out as two escapes, which mean the same.
  // Stryker disable next-line EqualityOperator: nothing more is nothing
  for (let start = 0; start < text.length && !out.full; start += CHUNK) {
    const quoted = JSON.stringify(text.slice(start, start + CHUNK));
    out.write(quoted.slice(1, -1).replace(/[\x7f-\x9f]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`));
  }
  out.write('"');
}

/** The name of a class or function. A colon sets the two apart: both may have dots, and in Python neither has a colon. */
export function qualifiedName({ module, name }: { readonly module: string; readonly name: string }): string {
  return `${module}:${name}`;
}

function writeGlobal(out: Output, module: string, name: string): void {
  out.write('{"$global":');
  writeString(out, qualifiedName({ module, name }));
  out.write('}');
}

/** A number is an int where it can be one: larger ints are bigints, so a larger number has been a float. */
function writeNumber(out: Output, value: number | bigint): void {
  if (typeof value === 'bigint') out.write(isSafe(value) ? String(value) : `{"$int":"${value}"}`);
  else if (Number.isSafeInteger(value) && !Object.is(value, -0)) out.write(String(value));
  else writeFloat(out, value);
}

function isSafe(value: bigint): boolean {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
}

function writeFloat(out: Output, value: number): void {
  const text = floatRepr(value);
  out.write(Number.isFinite(value) ? text : `{"$float":"${text}"}`);
}

function writeArray(out: Output, { typecode, items }: PyArray): void {
  const floats = typecode === 'f' || typecode === 'd';
  writeNumbers(out, '[', items, ']', (_, item) => {
    if (floats) writeFloat(out, Number(item));
    else writeScalar(out, item);
  });
}

function writeNumbers<T>(
  out: Output,
  start: string,
  items: readonly T[],
  end: string,
  write: (out: Output, item: T) => void,
): void {
  out.write(start);
  for (let i = 0; i < items.length && !out.full; i++) {
    if (i > 0) out.write(',');
    write(out, items[i] as T);
  }
  out.write(end);
}

function writeBase64(out: Output, tag: '$bytes' | '$bytearray', bytes: Uint8Array): void {
  out.write(`{"${tag}":"`);
  // Stryker disable next-line EqualityOperator: nothing more is nothing
  for (let start = 0; start < bytes.length && !out.full; start += CHUNK) {
    out.write(btoa(decodeLatin1(bytes, start, Math.min(start + CHUNK, bytes.length))));
  }
  out.write('"}');
}

/** `-0.5`, `90`, `8640000000.000001`: exact, where a double would round. */
function secondsText({ days, seconds, microseconds }: PyTimeDelta): string {
  const total = days * 86_400 + seconds;
  // Microseconds count upwards from the second below; the digits of a negative number count down from the one above.
  const borrows = total < 0 && microseconds > 0;
  const whole = Math.abs(borrows ? total + 1 : total);
  const rest = borrows ? 1_000_000 - microseconds : microseconds;
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
  return `${total < 0 ? '-' : ''}${whole}${fraction}`;
}
