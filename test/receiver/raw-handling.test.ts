// When a record's line is written without the record, and that nothing else tells the two ways apart.

import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  type Converter,
  EscapingFormatter,
  FileHandler,
  type FileHandlerOptions,
  Formatter,
  gmtime,
  JsonFormatter,
  type LogRecord,
  Manager,
  NullHandler,
} from '../../src/logging/index.ts';
import { createReceiver, type ReceiverOptions } from '../../src/receiver/index.ts';
import { RecordDecoder } from '../../src/record/index.ts';
import { useScratch } from '../logging/handlers/scratch.ts';
import { opcodes, pickleRecord } from '../record/pickles.ts';
import { send } from './receiving.ts';

const scratch = useScratch();
const COOKBOOK = '%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s';

/** Frames of one sender: what is learned from the first is used from the third on. */
const frames = Array.from({ length: 12 }, (_, i) =>
  pickleRecord(`message ${i}`, {
    levelno: 10 * (1 + (i % 5)),
    pathname: 'a/b.py',
    filename: 'b.py',
    module: 'b',
    lineno: 7,
  }),
);

interface Handling {
  /** What is in the file when all records are. */
  readonly text: string;
  /** How many of them were never made. */
  readonly spared: number;
  readonly handler: FileHandler;
  readonly records: number;
}

/** Frames that come to a receiver with one handler, which writes a file; `prepare` may change all that before. */
async function handling(
  payloads: readonly Uint8Array[],
  prepare: (handler: FileHandler, manager: Manager) => ReceiverOptions | undefined = () => undefined,
  options: FileHandlerOptions = {},
  Class: typeof FileHandler = FileHandler,
): Promise<Handling> {
  const manager = new Manager();
  const path = scratch.path(`log ${Math.random()}`);
  const handler = new Class(path, options);
  handler.setFormatter(new Formatter(COOKBOOK));
  manager.root.addHandler(handler);
  const receiver = createReceiver({ ...prepare(handler, manager), port: 0, manager });
  onTestFinished(() => receiver.close({ idle: 1 }));
  await receiver.listen();
  const decode = vi.spyOn(RecordDecoder.prototype, 'decode');
  await send(receiver, ...payloads);
  const spared = payloads.length - decode.mock.calls.length;
  decode.mockRestore();
  const { records } = receiver.stats;
  await receiver.close({ idle: 1 });
  await handler.close();
  return { text: readFileSync(path, 'utf8'), spared, handler, records };
}

describe('a record is spared', () => {
  test('where one handler writes it to a file', async () => {
    const { text, spared, records } = await handling(frames);
    expect(text).toBe(frames.map((_, i) => `   59 app             INFO     message ${i}\n`).join(''));
    expect([spared, records]).toEqual([10, 12]);
  });

  test.each<[string, Formatter]>([
    ['a time', new Formatter('%(asctime)s %(message)s')],
    ['JSON', new JsonFormatter()],
    ['the message alone', new Formatter()],
  ])('by a formatter of %s', async (_, formatter) => {
    const prepare = (handler: FileHandler): undefined => handler.setFormatter(formatter) as undefined;
    const wanted = await handling(frames, (handler) => {
      prepare(handler);
      handler.addFilter(() => true);
      return undefined;
    });
    const { text, spared } = await handling(frames, prepare);
    expect([spared, wanted.spared]).toEqual([10, 0]);
    expect(text).toBe(wanted.text);
  });

  test('with onRecord, which is told of it all the same', async () => {
    const told: unknown[] = [];
    const { spared } = await handling(frames, () => ({
      onRecord: ({ levelno, created }, { id }) => told.push([levelno, created, id]),
    }));
    expect(spared).toBe(10);
    expect(told).toEqual(frames.map((_, i) => [10 * (1 + (i % 5)), 1_700_000_000.25, 1]));
  });

  test('below its handler’s level, and is not written', async () => {
    const { text, spared } = await handling(frames, (handler) => handler.setLevel(40) as undefined);
    expect(spared).toBe(10);
    expect(text.match(/message \d+/g)).toEqual(['message 3', 'message 4', 'message 8', 'message 9']);
  });

  test('and dropped by its level where there is no room for its line', async () => {
    const levels = ['DEBUG', 'INFO', 'ERROR'];
    const many = Array.from({ length: 90 }, (_, i) =>
      pickleRecord('x'.repeat(40), { levelname: levels[i % 3] as string }),
    );
    const { text, spared, handler, records } = await handling(many, () => undefined, { maxPending: 1000 });
    expect([spared, records]).toEqual([88, 90]);
    const written = text.split('\n').length - 1;
    const dropped = levels.map((level) => handler.dropped.get(level) ?? 0);
    expect(written).toBeGreaterThan(10);
    expect(dropped.reduce((sum, each) => sum + each)).toBe(90 - written);
    expect(Math.min(...dropped)).toBeGreaterThan(10);
  });
});

