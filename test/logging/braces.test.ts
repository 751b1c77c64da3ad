// str.format: what a field may reach, its errors in their order, and the bound on what it makes. (What CPython makes of
// thousands of formats is compared in formatters.test.ts.)

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/logging/errors.ts';
import { BraceFormat } from '../../src/logging/text/braces.ts';
import { TEXT_UNITS_MAX } from '../../src/logging/text/text-limits.ts';
import {
  PyArray,
  PyComplex,
  PyCounter,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyDefaultDict,
  PyException,
  PyFloat,
  PyFraction,
  PyGlobal,
  PyIPAddress,
  PyObject,
  PyRange,
  PySimpleNamespace,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyTuple,
  PyUUID,
  PyZoneInfo,
} from '../../src/pickle/index.ts';
import { checkProperty } from '../properties/check.ts';

/** The text of a format applied to values by name, or the code of the error. */
function format(source: string, values: Record<string, unknown> = {}): string {
  try {
    return new BraceFormat(source).applyTo(new Map(Object.entries(values)));
  } catch (error) {
    if (error instanceof FormatError) return `! ${error.code}`;
    throw error;
  }
}

function instance(state: unknown): PyObject {
  const object = new PyObject('app', 'Thing', PyTuple.of());
  object.state = state;
  return object;
}

describe('attributes', () => {
  const zone = new PyTimeZone(new PyTimeDelta(0, 3600, 0), null);
  const when = new PyDateTime(new PyDate(2024, 2, 3), new PyTime(4, 5, 6, 7, 1, zone));
  const namespace = new PySimpleNamespace();
  namespace.attributes.set('a', 1).set('none', null).set('__proto__', 'own');
  const failure = new PyException('ValueError', PyTuple.of('x'));
  failure.attributes = new Map([['code', 7]]);

  test.each([
    ['{v.year}-{v.month}-{v.day} {v.hour}:{v.minute}:{v.second}.{v.microsecond} {v.fold}', when, '2024-2-3 4:5:6.7 1'],
    ['{v.tzinfo}', when, 'UTC+01:00'],
    ['{v.tzinfo}', new PyTime(0, 0, 0, 0, 0, null), 'None'],
    ['{v.real} {v.imag}', 5, '5 0'],
    ['{v.real} {v.imag}', true, '1 0'],
    ['{v.real} {v.imag}', 0.5, '0.5 0.0'],
    ['{v.real} {v.imag}', new PyFloat(2), '2.0 0.0'],
    ['{v.numerator}/{v.denominator}', new PyFraction(1, 3), '1/3'],
    ['{v.hex} {v.int}', new PyUUID('00000000-0000-0000-0000-0000000000ff'), `${'0'.repeat(30)}ff 255`],
    ['{v.key}', new PyZoneInfo('Asia/Tokyo'), 'Asia/Tokyo'],
    ['{v.args[0]} {v.code}', failure, 'x 7'],
    ['{v.a} {v.none} {v.__proto__}', namespace, '1 None own'],
    ['{v.a}', instance(new Map([['a', 'state']])), 'state'],
    ['{v.a} {v.b}', instance(PyTuple.of<unknown>(new Map([['a', 1]]), new Map([['b', null]]))), '1 None'],
  ])('%s of %o are %s', (source, value, text) => {
    expect(format(source, { v: value })).toBe(text);
  });

  test.each([
    ['length', 'text'],
    ['length', [1]],
    ['constructor', [1]],
    ['__proto__', new Map()],
    ['size', new Map()],
    ['get', new Map()],
    ['toString', 5],
    ['value', new PyFloat(1)],
    ['text', new PyDecimal('1')],
    ['state', instance(new Map())],
    ['module', instance(new Map())],
    ['attributes', namespace],
    ['constructor', namespace],
    ['hasOwnProperty', instance(new Map())],
    ['name', new PyGlobal('os', 'system')],
    ['__class__', when],
    ['strftime', when],
    ['real', null],
  ])('%s of %o is none: neither properties nor methods are reached', (name, value) => {
    expect(format(`{v.${name}}`, { v: value })).toBe('! ERR_FORMAT_ATTRIBUTE');
  });
});

