// Laws of pickle() that hold for every value, tried on random ones. PICKLEWIRE_FUZZ_RUNS sets how many.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type PickleError,
  PyArray,
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
  PyFraction,
  PyFrozenSet,
  PyGlobal,
  PyIPAddress,
  PyOrderedDict,
  PyPath,
  PyRange,
  PySimpleNamespace,
  PySlice,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyTuple,
  PyUUID,
  PyZoneInfo,
  pickle,
  repr,
  scan,
  type UnpickleOptions,
  unpickle,
} from '../../src/pickle/index.ts';
import { partsOf } from '../../src/pickle/values/structure.ts';
import { readPayloads } from '../fixtures.ts';
import { checkProperty, FUZZ_RUNS } from '../properties/check.ts';
import { decoding, inert as inertCases } from './hostile-values.ts';
import { bytes as bytesOf } from './pickles.ts';

const RUNS = FUZZ_RUNS;
const TIMEOUT = 30_000 + RUNS * 20;
const EXACT: UnpickleOptions = { floats: 'tagged' };

const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', 'a\\b\n\r\0\x1a', 'datetime', 'collections', 'latin1', '\ud800'),
);
const int = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -300, max: 70_000 }));
const float = fc.double().map((value) => (Number.isInteger(value) ? new PyFloat(value) : value));
const bytes = fc.uint8Array({ maxLength: 20 });
const microseconds = fc.integer({ min: 0, max: 999_999 });
const timeDelta = fc
  .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 86_399 }), microseconds)
  .map((parts) => new PyTimeDelta(...parts));
const timeZone = fc
  .tuple(fc.integer({ min: 0, max: 86_399 }), fc.option(text))
  .map(([seconds, name]) => new PyTimeZone(new PyTimeDelta(0, seconds, 0), name));
const zone = fc.oneof(fc.constant(null), timeZone, fc.constant(new PyZoneInfo('Europe/Paris')));
const date = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map((parts) => new PyDate(...parts));
const sixty = fc.integer({ min: 0, max: 59 });
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), sixty, sixty, microseconds, zone)
  .map(([hour, minute, second, micro, tzinfo]) => new PyTime(hour, minute, second, micro, 0, tzinfo));
const safe = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

/** One token for each type, which as a key is one. */
const TYPES = ['list', 'int', 'OSError', 'NoneType'].map((name) => new PyGlobal('builtins', name));

/** Values without parts: every kind that can be a key, and those that cannot. */
const hashable = fc.oneof(
  fc.constantFrom(null, true, false),
  text,
  int,
  float,
  bytes,
  fc.bigInt().map(safe),
  fc.tuple(fc.double(), fc.double()).map((parts) => new PyComplex(...parts)),
  fc.tuple(int, int, fc.integer({ min: 1, max: 9 })).map((parts) => new PyRange(...parts)),
  timeDelta,
  timeZone,
  date,
  time,
  fc.tuple(date, time).map((parts) => new PyDateTime(...parts)),
  fc.constantFrom('0', '-1.50', '1E+30', 'NaN', '-Infinity').map((digits) => new PyDecimal(digits)),
  fc.constant(new PyFraction(-3, 2n ** 70n)),
  fc.uuid().map((uuid) => new PyUUID(uuid)),
  fc.constantFrom(...TYPES),
  fc.constantFrom('/a/b', '.', 'é').map((path) => new PyPath('PurePosixPath', path)),
  fc.constantFrom('1.2.3.4', '255.0.0.1').map((address) => new PyIPAddress('IPv4Address', address)),
  fc.constantFrom('::1', 'fe80::1%eth0').map((address) => new PyIPAddress('IPv6Address', address)),
);
const leaf = fc.oneof(
  hashable,
  bytes.map((content) => new PyByteArray(content)),
  fc.array(fc.integer({ min: -128, max: 127 })).map((items) => new PyArray('b', items)),
  fc.array(fc.double()).map((items) => new PyArray('d', items)),
);

/** A container: of which kind, its scalars, and which of all containers of the value it refers to. */
const container = fc.record({
  kind: fc.nat(11),
  keys: fc.array(hashable, { maxLength: 4 }),
  leaves: fc.array(leaf, { maxLength: 4 }),
  refers: fc.array(fc.nat(20), { maxLength: 3 }),
});
type Container = typeof container extends fc.Arbitrary<infer T> ? T : never;

/** Containers that refer to each other in any way that Python could have made: what is immutable, only backwards. */
const graph = fc.array(container, { minLength: 1, maxLength: 12 }).map((all) => {
  const made: unknown[] = [];
  const later: (() => void)[] = [];
  for (const each of all) made.push(make(each, made, later));
  for (const fill of later) fill();
  return made;
});

