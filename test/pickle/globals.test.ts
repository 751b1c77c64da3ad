// The policy gate: what may be named, and what becomes of other names.

import { describe, expect, test } from 'vitest';
import {
  inertGlobal,
  PyGlobal,
  PyObject,
  PyTuple,
  safeGlobals,
  type UnpickleOptions,
  unpickle,
} from '../../src/pickle/index.ts';
import { exceptionNames, osErrorSubclasses } from '../../src/pickle/values/exception-names.ts';
import { bytes, call, failure, global, str } from './pickles.ts';

const INERT: UnpickleOptions = { unknownGlobals: 'inert' };

function decode(pickle: string, options: UnpickleOptions = {}): unknown {
  return unpickle(bytes(`${pickle}.`), options);
}

/** The code of the error, without `ERR_PICKLE_`. */
function code(pickle: string, options: UnpickleOptions = {}): string {
  return failure(bytes(`${pickle}.`), options).code.replace('ERR_PICKLE_', '');
}

describe('what is named', () => {
  test.each([
    ['__builtin__', 'set', 'builtins', 'set'],
    ['__builtin__', 'xrange', 'builtins', 'range'],
    ['__builtin__', 'long', 'builtins', 'int'],
    ['__builtin__', 'unicode', 'builtins', 'str'],
    ['copy_reg', '_reconstructor', 'copyreg', '_reconstructor'],
    ['exceptions', 'KeyError', 'builtins', 'KeyError'],
    ['exceptions', 'StandardError', 'builtins', 'Exception'],
    ['pathlib._local', 'PosixPath', 'pathlib', 'PosixPath'],
    ['collections', 'deque', 'collections', 'deque'],
  ])('%s.%s is the token %s.%s, frozen', (module, name, module3, name3) => {
    for (const pickle of [global(module, name), `${str(module)}${str(name)}\x93`]) {
      const token = decode(pickle);
      expect(token).toEqual(new PyGlobal(module3, name3));
      expect(Object.isFrozen(token)).toBe(true);
    }
  });

  test('a name that is not allowed is refused and named, in Python 3 spelling', () => {
    for (const pickle of [
      global('__builtin__', 'eval'),
      `(i__builtin__\neval\n`,
      `${str('builtins')}${str('eval')}\x93`,
    ]) {
      expect(failure(bytes(pickle)).global).toBe('builtins.eval');
    }
  });

  test.each([
    ['None', 'N'],
    ['an int', 'K\x01'],
    ['bytes', 'C\x08builtins'],
    ['a list of a str', `]${str('builtins')}a`],
    ['a global', global('builtins', 'set')],
  ])('STACK_GLOBAL takes no %s for a module, nor for a name', (_, operand) => {
    for (const options of [{}, INERT]) {
      expect(code(`${operand}${str('set')}\x93`, options)).toBe('TYPE');
      expect(code(`${str('builtins')}${operand}\x93`, options)).toBe('TYPE');
      expect(code(`${operand}${operand}\x93`, options)).toBe('TYPE');
    }
  });

  test('an allow-list is exact: no other module, no part of a name, no inherited property', () => {
    const options = { allow: [inertGlobal('a.b', 'c')] };
    expect(decode(global('a.b', 'c'), options)).toEqual(new PyGlobal('a.b', 'c'));
    for (const [module, name] of [
      ['a', 'b.c'],
      ['a.b', 'c.d'],
      ['a.b', 'C'],
      ['a.b', ''],
      ['a.b', 'toString'],
      ['', 'a.b.c'],
    ] as const) {
      expect(code(global(module, name), options)).toBe('FORBIDDEN_GLOBAL');
    }
    expect(code(global('builtins', 'set'), options)).toBe('FORBIDDEN_GLOBAL');
  });

  test('an entry may be written with the Python 2 name of its module', () => {
    const options = { allow: [inertGlobal('__builtin__', 'xrange'), inertGlobal('copy_reg', 'mine')] };
    expect(decode(global('builtins', 'range'), options)).toEqual(new PyGlobal('builtins', 'range'));
    expect(decode(global('copyreg', 'mine'), options)).toEqual(new PyGlobal('copyreg', 'mine'));
  });

  test('the later of two entries for a name counts', () => {
    const mine = { module: 'builtins', name: 'set', construct: () => 'mine' };
    expect(decode(call('builtins', 'set'), { allow: [...safeGlobals, mine] })).toBe('mine');
  });

  test('an extension code goes through the same gate', () => {
    const extensions = new Map([
      [1, ['builtins', 'set']],
      [300, ['__builtin__', 'KeyError']],
      [70_000, ['os', 'system']],
    ] as const);
    expect(decode('\x82\x01', { extensions })).toEqual(new PyGlobal('builtins', 'set'));
    expect(decode('\x83\x2c\x01)R', { extensions })).toMatchObject({ name: 'KeyError' });
    expect(code('\x84\x70\x11\x01\0', { extensions })).toBe('FORBIDDEN_GLOBAL');
    expect(decode('\x84\x70\x11\x01\0', { ...INERT, extensions })).toEqual(new PyGlobal('os', 'system'));
    expect(code('\x82\x02', { extensions })).toBe('EXTENSION');
    expect(code('\x84\xff\xff\xff\xff', { extensions: new Map([[2 ** 32 - 1, ['builtins', 'set']]]) })).toBe(
      'EXTENSION',
    );
  });

  test('a bare type is a name, and has no instances', () => {
    expect(decode(`${global('collections', 'defaultdict')}${global('__builtin__', 'list')}\x85R`)).toMatchObject({
      defaultFactory: { module: 'builtins', name: 'list' },
    });
    for (const name of ['list', 'dict', 'object', 'int', 'str', 'map']) {
      expect(code(call('builtins', name))).toBe('FORBIDDEN_GLOBAL');
      expect(code(`${global('builtins', name)})\x81`)).toBe('FORBIDDEN_GLOBAL');
    }
  });

  test('a function is called, and has no instances', () => {
    expect(code(`${global('_codecs', 'encode')}${str('a')}${str('latin1')}\x86\x81`)).toBe('TYPE');
    expect(code(`${global('builtins', 'getattr')})}\x92`)).toBe('TYPE');
  });
});

