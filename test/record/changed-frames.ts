// Frames of every Python, and the same ones changed at random.

import fc from 'fast-check';
import { learnTemplate } from '../../src/record/template/template-learner.ts';
import { fixturePythons, readPayloads } from '../fixtures.ts';

/** All that are not long. */
export const frames: readonly Uint8Array[] = fixturePythons()
  .flatMap((python) => readPayloads(python).map(({ payload }) => payload))
  .filter(({ length }) => length < 4000);
/** Those that a template can be learned from. */
export const learnable: readonly Uint8Array[] = frames.filter((frame) => learnTemplate(frame) !== null);

/** A frame, and the same one with some bytes changed, taken out, or put in; the first bytes of a value more often. */
export const changed: fc.Arbitrary<{ original: Uint8Array; frame: Uint8Array }> = fc
  .tuple(
    fc.constantFrom(...learnable),
    fc.array(
      fc.record({
        at: fc.nat({ max: 2 ** 30 - 1 }).map((n) => n / 2 ** 30),
        take: fc.integer({ min: 0, max: 2 }),
        put: fc.array(
          fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('XKMJNGILUTqh01.u\n'))),
          {
            maxLength: 2,
          },
        ),
      }),
      { maxLength: 3 },
    ),
    fc.constantFrom(0, 0, 0, 1, 4),
  )
  .map(([original, changes, cut]) => {
    const bytes = [...original];
    for (const { at, take, put } of changes) bytes.splice(Math.floor(at * bytes.length), take, ...put);
    return { original, frame: Uint8Array.from(bytes.slice(0, bytes.length - cut)) };
  });
