// How the digits of an int in text are counted for maxIntDigits: signs, `_` and white space are none, leading zeros and
// the base of a literal are.

import { expect, test } from 'vitest';
import { unpickle } from '../../src/pickle/index.ts';
import { bytes, failure } from './pickles.ts';

const options = { limits: { maxIntDigits: 20 } };
const TWENTY = '12345678901234567890';

test.each<readonly [string, bigint | number]>([
  [`I${TWENTY}\n`, 12345678901234567890n],
  [`I+${TWENTY}\n`, 12345678901234567890n],
  [`I-${TWENTY}\n`, -12345678901234567890n],
  [`I${[...TWENTY].join('_')}\n`, 12345678901234567890n],
  [`I-${[...TWENTY].join('_')}\n`, -12345678901234567890n],
  [`I ${' '.repeat(100)}${TWENTY}\t${' '.repeat(100)}\n`, 12345678901234567890n],
  [`L${[...TWENTY].join('_')}L\n`, 12345678901234567890n],
  [`I${'0'.repeat(20)}\n`, 0],
  [`I0b${'1'.repeat(18)}\n`, 2 ** 18 - 1],
  [`I-0b_${[...'1'.repeat(18)].join('_')}\n`, 1 - 2 ** 18],
  [`I0o${'7'.repeat(18)}\n`, 2n ** 54n - 1n],
])('%j has no more than twenty', (pickle, value) => {
  expect(unpickle(bytes(`${pickle}.`), options)).toBe(value);
});

test.each([
  `I${TWENTY}0\n`,
  `I-${TWENTY}0\n`,
  `I${[...TWENTY, '0'].join('_')}\n`,
  `I${'0'.repeat(21)}\n`,
  `I0b${'1'.repeat(19)}\n`,
  `L${TWENTY}0L\n`,
  `Np${'0'.repeat(21)}\n`,
])('%j has more', (pickle) => {
  expect(failure(bytes(`${pickle}.`), options)).toMatchObject({ code: 'ERR_PICKLE_LIMIT', limit: 'maxIntDigits' });
});

test('text that is longer than any int of so many digits is not read at all', () => {
  const code = (length: number) => failure(bytes(`I${'x'.repeat(length)}\n.`), options).code;
  expect(code(43)).toBe('ERR_PICKLE_ARGUMENT');
  expect(code(44)).toBe('ERR_PICKLE_LIMIT');
});

test('fifteen plain digits always pass', () => {
  const limits = { maxIntDigits: 3 };
  for (const pickle of ['I123456789012345\n.', 'L123456789012345L\n.', 'L123456789012345\n.']) {
    expect(unpickle(bytes(pickle), { limits })).toBe(123456789012345);
  }
  expect(unpickle(bytes('K\x07p123456789012345\n0g123456789012345\n.'), { limits })).toBe(7);
  for (const pickle of ['I1234567890123456\n.', 'L1234567890123456L\n.', 'Np1234567890123456\n.']) {
    expect(failure(bytes(pickle), { limits }).limit).toBe('maxIntDigits');
  }
});
