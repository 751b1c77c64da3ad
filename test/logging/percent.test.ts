// The `%` operator: CPython's results for thousands of formats, its laws, and the bound on what it makes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError, type LoggingErrorCode } from '../../src/logging/errors.ts';
import { PercentFormat, percent } from '../../src/logging/text/percent.ts';
import { TEXT_UNITS_MAX } from '../../src/logging/text/text-limits.ts';
import { PyCounter, PyFloat, PyFraction, PyTuple } from '../../src/pickle/index.ts';
import { checkProperty } from '../properties/check.ts';
import { decode, type Encoded, readCases } from './data/read.ts';

/** A format, what it is applied to, and the text, or null and the exception's class. */
type Case = readonly [format: string, args: Encoded, text: string | null, error?: string];

const CODES: Readonly<Record<string, LoggingErrorCode>> = {
  KeyError: 'ERR_FORMAT_KEY',
  TypeError: 'ERR_FORMAT_TYPE',
  ValueError: 'ERR_FORMAT_VALUE',
  OverflowError: 'ERR_FORMAT_OVERFLOW',
};

/** The text, or the code of the error. */
function outcome(make: () => string): string {
  try {
    return make();
  } catch (error) {
    if (error instanceof FormatError) return `! ${error.code}`;
    throw error;
  }
}

const tuple = (...items: unknown[]): PyTuple => PyTuple.adopt(items);

describe('as CPython does', () => {
  const cases = readCases<Case>('percent.jsonl');

  test(`${cases.length} formats give CPython's text or its kind of error`, () => {
    const differences = cases.flatMap(([format, args, text, error]) => {
      const expected = text ?? `! ${CODES[error ?? '']}`;
      const actual = outcome(() => percent(format, decode(args)));
      return actual === expected ? [] : [{ format, args: JSON.stringify(args), expected, actual }];
    });
    expect(differences).toEqual([]);
  });

  test('the table has every conversion and every kind of error', () => {
    for (const type of 'diouxXeEfFgGcrsa%') {
      expect(cases.some(([format, , text]) => text !== null && format.endsWith(type))).toBe(true);
    }
    expect(new Set(cases.map(([, , , error]) => error))).toEqual(new Set([undefined, ...Object.keys(CODES)]));
  });

  test.each([
    ['%.0f', 2.5, '2'],
    ['%.0f', 3.5, '4'],
    ['%.2f', 1e22, '10000000000000000000000.00'],
    ['%05f', Number.POSITIVE_INFINITY, '00inf'],
    ['%s', new PyFloat(1), '1.0'],
    // Just above the middle between two doubles.
    ['%.0f', new PyFraction((2n ** 53n + 1n) * 3n ** 50n + 1n, 3n ** 50n), '9007199254740994'],
    ['%-4s|', '\u{1f600}', '\u{1f600}   |'],
    ['%.1s', '\u{1f600}\u{1f600}', '\u{1f600}'],
    ['%a', 'é€\u{1f600}', "'\\xe9\\u20ac\\U0001f600'"],
  ])('%o of %o is %o', (format, value, text) => {
    expect(percent(format, tuple(value))).toBe(text);
  });
});

describe('compiled once', () => {
  test('a format that was applied before gives the same text again', () => {
    for (const [source, args] of readCases<Case>('percent.jsonl')) {
      const format = new PercentFormat(source);
      const value = decode(args);
      expect(outcome(() => format.apply(value))).toBe(outcome(() => format.apply(value)));
      expect(outcome(() => format.apply(value))).toBe(outcome(() => percent(source, value)));
    }
  });

  test('a broken format fails when it is applied, and only after what precedes the break', () => {
    const format = new PercentFormat('%(a)s %');
    expect(outcome(() => format.apply(new Map()))).toBe('! ERR_FORMAT_KEY');
    expect(outcome(() => format.apply(new Map([['a', 1]])))).toBe('! ERR_FORMAT_VALUE');
  });

  test('a lookup gives values by name and none without', () => {
    const lookup = { get: (name: string) => (name === 'a' ? 1 : undefined) };
    expect(new PercentFormat('%(a)d').applyTo(lookup)).toBe('1');
    expect(outcome(() => new PercentFormat('%(b)d').applyTo(lookup))).toBe('! ERR_FORMAT_KEY');
    expect(outcome(() => new PercentFormat('%s').applyTo(lookup))).toBe('! ERR_FORMAT_TYPE');
    expect(outcome(() => new PercentFormat('%5d').applyTo(lookup))).toBe('! ERR_FORMAT_TYPE');
    expect(outcome(() => new PercentFormat('%y').applyTo(lookup))).toBe('! ERR_FORMAT_VALUE');
  });

  test('a lookup with the items of a dict gives the text of the dict, or the same error', () => {
    const names = ['a', 'b', '__proto__', 'missing'];
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('\u{1f600}', '\ud83d', 'x'), maxLength: 9 }),
      fc.integer(),
      fc.double(),
      fc.bigInt(),
      fc.constantFrom<unknown>(null, true, false, -0, new PyFloat(1), new PyFraction(7, 2), 2n ** 90n, 10n ** 5000n),
    );
    const conversion = fc
      .tuple(
        fc.constantFrom(...names),
        fc.constantFrom('', '-', '0', '+', ' ', '-0', '#', '+0'),
        fc.constantFrom('', '0', '3', '12', '70', '99999999999', '*'),
        fc.constantFrom('', '', '', '.', '.2'),
        fc.constantFrom('s', 's', 'd', 'd', 'i', 'r', 'x', 'f', 'y', ''),
      )
      .map(([name, ...rest]) => `%(${name})${rest.join('')}`);
    const part = fc.oneof({ weight: 4, arbitrary: conversion }, fc.constantFrom('%s', '%%', ' text ', '%(', '%'));
    const entries = fc
      .tuple(value, value, value)
      .map((all) => all.map((each, i) => [names[i] as string, each] as const));
    const property = fc.property(fc.array(part, { maxLength: 4 }), entries, (parts, items) => {
      const format = new PercentFormat(parts.join(''));
      // A format without a name prints a dict whole, which a lookup has not.
      fc.pre(!/%s/.test(format.source));
      const dict = new Map<unknown, unknown>(items);
      expect(outcome(() => format.applyTo({ get: (name) => dict.get(name) }))).toBe(outcome(() => format.apply(dict)));
    });
    checkProperty(property, { numRuns: 2000 });
  });
});

