// The values of data/encode.json, by the names that data/generate-encode.py gives them, without any decoder.

import {
  Ellipsis,
  NotImplemented,
  PyByteArray,
  PyComplex,
  PyCounter,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyDefaultDict,
  PyDeque,
  PyException,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyOrderedDict,
  PyRange,
  PySimpleNamespace,
  PySlice,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyTuple,
  PyUUID,
  PyZoneInfo,
} from '../../src/pickle/index.ts';

const SIZES = [0, 1, 2, 3, 4, 999, 1000, 1001, 2000, 2001];
const BYTES = [0, 1, 255, 256, 65535, 65536, 70000];
const BITS = [7, 8, 15, 16, 23, 31, 32, 39, 47, 53, 63, 64, 127, 2031, 2032, 2039, 2040];
const TYPES =
  'bool bytearray bytes classmethod complex dict enumerate filter float frozenset int list map memoryview object ' +
  'property range reversed set slice staticmethod str super tuple type zip';

/** The values by name. */
export function encodeValues(exceptionNames: readonly string[]): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ...SIZES.flatMap(sized),
    ...BYTES.flatMap(ofBytes),
    ...BITS.map((bits): [string, unknown] => [`ints of ${bits} bits`, intsOf(2n ** BigInt(bits))]),
    ['floats', [0, -0, 1, -2, 0.1, 1e15, 1e16, 1e22, 1e300, 5e-324, 1 / 0, -1 / 0, 0 / 0].map((f) => new PyFloat(f))],
    ['bools and None', [true, false, null, true]],
    [
      'texts',
      ['', 'a\\b', '\0', '\n', '\r', '\x1a', '\t', '\x7f\x80\xff', '\u0100', '\ud800', '\udfffx\ud83d', '\u{1f600}x'],
    ],
    ['names', JSON.parse('{"a": 1, "__proto__": 2, "é": [3]}')],
    ['a frame that is full', range(30).map((number) => String(number).padStart(5, '0').repeat(1000))],
    [
      'bytes that stand outside of frames',
      [new Uint8Array(65536), 1, 'z'.repeat(65536), 2, new Uint8Array(65535).fill(122), 3],
    ],
    ['nothing in front of large bytes', PyTuple.of(new Uint8Array(65536))],
    ['300 strings, twice', [...range(300), ...range(300)].map((number) => `e${number}`)],
    ...shared(),
    ...cycles(),
    ['types', TYPES.split(' ').map(builtin)],
    ['types of exceptions', exceptionNames.map(builtin)],
    ...exceptionNames.map((name): [string, unknown] => [name, exception(name)]),
    ['singletons', singletons()],
  ]);
}

function sized(size: number): [string, unknown][] {
  const items = range(size);
  const pairs = items.map((item): [number, unknown] => [item, null]);
  const defaults = new PyDefaultDict(builtin('int'));
  for (const [key, value] of pairs) defaults.set(key, value);
  return [
    [`list of ${size}`, items],
    [`tuple of ${size}`, PyTuple.adopt(range(size))],
    [`dict of ${size}`, new Map(pairs)],
    [`set of ${size}`, new Set(items)],
    [`frozenset of ${size}`, new PyFrozenSet(items)],
    [`deque of ${size}`, deque(items)],
    [`OrderedDict of ${size}`, new PyOrderedDict(pairs)],
    [`defaultdict of ${size}`, defaults],
    [`Counter of ${size}`, new PyCounter(items.map((item) => [item, 1]))],
  ];
}

function ofBytes(size: number): [string, unknown][] {
  return [
    [`${size} bytes`, new Uint8Array(size)],
    [`bytearray of ${size}`, new PyByteArray(new Uint8Array(size))],
    [`str of ${size}`, 'x'.repeat(size)],
    [`str of ${size} two-byte characters`, 'é'.repeat(size)],
  ];
}

/** As numbers where they are safe. */
function intsOf(power: bigint): (number | bigint)[] {
  const around = [power - 1n, power, power + 1n, 1n - power, -power, -1n - power];
  return around.map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
}

function singletons(): unknown[] {
  const type = (name: string): PyGlobal => new PyGlobal('builtins', name);
  const types = ['NoneType', 'ellipsis', 'NotImplementedType'].map(type);
  return [...types, Ellipsis, NotImplemented, Ellipsis, type('NoneType')];
}

