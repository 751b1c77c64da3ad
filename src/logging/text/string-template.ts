// Python's string.Template: `$name`, `${name}` and `$$`.

import { FormatError } from '../errors.ts';
import type { CompiledFormat, FieldPart, FormatPart } from './field-part.ts';
import type { Lookup } from './lookup.ts';
import { shown, TEXT_UNITS_MAX, textOf, tooLong } from './text-limits.ts';

/** `Template.pattern`: its identifiers are ASCII, whatever the case. */
const PLACEHOLDER = /\$(?:(\$)|([_a-zA-Z][_a-zA-Z0-9]*)|\{([_a-zA-Z][_a-zA-Z0-9]*)\}|)/g;

/** Literal text, a field, or the error of a `$` that begins none, which is the last part. */
type Part = FormatPart | FormatError;

/** A field is shown as its text, whatever it is. */
const LAYOUT = { width: 0, text: 'left', int: 'left', float: null } as const;

function fieldOf(name: string): FieldPart {
  return {
    name,
    layout: LAYOUT,
    text(lookup) {
      const value = lookup.get(name);
      if (value === undefined) throw new FormatError('ERR_FORMAT_KEY', `there is no ${shown(name)}`);
      return textOf(value);
    },
  };
}

/** A template, read once, to be applied many times. */
export class TemplateFormat implements CompiledFormat {
  readonly source: string;
  readonly parts: readonly FormatPart[] | null;
  readonly #parts: readonly Part[];

  constructor(source: string) {
    this.source = source;
    this.#parts = parse(source);
    this.parts = this.isBroken ? null : (this.#parts as readonly FormatPart[]);
  }

  /** Whether a placeholder names a value. */
  get hasNames(): boolean {
    return this.#parts.some((part) => typeof part !== 'string' && !(part instanceof FormatError));
  }

  /** Whether some `$` begins no placeholder. */
  get isBroken(): boolean {
    return this.#parts.at(-1) instanceof FormatError;
  }

  /**
   * `Template(source).substitute(lookup)`.
   * @throws FormatError `ERR_FORMAT_KEY` for a name without a value, `ERR_FORMAT_VALUE` for a `$` that begins no
   *   placeholder, `ERR_FORMAT_LIMIT` above TEXT_UNITS_MAX
   */
  applyTo(lookup: Lookup): string {
    let text = '';
    for (const part of this.#parts) {
      if (part instanceof FormatError) throw part;
      text += typeof part === 'string' ? part : part.text(lookup);
      if (text.length > TEXT_UNITS_MAX) throw tooLong();
    }
    return text;
  }
}

function parse(source: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of source.matchAll(PLACEHOLDER)) {
    const [whole, escaped, plain, braced] = match;
    if (match.index > end) parts.push(source.slice(end, match.index));
    end = match.index + whole.length;
    const name = plain ?? braced;
    if (name !== undefined) parts.push(fieldOf(name));
    else if (escaped !== undefined) parts.push('$');
    else {
      parts.push(
        new FormatError('ERR_FORMAT_VALUE', `the $ at index ${[...source.slice(0, match.index)].length} names nothing`),
      );
      return parts;
    }
  }
  if (end < source.length) parts.push(source.slice(end));
  return parts;
}