function make({ kind, keys, leaves, refers }: Container, made: unknown[], later: (() => void)[]): unknown {
  const before = refers.filter(() => made.length > 0).map((index) => made[index % made.length]);
  const all = (): unknown[] => [...leaves, ...refers.map((index) => made[index % made.length])];
  const list = <T extends unknown[]>(empty: T): T => {
    later.push(() => {
      empty.push(...all());
    });
    return empty;
  };
  const dict = <T extends Map<unknown, unknown>>(empty: T): T => {
    later.push(() => {
      const values = all();
      keys.forEach((key, i) => {
        empty.set(key, values[i] ?? null);
      });
    });
    return empty;
  };
  switch (kind) {
    case 0:
    case 1:
      return list([]);
    case 2:
    case 3:
      return dict(new Map());
    case 4:
      return PyTuple.adopt([...leaves, ...before]);
    case 5:
      return new Set(keys);
    case 6:
      return new PyFrozenSet(keys);
    case 7:
      return dict(new PyOrderedDict());
    case 8:
      return dict(new PyDefaultDict(leaves.length > 2 ? null : new PyGlobal('builtins', 'list')));
    case 9:
      return list(new PyDeque());
    case 10: {
      const error = new PyException('ValueError', PyTuple.adopt([...leaves, ...before]));
      if (keys.length > 2) {
        later.push(() => {
          error.attributes = new Map([['self', made.at(-1)]]);
        });
      }
      return error;
    }
    default: {
      if (keys.length > 2) return new PySlice(leaves[0] ?? null, before[0] ?? null, null);
      if (keys.length > 1) return new PyCounter(keys.map((key, i) => [key, leaves[i] ?? 1]));
      const namespace = new PySimpleNamespace();
      later.push(() => {
        for (const [i, value] of all().entries()) namespace.attributes.set(`n${i}`, value);
      });
      return namespace;
    }
  }
}

/** Whether two values are of the same classes and hold the same things, the same in the same places. */
function sameShape(left: unknown, right: unknown): boolean {
  const forth = new Map<unknown, unknown>();
  const back = new Map<unknown, unknown>();
  const waiting: [unknown, unknown][] = [[left, right]];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const [a, b] = pair;
    if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
      if (!Object.is(a, b)) return false;
      continue;
    }
    // Python has one empty tuple, and tells no two equal floats or classes apart.
    const shared = !(a instanceof PyFloat || a instanceof PyGlobal || (a instanceof PyTuple && a.length === 0));
    if (shared && (forth.has(a) || back.has(b))) {
      if (forth.get(a) !== b || back.get(b) !== a) return false;
      continue;
    }
    forth.set(a, b);
    back.set(b, a);
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    const parts = partsOf(a);
    const others = partsOf(b);
    if (parts === null || others === null) {
      if (parts !== others || repr(a) !== repr(b)) return false;
    } else {
      if (parts.length !== others.length) return false;
      for (const [i, part] of parts.entries()) waiting.push([part, others[i]]);
    }
  }
  return true;
}

test(
  'a value pickled and unpickled is the value: its text, its classes, its sharing and its cycles',
  () => {
    const property = fc.property(fc.oneof(leaf, graph), fc.integer({ min: 0, max: 5 }), (value, protocol) => {
      const data = pickle(value, { protocol });
      const again = unpickle(data, EXACT);
      expect(repr(again)).toBe(repr(value));
      expect(sameShape(value, again)).toBe(true);
      expect(pickle(again, { protocol })).toEqual(data);
    });
    checkProperty(property, { numRuns: RUNS });
  },
  TIMEOUT,
);

/** Pickled with a text for what is refused, a value names nothing but what the allow-list has. */
function expectHarmless(value: unknown, protocol: number): void {
  const data = pickle(value, { protocol, fallback: (refused) => repr(refused, { maxLength: 1000 }) });
  const { globals, broken, problems } = scan(data);
  expect([broken, problems]).toEqual([null, []]);
  for (const { allowed, module, name } of globals) expect([module, name, allowed]).toEqual([module, name, true]);
  // And it can be read by who refuses every other name.
  unpickle(data);
}

test('nothing that was decoded inertly is pickled with a name that is not on the allow-list', () => {
  const inert: UnpickleOptions = { ...EXACT, unknownGlobals: 'inert', strings: 'surrogateescape' };
  const strange = [...Object.values(decoding).flat(), ...inertCases].map(([data]) => bytesOf(data));
  const sent = ['2.7', '3.13'].flatMap((python) => readPayloads(python).map(({ payload }) => payload));
  let refused = 0;
  [...strange, ...sent].forEach((data, i) => {
    const value = unpickle(data, inert);
    expectHarmless(value, i % 6);
    try {
      pickle(value);
    } catch (error) {
      expect((error as PickleError).code).toBe('ERR_PICKLE_UNPICKLABLE');
      refused++;
    }
  });
  expect(refused).toBeGreaterThan(20);
});
