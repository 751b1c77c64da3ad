// `format(value, specification)` of every decoded value.

import {
  PyComplex,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyFloat,
  PyFraction,
  PyIPAddress,
  PyTime,
} from '../../pickle/index.ts';
import { FormatError } from '../errors.ts';
import { formatAddressNumber } from './format-address.ts';
import { formatDate } from './format-date.ts';
import { formatDecimal, parseDecimalSpec } from './format-decimal.ts';
import { formatComplex, formatFloat } from './format-float.ts';
import { formatFraction, parseFractionSpec } from './format-fraction.ts';
import { formatInt } from './format-int.ts';
import { ABSENT, checkGrouping, invalid, parseSpec, type Specification, unknownType } from './format-spec.ts';
import { asIndex } from './numbers.ts';
import { align, truncate } from './padding.ts';
import { isInt, typeName } from './python-types.ts';
import { TEXT_UNITS_MAX, textOf, tooLong } from './text-limits.ts';

/**
 * The text of a value; with an empty specification its `str()`.
 * @throws FormatError `ERR_FORMAT_VALUE` or `_OVERFLOW` where Python raises that, `ERR_FORMAT_TYPE` for a class that
 *   takes no specification, `ERR_FORMAT_LIMIT` above TEXT_UNITS_MAX
 */
export function formatValue(value: unknown, specification: Specification): string {
  if (specification.text === '') return textOf(value);
  if (typeof value === 'string') return formatText(value, specification);
  if (typeof value === 'number' && (!Number.isSafeInteger(value) || Object.is(value, -0))) {
    return formatFloat(value, specification.as(parseSpec));
  }
  if (isInt(value)) return formatInt(asIndex(value) as number | bigint, specification.as(parseSpec));
  if (value instanceof PyFloat) return formatFloat(value.value, specification.as(parseSpec));
  if (value instanceof PyComplex) return formatComplex(value.real, value.imag, specification.as(parseSpec));
  if (value instanceof PyDecimal) return formatDecimal(value, specification.as(parseDecimalSpec));
  if (value instanceof PyFraction) return formatFraction(value, specification.as(parseFractionSpec));
  if (value instanceof PyDateTime || value instanceof PyDate || value instanceof PyTime) {
    return formatDate(value, specification);
  }
  if (value instanceof PyIPAddress && !value.name.endsWith('Network')) return formatAddress(value, specification);
  throw noSpecification(value);
}

function formatText(text: string, specification: Specification): string {
  const spec = specification.as(parseSpec);
  checkGrouping(spec, spec.type || 's');
  if (spec.type !== '' && spec.type !== 's') throw unknownType(spec.type, 'str');
  if (spec.sign !== '') throw invalid('a text has no sign');
  if (spec.noNegativeZero) throw invalid('a text has no negative zero');
  if (spec.alternate) throw invalid('a text has no alternate form');
  if (spec.align === '=') throw invalid("a text has no '=' alignment");
  if (spec.width > TEXT_UNITS_MAX) throw tooLong();
  const cut = spec.precision === ABSENT ? text : truncate(text, spec.precision);
  return align(cut, spec.width, spec.fill, spec.align === '' ? '<' : spec.align);
}

function formatAddress(address: PyIPAddress, specification: Specification): string {
  if (specification.text.endsWith('s')) return formatText(address.text, specification);
  const number = formatAddressNumber(address, specification.text);
  if (number === null) throw noSpecification(address);
  return number;
}

function noSpecification(value: unknown): FormatError {
  return new FormatError('ERR_FORMAT_TYPE', `${typeName(value)} takes no format specification`);
}
