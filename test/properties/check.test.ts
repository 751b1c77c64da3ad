// That seeds which have failed are run first, and that a failure says how to keep its own.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkProperty } from './check.ts';

const NAME = 'a kept seed is run before any other, and fails where it did';

test(NAME, () => {
  const drawn: number[] = [];
  const property = fc.property(fc.integer(), (value) => {
    drawn.push(value);
    return drawn.length > 1;
  });
  const [first] = fc.sample(fc.integer(), { seed: 42, numRuns: 1 });
  expect(() => checkProperty(property, { numRuns: 5 }, { [NAME]: [{ seed: 42 }] })).toThrow(
    /seed: 42[\s\S]*seeds\.json/,
  );
  expect(drawn[0]).toBe(first);
});

test('without a kept seed a law that holds passes, and one that does not says what to keep', async () => {
  checkProperty(fc.property(fc.integer(), Number.isInteger), {}, {});
  await checkProperty(
    fc.asyncProperty(fc.integer(), async (value) => Number.isInteger(value)),
    {},
    {},
  );
  const broken = fc.asyncProperty(fc.integer(), async (value) => value < 0);
  await expect(checkProperty(broken, {}, {})).rejects.toThrow(
    /add to test\/properties\/seeds\.json: \{"without a kept seed/,
  );
});
