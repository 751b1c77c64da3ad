// Entries of a user's own that take items: what APPEND, ADDITEMS and SETITEM bring to their instances.

import { expect, test } from 'vitest';
import { safeGlobals, unpickle } from '../../src/pickle/index.ts';
import { failure } from './pickles.ts';

class Basket {
  readonly items: unknown[] = [];
  readonly labels: unknown[] = [];
}

const basket = {
  module: 'shop',
  name: 'Basket',
  construct: () => new Basket(),
  append: (instance: unknown, items: readonly unknown[]) => (instance as Basket).items.push(...items),
  setItems: (instance: unknown, items: readonly unknown[]) => (instance as Basket).labels.push(...items),
};
const options = { allow: [...safeGlobals, basket] };
const MADE = 'cshop\nBasket\n)R';

test.each<readonly [string, string, Partial<Basket>]>([
  ['APPEND', 'K\x01a', { items: [1] }],
  ['APPENDS', '(K\x01K\x02e', { items: [1, 2] }],
  ['ADDITEMS', '(K\x01K\x02\x90', { items: [1, 2] }],
  ['SETITEM', 'K\x01K\x02s', { labels: [[1, 2]] }],
  [
    'SETITEMS',
    '(K\x01K\x02K\x03K\x04u',
    {
      labels: [
        [1, 2],
        [3, 4],
      ],
    },
  ],
])('%s hands its items to the entry', (_opcode, opcodes, expected) => {
  expect(unpickle(Buffer.from(`${MADE}${opcodes}.`, 'latin1'), options)).toMatchObject(expected);
});

test.each(['K\x01a', '(K\x01\x90', 'K\x01K\x02s'])('an entry that takes no items refuses %j', (opcodes) => {
  const { append: _append, setItems: _setItems, ...bare } = basket;
  const data = Buffer.from(`${MADE}${opcodes}.`, 'latin1');
  expect(failure(data, { allow: [bare] }).code).toBe('ERR_PICKLE_TYPE');
});

test('what an entry throws fails the pickle', () => {
  const append = (): void => {
    throw new Error('the basket is full');
  };
  const error = failure(Buffer.from(`${MADE}K\x01a.`, 'latin1'), { allow: [{ ...basket, append }] });
  expect(error.code).toBe('ERR_PICKLE_CONSTRUCTOR');
  expect(error.message).toContain('the basket is full');
});

test('a key without a value is refused before the entry sees it', () => {
  expect(failure(Buffer.from(`${MADE}(K\x01u.`, 'latin1'), options).code).toBe('ERR_PICKLE_TYPE');
});
