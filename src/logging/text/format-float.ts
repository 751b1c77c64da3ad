// Floats and complex numbers by a format specification.
// Source: format_float_internal and format_complex_internal in CPython's Python/formatter_unicode.c, and
// format_float_short in Python/pystrtod.c.

import { PyFloat, repr } from '../../pickle/index.ts';
import { exponentText, fixedText, generalText } from './float-text.ts';
import { ABSENT, checkGrouping, checkSize, type FormatSpec, invalid, unknownType } from './format-spec.ts';
import { layOut, type NumberText, splitNumber } from './number-layout.ts';
import { align } from './padding.ts';

/** Python's own bound on the digits of a float: the largest int of C. */
const PRECISION_MAX = 2 ** 31 - 1;

/** The types that floats have, the empty one included. */
const TYPES = 'efgnEFG';

/** @throws FormatError `ERR_FORMAT_VALUE`, `ERR_FORMAT_LIMIT` */
export function formatFloat(value: number, given: FormatSpec): string {
  const spec = withType(given);
  const { type, precision } = spec;
  checkGrouping(spec, type);
  if (type !== '%' && !TYPES.includes(type)) throw unknownType(type, 'float');
  checkPrecision(spec);
  if (type === '%') {
    const text = doubleText(value * 100, { ...spec, type: 'f' }, false);
    return layOut({ ...text, rest: `${text.rest}%` }, spec);
  }
  // Without a type there is at least one digit behind the point.
  return layOut(doubleText(value, spec, type === '' && precision !== ABSENT), spec);
}

/** @throws FormatError `ERR_FORMAT_VALUE`, `ERR_FORMAT_LIMIT` */
export function formatComplex(real: number, imag: number, given: FormatSpec): string {
  const spec = withType(given);
  const { type, width } = spec;
  checkGrouping(spec, type);
  if (!TYPES.includes(type)) throw unknownType(type, 'complex');
  checkPrecision(spec);
  if (spec.fill === '0') throw invalid('a complex number is not filled up with zeros');
  if (spec.align === '=') throw invalid("a complex number has no '=' alignment");
  const parts: FormatSpec = { ...spec, width: ABSENT };
  const onlyImag = type === '' && Object.is(real, 0);
  const realText = onlyImag ? '' : layOut(partText(real, spec), parts);
  const imagText = layOut(partText(imag, spec), onlyImag ? parts : { ...parts, sign: '+' });
  const text = `${realText}${imagText}j`;
  return align(type === '' && !onlyImag ? `(${text})` : text, width, spec.fill, spec.align === '' ? '>' : spec.align);
}

/** With a NUL for its type, a specification has none: that is how CPython marks it. */
function withType(spec: FormatSpec): FormatSpec {
  return spec.type === '\0' ? { ...spec, type: '' } : spec;
}

/** A part of a complex number: as a float, but that one without a type is as short as can be. */
function partText(value: number, spec: FormatSpec): NumberText {
  const text = doubleText(value, spec, false);
  const shortest = spec.type === '' && spec.precision === ABSENT;
  return shortest && text.rest === '.0' ? { ...text, rest: spec.alternate ? '.' : '' } : text;
}

function checkPrecision(spec: FormatSpec): void {
  if (spec.precision > PRECISION_MAX) throw invalid('its precision is too big');
  checkSize(spec);
}

/** @param pointed whether a whole number gets a `.0`, which counts as one of its digits */
function doubleText(value: number, spec: FormatSpec, pointed: boolean): NumberText {
  const { type, precision, alternate, noNegativeZero } = spec;
  const negative = value < 0 || Object.is(value, -0);
  const upper = type !== '' && 'EFG'.includes(type);
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'nan' : 'inf';
    return { negative, digits: '', rest: upper ? name.toUpperCase() : name };
  }
  let text = finiteText(Math.abs(value), type.toLowerCase(), precision, alternate, pointed);
  if (alternate && !text.includes('.')) text = text.replace(/^\d+/, '$&.');
  const zero = noNegativeZero && !/[1-9]/.test(text.replace(/e.*/, ''));
  return splitNumber(upper ? text.toUpperCase() : text, negative && !zero);
}

function finiteText(magnitude: number, type: string, precision: number, alternate: boolean, pointed: boolean): string {
  const digits = precision === ABSENT ? 6 : precision;
  switch (type) {
    case 'e':
      return exponentText(magnitude, digits);
    case 'f':
      return fixedText(magnitude, digits);
    case '':
      if (precision === ABSENT) return repr(new PyFloat(magnitude));
      break;
    default:
  }
  if (!pointed) return generalText(magnitude, digits, alternate);
  const text = generalText(magnitude, digits, alternate, Math.max(digits, 1) - 1);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
