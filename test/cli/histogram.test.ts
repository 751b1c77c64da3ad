// Values counted by size: the text is what prom-client writes of the same values.

import fc from 'fast-check';
import { Histogram as Reference, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { Histogram } from '../../src/cli/monitoring/histogram.ts';
import { checkProperty } from '../properties/check.ts';

test('writes what prom-client writes of the same values', async () => {
  const values = fc.array(
    fc.oneof(fc.double({ noNaN: true, min: 0, max: 1e6 }), fc.constantFrom(0, 0.5, 1, 2.5, 1000)),
  );
  await checkProperty(
    fc.asyncProperty(values, async (all) => {
      const registry = new Registry();
      const bounds = [0.5, 1, 2.5, 1000];
      const reference = new Reference({ name: 'lag', help: 'A lag.', buckets: bounds, registers: [registry] });
      const histogram = new Histogram('lag', 'A lag.', bounds);
      for (const value of all) {
        reference.observe(value);
        histogram.observe(value);
      }
      expect(histogram.text()).toBe(await registry.metrics());
    }),
  );
});
