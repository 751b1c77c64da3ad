// BlockQueue: whatever the lines are, their bytes are those of each line by itself, whole, in order, and as they were.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineBuffer } from '../../../src/logging/encode/line-buffer.ts';
import { textEncoding } from '../../../src/logging/encode/text-encoding.ts';
import { BlockQueue } from '../../../src/logging/write/block-queue.ts';
import { checkProperty } from '../../properties/check.ts';

/** Text of all lengths of UTF-8, and halves of pairs, which may meet where two lines do. */
const line = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'é', '€', '\u{1f600}'), maxLength: 40 }) },
  { weight: 3, arbitrary: fc.string({ maxLength: 40 }) },
  fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', '\udce9', 'x'), maxLength: 4 }),
);

/** A queue to which lines are added as texts. */
class Lines extends BlockQueue {
  readonly #line: LineBuffer;

  constructor(encoding = textEncoding('utf-8', 'backslashreplace')) {
    super();
    this.#line = new LineBuffer(this, encoding);
  }

  /** Begins a line and gives it up. */
  giveUp(text: string): void {
    this.begin(this.#line);
    this.#line.string(text);
  }

  /** Adds a line; returns how many bytes it has. */
  add(text: string): number {
    this.giveUp(text);
    this.take(this.#line.length);
    return this.#line.length;
  }
}

/** Takes all that there is, `step` bytes at a time. */
function taken(blocks: BlockQueue, step: number): Buffer {
  const parts: Buffer[] = [];
  for (let { first } = blocks; first.length > 0; first = blocks.first) {
    const part = Buffer.from(first.subarray(0, step)); // a copy
    blocks.remove(part.length);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

describe.each(['utf-8', 'utf-16-le', 'latin-1', 'ascii'])('in %s', (name) => {
  const encoding = textEncoding(name, 'backslashreplace');
  const bytesOf = (text: string): Uint8Array => encoding.encode(encoding.prepare(text));

  test('lines are what each is by itself, and so are their sizes', () => {
    const batches = fc.array(fc.array(line, { minLength: 1, maxLength: 12 }), { maxLength: 8 });
    const property = fc.property(batches, fc.integer({ min: 1, max: 300 }), fc.boolean(), (all, step, between) => {
      const blocks = new Lines(encoding);
      const written: Buffer[] = [];
      for (const lines of all) {
        expect(lines.map((each) => blocks.add(each))).toEqual(lines.map((each) => bytesOf(each).length));
        if (between) written.push(taken(blocks, step));
      }
      written.push(taken(blocks, step));
      expect(Buffer.concat(written)).toEqual(Buffer.concat(all.flat().map(bytesOf)));
    });
    checkProperty(property, { numRuns: 300 });
  });
});

test('a line that was begun and given up leaves nothing, whatever comes after it', () => {
  const sizes = [10, 70_000, 100, 300_000, 20];
  const property = fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.boolean()), { maxLength: 12 }), (steps) => {
    const blocks = new Lines();
    const written: string[] = [];
    for (const [i, [size, givenUp, empties]] of steps.entries()) {
      const text = String.fromCharCode(0x61 + i).repeat(sizes[size] as number);
      blocks.add(text);
      written.push(text);
      if (empties) expect(taken(blocks, 50_000).toString()).toBe(written.splice(0).join(''));
      blocks.giveUp('given up'.repeat(sizes[givenUp] as number));
    }
    expect(taken(blocks, 50_000).toString()).toBe(written.join(''));
  });
  checkProperty(property, { numRuns: 100 });
});

test('no line is in two blocks, however many there are', () => {
  const blocks = new Lines();
  const lines = Array.from({ length: 40 }, (_, i) => `${i}:${'é'.repeat(i * 700)}\n`);
  for (const each of lines) blocks.add(each);
  let seen = '';
  for (let { first } = blocks; first.length > 0; first = blocks.first) {
    const text = Buffer.from(first).toString();
    expect(text.endsWith('\n')).toBe(true);
    seen += text;
    blocks.remove(first.length);
  }
  expect(seen === lines.join('')).toBe(true);
});

test('what is being written stays as it is while lines are added', () => {
  const blocks = new Lines();
  const long = `${'x'.repeat(30_000)}\n`;
  for (let round = 0; round < 20; round++) {
    const text = `${round}${long}`;
    blocks.add(text);
    const { first } = blocks;
    const before = Buffer.from(first);
    for (let i = 0; i < 5; i++) blocks.add(long);
    expect(Buffer.compare(first, before)).toBe(0);
    taken(blocks, 1_000_000);
  }
});

test('what was removed of a line can be put back', () => {
  const blocks = new Lines();
  blocks.add('one\n');
  blocks.add('two\n');
  blocks.remove(6);
  blocks.remove(-2);
  expect(Buffer.from(blocks.first).toString()).toBe('two\n');
});

test('nothing is left of what is cleared', () => {
  const blocks = new Lines();
  blocks.add('gone\n');
  blocks.clear();
  expect(blocks.first.length).toBe(0);
  blocks.add('new\n');
  expect(Buffer.from(blocks.first).toString()).toBe('new\n');
});
