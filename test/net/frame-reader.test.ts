import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { FRAME_BYTES_MAX, FrameReader, FramingError } from '../../src/net/framing/frame-reader.ts';
import { collect, frames, latin1, pieces, prefix, textOf } from './frames.ts';

const three = ['first', '', 'the third'];
const stream = frames(...three.map(latin1));

/** The bytes of array buffers this process holds beyond those before `make`; what `make` returns stays alive. */
function arrayBufferGrowth(make: () => unknown): number {
  const before = process.memoryUsage().arrayBuffers;
  const made = make();
  const after = process.memoryUsage().arrayBuffers;
  expect(made).toBeDefined();
  return after - before;
}

describe('chunks', () => {
  test.each(Array.from({ length: stream.length + 1 }, (_, cut) => cut))('a cut at byte %i changes nothing', (cut) => {
    const { reader, payloads } = collect();
    reader.push(stream.subarray(0, cut));
    reader.push(stream.subarray(cut));
    expect(payloads).toEqual(three);
    expect(reader.end()).toBe(0);
  });

  test.each([1, 2, 3, 4, 5, 7])('chunks of %i bytes change nothing', (size) => {
    const { reader, payloads } = collect();
    for (const chunk of pieces(stream, size)) reader.push(chunk);
    expect(payloads).toEqual(three);
    expect(reader).toMatchObject({ frames: 3, bytes: stream.length, oversize: 0, failure: null });
  });

  test('a frame of zero bytes is handed on as soon as its length is there', () => {
    const { reader, payloads } = collect();
    reader.push(prefix(0));
    expect(payloads).toEqual(['']);
  });

  test('an empty chunk changes nothing', () => {
    const { reader, payloads } = collect();
    for (const chunk of pieces(stream, 1)) {
      reader.push(chunk);
      reader.push(new Uint8Array(0));
    }
    expect(payloads).toEqual(three);
  });

  test('a frame longer than the first buffer is put together from every chunk', () => {
    const payload = Uint8Array.from({ length: 300_001 }, (_, i) => (i * 7) % 251);
    const seen: Uint8Array[] = [];
    const reader = new FrameReader({ onFrame: (bytes, start, end) => seen.push(bytes.slice(start, end)) });
    for (const chunk of pieces(frames(payload, payload), 1000)) reader.push(chunk);
    expect(seen).toHaveLength(2);
    expect(seen.every((bytes) => Buffer.from(bytes).equals(payload))).toBe(true);
  });
});

test('a frame in very many chunks has each byte copied three times at most', () => {
  const length = 4 * 1024 * 1024;
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
  const set = vi.spyOn(typedArray, 'set');
  onTestFinished(() => set.mockRestore());
  const { reader } = collect();
  reader.push(prefix(length));
  const chunk = new Uint8Array(4096);
  for (let i = 0; i < length; i += chunk.length) reader.push(chunk);
  const copied = set.mock.calls.reduce((sum, [source]) => sum + source.length, 0);
  expect(reader.frames).toBe(1);
  expect(copied).toBeGreaterThanOrEqual(length);
  expect(copied).toBeLessThanOrEqual(3 * length);
});

describe('the limit', () => {
  test.each([
    { length: 9, handedOn: true },
    { length: 10, handedOn: true },
    { length: 11, handedOn: false },
  ])('of 10 bytes: a frame of $length is handed on: $handedOn', ({ length, handedOn }) => {
    const { reader, payloads, skipped } = collect(10);
    const text = 'x'.repeat(length);
    reader.push(frames(latin1(text), latin1('next')));
    expect(payloads).toEqual(handedOn ? [text, 'next'] : ['next']);
    expect(skipped).toEqual(handedOn ? [] : [length]);
    expect(reader.oversize).toBe(handedOn ? 0 : 1);
  });

  test('is 8 MiB by default', () => {
    const { reader, payloads, skipped } = collect();
    const limit = 8 * 1024 * 1024;
    reader.push(frames(new Uint8Array(limit)));
    reader.push(frames(new Uint8Array(limit + 1)));
    expect(payloads.map((payload) => payload.length)).toEqual([limit]);
    expect(skipped).toEqual([limit + 1]);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 24])('cannot be %d', (maxFrame) => {
    expect(() => collect(maxFrame)).toThrow(RangeError);
  });

  test.each([1, FRAME_BYTES_MAX])('can be %d', (maxFrame) => {
    expect(() => collect(maxFrame)).not.toThrow();
  });

  test.each([1, 3, 64])('a frame over it, between others and in chunks of %i, costs nothing but itself', (size) => {
    const { reader, payloads, skipped } = collect(5);
    const bytes = frames(latin1('one'), latin1('too long'), latin1('two'), latin1('longer still'), latin1('three'));
    for (const chunk of pieces(bytes, size)) reader.push(chunk);
    expect(payloads).toEqual(['one', 'two', 'three']);
    expect(skipped).toEqual([8, 12]);
    expect(reader).toMatchObject({ frames: 3, oversize: 2, bytes: bytes.length });
    expect(reader.end()).toBe(0);
  });
});

