// str.format with names for its values, complete and with a bound on what it makes.

import { FormatError } from '../errors.ts';
import { attributeOf, itemOf } from './attribute-access.ts';
import { type BracePart, type Field, parseBraces, type Step } from './braces-parse.ts';
import type { CompiledFormat, FieldPart, FormatPart, PlainLayout } from './field-part.ts';
import { Specification } from './format-spec.ts';
import { formatValue } from './format-value.ts';
import type { Lookup } from './lookup.ts';
import { asciiOf, reprOf, shown, TEXT_UNITS_MAX, textOf, tooLong } from './text-limits.ts';

/** A format string, read once, to be applied many times. */
export class BraceFormat implements CompiledFormat {
  readonly source: string;
  readonly parts: readonly FormatPart[] | null;
  readonly #parts: readonly Part[];

  constructor(source: string) {
    this.source = source;
    this.#parts = parseBraces(source).map(compile);
    this.parts = this.#parts.every((part) => isFormatPart(part)) ? (this.#parts as readonly FormatPart[]) : null;
  }

  /**
   * `source.format(**values)`. Attributes and items are looked up on own data only: see own-data.ts.
   * @throws FormatError `ERR_FORMAT_KEY`, `_INDEX`, `_ATTRIBUTE`, `_TYPE`, `_VALUE` or `_OVERFLOW` where Python raises
   *   that, `ERR_FORMAT_LIMIT` above TEXT_UNITS_MAX
   */
  applyTo(values: Lookup): string {
    return join(this.#parts, values);
  }
}

type Part = string | CompiledField | FormatError;

function compile(part: BracePart): Part {
  return typeof part === 'string' || part instanceof FormatError ? part : new CompiledField(part);
}

function join(parts: readonly Part[], values: Lookup): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else if (part instanceof CompiledField) text += part.text(values);
    else throw part;
    if (text.length > TEXT_UNITS_MAX) throw tooLong();
  }
  return text;
}

function isFormatPart(part: Part): boolean {
  return typeof part === 'string' || (part instanceof CompiledField && part.name !== '');
}

class CompiledField implements FieldPart {
  /** Empty where it is no name, which `text` says. */
  readonly name: string;
  readonly layout: PlainLayout | null;
  readonly #name: string | FormatError;
  readonly #steps: readonly Step[];
  readonly #conversion: string;
  readonly #specification: Specification | readonly Part[];
  /** Whether the value is shown as it is. */
  readonly #plain: boolean;

  constructor({ name, steps, conversion, specification }: Field) {
    this.#name = name;
    this.name = typeof name === 'string' ? name : '';
    this.#steps = steps;
    this.#conversion = conversion;
    this.#specification =
      typeof specification === 'string' ? new Specification(specification) : specification.map(compile);
    this.#plain = steps.length === 0 && conversion === '' && specification === '';
    this.layout = steps.length === 0 && typeof specification === 'string' ? layoutOf(conversion, specification) : null;
  }

  text(values: Lookup): string {
    if (typeof this.#name !== 'string') throw this.#name;
    let value = values.get(this.#name);
    if (value === undefined) throw new FormatError('ERR_FORMAT_KEY', `there is no ${shown(this.#name)}`);
    if (this.#plain) return textOf(value);
    for (const step of this.#steps) value = follow(value, step);
    if (this.#conversion !== '') value = convert(value, this.#conversion);
    const specification = this.#specification;
    if (specification instanceof Specification) return formatValue(value, specification);
    return formatValue(value, new Specification(join(specification, values)));
  }
}

/** Columns, and what stands in them: a str at the left, a number at the right, or as `<` and `>` say. */
const PLAIN = /^([<>]?)(\d{0,3})(|s|d|\.0f)$/;

function layoutOf(conversion: string, specification: string): PlainLayout | null {
  const found = PLAIN.exec(specification);
  if (found === null || (conversion !== '' && conversion !== 's')) return null;
  const [, side = '', columns = '', type = ''] = found;
  if (columns.startsWith('0')) return null;
  const width = Number(columns);
  const asked = side === '' ? null : side === '<' ? 'left' : 'right';
  if (conversion === 's') {
    const place = asked ?? 'left';
    return type === '' || type === 's' ? { width, text: place, int: place, float: null } : null;
  }
  return {
    width,
    text: type === '' || type === 's' ? (asked ?? 'left') : null,
    int: type === '' || type === 'd' ? (asked ?? 'right') : null,
    float: type === '.0f' && asked !== 'left' ? 'rounded' : null,
  };
}

function follow(value: unknown, step: Step): unknown {
  if (step.kind === 'attribute') return attributeOf(value, step.name);
  if (step.kind === 'item') return itemOf(value, step.key);
  throw step.error;
}

function convert(value: unknown, conversion: string): string {
  switch (conversion) {
    case 's':
      return textOf(value);
    case 'r':
      return reprOf(value);
    case 'a':
      return asciiOf(value);
    default:
      throw new FormatError('ERR_FORMAT_VALUE', `there is no conversion ${shown(conversion)}`);
  }
}
