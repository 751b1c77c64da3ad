// LineWriter: one call of its sink at a time, lines whole and in order, and every attempt repeated until it succeeds.

import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { textEncoding } from '../../../src/logging/encode/text-encoding.ts';
import {
  type LineDestination,
  type LineWriterOptions,
  LineWriter as Writer,
} from '../../../src/logging/write/line-writer.ts';
import { checkProperty } from '../../properties/check.ts';

interface Numbered {
  readonly text: string;
  readonly alone: boolean;
}

const line = (text: string, alone = false): Numbered => ({ text, alone });

class LineWriter extends Writer<Numbered> {
  constructor(sink: LineDestination<Numbered>, options?: LineWriterOptions) {
    super(sink, textEncoding('utf-8', 'backslashreplace'), options);
  }

  add(added: Numbered): boolean {
    return this.push(added, added.text);
  }
}

/** A sink that keeps what it is given, in files as it is told to begin them, and fails as it is told to. */
class Memory implements LineDestination<Numbered> {
  files: string[] = [];
  readonly calls: string[] = [];
  /** The lines that it was told are written. */
  readonly done: string[] = [];
  /** Begins another file at the next `ready`. */
  replaced = true;
  /** How many calls of `ready` are to fail. */
  unready = 0;
  /** Before it fails, how many bytes a write writes; null to write all. */
  room: number | null = null;
  #busy = false;

  async ready(first: Numbered | null): Promise<boolean> {
    return this.#alone('ready', async () => {
      if (this.unready > 0) {
        this.unready--;
        throw new Error('not ready');
      }
      if (!this.replaced) return true;
      this.replaced = false;
      if (first !== null) this.files.push('');
      return false;
    });
  }

  written({ text }: Numbered): void {
    this.done.push(text);
  }

  joins({ alone }: Numbered): boolean {
    return !alone;
  }

  async write(bytes: Uint8Array, progress: (bytes: number) => void): Promise<void> {
    return this.#alone('write', async () => {
      const taken = this.room === null ? bytes : bytes.subarray(0, this.room);
      this.files.push((this.files.pop() ?? '') + Buffer.from(taken).toString('latin1'));
      if (taken.length > 0) progress(taken.length);
      await turn();
      if (this.room === null) return;
      this.room = null;
      throw new Error('no room');
    });
  }

  async close(): Promise<void> {
    return this.#alone('close', async () => {
      this.replaced = true;
    });
  }

  async #alone<T>(name: string, call: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new Error(`${name} while another call is not done`);
    this.#busy = true;
    this.calls.push(name);
    await turn();
    try {
      return await call();
    } finally {
      this.#busy = false;
    }
  }
}

describe('close', () => {
  test('waits for the call in hand, and writes what comes meanwhile afterwards', async () => {
    const sink = new Memory();
    const writer = new LineWriter(sink);
    writer.add(line('one\n'));
    const closed = writer.close();
    for (let count = 0; count < 6; count++) {
      writer.add(line(`${count}\n`));
      await turn();
    }
    await closed;
    await writer.flush();
    expect(sink.files.join('')).toBe('one\n0\n1\n2\n3\n4\n5\n');
    expect([sink.calls.filter((name) => name === 'close').length, sink.files.length]).toEqual([1, 2]);
  });

  test('writes what came while it closed without being asked to', async () => {
    const sink = new Memory();
    const writer = new LineWriter(sink);
    const closed = writer.close();
    await Promise.resolve();
    writer.add(line('late\n'));
    await closed;
    await vi.waitFor(() => expect(sink.files).toEqual(['late\n']));
  });

  test('that fails keeps the lines for whoever wants them, and tries no more by itself', async () => {
    const sink = new Memory();
    const writer = new LineWriter(sink);
    sink.unready = 9;
    writer.add(line('one\n'));
    await expect(writer.close()).rejects.toThrow('not ready');
    expect([writer.pending, sink.unready]).toEqual([4, 8]);
    await expect(writer.flush()).rejects.toThrow('not ready');
    expect(writer.abandon()).toEqual([line('one\n')]);
    expect(writer.pending).toBe(0);
    await writer.flush();
    expect(sink.files).toEqual([]);
  });
});

