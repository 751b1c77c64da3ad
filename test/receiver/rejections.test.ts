// The table of rejections: what the documents list, and what a receiver does by it.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pickleErrorCodes } from '../../src/pickle/index.ts';
import { type RejectionCode, rejectionTable } from '../../src/receiver/index.ts';
import { codeOf } from '../../src/receiver/rejections.ts';
import { pickleRecord } from '../record/pickles.ts';
import { receiving, send } from './receiving.ts';

const codes = Object.keys(rejectionTable) as RejectionCode[];

test('docs/operating.md lists every code, with what it means, its metric and its count', () => {
  const page = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');
  const rows = page.match(/^\| `ERR_.*$/gm);
  expect(rows).toEqual(
    codes.map((code) => {
      const { meaning, metric, counter } = rejectionTable[code];
      return `| \`${code}\` | ${meaning} | \`${metric}\` | ${counter === null ? '' : `\`${counter}\``} |`;
    }),
  );
});

test('every code of picklewire/pickle is the receiver’s, and no other', () => {
  const ofPickles = codes.filter((code) => code.startsWith('ERR_PICKLE_'));
  expect(ofPickles.toSorted()).toEqual(Object.keys(pickleErrorCodes).toSorted());
  for (const code of ofPickles) expect(rejectionTable[code]).toMatchObject({ source: 'receiver', counter: null });
});

test.each([
  ['a code of the table', Object.assign(new Error('x'), { code: 'ERR_FRAME_SIGNATURE' }), 'ERR_FRAME_SIGNATURE'],
  ['a code of Node’s', Object.assign(new Error('x'), { code: 'ERR_INVALID_ARG_TYPE' }), 'ERR_RECORD'],
  ['a name that every object has', { code: 'constructor' }, 'ERR_RECORD'],
  ['no code', new RangeError('x'), 'ERR_RECORD'],
  ['nothing', undefined, 'ERR_RECORD'],
  ['null', null, 'ERR_RECORD'],
])('an error with %s has its own code only where the table has that', (_, error, code) => {
  expect(codeOf(error)).toBe(code);
});

test.each([
  ['ERR_FRAME_SIGNATURE', { rejected: 1, unverified: 1 }],
  ['EACCES', { rejected: 1, unverified: 0 }],
])('what a caller’s own verify throws is counted by the table: %s', async (thrown, counts) => {
  const verify = (): never => {
    throw Object.assign(new Error('not today'), { code: thrown });
  };
  const { receiver, rejections } = await receiving({ verify: { verify } });
  await send(receiver, pickleRecord('one'));
  expect(receiver.stats).toMatchObject({ frames: 1, records: 0, ...counts });
  expect(rejections).toMatchObject([{ code: thrown === 'EACCES' ? 'ERR_RECORD' : thrown, message: 'not today' }]);
});
