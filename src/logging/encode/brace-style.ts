// The `{` style of a Formatter (Python's StrFormatStyle).

import { FormatError } from '../errors.ts';
import { BraceFormat } from '../text/braces.ts';
import { parseBraces } from '../text/braces-parse.ts';
import type { FormatDefaults } from '../text/lookup.ts';
import { invalidFormat, RecordStyle, type Style } from './style.ts';

/** Python's `field_spec`. Its \w and \d are those of Unicode, and its `$` lets a line end follow; below too. */
const EXPRESSION = /^[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+|\[[^\]]+\])*\n?$/u;

/** Python's `fmt_spec`. */
const SPECIFICATION =
  /^(?:.?[<>=^])?[+ -]?#?0?(?:\p{Nd}+|\{[\p{L}\p{N}_]+\})?[,_]?(?:\.(?:\p{Nd}+|\{[\p{L}\p{N}_]+\}))?[bcdefgnosx%]?\n?$/iu;

/** A format in the `{` style, read once. */
export class BraceStyle extends RecordStyle<BraceFormat> implements Style {
  static readonly defaultFormat = '{message}';
  static readonly basicFormat = '{levelname}:{name}:{message}';

  constructor(format: string | null, defaults?: FormatDefaults) {
    super(new BraceFormat(format || BraceStyle.defaultFormat), defaults);
  }

  usesTime(): boolean {
    return this.source.includes('{asctime');
  }

  validate(): void {
    let fields = 0;
    for (const part of parseBraces(this.source)) {
      if (typeof part === 'string') continue;
      if (part instanceof FormatError) throw invalidFormat(part.message);
      const { expression, conversion, specificationText } = part;
      if (expression !== '') {
        if (!EXPRESSION.test(expression)) throw invalidFormat(`the format has a field named '${expression}'`);
        fields += 1;
      }
      if (conversion !== '' && !'rsa'.includes(conversion)) {
        throw invalidFormat(`the format has a conversion !${conversion}`);
      }
      if (!SPECIFICATION.test(specificationText)) {
        throw invalidFormat(`the format has a specification '${specificationText}'`);
      }
    }
    if (fields === 0) throw invalidFormat(`the format '${this.source}' has no field in the { style`);
  }
}
