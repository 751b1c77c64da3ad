// The `%` style of a Formatter.

import type { FormatDefaults } from '../text/lookup.ts';
import { PercentFormat } from '../text/percent.ts';
import { invalidFormat, RecordStyle, type Style } from './style.ts';

/** Python's `PercentStyle.validation_pattern`: its \w and \d are those of Unicode. */
const FIELD = /%\([\p{L}\p{N}_]+\)[#0+ -]*(?:\*|\p{Nd}+)?(?:\.(?:\*|\p{Nd}+))?[diouxefgcrsa%]/iu;

/** A format in the `%` style, read once. */
export class PercentStyle extends RecordStyle<PercentFormat> implements Style {
  static readonly defaultFormat = '%(message)s';
  static readonly basicFormat = '%(levelname)s:%(name)s:%(message)s';

  constructor(format: string | null, defaults?: FormatDefaults) {
    super(new PercentFormat(format || PercentStyle.defaultFormat), defaults);
  }

  usesTime(): boolean {
    return this.source.includes('%(asctime)');
  }

  validate(): void {
    if (!FIELD.test(this.source)) throw invalidFormat(`the format '${this.source}' has no field in the % style`);
  }
}