describe('items', () => {
  const listLike = new PyObject('app', 'List', PyTuple.of());
  listLike.items = ['first'];
  const dictLike = new PyObject('app', 'Dict', PyTuple.of());
  dictLike.entries = new Map([['k', 'entry']]);

  test.each([
    ['{v[1]}', ['a', 'b'], 'b'],
    ['{v[٣]}', PyTuple.of(0, 1, 2, 3), '3'],
    ['{v[1]}', 'a\u{1f600}b', '\u{1f600}'],
    ['{v[1]}', Uint8Array.of(1, 2), '2'],
    ['{v[0]}', new PyArray('d', [2]), '2.0'],
    ['{v[0]}', new PyArray('i', [2]), '2'],
    ['{v[3]}', new PyRange(0, 10, 3), '9'],
    ['{v[1]}', new PyRange(9007199254740991, 2n ** 60n, 2), '9007199254740993'],
    [
      '{v[k]} {v[1]}',
      new Map<unknown, unknown>([
        ['k', 'text'],
        [1, 'int'],
        ['1', 'digits'],
      ]),
      'text int',
    ],
    ['{v[9007199254740993]}', new Map([[9007199254740993n, 'big']]), 'big'],
    ['{v[x][0][y]}', new Map([['x', [new Map([['y', 'deep']])]]]), 'deep'],
    ['{v[none]}', new PyCounter(), '0'],
    ['{v[0]}', listLike, 'first'],
    ['{v[k]}', dictLike, 'entry'],
  ])('%s of %o is %s', (source, value, text) => {
    expect(format(source, { v: value })).toBe(text);
  });

  test.each([
    ['{v[2]}', [1, 2], 'INDEX'],
    ['{v[length]}', [1, 2], 'TYPE'],
    ['{v[-1]}', [1, 2], 'TYPE'],
    ['{v[3]}', 'abc', 'INDEX'],
    ['{v[4]}', new PyRange(0, 10, 3), 'INDEX'],
    ['{v[a]}', new PyDefaultDict(new PyGlobal('builtins', 'list')), 'KEY'],
    ['{v[__proto__]}', new Map(), 'KEY'],
    ['{v[0]}', 5, 'TYPE'],
    ['{v[0]}', new Set([1]), 'TYPE'],
    ['{v[state]}', instance(new Map()), 'TYPE'],
    ['{v[9223372036854775808]}', [1], 'VALUE'],
  ])('%s of %o is none', (source, value, code) => {
    expect(format(source, { v: value })).toBe(`! ERR_FORMAT_${code}`);
  });
});

describe('names', () => {
  test.each(['__proto__', 'constructor', 'toString'])('%s is there only where it was put', (name) => {
    expect(format(`{${name}}`)).toBe('! ERR_FORMAT_KEY');
    expect(new BraceFormat(`{${name}}`).applyTo(new Map([[name, 'value']]))).toBe('value');
  });

  test.each(['{}', '{0}', '{٠}', '{0.a}', '{[a]}', '{.a}', '{v:{}}'])(
    '%s asks for a position, and there is none',
    (source) => {
      expect(format(source, { v: 1, '': 2, '0': 3 })).toBe('! ERR_FORMAT_INDEX');
    },
  );
});

describe('order', () => {
  test.each([
    ['{gone} {', 'KEY'],
    ['{v} {', 'VALUE'],
    ['{v.x[} {gone}', 'VALUE'],
    ['{v.x.} {gone}', 'ATTRIBUTE'],
    ['{v[0]x}', 'TYPE'],
    ['{gone!x}', 'KEY'],
    ['{v!x:{gone}}', 'VALUE'],
    ['{v:{gone}}', 'KEY'],
    ['{v:{v:{v}}}', 'VALUE'],
    ['{gone:{v:{v}}}', 'KEY'],
  ])('%s fails with what Python finds first', (source, code) => {
    expect(format(source, { v: 1 })).toBe(`! ERR_FORMAT_${code}`);
  });

  test('a specification takes its parts from other fields, one level deep', () => {
    expect(format('{v:{fill}>{width}.{p}}|', { v: 'abcdef', fill: '*', width: 5, p: 2 })).toBe('***ab|');
    expect(format('{v:{{}}}', { v: 1 })).toBe('! ERR_FORMAT_VALUE');
  });
});

