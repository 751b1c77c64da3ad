// The JSON view of a decoded value: its documented mapping, and the loop that drives the writers. Knows no class of value.

import { limitReached } from '../errors.ts';
import { Output } from '../repr/output.ts';
import { containerParts, type Part, type Parts } from './containers.ts';
import { writeScalar, writeString } from './scalars.ts';

/** Bounds on the text that `toJSON` makes. */
export interface JSONOptions {
  /** UTF-16 units of the text. Default 16 Mi. It bounds the work as well, of values that hold others over and over. */
  readonly maxLength?: number;
}

const DEFAULT_MAX_LENGTH = 16 * 1024 * 1024;

/**
 * A decoded value as JSON text, for programs to read. What JSON has a customary form for is written in it, and loses
 * its Python class; everything else is an object with a key that begins with one `$`. A dict's own key that begins with
 * `$` gets another one in front, so the two are never confused.
 *
 * | Python | JSON |
 * |---|---|
 * | None, bool, str | `null`, `true`, `"text"` (lone surrogates as `\ud800`) |
 * | int | a number; `{"$int": "9007199254740993"}` where a double would not hold it |
 * | float | a number as Python prints it (`1.0` where floats are tagged); `{"$float": "nan"}`, `"inf"`, `"-inf"` |
 * | list, tuple, deque, array | an array |
 * | dict and its kinds, SimpleNamespace | an object; `{"$dict": [[key, value], …]}` where a key is no str |
 * | set, frozenset | `{"$set": […]}`, `{"$frozenset": […]}` |
 * | bytes, bytearray | `{"$bytes": "base64"}`, `{"$bytearray": "base64"}` |
 * | complex, range, slice | `{"$complex": [re, im]}`, `{"$range": [0, 9, 1]}`, `{"$slice": [null, 1, null]}` |
 * | datetime, time | `"2024-01-02T03:04:05+01:00"` as `isoformat()`; `{"$datetime": …, "tzinfo": …}` (`$time`) where the zone's offset is not known here |
 * | timedelta | its seconds: a number with all its digits |
 * | date, timezone, ZoneInfo, Decimal, Fraction, UUID, paths, addresses | a string, their `str()` |
 * | exceptions | `{"$exception": "OSError", "args": […], "attributes": {…}}` |
 * | a class or function; Ellipsis, NotImplemented | `{"$global": "module:name"}` |
 * | an inert object | `{"$object": "module:name", "args": […], "kwargs": {…}, "state": …, "items": […], "entries": {…}}`, with the parts that it has |
 * | a container inside itself | `{"$ref": "/a/0"}`: the JSON Pointer (RFC 6901) of where it is written |
 *
 * No value is rounded or dropped, but for a datetime's `fold`; what cannot be read back is which of the types in one
 * row it was, and that a value is shared: it is written wherever it is held. Dates, times and numbers of classes are
 * strings without a tag since that is how JSON has them nearly everywhere, and what `jq` can sort and compare.
 *
 * ERR_PICKLE_LIMIT (`maxLength`) instead of text cut short, which no program could tell from the whole. A TypeError for
 * what no pickle decodes to (a function, undefined, a Date). Nothing recurses, and no `toJSON` of a value is called.
 */
export function toJSON(value: unknown, options: JSONOptions = {}): string {
  const { maxLength = DEFAULT_MAX_LENGTH } = options;
  const out = new Output(maxLength);
  if (!writeScalar(out, value)) writeContainer(out, value);
  if (out.full) throw limitReached('maxLength', maxLength, 'UTF-16 units of JSON');
  return out.end();
}

/** A container that is being written, and its place in the one before it. */
interface Open {
  readonly value: unknown;
  readonly path: Part['path'];
  readonly parts: Parts;
}

/** Writes a container and all it holds, until the output is full. */
function writeContainer(out: Output, outermost: unknown): void {
  const open: Open[] = [];
  const active = new Set<unknown>();
  const begin = ({ value, path }: Part): void => {
    active.add(value);
    open.push({ value, path, parts: containerParts(out, value) });
  };
  begin({ value: outermost, path: [] });
  for (let innermost = open.at(-1); innermost !== undefined && !out.full; innermost = open.at(-1)) {
    const next = innermost.parts.next();
    if (next.done) {
      open.pop();
      active.delete(innermost.value);
    } else if (active.has(next.value.value)) {
      writeReference(out, open, next.value.value);
    } else {
      begin(next.value);
    }
  }
}

/** Writes where a container that is still open began: the steps to it, one by one. */
function writeReference(out: Output, open: readonly Open[], target: unknown): void {
  const steps: string[] = [];
  for (const { value, path } of open) {
    for (const step of path) steps.push(`/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (value === target) break;
  }
  out.write('{"$ref":');
  writeString(out, steps.join(''));
  out.write('}');
}
