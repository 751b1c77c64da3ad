// How a scan reads the names of globals, by each of the ways in which a pickle gives them, and those of memo entries.
// Keeps nothing.

import { lineEnd } from '../arguments.ts';
import { PickleError } from '../errors.ts';
import { narrow } from '../long.ts';
import type { MemoIndex } from '../memo.ts';
import { decodeUtf8 } from '../text.ts';
import { readString, readUnicode } from '../text-arguments.ts';
import type { Gap, NamedGlobal } from './report.ts';
import { type Attribute, Literal, LOST, Named, previewOf, TOO_LONG, UNKNOWN, type Value } from './values.ts';

/** GLOBAL and INST: by two lines. `from` is -1 where one was too long to be kept. */
export function namedByLines(bytes: Uint8Array, from: number, to: number): NamedGlobal {
  if (from < 0) return unnamed({ why: 'the module or the name is too long to be kept', overLimit: true });
  const newline = lineEnd(bytes, from, to);
  const module = lenient(bytes.subarray(from, newline));
  return { module, name: lenient(bytes.subarray(newline + 1, to)), gap: null, extension: null };
}

/** STACK_GLOBAL: by two values, which should be of type str. */
export function namedByValues(module: Value, name: Value): NamedGlobal {
  const moduleText = textOf(module);
  const nameText = textOf(name);
  const gaps = [gapOf('module', moduleText), gapOf('name', nameText)].filter((gap) => gap !== null);
  return {
    module: typeof moduleText === 'string' ? moduleText : null,
    name: typeof nameText === 'string' ? nameText : null,
    gap: gaps.find(({ overLimit }) => overLimit) ?? gaps[0] ?? null,
    extension: null,
  };
}

/** EXT1, EXT2 and EXT4: by a number that is registered for a name. */
export function namedByExtension(
  code: number,
  extensions: ReadonlyMap<number, readonly [module: string, name: string]>,
): NamedGlobal {
  const [module, name] = extensions.get(code) ?? [null, null];
  const gap = module === null ? { why: 'the extension code is not registered', overLimit: false } : null;
  return { module, name, gap, extension: code };
}

/** `getattr`, which pickles of protocols 0 to 3 call for a nested class: by another global and a str. */
export function namedByAttribute(attribute: Attribute | null, maxLength: number): NamedGlobal {
  const owner = attribute?.owner;
  if (owner === LOST) return unnamed({ why: 'getattr of something that a limit left no room for', overLimit: true });
  if (attribute === null || !(owner instanceof Named) || owner.module === null || owner.name === null) {
    return unnamed({ why: 'getattr of something that is not known', overLimit: false });
  }
  const text = textOf(attribute.name);
  const dotted = typeof text === 'string' ? `${owner.name}.${text}` : '';
  const gap =
    dotted.length > maxLength ? { why: 'the name is too long to be kept', overLimit: true } : gapOf('name', text);
  return { module: owner.module, name: gap === null ? dotted : null, gap, extension: null };
}

/**
 * The index that a line of GET or PUT stands for, as `int(line)` reads it; undefined where it is none or negative.
 * Unlike the decoder's reader this throws nothing, which would take most of the time in a pickle of nothing else.
 */
export function memoIndexOf(line: string): MemoIndex | undefined {
  const digits = INDEX.exec(line)?.[1];
  return digits === undefined ? undefined : narrow(BigInt(digits.replaceAll('_', '')));
}

/** Text that may be in any encoding: read as UTF-8, with undecodable bytes as lone surrogates. */
export function lenient(bytes: Uint8Array): string {
  return decodeUtf8(bytes, 0, bytes.length, 'surrogateescape');
}

function unnamed(gap: Gap): NamedGlobal {
  return { module: null, name: null, gap, extension: null };
}

function gapOf(part: string, text: string | Gap): Gap | null {
  return typeof text === 'string' ? null : { ...text, why: `the ${part} is ${text.why}` };
}

/** The text of a value that should be a str. A Python 2 str is one, in whatever encoding. */
function textOf(value: Value): string | Gap {
  if (value === LOST) return { why: 'not known any more: a limit was reached', overLimit: true };
  if (value === TOO_LONG) return { why: 'too long to be kept', overLimit: true };
  if (value === UNKNOWN) return { why: 'not known', overLimit: false };
  try {
    return (
      (value instanceof Literal ? literalText(value) : null) ?? { why: `no str: ${previewOf(value)}`, overLimit: false }
    );
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    return { why: `no text: ${error.reason}`, overLimit: false };
  }
}

/** Null for bytes and numbers. */
function literalText({ kind, bytes }: Literal): string | null {
  switch (kind) {
    case 'unicodestring1':
    case 'unicodestring4':
    case 'unicodestring8':
      return decodeUtf8(bytes, 0, bytes.length, 'surrogatepass');
    case 'unicodestringnl':
      return readUnicode(bytes, 0, bytes.length);
    case 'string1':
    case 'string4':
      return lenient(bytes);
    case 'stringnl':
      return lenient(readString(bytes, 0, bytes.length));
    default:
      return null;
  }
}

/** Digits, and a `-` before nothing but zeros. */
const INDEX = /^[\t-\r ]*(?:\+|-(?=[0_]+[\t-\r ]*$))?([0-9](?:_?[0-9])*)[\t-\r ]*$/;
