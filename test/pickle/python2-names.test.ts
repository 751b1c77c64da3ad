// Python 2's names of built-in types, which protocols 0 to 2 carry, and their Python 3 names (`_compat_pickle`).

import { expect, test } from 'vitest';
import { python3Name } from '../../src/pickle/globals.ts';

test.each([
  ['__builtin__', 'xrange', 'builtins', 'range'],
  ['__builtin__', 'long', 'builtins', 'int'],
  ['__builtin__', 'unicode', 'builtins', 'str'],
  ['__builtin__', 'unichr', 'builtins', 'chr'],
  ['__builtin__', 'basestring', 'builtins', 'str'],
  ['__builtin__', 'set', 'builtins', 'set'],
  ['exceptions', 'StandardError', 'builtins', 'Exception'],
  ['exceptions', 'KeyError', 'builtins', 'KeyError'],
  ['copy_reg', '_reconstructor', 'copyreg', '_reconstructor'],
  ['pathlib._local', 'PosixPath', 'pathlib', 'PosixPath'],
])('%s.%s is %s.%s', (module, name, module3, name3) => {
  expect(python3Name(module, name)).toEqual({ module: module3, name: name3 });
});

test.each([
  ['builtins', 'xrange'],
  ['builtins', 'StandardError'],
  ['__builtin__', 'StandardError'],
  ['exceptions', 'xrange'],
  ['', ''],
  ['os', 'system'],
])('%s.%s is not renamed beyond its module', (module, name) => {
  expect(python3Name(module, name).name).toBe(name);
});
