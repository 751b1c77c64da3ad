// `Decimal`, `Fraction` and `UUID`.

import { narrow } from '../../long.ts';
import { PyDecimal, PyFraction, PyUUID } from '../../values/index.ts';
import { builtin } from '../names.ts';
import { Fresh, GlobalName, Reduction, type ReductionRow, row, unpicklable } from '../reduction.ts';
import { checkInt, checkText } from './check.ts';

const DECIMAL = new GlobalName('decimal', 'Decimal', 'heap');
const FRACTION = new GlobalName('fractions', 'Fraction', 'python');
const UUID = new GlobalName('uuid', 'UUID', 'python');
const RECONSTRUCTOR = new GlobalName('copyreg', '_reconstructor', 'python');

export const numberReductions: readonly ReductionRow[] = [
  row(PyDecimal, ({ text }) => {
    if (!DECIMAL_TEXT.test(checkText('a Decimal', text))) throw unpicklable('a Decimal that is no number');
    return new Reduction(DECIMAL, [Fresh.str(text)]);
  }),
  row(PyFraction, ({ numerator, denominator }) => {
    const parts = [numerator, denominator].map((part) => checkInt('a Fraction with a part', part));
    if (denominator <= 0) throw unpicklable('a Fraction whose denominator is not positive');
    return new Reduction(FRACTION, parts);
  }),
  row(PyUUID, ({ text }, protocol) => {
    if (!UUID_TEXT.test(checkText('a UUID', text))) throw unpicklable('a UUID that is none');
    const state = Fresh.dict(new Map([['int', narrow(BigInt(`0x${text.replaceAll('-', '')}`))]]));
    return protocol < 2
      ? new Reduction(RECONSTRUCTOR, [UUID, builtin('object'), null], { state })
      : new Reduction(UUID, [], { newObject: true, state });
  }),
];

const DECIMAL_TEXT = /^-?(?:\d+(?:\.\d*)?(?:E[+-]?\d+)?|Infinity|s?NaN\d*)$/;
const UUID_TEXT = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