function shared(): [string, unknown][] {
  const items = [1];
  const pair = PyTuple.of('t');
  const content = Buffer.from('abc');
  const buffer = new PyByteArray(Buffer.from('abc'));
  const number = new PyDecimal('1.5');
  const zone = new PyZoneInfo('Europe/Paris');
  const other = new PyZoneInfo('UTC');
  const day = new PyDate(2026, 1, 2);
  const moment = new PyDateTime(day, new PyTime(3, 4, 5, 678901, 0, zone));
  const later = new PyDateTime(day, new PyTime(2, 4, 5, 678901, 0, other));
  const lists = new PyDefaultDict(builtin('list'));
  lists.set('a', []);
  const byteA = Buffer.from('a');
  return [
    ['a list, three times', PyTuple.of<unknown>(items, items, { a: items })],
    ['a tuple, twice', [pair, pair, PyTuple.of('t', 't')]],
    ['bytes, twice', [content, content, new Uint8Array(content), 'abc', 'latin1']],
    ['single bytes', [byteA, 'a', Buffer.from('b'), 'b']],
    ['bytearrays', [buffer, buffer, new PyByteArray(Buffer.from('abc'))]],
    ['Decimals', [number, number, new PyDecimal('1.5'), '1.5', 'decimal', 'Decimal']],
    ['times', [day, day, new PyDate(2026, 1, 2), moment, later, 'datetime', new PyTime(3, 4, 0, 0, 0, zone)]],
    [
      'fold',
      [new PyDateTime(new PyDate(2026, 10, 25), new PyTime(2, 30, 0, 0, 1, null)), new PyTime(2, 30, 0, 0, 1, null)],
    ],
    [
      'timedeltas',
      [new PyTimeDelta(1, 0, 0), new PyTimeDelta(-1, 5, 6), new PyTimeZone(new PyTimeDelta(0, 3600, 0), 'CET')],
    ],
    ['zones', [zone, other, zone, 'zoneinfo', 'getattr']],
    [
      'UUIDs',
      [
        new PyUUID('00000000-0000-0000-0000-000000000001'),
        new PyUUID('80000000-0000-0000-0000-000000000005'),
        'int',
        'uuid',
        'UUID',
      ],
    ],
    [
      'names of modules first',
      [
        'collections',
        'OrderedDict',
        'deque',
        'Counter',
        new PyOrderedDict(),
        deque([]),
        new PyCounter(),
        new PyDefaultDict(null),
      ],
    ],
    [
      'names of modules last',
      [
        deque([]),
        new PyDefaultDict(null),
        new PyCounter(),
        new PyOrderedDict(),
        'collections',
        'OrderedDict',
        'deque',
        'Counter',
      ],
    ],
    [
      'types and their instances',
      [
        builtin('list'),
        lists,
        builtin('set'),
        new Set([1]),
        builtin('frozenset'),
        new PyFrozenSet([1]),
        new PyComplex(1, -2),
        new PyRange(0, 3, 1),
      ],
    ],
  ];
}

function cycles(): [string, unknown][] {
  const list: unknown[] = [1];
  list.push(list);
  const dict = new Map<unknown, unknown>([['a', 1]]);
  dict.set('self', dict);
  const tuples = [1, 3, 4].flatMap((size): [string, unknown][] => {
    const inner: unknown[] = [];
    const tuple = PyTuple.adopt<unknown>([inner, ...new Array(size - 1).fill(null)]);
    inner.push(tuple);
    return [
      [`a tuple of ${size} in its list`, tuple],
      [`the list of a tuple of ${size}`, inner],
    ];
  });
  const two = PyTuple.of<unknown[]>([], []);
  for (const each of two) each.push(two);
  const dicts = [new PyOrderedDict(), new PyDefaultDict(null)];
  for (const each of dicts) each.set('self', each).set('tuple', PyTuple.of(each));
  const aDeque = deque([1], 5);
  aDeque.push(aDeque, PyTuple.of(aDeque));
  const namespace = new PySimpleNamespace();
  namespace.attributes.set('a', 1).set('self', namespace);
  const arguments_: unknown[] = [];
  const error = new PyException('ValueError', PyTuple.of<unknown>(arguments_));
  arguments_.push(error);
  const members: unknown[] = [];
  const member = new PyException('ValueError', PyTuple.of<unknown>(members));
  const frozen = new PyFrozenSet([member]);
  members.push(frozen);
  const attributed = new PyException('ValueError', PyTuple.of('x'));
  attributed.attributes = new Map<unknown, unknown>([
    ['code', 51],
    ['self', attributed],
  ]);
  const start: unknown[] = [];
  const part = new PySlice(start, null, 1);
  start.push(part);
  return [
    ['a list in itself', list],
    ['a dict in itself', dict],
    ...tuples,
    ['a tuple in its two lists', two],
    ['a OrderedDict in itself', dicts[0]],
    ['a defaultdict in itself', dicts[1]],
    ['a deque in itself', aDeque],
    ['a namespace in itself', namespace],
    ['an exception in its arguments', error],
    ['a frozenset in an exception in it', frozen],
    ['the exception', member],
    ['an exception with attributes', attributed],
    ['a slice in itself', part],
  ];
}

function exception(name: string): PyException {
  const made = new PyException(name, PyTuple.of('x'));
  // From 3.12 on, Python pickles the arguments of this one as a part of its state too.
  if (name === 'AttributeError') made.attributes = new Map([['args', made.args]]);
  return made;
}

function builtin(name: string): PyGlobal {
  return new PyGlobal('builtins', name);
}

function range(size: number): number[] {
  return Array.from({ length: size }, (_, i) => i);
}

function deque(items: readonly unknown[], maxlen: number | null = null): PyDeque {
  const result = new PyDeque();
  result.push(...items);
  result.maxlen = maxlen;
  return result;
}
