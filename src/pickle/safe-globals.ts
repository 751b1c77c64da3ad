// The default allow-list: built-in types and the value types of the standard library, none of which can do anything.

import { addressGlobals } from './constructors/addresses.ts';
import { arrayGlobals } from './constructors/array.ts';
import { builtinGlobals } from './constructors/builtins.ts';
import { collectionGlobals } from './constructors/collections.ts';
import { datetimeGlobals } from './constructors/datetime.ts';
import { exceptionGlobals } from './constructors/exceptions.ts';
import { numberGlobals } from './constructors/numbers.ts';
import type { AllowedGlobal } from './globals.ts';

/** What `unpickle` allows unless it is told otherwise. To allow more, spread it: `allow: [...safeGlobals, mine]`. */
export const safeGlobals: readonly AllowedGlobal[] = Object.freeze([
  ...builtinGlobals,
  ...exceptionGlobals,
  ...datetimeGlobals,
  ...numberGlobals,
  ...collectionGlobals,
  ...arrayGlobals,
  ...addressGlobals,
]);
