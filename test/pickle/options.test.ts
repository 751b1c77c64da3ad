// Options that are not what they can be: said at once, in words, before any pickle is read.

import { describe, expect, test } from 'vitest';
import { type UnpickleOptions, unpickle } from '../../src/pickle/index.ts';
import { Unpickler } from '../../src/pickle/unpickler.ts';
import { bytes } from './pickles.ts';

describe.each([
  ['unknownGlobals', ['reject', 'inert']],
  ['floats', ['number', 'tagged']],
  ['dicts', ['map', 'object']],
  ['strings', ['ascii', 'latin1', 'utf8', 'surrogateescape', 'bytes']],
])('%s', (option, values) => {
  test(`is one of ${values.join(', ')}`, () => {
    for (const value of values) expect(unpickle(bytes('N.'), { [option]: value })).toBeNull();
  });

  test.each(['', 'Map', values.join(', ')])('%j is a TypeError that names the option and what it can be', (value) => {
    const options = { [option]: value } as UnpickleOptions;
    const message = `${option} must be one of ${values.join(', ')}, not ${value}`;
    for (const call of [() => unpickle(bytes('N.'), options), () => new Unpickler(options)]) {
      expect(call).toThrow(new TypeError(message));
    }
  });
});
