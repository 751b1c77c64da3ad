// unpickleStream over every kind of source: what it yields, when it asks for more, and that it closes what it leaves.

import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { PickleSource } from '../../src/pickle/chunks.ts';
import { unpickleStream } from '../../src/pickle/unpickle-stream.ts';
import { bytes } from './pickles.ts';

const CHUNKS = ['K\x01.', 'K', '\x02.K\x03', '.'].map(bytes);

async function* generated(): AsyncGenerator<Uint8Array> {
  yield* CHUNKS;
}

/** A ReadableStream of an engine that cannot iterate one; `log` notes what is asked of it. */
function readerOnly(chunks: readonly Uint8Array[], log: string[] = []): PickleSource {
  const left = [...chunks];
  return {
    getReader: () => ({
      read: async () => {
        log.push('read');
        const value = left.shift();
        return { done: value === undefined, value };
      },
      cancel: async () => {
        log.push('cancel');
      },
      releaseLock: () => {
        log.push('release');
      },
    }),
  };
}

async function collect(source: PickleSource): Promise<{ values: unknown[]; error: unknown }> {
  const values: unknown[] = [];
  try {
    for await (const value of unpickleStream(source)) values.push(value);
  } catch (error) {
    return { values, error };
  }
  return { values, error: null };
}

describe('unpickleStream', () => {
  test.each<[string, () => PickleSource]>([
    ['an array of chunks', () => CHUNKS],
    ['a generator', () => CHUNKS.values()],
    ['an async generator', () => generated()],
    ['a Node stream', () => Readable.from(CHUNKS)],
    ['a ReadableStream', () => Readable.toWeb(Readable.from(CHUNKS)) as ReadableStream<Uint8Array>],
    ['a ReadableStream that cannot be iterated', () => readerOnly(CHUNKS)],
  ])('reads %s', async (_kind, source) => {
    expect(await collect(source())).toEqual({ values: [1, 2, 3], error: null });
  });

  test('asks for a chunk when the values before it are taken', async () => {
    const log: string[] = [];
    const values = unpickleStream(readerOnly([bytes('K\x01.K\x02.'), bytes('K\x03.')], log));
    expect(await values.next()).toEqual({ done: false, value: 1 });
    expect(await values.next()).toEqual({ done: false, value: 2 });
    expect(log).toEqual(['read']);
    expect(await values.next()).toEqual({ done: false, value: 3 });
    expect(log).toEqual(['read', 'read']);
    expect(await values.next()).toEqual({ done: true, value: undefined });
  });

  test('throws the error of a broken pickle after the values before it, without another chunk', async () => {
    const log: string[] = [];
    const { values, error } = await collect(readerOnly([bytes('K\x01.K\x02.R'), bytes('N.')], log));
    expect(values).toEqual([1, 2]);
    expect(error).toMatchObject({ code: 'ERR_PICKLE_STACK', offset: 6 });
    expect(log).toEqual(['read', 'cancel', 'release']);
  });

  test('throws when the source ends inside a pickle', async () => {
    const { values, error } = await collect([bytes('K\x01.K')]);
    expect(values).toEqual([1]);
    expect(error).toMatchObject({ code: 'ERR_PICKLE_TRUNCATED', offset: 3, opcode: 'BININT1' });
  });

  test('throws what the source throws', async () => {
    const failure = new Error('gone');
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield bytes('K\x01.K');
      throw failure;
    }
    expect(await collect(failing())).toEqual({ values: [1], error: failure });
    const stream = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(failure) });
    expect(await collect({ getReader: () => stream.getReader() })).toEqual({ values: [], error: failure });
  });

  test('closes a source that is left early', async () => {
    const readable = Readable.from(CHUNKS);
    for await (const value of unpickleStream(readable)) {
      expect(value).toBe(1);
      break;
    }
    expect(readable.destroyed).toBe(true);

    const log: string[] = [];
    for await (const value of unpickleStream(readerOnly(CHUNKS, log))) {
      expect(value).toBe(1);
      break;
    }
    expect(log).toEqual(['read', 'cancel', 'release']);
  });

  test.each<[string, unknown]>([
    ['bytes instead of chunks of them', bytes('N.')],
    ['a string', 'N.'],
    ['a stream of strings', Readable.from(['N.'])],
    ['nothing', null],
    ['a function', async () => ({})],
    ['an object that is no source', {}],
  ])('%s is a TypeError', async (_what, source) => {
    const { error } = await collect(source as PickleSource);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as TypeError).message).toMatch(/^a (source|chunk) must be /);
  });
});
