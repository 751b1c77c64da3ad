// repr() and str() of decoded values: the loop that drives the printers. Knows no class of value.

import { findContainer } from './containers.ts';
import { Output } from './output.ts';
import { writeScalar } from './scalars.ts';
import { findStrContainer, writeScalarStr } from './str.ts';
import { AsStr, type Container, type Parts } from './table.ts';

/** Bounds on the text that `repr` and `str` make. */
export interface ReprOptions {
  /**
   * UTF-16 units after which the text is cut and ends in `…`. Default 16 Mi. It bounds the work as well: a value that
   * holds others over and over (a "memo bomb") is left where the text is full.
   */
  readonly maxLength?: number;
}

const DEFAULT_MAX_LENGTH = 16 * 1024 * 1024;

/**
 * What Python 3.13's `repr()` prints for a decoded value. Cycles print as there (`[...]`); nesting has no limit.
 *
 * Forms of our own: an inert `PyObject` is `<module.name args=(1,), kwargs={}, state={}, items=[], entries={}>` with the
 * parts it has, a name outside the known classes and functions `<global 'module.name'>`. A JavaScript number that is a
 * safe integer prints as an int. Throws a TypeError for what no pickle decodes to (a function, undefined, a Date).
 */
export function repr(value: unknown, options: ReprOptions = {}): string {
  return print(value, options);
}

/**
 * What Python 3.13's `str()` prints for a decoded value. As `repr`, but for text, exceptions, dates and times, numbers
 * of classes, paths and addresses. A datetime whose time zone is not known here ends in ` [` + repr(tzinfo) + `]`
 * instead of an offset.
 */
export function str(value: unknown, options: ReprOptions = {}): string {
  return print(new AsStr(value), options);
}

/** Prints what a printer may yield: a value, or an AsStr of one. */
function print(part: unknown, { maxLength = DEFAULT_MAX_LENGTH }: ReprOptions): string {
  const out = new Output(maxLength);
  const printer = write(out, part);
  if (printer !== undefined) printContainer(out, unwrap(part) as object, printer);
  return out.end();
}

/** Prints a container and all it holds, until the output is full. */
function printContainer(out: Output, outermost: object, itsPrinter: Container<unknown>): void {
  // The containers being printed, each inside the one before.
  const open: { readonly value: object; readonly parts: Parts }[] = [];
  const active = new Set<object>();
  const begin = (value: object, printer: Container<unknown>): void => {
    active.add(value);
    open.push({ value, parts: printer.parts(out, value) });
  };
  begin(outermost, itsPrinter);
  for (let innermost = open.at(-1); innermost !== undefined && !out.full; innermost = open.at(-1)) {
    const part = innermost.parts.next();
    if (part.done) {
      open.pop();
      active.delete(innermost.value);
      continue;
    }
    const printer = write(out, part.value);
    if (printer === undefined) continue;
    const value = unwrap(part.value) as object;
    if (!active.has(value)) begin(value, printer);
    else out.write(typeof printer.cycle === 'string' ? printer.cycle : printer.cycle(value));
  }
}

function unwrap(part: unknown): unknown {
  return part instanceof AsStr ? part.value : part;
}

/** Writes a value that holds no other; for one that does, returns its printer. */
function write(out: Output, part: unknown): Container<unknown> | undefined {
  return part instanceof AsStr ? writeStr(out, part.value) : writeRepr(out, part);
}

function writeStr(out: Output, value: unknown): Container<unknown> | undefined {
  if (writeScalarStr(out, value)) return undefined;
  const printer = typeof value === 'object' && value !== null ? findStrContainer(value) : undefined;
  return printer ?? writeRepr(out, value);
}

function writeRepr(out: Output, value: unknown): Container<unknown> | undefined {
  if (writeScalar(out, value)) return undefined;
  const printer = typeof value === 'object' && value !== null ? findContainer(value) : undefined;
  if (printer !== undefined) return printer;
  const kind = typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value;
  throw new TypeError(`${kind} is not a decoded Python value`);
}