describe('an announced length', () => {
  test('of 2**24 - 1 is one of a frame', () => {
    const { reader, skipped } = collect();
    reader.push(prefix(2 ** 24 - 1));
    expect(reader.failure).toBeNull();
    expect(skipped).toEqual([2 ** 24 - 1]);
  });

  test.each([2 ** 24, 2 ** 31, 0xffff_ffff])('of %i fails the reader for good', (length) => {
    const { reader, payloads, skipped } = collect();
    reader.push(Buffer.concat([frames(latin1('before')), prefix(length), frames(latin1('after'))]));
    reader.push(frames(latin1('later')));
    expect(payloads).toEqual(['before']);
    expect(skipped).toEqual([]);
    expect(reader.failure).toBeInstanceOf(FramingError);
    expect(reader.failure).toMatchObject({ code: 'ERR_FRAME_LENGTH', length, offset: 10 });
    expect(reader.bytes).toBe(14);
    expect(reader.end()).toBe(0);
  });

  test('cut by chunks fails with the same offset', () => {
    const { reader } = collect();
    for (const chunk of pieces(Buffer.concat([stream, latin1('GET /')]), 3)) reader.push(chunk);
    expect(reader.failure).toMatchObject({ protocol: 'http', offset: stream.length });
  });

  test('allocates nothing when it is 0xFFFFFFFF', () => {
    const growth = arrayBufferGrowth(() =>
      Array.from({ length: 200 }, () => {
        const { reader } = collect();
        reader.push(prefix(0xffff_ffff));
        return reader;
      }),
    );
    expect(growth).toBeLessThan(1024 * 1024);
  });

  test('of 8 MiB allocates no more than 64 KiB when one byte follows it', () => {
    const count = 200;
    const growth = arrayBufferGrowth(() =>
      Array.from({ length: count }, () => {
        const { reader } = collect();
        reader.push(prefix(8 * 1024 * 1024));
        reader.push(new Uint8Array(1));
        return reader;
      }),
    );
    expect(growth).toBeLessThan((count + 16) * 64 * 1024);
  });

  test('over the limit keeps none of the bytes that follow', () => {
    const { reader } = collect(1000);
    const chunk = new Uint8Array(1024 * 1024);
    reader.push(prefix(2 ** 24 - 1));
    const growth = arrayBufferGrowth(() => {
      for (let i = 0; i < 15; i++) reader.push(chunk);
      return reader;
    });
    expect(growth).toBeLessThan(1024 * 1024);
  });
});

describe('the end', () => {
  const tail = frames(latin1('abcdef'));

  test.each(Array.from({ length: tail.length }, (_, cut) => cut))('after %i bytes of a frame reports them', (cut) => {
    const { reader, payloads } = collect();
    reader.push(stream);
    reader.push(tail.subarray(0, cut));
    expect(reader.end()).toBe(cut);
    expect(payloads).toEqual(three);
  });

  test('inside a frame over the limit reports its bytes too', () => {
    const { reader } = collect(5);
    reader.push(tail.subarray(0, 9));
    expect(reader.end()).toBe(9);
  });

  test('lets go of the unfinished frame', () => {
    const { reader } = collect();
    reader.push(tail.subarray(0, 7));
    reader.end();
    expect(reader.end()).toBe(0);
  });
});

