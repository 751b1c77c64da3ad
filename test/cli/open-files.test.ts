// How many connections fit under the limit of open files.

import { expect, test } from 'vitest';
import { connectionsWithin } from '../../src/cli/serve/open-files.ts';

const limits = (soft: string) => `Limit  Soft Limit  Hard Limit  Units
Max processes             95949                95949                processes
Max open files            ${soft.padEnd(20)} 524288               files
`;

test.each([
  ['1024', 20_000, 896],
  ['20128', 20_000, 20_000],
  ['20127', 20_000, 19_999],
  ['1024', 100, 100],
  ['64', 100, 1],
  ['unlimited', 20_000, 20_000],
])('a limit of %s leaves, of %i connections, %i', (soft, asked, expected) => {
  expect(connectionsWithin(limits(soft), asked)).toBe(expected);
});

test('without a limit that is known there are all', () => {
  expect(connectionsWithin('', 20_000)).toBe(20_000);
});
