// The estimate of a record's size: what counts, that it is above the truth, and that it costs little whatever there is.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../../src/logging/event/make-log-record.ts';
import { HELD_BYTES_MAX, RECORD_BYTES_MAX, recordBytes } from '../../../src/logging/event/record-size.ts';
import { PyByteArray, PyDecimal, PyObject, PyTuple } from '../../../src/pickle/index.ts';
import { makeRecord } from '../recording.ts';

const MIB = 1024 * 1024;

/** What an extra adds to a record, beside its name. */
function added(value: unknown): number {
  return recordBytes(makeRecord({ extra: value })) - recordBytes(makeRecord({ extra: null }));
}

describe('a record counts', () => {
  test('about a kilobyte where it is like most, and half of one where it is empty', () => {
    const typical = makeRecord({
      name: 'app.module',
      msg: 'a message of some forty characters, or so',
      pathname: '/usr/lib/app/module/file.py',
      filename: 'file.py',
      module: 'file',
      funcName: 'function',
      threadName: 'MainThread',
      processName: 'MainProcess',
    });
    expect(recordBytes(typical)).toBeGreaterThan(800);
    expect(recordBytes(typical)).toBeLessThan(1200);
    expect(recordBytes(makeLogRecord(new Map()))).toBeLessThan(600);
  });

  test.each(['msg', 'name', 'pathname', 'exc_text', 'stack_info', 'taskName', 'message', 'asctime', 'an extra'])(
    'two bytes for each unit of %s',
    (name) => {
      const size = (text: string): number => recordBytes(makeRecord({ [name]: text }));
      expect(size('x'.repeat(MIB + 1)) - size('x')).toBe(2 * MIB);
    },
  );

  test.each<[string, unknown, number]>([
    ['a text', 'x'.repeat(MIB), 2 * MIB],
    ['bytes', new Uint8Array(MIB), MIB],
    ['a bytearray', new PyByteArray(new Uint8Array(MIB)), MIB],
    ['a list', Array(1000).fill(null), 8 * 1000],
    ['a list of floats', Array(1000).fill(0.5), 24 * 1000],
    ['a dict', new Map(Array.from({ length: 1000 }, (_, index) => [index, index])), 64 * 1000],
    ['a set', new Set(Array.from({ length: 1000 }, (_, index) => index)), 40 * 1000],
    ['a huge int', 2n ** BigInt(8 * MIB), MIB],
    ['a decimal', new PyDecimal('1'.repeat(MIB)), 2 * MIB],
    ['the data of a class that is not known', new PyObject('a', 'b', PyTuple.of('x'.repeat(MIB))), 2 * MIB],
    ['what lies deep', [[[[{ a: [new Map([['k', 'x'.repeat(MIB)]])] }]]]], 2 * MIB],
    ['a key', new Map([['x'.repeat(MIB), 1]]), 2 * MIB],
  ])('%s among its extras by its size', (_, value, bytes) => {
    expect(added(value)).toBeGreaterThanOrEqual(bytes);
    expect(added(value)).toBeLessThan(2 * bytes + 2000);
  });

  test('what is in msg, args and exc_info, too', () => {
    const text = 'x'.repeat(MIB);
    for (const name of ['msg', 'args', 'exc_info']) {
      const size = recordBytes(makeRecord({ [name]: PyTuple.of(text) }));
      expect(size).toBeGreaterThan(2 * MIB);
      expect(size).toBeLessThan(3 * MIB);
    }
  });

  test('what several values share once, and what holds itself', () => {
    const shared = [new Uint8Array(MIB)];
    expect(added(Array(1000).fill(shared))).toBeLessThan(1.1 * MIB);
    const circle: unknown[] = [];
    circle.push(circle);
    expect(added(circle)).toBeLessThan(1000);
  });

  test("a program's own objects as references, and calls none of their code", () => {
    class Session {
      readonly data: string = 'x'.repeat(MIB);
    }
    const asked: string[] = [];
    const own = {
      get secret(): string {
        asked.push('secret');
        throw new Error('asked');
      },
    };
    expect(added([new Session(), own])).toBeLessThan(1000);
    expect(asked).toEqual([]);
  });
});

describe('however much there is', () => {
  test('no record counts more than a holder takes by default', () => {
    expect(RECORD_BYTES_MAX).toBe(HELD_BYTES_MAX);
    expect(recordBytes(makeRecord({ a: new Uint8Array(RECORD_BYTES_MAX) }))).toBe(RECORD_BYTES_MAX);
  });

  test.each<[string, number, number, (count: number) => unknown]>([
    ['values', 250_000, 263_000, (count) => Array(count).fill(1)],
    ['members', 250_000, 263_000, (count) => new Set(Array.from({ length: count }, (_, index) => index))],
    ['entries', 130_000, 132_000, (count) => new Map(Array.from({ length: count }, (_, index) => [index, index]))],
    ['objects', 15_000, 17_000, (count) => Array.from({ length: count }, () => [])],
    [
      'objects, one in another,',
      15_000,
      17_000,
      (count) =>
        Array(count)
          .fill(0)
          .reduce((inner) => [inner], []),
    ],
  ])('a record with too many %s to walk counts as one of those', (_, some, many, make) => {
    expect(recordBytes(makeRecord({ a: make(some) }))).toBeLessThan(RECORD_BYTES_MAX / 2);
    expect(recordBytes(makeRecord({ a: make(many) }))).toBe(RECORD_BYTES_MAX);
  });

  test('the estimate takes a bounded time', () => {
    const lists = Array.from({ length: 1_000_000 }, () => [1]);
    const record = makeRecord({ lists, more: Array(10_000_000).fill(0), map: new Map([[lists, lists]]) });
    recordBytes(record);
    const began = performance.now();
    for (let round = 0; round < 10; round++) recordBytes(record);
    expect((performance.now() - began) / 10).toBeLessThan(50);
  });
});

describe('the estimate is not below what the heap grows by', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;

  /** Bytes that a value takes. */
  function measured(make: () => LogRecord): { readonly real: number; readonly estimate: number } {
    const held: LogRecord[] = [make()];
    const used = (): number => {
      gc();
      gc();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const before = used();
    for (let count = 0; count < 8; count++) held.push(make());
    return { real: (used() - before) / 8, estimate: recordBytes(held[0] as LogRecord) };
  }

  const many = <T>(make: (index: number) => T): T[] => Array.from({ length: 10_000 }, (_, index) => make(index));

  test.each<[string, () => unknown]>([
    ['floats', () => many((index) => index + 0.5)],
    ['lists of one', () => many((index) => [index])],
    ['tuples', () => many((index) => PyTuple.of(index))],
    ['dicts', () => many((index) => new Map([['a', index]]))],
    ['sets', () => many((index) => new Set([index]))],
    ['texts', () => many((index) => `text ${index}`)],
    ['bytes', () => many(() => new Uint8Array(1))],
    ['huge ints', () => many((index) => 2n ** 80n + BigInt(index))],
    ['the items of a dict', () => new Map(many((index) => [index, `${index}`]))],
    ['records', () => many((index) => new PyObject('m', 'C', PyTuple.of(index)))],
  ])('by %s', (_, make) => {
    const { real, estimate } = measured(() => makeRecord({ a: make() }));
    expect(estimate).toBeGreaterThan(0.95 * real);
  });
});
