// The one table of reductions: which classes of value can be pickled as a call, and as which.

import type { Reducer, ReductionRow } from '../reduction.ts';
import { addressReductions } from './addresses.ts';
import { builtinReductions } from './builtins.ts';
import { collectionReductions } from './collections.ts';
import { datetimeReductions } from './datetime.ts';
import { exceptionReductions } from './exceptions.ts';
import { numberReductions } from './numbers.ts';

const rows: readonly ReductionRow[] = [
  ...builtinReductions,
  ...exceptionReductions,
  ...datetimeReductions,
  ...numberReductions,
  ...collectionReductions,
  ...addressReductions,
];

/** Reducers by the prototype of exactly their class. */
export const reducers: ReadonlyMap<object, Reducer<unknown>> = new Map(rows);