test.each([
  ['text', new Formatter(COOKBOOK)],
  ['JSON', new JsonFormatter()],
])('a line of %s keeps nothing of the memory that its frame came in', async (_, formatter) => {
  const decoder = new RecordDecoder();
  for (const frame of frames) decoder.decode(frame);
  const handler = new FileHandler(scratch.path('log'));
  handler.setFormatter(formatter);
  const memory = new Uint8Array(8192);
  for (const frame of frames) {
    memory.set(frame);
    const located = decoder.locate(memory, 0, frame.length);
    expect(located !== null && handler.handleRaw(located)).toBe(true);
    memory.fill(0x58);
  }
  await handler.close();
  const lines = frames.map((frame) => `${formatter.format(new RecordDecoder().decode(frame))}\n`);
  expect(scratch.files()['log']).toBe(lines.join(''));
});

describe('a record is made', () => {
  class Subclass extends FileHandler {
    override emit(record: LogRecord): void {
      if (record.levelno === 50) super.emit(record);
    }
  }
  class SubFormatter extends Formatter {
    override formatMessage(record: LogRecord): string {
      return `sub ${super.formatMessage(record)}`;
    }
  }

  test.each<[string, (handler: FileHandler, manager: Manager) => ReceiverOptions | undefined, string?]>([
    ['for a filter of the handler', (handler) => handler.addFilter(({ levelno }) => levelno === 50) as undefined],
    ['for a filter of the root', (_, { root }) => void root.addFilter(() => true)],
    ['where another logger exists', (_, manager) => void manager.getLogger('other')],
    ['for another handler', (_, { root }) => root.addHandler(new NullHandler()) as undefined],
    ['for a subclass of Formatter', (handler) => handler.setFormatter(new SubFormatter(COOKBOOK)) as undefined],
    ['to be escaped', (handler) => handler.setFormatter(new EscapingFormatter(new Formatter())) as undefined],
    ['for another style', (handler) => handler.setFormatter(new Formatter('{message}', null, '{')) as undefined],
    ['for an extra in the format', (handler) => handler.setFormatter(new Formatter('%(user)s')) as undefined],
    ['for another profile', (handler) => handler.setFormatter(new JsonFormatter({ profile: 'pino' })) as undefined],
    ['for little room', (handler) => handler.setFormatter(new JsonFormatter({ maxLength: 10 })) as undefined],
  ])('%s', async (_, prepare) => {
    expect((await handling(frames, prepare)).spared).toBe(0);
  });

  test('for a subclass of FileHandler, which has its own ways', async () => {
    const { text, spared } = await handling(frames, () => undefined, {}, Subclass);
    expect(spared).toBe(0);
    expect(text.match(/message \d+/g)).toEqual(['message 4', 'message 9']);
  });

  test.each(['utf-16', 'latin-1', 'ascii'])('to be encoded in %s', async (encoding) => {
    expect((await handling(frames, () => undefined, { encoding })).spared).toBe(0);
  });

  test('for whoever listens or iterates, as soon as somebody does', async () => {
    const manager = new Manager();
    const handler = new FileHandler(scratch.path('log'));
    manager.root.addHandler(handler);
    const receiver = createReceiver({ port: 0, manager });
    onTestFinished(() => receiver.close({ idle: 1 }));
    await receiver.listen();
    await send(receiver, ...frames);
    const heard: unknown[] = [];
    receiver.once('record', ({ msg }) => heard.push(msg));
    await send(receiver, ...frames);
    const records = receiver[Symbol.asyncIterator]();
    await send(receiver, ...frames);
    heard.push((await records.next()).value?.msg);
    await records.return?.();
    expect(heard).toEqual(['message 0', 'message 0']);
    await handler.close();
    expect(scratch.files()['log']?.split('\n')).toHaveLength(3 * frames.length + 1);
  });

  test.each<[string, Uint8Array, number]>([
    ['in a field that is not shown', pickleRecord('x', { processName: opcodes('X\x03\0\0\0a\xffb') }), 20],
    ['in an extra', pickleRecord('x', { user: opcodes('X\x01\0\0\0\xff') }), 20],
    ['in a message below the level', pickleRecord(opcodes('X\x01\0\0\0\xff'), { levelno: 10 }), 10],
  ])('and refused for text that is no UTF-8 %s', async (_, bad) => {
    const good = pickleRecord('x', { processName: 'a', user: 'b', levelno: 20 });
    const all = [good, good, good, bad, good, pickleRecord('x', { processName: 'a', levelno: 10 }), bad, good];
    const { records } = await handling(all, (handler) => handler.setLevel(20) as undefined);
    expect(records).toBe(6);
  });

  test.each<[string, (handler: FileHandler, manager: Manager) => ReceiverOptions | undefined]>([
    ['emit', (handler) => void vi.spyOn(handler, 'emit')],
    ['handle', (handler) => void vi.spyOn(handler, 'handle')],
    ['format', (handler) => void vi.spyOn(handler, 'format')],
    ['its formatter’s format', (handler) => void vi.spyOn(handler.formatter as Formatter, 'format')],
    ['its formatter’s formatTime', (handler) => void vi.spyOn(handler.formatter as Formatter, 'formatTime')],
    ['the Manager’s handle', (_, manager) => void vi.spyOn(manager, 'handle')],
    ['the root’s callHandlers', (_, { root }) => void vi.spyOn(root, 'callHandlers')],
  ])('for whoever puts another method in the place of %s', async (_, prepare) => {
    expect((await handling(frames, prepare)).spared).toBe(0);
  });

  test('for a converter of times that throws: that costs the record only, where it is formatted', async () => {
    const converter: Converter = (seconds) => {
      if (seconds < 1000) throw new TypeError('no time of mine');
      return gmtime(seconds);
    };
    const odd = pickleRecord('too early', { created: 5.5 });
    const { records, handler, text } = await handling([...frames, odd, ...frames], (each) => {
      each.setFormatter(new Formatter('%(asctime)s %(message)s', null, '%', true, { converter }));
      return undefined;
    });
    expect([records, text.split('\n').length - 1]).toEqual([25, 24]);
    expect(handler.errors.get('no time of mine')).toBe(1);
  });

  test('to replace lone surrogates of the format and of the terminator', async () => {
    expect(
      (await handling(frames, (handler) => void handler.setFormatter(new Formatter('\ud800%(message)s')))).text,
    ).toContain('\\ud800message 9\n');
    const { text } = await handling(frames, (handler) => {
      handler.terminator = '\udfff\n';
      return undefined;
    });
    expect(text).toContain('message 9\\udfff\n');
  });

  test('where its line cannot be written without it, and takes its turn among the others', async () => {
    const odd = [
      pickleRecord('%s', { args: 'argument' }),
      pickleRecord(7),
      pickleRecord('no UTF-8', { name: Buffer.from('U\x04caf\xe9', 'latin1') }),
      pickleRecord('no level', { levelname: null }),
      pickleRecord('x'.repeat(20_000)),
    ];
    const mixed = Array.from({ length: 60 }, (_, i) => [
      odd[i % odd.length] as Uint8Array,
      frames[i % 12] as Uint8Array,
    ]);
    const all = mixed.flat();
    const made = await handling(all, (handler) => void handler.addFilter(() => true));
    const { text, spared } = await handling(all);
    expect(text).toBe(made.text);
    expect(spared).toBeGreaterThan(50);
  });
});
