// RingQueue: whatever comes and goes, it is the list of what came and has not gone.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RingQueue } from '../../../src/logging/write/ring-queue.ts';
import { checkProperty } from '../../properties/check.ts';

test('items and their sizes come out in the order in which they went in, however many wait', () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 6000 }));
  const property = fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
    const queue = new RingQueue<{ number: number }>();
    const model: { number: number }[] = [];
    let number = 0;
    for (const [pushed, shifted] of steps) {
      for (let i = 0; i < pushed; i++) {
        const item = { number: number++ };
        queue.push(item, item.number * 2);
        model.push(item);
      }
      for (let i = 0; i < shifted; i++) queue.shift();
      model.splice(0, shifted);
      expect(queue.length).toBe(model.length);
      for (const index of [0, 1, model.length >> 1, model.length - 1]) {
        expect(queue.at(index)).toBe(model[index]);
        if (index >= 0 && index < model.length) expect(queue.sizeAt(index)).toBe((model[index]?.number ?? 0) * 2);
      }
    }
    if (model.length > 0) {
      queue.setSize(model.length - 1, 7);
      expect(queue.sizeAt(model.length - 1)).toBe(7);
    }
    expect(queue.takeAll()).toEqual(model);
    expect([queue.length, queue.at(0)]).toEqual([0, undefined]);
  });
  checkProperty(property, { numRuns: 100 });
});
