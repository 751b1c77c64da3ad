// The grammar of str.format: a format string as a list of parts.
// Where it ends a name, a conversion or a specification is as in CPython's Objects/stringlib/unicode_format.h.

import { FormatError } from '../errors.ts';
import { scanNumber } from './digits.ts';

/** How deep fields may stand in the specifications of others: `{a:{b}}`, and no deeper. */
const LEVELS = 2;

/** Python's own bound on an index: the largest ssize_t. */
const INDEX_MAX = 2n ** 63n - 1n;

/** One look-up behind a field's first name: `.name` or `[key]`; or the error of one that is broken. */
export type Step =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'item'; readonly key: string | number | bigint }
  | { readonly kind: 'error'; readonly error: FormatError };

/** One field, `{name.attribute[key]!conversion:specification}`. */
export interface Field {
  /** What stands in the braces before `!` and `:`. */
  readonly expression: string;
  /** The name of the value. An error is that of a field that asks for a value by its position. */
  readonly name: string | FormatError;
  /** An error is the last of them: Python finds it once the look-ups before it have been made. */
  readonly steps: readonly Step[];
  /** The character behind `!`; empty where there is none. Not checked yet. */
  readonly conversion: string;
  /** The specification; its parts where it has fields of its own. */
  readonly specification: string | readonly BracePart[];
  /** The specification as it is written. */
  readonly specificationText: string;
}

/** Literal text, a field, or a syntax error, which is the last part: Python writes (and may fail in) what precedes it. */
export type BracePart = string | Field | FormatError;

/** Splits a format, in time linear in its length. */
export function parseBraces(format: string, levels: number = LEVELS): BracePart[] {
  if (levels === 0) return [broken('fields in specifications nest too deeply')];
  const parts: BracePart[] = [];
  let position = 0;
  while (position < format.length) {
    const brace = nextBrace(format, position);
    if (brace > position) parts.push(format.slice(position, brace));
    if (brace === format.length) break;
    if (format[brace + 1] === format[brace]) {
      parts.push(format.charAt(brace));
      position = brace + 2;
      continue;
    }
    const scanner = new FieldScanner(format, brace + 1, levels);
    const part = format[brace] === '}' ? broken('a } stands alone') : scanner.scan();
    parts.push(part);
    if (part instanceof FormatError) break;
    position = scanner.position;
  }
  return parts;
}

function nextBrace(format: string, from: number): number {
  let at = from;
  while (at < format.length && format[at] !== '{' && format[at] !== '}') at += 1;
  return at;
}

/** Reads one field, from behind its `{` to behind its `}`. */
class FieldScanner {
  readonly #format: string;
  readonly #levels: number;
  position: number;

  constructor(format: string, position: number, levels: number) {
    this.#format = format;
    this.position = position;
    this.#levels = levels;
  }

  scan(): Field | FormatError {
    const start = this.position;
    const end = this.#endOfExpression();
    if (end instanceof FormatError) return end;
    const expression = this.#format.slice(start, end);
    let delimiter = this.#format[end];
    this.position = end + 1;
    let conversion = '';
    if (delimiter === '!') {
      conversion = this.#character();
      delimiter = this.#format[this.position];
      this.position += 1;
      if (conversion === '' || delimiter === undefined) return broken('the format ends inside a conversion');
      if (delimiter !== ':' && delimiter !== '}') return broken('a conversion is one character');
      if (conversion === '\0') conversion = ''; // as CPython marks that there is none
    }
    if (delimiter === '}') return field(expression, conversion, '', '');
    const specification = this.#specification();
    if (specification instanceof FormatError) return specification;
    const nested = specification.includes('{') ? parseBraces(specification, this.#levels - 1) : specification;
    return field(expression, conversion, nested, specification);
  }

  /** Where the field's name and look-ups end: at a `!`, `:` or `}` outside brackets. */
  #endOfExpression(): number | FormatError {
    for (let at = this.position; at < this.#format.length; at += 1) {
      switch (this.#format[at]) {
        case '!':
        case ':':
        case '}':
          return at;
        case '{':
          return broken('a { stands in the name of a field');
        case '[':
          at = this.#format.indexOf(']', at);
          if (at < 0) return broken('a field ends inside an index');
          break;
        default:
      }
    }
    return broken('a field ends without a }');
  }

  #character(): string {
    const code = this.#format.codePointAt(this.position);
    if (code === undefined) return '';
    const character = String.fromCodePoint(code);
    this.position += character.length;
    return character;
  }

  /** The text up to the brace that closes the field; braces nest. */
  #specification(): string | FormatError {
    const start = this.position;
    let depth = 1;
    for (let at = start; at < this.#format.length; at += 1) {
      const character = this.#format[at];
      if (character === '{') depth += 1;
      else if (character === '}') depth -= 1;
      if (depth > 0) continue;
      this.position = at + 1;
      return this.#format.slice(start, at);
    }
    return broken('a specification ends without a }');
  }
}

function field(
  expression: string,
  conversion: string,
  specification: Field['specification'],
  specificationText: string,
): Field {
  const first = /^[^.[]*/.exec(expression)?.[0] ?? '';
  return {
    expression,
    name: valueName(first),
    steps: parseSteps(expression.slice(first.length)),
    conversion,
    specification,
    specificationText,
  };
}

/** Only names have values here; an empty name and a number count positions, and Python finds nothing there. */
function valueName(first: string): string | FormatError {
  const index = parseIndex(first);
  if (index instanceof FormatError) return index;
  if (first !== '' && index === null) return first;
  return new FormatError('ERR_FORMAT_INDEX', 'a field asks for a value by its position, and there are only names');
}

function parseSteps(text: string): Step[] {
  const steps: Step[] = [];
  const fail = (why: string): Step[] => [...steps, { kind: 'error', error: broken(why) }];
  for (let at = 0; at < text.length; ) {
    const isItem = text[at] === '[';
    if (!isItem && text[at] !== '.') return fail('behind a ] only a . or a [ may follow');
    const start = at + 1;
    let end = start;
    while (end < text.length && (isItem ? text[end] !== ']' : text[end] !== '.' && text[end] !== '[')) end += 1;
    if (isItem && end === text.length) return fail('a [ is not closed');
    const name = text.slice(start, end);
    const index = isItem ? parseIndex(name) : null;
    if (index instanceof FormatError) return [...steps, { kind: 'error', error: index }];
    if (name === '') return fail('an attribute or an index is empty');
    steps.push(isItem ? { kind: 'item', key: index ?? name } : { kind: 'attribute', name });
    at = isItem ? end + 1 : end;
  }
  return steps;
}

/** A text of digits as a number, null for any other. */
function parseIndex(text: string): number | bigint | null | FormatError {
  const { value, end } = scanNumber(text, 0);
  // Digits are counted as they are read, so that too many of them are an error whatever follows.
  if (value > INDEX_MAX) return broken('an index has too many digits');
  if (end === 0 || end < text.length) return null;
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function broken(why: string): FormatError {
  return new FormatError('ERR_FORMAT_VALUE', `the format is broken: ${why}`);
}