describe('poke', () => {
  test('calls ready without a line, and flush waits for it', async () => {
    const sink = new Memory();
    const writer = new LineWriter(sink);
    writer.poke();
    await writer.flush();
    expect(sink.calls).toEqual(['ready']);
  });

  test('is repeated until ready succeeds', async () => {
    const sink = new Memory();
    const onError = vi.fn();
    const writer = new LineWriter(sink, { onError });
    sink.unready = 2;
    writer.poke();
    for (let attempt = 0; attempt < 2; attempt++) await expect(writer.flush()).rejects.toThrow('not ready');
    await writer.flush();
    expect([sink.calls, onError.mock.calls.length]).toEqual([['ready', 'ready', 'ready'], 1]);
  });

  test('of a writer that waits to try again makes it try at once', async () => {
    const sink = new Memory();
    const writer = new LineWriter(sink);
    sink.unready = 1;
    writer.add(line('one\n'));
    await expect(writer.flush()).rejects.toThrow('not ready');
    writer.poke();
    expect(sink.calls).toEqual(['ready', 'ready']);
    await writer.flush();
    expect(sink.files).toEqual(['one\n']);
  });
});

test('no more than 1024 lines wait, or one for every 64 bytes that may', async () => {
  for (const [maxPending, lines] of [
    [10, 1024],
    [64 * 2000, 2000],
  ] as const) {
    const writer = new LineWriter(new Memory(), { maxPending });
    for (let count = 0; count < lines; count++) expect(writer.add(line(''))).toBe(true);
    expect(writer.add(line(''))).toBe(false);
    await writer.flush();
    expect(writer.add(line(''))).toBe(true);
    await writer.close();
  }
});

test('a line that was begun is ended in the same file, and written anew in another', async () => {
  for (const replaced of [false, true]) {
    const sink = new Memory();
    const writer = new LineWriter(sink);
    for (const text of ['one\n', 'two\n', 'three\n']) writer.add(line(text));
    sink.room = 6;
    await expect(writer.flush()).rejects.toThrow('no room');
    expect(writer.pending).toBe(8);
    sink.replaced = replaced;
    await writer.flush();
    expect(sink.files).toEqual(replaced ? ['one\ntw', 'two\nthree\n'] : ['one\ntwo\nthree\n']);
    expect(writer.pending).toBe(0);
  }
});

test('a line that does not join those before it has a batch of its own, an empty one too', async () => {
  const sink = new Memory();
  const writer = new LineWriter(sink);
  for (const each of [line('a'), line('', true), line('b'), line('c', true), line('')]) writer.add(each);
  await writer.flush();
  expect([sink.files, sink.calls.filter((name) => name === 'ready').length]).toEqual([['abc'], 3]);
});

test('whatever fails and is replaced, all lines are whole and in order in the files together', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 30 }) },
    fc.constantFrom('flush', 'close', 'poke', 'replace', 'unready', 'turn'),
    fc.record({ room: fc.integer({ min: 0, max: 40 }) }),
  );
  await checkProperty(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const sink = new Memory();
      const writer = new LineWriter(sink);
      const sent: string[] = [];
      for (const each of steps) {
        if (typeof each === 'number') {
          const text = `<${sent.length}:${['x', 'é', '€', '\u{1f600}'][each % 4]?.repeat(each)}>`;
          sent.push(text);
          writer.add(line(text, each % 5 === 0));
        } else if (typeof each === 'object') sink.room = each.room;
        else if (each === 'flush') await writer.flush().catch(() => {});
        else if (each === 'close') await writer.close().catch(() => {});
        else if (each === 'poke') writer.poke();
        else if (each === 'replace') sink.replaced = true;
        else if (each === 'unready') sink.unready++;
        else await turn();
      }
      while (writer.pending > 0) await writer.flush().catch(() => {});
      const files = sink.files.map((bytes) => Buffer.from(bytes, 'latin1').toString());
      const whole = files.flatMap((text) => text.match(/<\d+:[xé€\u{1f600}]*>/gu) ?? []);
      expect(whole).toEqual(sent);
    }),
    { numRuns: 200 },
  );
});
