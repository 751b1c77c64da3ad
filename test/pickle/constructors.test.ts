// The constructors of the default allow-list take what CPython's picklers write, and nothing else.

import { describe, expect, test } from 'vitest';
import { type AllowedGlobal, repr, safeGlobals, unpickle } from '../../src/pickle/index.ts';
import { bytes, call, failure, global, str } from './pickles.ts';
import { refused } from './refused-arguments.ts';

/** The code of the error, without `ERR_PICKLE_`. */
function code(pickle: string): string {
  return failure(bytes(`${pickle}.`)).code.replace('ERR_PICKLE_', '');
}

const constructors = safeGlobals.filter((entry) => entry.construct !== undefined);
const names = constructors.map(({ module, name }) => `${module}.${name}`);

describe.each(Object.entries(refused))('%s', (name, rows) => {
  test.each(rows.map((args) => [JSON.stringify(args).slice(0, 60), args]))('(%s) is refused', (_, args) => {
    const entry = constructors.find(({ module, name: own }) => `${module}.${own}` === name) as AllowedGlobal;
    const error = failure(bytes(`${call(entry.module, entry.name, args)}.`), { unknownGlobals: 'inert' });
    expect(error.code).toBe(/unhashable/.test(error.message) ? 'ERR_PICKLE_TYPE' : 'ERR_PICKLE_CONSTRUCTOR');
  });
});

test('all of them are in the table, but for those that share their code and exceptions, which take anything', () => {
  const alike = /^pathlib\.|^builtins\.[A-Z]|^ipaddress\./;
  expect(names.filter((name) => !alike.test(name) && !(name in refused))).toEqual([]);
  expect(Object.keys(refused).filter((name) => !names.includes(name))).toEqual([]);
});

test.each(constructors.filter(({ isFunction }) => isFunction !== true).map(({ module, name }) => [module, name]))(
  '%s.%s takes no keyword arguments',
  (module, name) => {
    expect(code(`${global(module, name)})}${str('x')}K\x01s\x92`)).toBe('CONSTRUCTOR');
  },
);

test.each([
  ['types', 'SimpleNamespace', ')R', 'Nb'],
  ['uuid', 'UUID', ')R', 'Nb'],
  ['uuid', 'UUID', ')R', '}b'],
  ['uuid', 'UUID', ')R', `}${str('int')}${str('1')}sb`],
  ['uuid', 'UUID', ')R', `}${str('int')}J\xff\xff\xff\xffsb`],
  ['uuid', 'UUID', ')R', `}${str('int')}L${2n ** 128n}L\nsb`],
  ['builtins', 'KeyError', ')R', 'K\x01b'],
  ['builtins', 'KeyError', ')R', '}K\x01Nsb'],
  ['builtins', 'KeyError', ')R', `}(${str('a')}NC\x01bNub`],
  ['collections', 'OrderedDict', ')R', `}${str('a')}Nsb`],
  ['collections', 'OrderedDict', ')R', 'Nb'],
])('%s.%s: %j and the state %j is refused', (module, name, made, state) => {
  expect(code(global(module, name) + made + state)).toBe('CONSTRUCTOR');
});

test('a UUID without its state is not complete, wherever it is', () => {
  expect(code(`(${global('uuid', 'UUID')})Rt`)).toBe('CONSTRUCTOR');
  expect(repr(unpickle(bytes(`${global('uuid', 'UUID')})R}${str('int')}K\x01sb.`)))).toBe(
    "UUID('00000000-0000-0000-0000-000000000001')",
  );
});

test('an inert object may be a member of either group, which then stays what it was pickled as', () => {
  const members = `(cm\nE\n)R${call('builtins', 'KeyError')}l`;
  for (const name of ['ExceptionGroup', 'BaseExceptionGroup']) {
    const group = unpickle(bytes(`${call('builtins', name, str('a') + members)}.`), { unknownGlobals: 'inert' });
    expect(repr(group)).toBe(`${name}('a', [<m.E>, KeyError()])`);
  }
});

test('text of another machine may have an odd number of characters, which CPython takes for half an item', () => {
  const array = (format: string, items: string) =>
    call('array', '_array_reconstructor', `${global('array', 'array')}${str('u')}K${format}C${items}`);
  expect(repr(unpickle(bytes(`${array('\x12', '\x02a\0')}.`)))).toBe("array('u', 'a')");
  expect(repr(unpickle(bytes(`${array('\x15', '\x04\0\0\0a')}.`)))).toBe("array('u', 'a')");
});

test('the general classes of pathlib make paths of POSIX', () => {
  for (const [name, made] of [
    ['PurePath', 'PurePosixPath'],
    ['Path', 'PosixPath'],
  ] as const) {
    expect(repr(unpickle(bytes(`${call('pathlib', name, str('a//b'))}.`)))).toBe(`${made}('a/b')`);
  }
});