describe('getattr and _reconstructor are recognised, never called', () => {
  test('getattr of a class makes its name longer, and the longer name passes the policy', () => {
    const zone = `${global('builtins', 'getattr')}${global('zoneinfo', 'ZoneInfo')}${str('_unpickle')}\x86R`;
    expect(decode(`${zone}${str('Europe/Paris')}K\x01\x86R`)).toMatchObject({ key: 'Europe/Paris' });
    const other = `${global('builtins', 'getattr')}${global('zoneinfo', 'ZoneInfo')}${str('no_cache')}\x86R`;
    expect(failure(bytes(other)).global).toBe('zoneinfo.ZoneInfo.no_cache');
    expect(decode(other, INERT)).toEqual(new PyGlobal('zoneinfo', 'ZoneInfo.no_cache'));
  });

  test.each([
    ['of a value', `N${str('x')}`],
    ['of an instance', `${call('builtins', 'set', ']')}${str('add')}`],
    ['with bytes for a name', `${global('builtins', 'set')}C\x03add`],
    ['with a default', `${global('builtins', 'set')}${str('add')}N`],
  ])('getattr %s is refused', (_, args) => {
    for (const options of [{}, INERT]) expect(code(call('builtins', 'getattr', args), options)).toBe('CONSTRUCTOR');
  });

  test('_reconstructor makes an instance of a class that the policy allows', () => {
    const make = (cls: string, base: string, state: string) => call('copy_reg', '_reconstructor', cls + base + state);
    const [object, list] = [global('__builtin__', 'object'), global('__builtin__', 'list')];
    expect(decode(make(global('m', 'K'), object, 'N'), INERT)).toEqual(new PyObject('m', 'K', PyTuple.of()));
    expect(decode(make(global('m', 'K'), list, ']'), INERT)).toEqual(new PyObject('m', 'K', PyTuple.of<unknown>([])));
    expect(code(make(global('m', 'K'), object, 'N'))).toBe('FORBIDDEN_GLOBAL');
    expect(code(make(object, object, 'N'))).toBe('FORBIDDEN_GLOBAL');
    expect(code(make(global('builtins', 'getattr'), object, 'N'))).toBe('TYPE');
    expect(code(make('N', object, 'N'))).toBe('TYPE');
    expect(code(make(global('m', 'K'), global('m', 'Base'), 'N'), INERT)).toBe('CONSTRUCTOR');
    expect(code(make(global('m', 'K'), 'N', 'N'), INERT)).toBe('CONSTRUCTOR');
  });
});

