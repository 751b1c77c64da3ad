// Where an opcode's argument lies in the stream, by the kind that the opcode table gives it.

import { limitReached, PickleError } from './errors.ts';
import { type ArgumentKind, opcodes } from './opcodes.ts';

/**
 * An argument's place. `from` to `to` is what it holds, without length prefix or last newline; `next` is the byte after
 * it. Where it is not all there, `from` is where bytes are missing and `wanted` how many (0: a line's newline).
 */
export interface ArgumentSpan {
  from: number;
  to: number;
  next: number;
  wanted: number;
}

/** How long an argument is: so many bytes, or a length prefix of so many, or so many lines. */
interface Layout {
  readonly fixed: number;
  readonly prefix: number;
  readonly signed: boolean;
  readonly lines: number;
}

/**
 * Finds the argument of an opcode whose byte stands before `start`. False when it is not all there before `end`.
 * ERR_PICKLE_OPCODE for a byte that is no opcode, ERR_PICKLE_ARGUMENT for a negative length, ERR_PICKLE_LIMIT.
 */
export function locateArgument(
  opcode: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  maxLineBytes: number,
  span: ArgumentSpan,
): boolean {
  const layout = LAYOUTS[opcode];
  if (layout === undefined) {
    throw new PickleError('ERR_PICKLE_OPCODE', `0x${opcode.toString(16).padStart(2, '0')} is no opcode`);
  }
  if (layout.lines > 0) return locateLines(bytes, start, end, layout.lines, maxLineBytes, span);
  const { prefix } = layout;
  if (end - start < prefix) return missing(span, start, prefix);
  const size = prefix === 0 ? layout.fixed : readLength(bytes, start, prefix, layout.signed);
  const from = start + prefix;
  if (end - from < size) return missing(span, from, size);
  span.from = from;
  span.to = from + size;
  span.next = from + size;
  return true;
}

/** The end of the line that starts at `start`, which is the place of its newline. */
export function lineEnd(bytes: Uint8Array, start: number, end: number): number {
  // Most lines are numbers, and shorter than the way into the engine's search.
  // Stryker disable all: only speed tells
  const near = Math.min(end, start + SHORT_LINE);
  for (let i = start; i < near; i++) if (bytes[i] === 0x0a) return i;
  // Stryker restore all
  const newline = bytes.indexOf(0x0a, start);
  return newline >= end ? -1 : newline;
}

const SHORT_LINE = 24;

/** An unsigned little-endian number of up to eight bytes; beyond 2^53 it is inexact, and over every limit. */
export function readUint(bytes: Uint8Array, start: number, size: number): number {
  let value = 0;
  for (let i = start + size - 1; i >= start; i--) value = value * 256 + (bytes[i] as number);
  return value;
}

/** A plain Uint8Array with a buffer of its own, whatever subclass the input is. */
export function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return Uint8Array.prototype.slice.call(new Uint8Array(bytes.buffer, bytes.byteOffset + from, to - from));
}

function locateLines(
  bytes: Uint8Array,
  start: number,
  end: number,
  lines: number,
  maxLineBytes: number,
  span: ArgumentSpan,
): boolean {
  let from = start;
  for (let line = 1; ; line++) {
    const newline = lineEnd(bytes, from, end);
    if ((newline === -1 ? end : newline) - from > maxLineBytes) {
      throw limitReached('maxLineBytes', maxLineBytes, 'bytes in a line');
    }
    if (newline === -1) return missing(span, from, 0);
    if (line === lines) {
      span.from = start;
      span.to = newline;
      span.next = newline + 1;
      return true;
    }
    from = newline + 1;
  }
}

function readLength(bytes: Uint8Array, start: number, size: number, signed: boolean): number {
  const length = readUint(bytes, start, size);
  if (signed && length >= 2 ** 31) throw new PickleError('ERR_PICKLE_ARGUMENT', 'a length is negative');
  return length;
}

function missing(span: ArgumentSpan, from: number, wanted: number): false {
  span.from = from;
  span.wanted = wanted;
  return false;
}

function fixed(size: number): Layout {
  // Stryker disable next-line BooleanLiteral: only a length has a sign
  return { fixed: size, prefix: 0, signed: false, lines: 0 };
}

function prefixed(prefix: number, signed = false): Layout {
  return { fixed: 0, prefix, signed, lines: 0 };
}

function lines(count: number): Layout {
  // Stryker disable next-line BooleanLiteral: only a length has a sign
  return { fixed: 0, prefix: 0, signed: false, lines: count };
}

const KINDS: Readonly<Record<ArgumentKind, Layout>> = {
  uint1: fixed(1),
  uint2: fixed(2),
  int4: fixed(4),
  uint4: fixed(4),
  uint8: fixed(8),
  float8: fixed(8),
  long1: prefixed(1),
  string1: prefixed(1),
  bytes1: prefixed(1),
  unicodestring1: prefixed(1),
  long4: prefixed(4, true),
  string4: prefixed(4, true),
  bytes4: prefixed(4),
  unicodestring4: prefixed(4),
  bytes8: prefixed(8),
  bytearray8: prefixed(8),
  unicodestring8: prefixed(8),
  decimalnl_short: lines(1),
  decimalnl_long: lines(1),
  floatnl: lines(1),
  stringnl: lines(1),
  stringnl_noescape: lines(1),
  unicodestringnl: lines(1),
  stringnl_noescape_pair: lines(2),
};

const LAYOUTS: readonly (Layout | undefined)[] = (() => {
  // Stryker disable next-line ArrayDeclaration: what is not there is undefined as well
  const layouts: (Layout | undefined)[] = new Array(256).fill(undefined);
  for (const { code, argument } of opcodes) layouts[code] = argument === null ? fixed(0) : KINDS[argument];
  return layouts;
})();
