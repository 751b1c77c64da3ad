// The `$` style of a Formatter (Python's StringTemplateStyle).
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so its fields look

import type { FormatDefaults } from '../text/lookup.ts';
import { TemplateFormat } from '../text/string-template.ts';
import { invalidFormat, RecordStyle, type Style } from './style.ts';

/** A format in the `$` style, read once. */
export class DollarStyle extends RecordStyle<TemplateFormat> implements Style {
  static readonly defaultFormat = '${message}';
  static readonly basicFormat = '${levelname}:${name}:${message}';

  constructor(format: string | null, defaults?: FormatDefaults) {
    super(new TemplateFormat(format || DollarStyle.defaultFormat), defaults);
  }

  usesTime(): boolean {
    return this.source.includes('$asctime') || this.source.includes('${asctime}');
  }

  validate(): void {
    if (this.compiled.isBroken) throw invalidFormat(`the format '${this.source}' has a $ that names nothing`);
    if (!this.compiled.hasNames) throw invalidFormat(`the format '${this.source}' has no field in the $ style`);
  }
}