describe('values with rules of their own', () => {
  const v4 = new PyIPAddress('IPv4Address', '10.0.0.255');
  const v6 = new PyIPAddress('IPv6Interface', 'fe80::1%eth0/64');
  const day = new PyDate(2024, 2, 3);

  test.each([
    ['{v:,.2f}', new PyDecimal('1234567.885'), '1,234,567.88'],
    ['{v:g} {v:.1e}', new PyDecimal('0.000001'), '0.000001 1.0e-6'],
    ['{v:g}', new PyDecimal('1E-7'), '1e-7'],
    ['{v:.0f}', new PyDecimal('2.5'), '2'],
    ['{v:.0f}', new PyDecimal('3.5'), '4'],
    ['{v:.3}', new PyFraction(-7, 2), '! ERR_FORMAT_VALUE'],
    ['{v:.3g}', new PyFraction(1, 10_000), '0.0001'],
    ['{v:.3g}', new PyFraction(1, 100_000), '1e-05'],
    ['{v:5}|{v:.2f}', new PyComplex(-0, 1), '(-0+1j)|-0.00+1.00j'],
    ['{v:#}', new PyComplex(1, -2e-9), '(1.-2.e-09j)'],
    ['{v:5}|{v:.2f}', new PyComplex(0, 1), '   1j|0.00+1.00j'],
    ['{v:.3f}', new PyFraction(-7, 2), '-3.500'],
    ['{v:x}', v4, '0a0000ff'],
    ['{v:#_x}', v6, `0xfe80_${'0000_'.repeat(6)}0001`],
    ['{v:>12s}', v4, '  10.0.0.255'],
    ['{v:x}', new PyIPAddress('IPv4Network', '10.0.0.0/8'), '! ERR_FORMAT_TYPE'],
    ['{v:%d/%m %z}', day, '03/02 '],
    [
      '{v:%H:%M %z %:z %Z}',
      new PyTime(1, 2, 3, 4, 0, new PyTimeZone(new PyTimeDelta(-1, 86399, 0), 'a%Hb')),
      '01:02 -000001 -00:00:01 a%Hb',
    ],
    ['{v:%Z|}', new PyDateTime(day, new PyTime(0, 0, 0, 0, 0, new PyZoneInfo('../../etc/passwd'))), '|'],
    ['{v:\ud800}', day, '! ERR_FORMAT_VALUE'],
    ['{v:5}', null, '! ERR_FORMAT_TYPE'],
    ['{v:5}', instance(null), '! ERR_FORMAT_TYPE'],
    ['{v:.3}', new PyFloat(100), '1e+02'],
    ['{v:#}', new PyFloat(1e20), '1.e+20'],
    ['{v:010,}', 1234567n, '01,234,567'],
    ['{v:d}', 10n ** 4300n, '! ERR_FORMAT_VALUE'],
    ['{v:f}', 10n ** 400n, '! ERR_FORMAT_OVERFLOW'],
  ])('%s of %o is %s', (source, value, text) => {
    expect(format(source, { v: value })).toBe(text);
  });
});

describe('bounds', () => {
  test.each([
    ['{v:999999999}', 1],
    ['{v:999999999}', 'x'],
    ['{v:.999999999f}', 1.5],
    ['{v:99999999999,}', 5],
    ['{v:.999999999f}', new PyDecimal('1')],
    ['{v:f}', new PyDecimal('1E+999999999999')],
    ['{v:f}', new PyDecimal('1E-999999999999')],
    ['{v:999999999}', new PyFraction(1, 3)],
    ['{v:{w}}', 1],
    [`{v:%1023d${'%1023d'.repeat(17_000)}}`, new PyDate(2024, 1, 1)],
    ['{v:1000000}'.repeat(17), 1],
  ])('%.40s of %o asks for more than the limit', (source, value) => {
    expect(format(source, { v: value, w: 10 ** 12 })).toBe('! ERR_FORMAT_LIMIT');
  });

  test('more digits of a Fraction than Python prints are not computed', () => {
    expect(format('{v:.9999999f}', { v: new PyFraction(1, 3) })).toBe('! ERR_FORMAT_VALUE');
  });

  test('a text of exactly the limit is made', () => {
    expect(format(`{v:${TEXT_UNITS_MAX}}`, { v: '' }).length).toBe(TEXT_UNITS_MAX);
  });

  test('a width of a million digits is too large, and read in time', () => {
    expect(format('{v:{w}}', { v: 1, w: '9'.repeat(1_000_000) })).toBe('! ERR_FORMAT_VALUE');
  });

  test('a million braces are read in time', () => {
    expect(format('{'.repeat(1_000_000))).toBe('{'.repeat(500_000));
    expect(format(`{v${'[0]'.repeat(300_000)}}`, { v: 1 })).toBe('! ERR_FORMAT_TYPE');
  });
});

describe('laws', () => {
  test('text with its braces doubled stands for itself', () => {
    checkProperty(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => format(text.replaceAll('{', '{{').replaceAll('}', '}}')) === text,
      ),
    );
  });

  test('grouped digits without their separators are the digits', () => {
    checkProperty(
      fc.property(fc.bigInt(), fc.nat(60), (value, width) => {
        const text = format(`{v:0${width},}`, { v: value });
        return BigInt(text.replaceAll(',', '')) === value && text.length >= width && !/^-?,/.test(text);
      }),
    );
  });

  test('any format of any value gives a text or a FormatError', () => {
    const unit = fc.constantFrom(...'{}{}v:!.[]0,_#+-<^=%rsdfgeEcxz12\u0663\u{1f600}');
    const value = fc.constantFrom<unknown>(
      1,
      -0.5,
      'text',
      null,
      new PyFloat(3),
      new PyDecimal('-1.5E+7'),
      new PyDecimal('NaN'),
      new PyFraction(5, 3),
      new PyDate(1, 1, 1),
      new PyIPAddress('IPv6Address', '::'),
      [new Map([['v', 1]])],
    );
    checkProperty(
      fc.property(fc.string({ unit, maxLength: 16 }), value, (source, v) => {
        format(source, { v });
        format(`{v:${source}}`, { v });
      }),
      { numRuns: 2000 },
    );
  });
});