describe('names', () => {
  test.each(['__proto__', 'constructor', 'toString'])(
    '%s is a key like any other, and not there unless it was put there',
    (name) => {
      expect(percent(`%(${name})s`, new Map([[name, 'value']]))).toBe('value');
      expect(outcome(() => percent(`%(${name})s`, new Map()))).toBe('! ERR_FORMAT_KEY');
    },
  );

  test('a value of None is there', () => {
    expect(percent('%(a)s', new Map([['a', null]]))).toBe('None');
  });

  test('a Counter has zero of what it does not hold', () => {
    expect(percent('%(a)d', new PyCounter())).toBe('0');
  });
});

describe('bounds', () => {
  test.each([
    ['%999999999d', tuple(1)],
    ['%*d', tuple(999999999, 1)],
    ['%.999999999f', tuple(1.5)],
    ['%.999999999d', tuple(1)],
    ['%16777216s!', tuple('')],
    ['%1000000d'.repeat(17), PyTuple.adopt(new Array(17).fill(1))],
  ])('%.30o asks for more than the limit', (format, args) => {
    expect(outcome(() => percent(format, args))).toBe('! ERR_FORMAT_LIMIT');
  });

  test.each([
    ['%.*d', 2 ** 31, 'OVERFLOW'],
    ['%.*d', -(2 ** 31) - 1, 'OVERFLOW'],
    ['%.*d', 2 ** 31 - 1, 'LIMIT'],
    ['%*d', 2 ** 31, 'LIMIT'],
    ['%*d', 2n ** 63n, 'OVERFLOW'],
  ])('%o with %o for its star is an error as in Python: %s', (format, star, code) => {
    expect(outcome(() => percent(format, tuple(star, 1)))).toBe(`! ERR_FORMAT_${code}`);
  });

  test('a text of exactly the limit is made', () => {
    expect(percent(`%${TEXT_UNITS_MAX}s`, tuple('')).length).toBe(TEXT_UNITS_MAX);
  });

  test('an integer of 4300 digits is printed and one of 4301 is not, as in Python', () => {
    expect(percent('%d', tuple(10n ** 4299n)).length).toBe(4300);
    expect(outcome(() => percent('%d', tuple(10n ** 4300n)))).toBe('! ERR_FORMAT_VALUE');
  });

  test('a million conversions without arguments fail at the first', () => {
    expect(outcome(() => percent('%s'.repeat(1_000_000), tuple()))).toBe('! ERR_FORMAT_TYPE');
  });
});

describe('laws', () => {
  test('%d of any int is its BigInt text', () => {
    checkProperty(fc.property(fc.bigInt(), (value) => percent('%d', tuple(value)) === value.toString()));
  });

  test('%.17e of any double reads back as that double', () => {
    checkProperty(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        Object.is(Number(percent('%.17e', tuple(value))), value),
      ),
    );
  });

  test('text with its percent signs doubled stands for itself', () => {
    checkProperty(
      fc.property(fc.string({ unit: 'binary' }), (text) => percent(text.replaceAll('%', '%%'), tuple()) === text),
    );
  });

  test('a padded text has at least the characters asked for, and those of the text', () => {
    checkProperty(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, width) => {
        const padded = percent('%*s', tuple(width, text));
        return padded.endsWith(text) && [...padded].length === Math.max(width, [...text].length);
      }),
    );
  });

  test('any format and any argument give a text or a FormatError', () => {
    const format = fc.string({ unit: fc.constantFrom(...'%()*.#0- +5hdsrfgxc&a'), maxLength: 12 });
    checkProperty(
      fc.property(
        format,
        fc.array(fc.oneof(fc.string(), fc.double(), fc.bigInt(), fc.constant(null))),
        (source, args) => {
          outcome(() => percent(source, PyTuple.adopt(args)));
        },
      ),
    );
  });
});
