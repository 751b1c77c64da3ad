// The format styles by the character that names them.

import { BraceStyle } from './brace-style.ts';
import { DollarStyle } from './dollar-style.ts';
import { PercentStyle } from './percent-style.ts';
import type { StyleClass } from './style.ts';

export const styles: ReadonlyMap<string, StyleClass> = new Map<string, StyleClass>([
  ['%', PercentStyle],
  ['{', BraceStyle],
  ['$', DollarStyle],
]);