describe('inert data', () => {
  const K = global('m', 'K');

  test('keeps arguments, keyword arguments, state, items and entries', () => {
    const args = PyTuple.of<unknown>(1);
    expect(decode(`${K}K\x01\x85R`, INERT)).toEqual(new PyObject('m', 'K', args));
    expect(decode(`${K}K\x01\x85\x81`, INERT)).toEqual(new PyObject('m', 'K', args));
    expect(code(`${K})}(${str('a')}NC\x01bNu\x92`, INERT)).toBe('TYPE');
    expect(decode(`${K}K\x01\x85}${str('a')}K\x02s\x92`, INERT)).toEqual(
      new PyObject('m', 'K', args, new Map([['a', 2]])),
    );
    expect(decode(`(K\x01im\nK\n`, INERT)).toEqual(new PyObject('m', 'K', args));
    expect(decode(`(${K}K\x01o`, INERT)).toEqual(new PyObject('m', 'K', args));
    const whole = decode(`${K})\x81}${str('x')}K\x01sbK\x02a(K\x03K\x04e(K\x05\x90K\x06K\x07s(K\x08K\x09u`, INERT);
    expect(whole).toMatchObject({
      state: new Map([['x', 1]]),
      items: [2, 3, 4, 5],
      entries: new Map([
        [6, 7],
        [8, 9],
      ]),
    });
  });

  test('stays data when it is called: the call is kept', () => {
    const made = decode(`${K})RK\x01\x85R`, INERT);
    expect(made).toEqual(
      new PyObject('operator', 'call', PyTuple.of<unknown>(new PyObject('m', 'K', PyTuple.of()), 1)),
    );
  });

  test('of one class on an allow-list leaves the others refused', () => {
    const options = { allow: [...safeGlobals, inertGlobal('m', 'K')] };
    expect(decode(`${K})R`, options)).toEqual(new PyObject('m', 'K', PyTuple.of()));
    expect(code(`${K})R)R`, options)).toBe('TYPE');
    expect(code(global('m', 'L'), options)).toBe('FORBIDDEN_GLOBAL');
  });

  test('refuses an unhashable entry, and a second state', () => {
    expect(code(`${K})R]Ns`, INERT)).toBe('TYPE');
    expect(code(`${K})R}b}b`, INERT)).toBe('TYPE');
  });
});

describe('the default allow-list', () => {
  test('has no entry without a module and a name, and none twice', () => {
    const names = safeGlobals.map(({ module, name }) => `${module}:${name}`);
    for (const name of names) expect(name).toMatch(/^[a-z_.]+:[A-Za-z_]\w*(\.\w+)?$/);
    expect(new Set(names).size).toBe(names.length);
  });

  test('has every class below OSError', () => {
    expect(osErrorSubclasses.length).toBeGreaterThan(10);
    expect(exceptionNames).toEqual(expect.arrayContaining([...osErrorSubclasses]));
  });
});