describe('onFrame', () => {
  const texts = ['one', '', 'three', 'fourteen bytes'];
  const all = frames(...texts.map(latin1));

  interface Span {
    readonly bytes: Uint8Array;
    readonly start: number;
    readonly end: number;
    readonly text: string;
  }

  /** The spans that come of the bytes in these chunks, with their text as of the call. */
  function read(chunks: Iterable<Uint8Array>): Span[] {
    const spans: Span[] = [];
    const reader = new FrameReader({
      onFrame: (bytes, start, end) => spans.push({ bytes, start, end, text: textOf(bytes, start, end) }),
    });
    for (const chunk of chunks) reader.push(chunk);
    expect(reader).toMatchObject({ frames: 4, bytes: all.length, unfinished: 0 });
    expect(spans.map(({ text }) => text)).toEqual(texts);
    return spans;
  }

  test('is given what lies whole in a chunk as the chunk and a span of it', () => {
    const chunk = Uint8Array.from(all);
    const spans = read([chunk]);
    expect(spans.map(({ start, end }) => [start, end])).toEqual([
      [4, 7],
      [11, 11],
      [15, 20],
      [24, 38],
    ]);
    for (const { bytes } of spans) expect(bytes).toBe(chunk);
  });

  test('is given the bytes of a Buffer as one plain Uint8Array, whose slices are copies', () => {
    const chunk = Buffer.concat([Buffer.from('before'), all]).subarray(6);
    const spans = read([chunk]);
    for (const { bytes } of spans) {
      expect(bytes).toBe(spans[0]?.bytes);
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
      expect([bytes.buffer, bytes.byteOffset, bytes.length]).toEqual([chunk.buffer, chunk.byteOffset, chunk.length]);
    }
  });

  test('is given what chunks cut as a buffer to itself, from 0 to its length', () => {
    const chunk = Uint8Array.from(all);
    for (const { bytes, start, end } of read(pieces(chunk, 1))) {
      // A payload of no bytes is never cut: it is there with its prefix.
      if (end === start) continue;
      expect(bytes.buffer).not.toBe(chunk.buffer);
      expect([start, end]).toEqual([0, bytes.length]);
    }
    const [first, second] = [chunk.subarray(0, 26), chunk.subarray(26)];
    expect(read([first, second]).map(({ bytes }) => bytes.buffer === chunk.buffer)).toEqual([true, true, true, false]);
  });

  test.each([1, 4, 1000])('is called between frames, the bytes up to its own counted, in chunks of %i', (size) => {
    const states: unknown[] = [];
    const reader: FrameReader = new FrameReader({
      onFrame: () => states.push([reader.frames, reader.bytes, reader.unfinished]),
    });
    for (const chunk of pieces(all, size)) reader.push(chunk);
    expect(states).toEqual([
      [1, 7, 0],
      [2, 11, 0],
      [3, 20, 0],
      [4, 38, 0],
    ]);
  });

  test.each([
    ['push', (reader: FrameReader) => reader.push(new Uint8Array(1))],
    ['end', (reader: FrameReader) => reader.end()],
  ])('cannot %s: the bytes of a stream have one order', (_, misuse) => {
    const seen: string[] = [];
    const reader: FrameReader = new FrameReader({
      maxFrame: 5,
      onFrame: (bytes, start, end) => {
        seen.push(textOf(bytes, start, end));
        if (end - start === 3) misuse(reader);
      },
      onOversize: () => misuse(reader),
    });
    expect(() => reader.push(all)).toThrow(AggregateError);
    reader.push(frames(latin1('next')));
    expect(seen).toEqual(['one', '', 'three', 'next']);
    expect(reader).toMatchObject({ frames: 4, oversize: 1, unfinished: 0 });
  });
});

describe('a callback that throws', () => {
  test.each([1, 4, 1000])('costs its frame only, in chunks of %i', (size) => {
    const seen: string[] = [];
    const thrown: unknown[] = [];
    const reader = new FrameReader({
      maxFrame: 4,
      onFrame: (bytes, start, end) => {
        seen.push(textOf(bytes, start, end));
        if (end - start === 3) throw new Error('bad frame');
      },
    });
    for (const chunk of pieces(frames(latin1('a'), latin1('bad'), latin1('too long'), latin1('b')), size)) {
      try {
        reader.push(chunk);
      } catch (error) {
        thrown.push(error);
      }
    }
    reader.push(frames(latin1('c')));
    expect(seen).toEqual(['a', 'bad', 'b', 'c']);
    expect(thrown).toEqual([new Error('bad frame')]);
    expect(reader).toMatchObject({ frames: 4, oversize: 1 });
  });

  test('several times in one chunk has all its errors thrown together, once', () => {
    const fail = (value: number): never => {
      throw new Error(`number ${value}`);
    };
    const reader = new FrameReader({ maxFrame: 5, onFrame: (_, start, end) => fail(end - start), onOversize: fail });
    const chunk = frames(latin1('a'), latin1('too long'), latin1('abc'));
    expect(() => reader.push(chunk)).toThrow(
      expect.objectContaining({
        name: 'AggregateError',
        errors: [new Error('number 1'), new Error('number 8'), new Error('number 3')],
      }),
    );
    expect(() => reader.push(prefix(2))).not.toThrow();
  });
});
