// How the classes and functions that a pickle may name look in Python 3.13. Names only: nothing is resolved.

import { exceptionNames } from '../values/exception-names.ts';
import type { PyGlobal } from '../values/index.ts';
import { escapedName } from './text.ts';

const BUILTIN_CLASSES: ReadonlySet<string> = new Set([
  ...exceptionNames,
  ...names(`
    bool bytearray bytes classmethod complex dict enumerate filter float frozenset int list map memoryview object
    property range reversed set slice staticmethod str super tuple type zip NoneType NotImplementedType ellipsis
  `),
]);

const BUILTIN_FUNCTIONS = names(`
  __build_class__ __import__ abs aiter all anext any ascii bin breakpoint callable chr compile delattr dir divmod eval
  exec format getattr globals hasattr hash hex id input isinstance issubclass iter len locals max min next oct open ord
  pow print repr round setattr sorted sum vars
`);

/** Two old names of one class. */
const OS_ERROR_ALIASES = names('EnvironmentError IOError');

/** The classes that are decoded to values, by the module they are named in. */
const CLASSES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['array', names('array')],
  ['collections', names('Counter OrderedDict defaultdict deque')],
  ['datetime', names('date datetime time timedelta timezone')],
  ['decimal', names('Decimal')],
  ['fractions', names('Fraction')],
  ['ipaddress', names('IPv4Address IPv4Interface IPv4Network IPv6Address IPv6Interface IPv6Network')],
  ['pathlib._local', names('Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath')],
  ['types', names('SimpleNamespace')],
  ['uuid', names('UUID')],
  ['zoneinfo', names('ZoneInfo')],
]);

/** `<class 'list'>`, `<built-in function len>`, `<class 'datetime.date'>`; for names not known here `<global 'm.n'>`. */
export function globalRepr({ module, name }: PyGlobal): string {
  if (module === 'builtins') {
    if (BUILTIN_CLASSES.has(name)) return `<class '${name}'>`;
    if (BUILTIN_FUNCTIONS.has(name)) return `<built-in function ${name}>`;
    if (OS_ERROR_ALIASES.has(name)) return "<class 'OSError'>";
  }
  // 3.13 defines the paths in a private module; every other version pickles and prints them as pathlib's own.
  const home = module === 'pathlib' ? 'pathlib._local' : module;
  if (CLASSES.get(home)?.has(name)) return `<class '${home}.${name}'>`;
  return `<global '${escapedName(module)}.${escapedName(name)}'>`;
}

function names(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}
