// Python literals, for the `args`, `kwargs` and `defaults` of an ini file, which Python evaluates. Here nothing is: a
// tuple, a list, a dict, a str, a number, None, True, False, or one of the names that the caller knows.

/** A literal that cannot be read. */
export class LiteralError extends Error {
  override readonly name: string = 'LiteralError';
}

const NUMBER =
  /^(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:(?:\d(?:_?\d)*)?\.\d(?:_?\d)*|\d(?:_?\d)*\.)(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*[eE][+-]?\d(?:_?\d)*|0(?:_?0)*|[1-9](?:_?\d)*)/;
const NAME = /^[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*/;
const STRING =
  /^(?:[rR]|[uU])?(?:'''(?:[^\\]|\\[\s\S])*?'''|"""(?:[^\\]|\\[\s\S])*?"""|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/;
const ESCAPE = /\\(?:\r?\n|([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g;

/** What a backslash and a character stand for; any other pair stands for itself. */
const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const DEPTH_MAX = 100;

/**
 * The value of one expression: tuples and lists as arrays, dicts as objects.
 * @param names what names stand for, besides None, True and False
 * @throws LiteralError for anything that is no literal
 */
export function parseLiteral(source: string, names: (name: string) => unknown): unknown {
  const parser = new LiteralParser(source, names);
  const value = parser.expression(0);
  parser.end();
  return value;
}

class LiteralParser {
  readonly #source: string;
  readonly #names: (name: string) => unknown;
  #at = 0;

  constructor(source: string, names: (name: string) => unknown) {
    this.#source = source;
    this.#names = names;
  }

  /** A value; at the outermost level also a tuple without its parentheses. */
  expression(depth: number): unknown {
    const first = this.#value(depth + 1);
    if (depth > 0 || !this.#skip(',')) return first;
    const items = [first];
    while (this.#peek() !== '') {
      items.push(this.#value(1));
      if (!this.#skip(',')) break;
    }
    return items;
  }

  end(): void {
    if (this.#peek() !== '') throw this.#unexpected();
  }

  #value(depth: number): unknown {
    if (depth > DEPTH_MAX) throw new LiteralError('it nests too deeply');
    const next = this.#peek();
    if (this.#skip('(')) return this.#parenthesis(depth);
    if (this.#skip('[')) return this.#items(']', depth);
    if (this.#skip('{')) return this.#dict(depth);
    const string = this.#match(STRING);
    if (string !== null) return this.#strings(string);
    if (next === '-' || next === '+') {
      this.#at++;
      const number = this.#value(depth + 1);
      if (typeof number !== 'number') throw this.#unexpected();
      return next === '-' ? -number : number;
    }
    const number = this.#match(NUMBER);
    if (number !== null) return Number(number.replaceAll('_', ''));
    const name = this.#match(NAME);
    if (name === null) throw this.#unexpected();
    return this.#named(name.replace(/\s/g, ''));
  }

  /** `(…)`: a tuple if it is empty or has a comma, else the value in it. */
  #parenthesis(depth: number): unknown {
    if (this.#skip(')')) return [];
    const first = this.#value(depth + 1);
    if (this.#skip(')')) return first;
    if (!this.#skip(',')) throw this.#unexpected();
    return [first, ...this.#items(')', depth)];
  }

  #items(close: string, depth: number): unknown[] {
    const items: unknown[] = [];
    while (!this.#skip(close)) {
      items.push(this.#value(depth + 1));
      if (this.#skip(close)) break;
      if (!this.#skip(',')) throw this.#unexpected();
    }
    return items;
  }

  #dict(depth: number): Record<string, unknown> {
    const dict: Record<string, unknown> = Object.create(null);
    while (!this.#skip('}')) {
      const key = this.#value(depth + 1);
      if (typeof key !== 'string') throw new LiteralError('a key must be a string');
      if (!this.#skip(':')) throw this.#unexpected();
      dict[key] = this.#value(depth + 1);
      if (this.#skip('}')) break;
      if (!this.#skip(',')) throw this.#unexpected();
    }
    return dict;
  }

  /** Strings that follow one another are one. */
  #strings(first: string): string {
    let text = contentOf(first);
    for (let more = this.#match(STRING); more !== null; more = this.#match(STRING)) text += contentOf(more);
    return text;
  }

  #named(name: string): unknown {
    if (name === 'None') return null;
    if (name === 'True') return true;
    if (name === 'False') return false;
    const value = this.#names(name);
    if (value === undefined) throw new LiteralError(`${name} is not known, and nothing is evaluated`);
    return value;
  }

  #peek(): string {
    while (/\s/.test(this.#source[this.#at] ?? '')) this.#at++;
    return this.#source[this.#at] ?? '';
  }

  #skip(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | null {
    this.#peek();
    const found = pattern.exec(this.#source.slice(this.#at))?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #unexpected(): LiteralError {
    const rest = this.#source.slice(this.#at, this.#at + 20);
    return new LiteralError(rest === '' ? 'it ends too soon' : `a literal cannot go on with ${JSON.stringify(rest)}`);
  }
}

function contentOf(literal: string): string {
  const start = literal.search(/['"]/);
  const quote = literal.startsWith(`${literal[start]}`.repeat(3), start) && literal.length - start >= 6 ? 3 : 1;
  const content = literal.slice(start + quote, -quote);
  if (/^[rR]/.test(literal)) return content;
  return content.replace(ESCAPE, (whole, octal, hex2, hex4, hex8, other) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    const hex = hex2 ?? hex4 ?? hex8;
    if (hex !== undefined) return codePoint(Number.parseInt(hex, 16));
    return other === undefined ? '' : (SIMPLE[other] ?? whole);
  });
}

function codePoint(code: number): string {
  if (code > 0x10ffff) throw new LiteralError('a character beyond Unicode');
  return String.fromCodePoint(code);
}
