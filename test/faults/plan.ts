// What each connection of the fault test sends, chosen at random from a seed. Knows no socket.

import * as fc from 'fast-check';
import { frames, prefix } from '../net/frames.ts';
import { failing } from '../pickle/hostile-cases.ts';
import { opcodes, pickleRecord } from '../record/pickles.ts';

/** The receiver's limit; what is oversize is not much longer, so that the test sends megabytes and not gigabytes. */
export const MAX_FRAME: number = 2 ** 20;

/** How a connection ends: between two frames, inside one, or by a reset inside one. */
export type Ending = 'end' | 'cut' | 'reset';

/** One connection's bytes, in the pieces in which they are written, and what must come of them. */
export interface Plan {
  readonly pieces: readonly Uint8Array[];
  /** The messages of its good frames, in order. */
  readonly messages: readonly string[];
  readonly ending: Ending;
  /** The beginning of a frame that never ends; for the ending inside one. */
  readonly tail: Uint8Array;
}

type Item =
  | { readonly kind: 'good'; readonly padding: number }
  | { readonly kind: 'hostile'; readonly pickle: string }
  | { readonly kind: 'oversize'; readonly length: number };

const hostilePickles = Object.values(failing).flatMap((cases) => cases.map(([pickle]) => pickle));

// Most frames are small, as records are; some straddle many chunks.
const padding = fc.oneof(
  { weight: 100, arbitrary: fc.integer({ min: 0, max: 2000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: MAX_FRAME - 1000 }) },
);
const item: fc.Arbitrary<Item> = fc.oneof(
  { weight: 80, arbitrary: fc.record({ kind: fc.constant('good'), padding }) },
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('hostile'), pickle: fc.constantFrom(...hostilePickles) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('oversize'),
      length: fc.integer({ min: MAX_FRAME + 1, max: MAX_FRAME + 300_000 }),
    }),
  },
);
const connection = fc.record({
  items: fc.array(item, { minLength: 40, maxLength: 120, size: 'max' }),
  // Where the stream is cut: small pieces first, which go through prefixes and lengths, then larger ones.
  cuts: fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70_000 })), {
    minLength: 50,
    maxLength: 400,
    size: 'max',
  }),
  ending: fc.constantFrom<Ending>('end', 'cut', 'reset'),
  tailBytes: fc.integer({ min: 1, max: 3000 }),
});

/** So many plans; the same ones for the same seed. */
export function plans(count: number, seed: number): Plan[] {
  return fc.sample(connection, { numRuns: count, seed }).map(({ items, cuts, ending, tailBytes }, number) => {
    const messages: string[] = [];
    const stream = items.map((each) => {
      if (each.kind === 'hostile') return frames(opcodes(each.pickle));
      if (each.kind === 'oversize') return Buffer.concat([prefix(each.length), Buffer.alloc(each.length, ')')]);
      const message = `${number}:${messages.length}:${'x'.repeat(each.padding)}`;
      messages.push(message);
      return frames(pickleRecord(message));
    });
    const tail = Buffer.concat([prefix(4000), Buffer.alloc(4000, 'K')]).subarray(0, tailBytes);
    return { pieces: cut(Buffer.concat(stream), cuts), messages, ending, tail };
  });
}

/** The bytes in pieces of these sizes, over and over. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] as number;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
