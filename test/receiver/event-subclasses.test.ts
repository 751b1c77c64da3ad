// Whose code is asked about an event: what a user puts in a class of its own is given a record, and all else leaves the event
// in its frame. Seen by the event itself, which `onRecord` keeps against its contract.

import { openSync } from 'node:fs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  BufferedWriter,
  EscapingFormatter,
  escapeControls,
  FileHandler,
  Filter,
  Formatter,
  gmtime,
  Handler,
  JsonFormatter,
  type LogEvent,
  type LogRecord,
  Manager,
  StreamHandler,
} from '../../src/logging/index.ts';
import { createReceiver, type Receiver } from '../../src/receiver/index.ts';
import { RecordDecoder } from '../../src/record/index.ts';
import { useScratch } from '../logging/handlers/scratch.ts';
import { pickleRecord } from '../record/pickles.ts';
import { send } from './receiving.ts';

const scratch = useScratch();

/** Frames of one sender: what is learned from the first two is used for the third, which stays the event. */
const frames = Array.from({ length: 3 }, (_, i) => pickleRecord(`message ${i}`));
const messages = frames.map((_, i) => `message ${i}\n`).join('');

/** Whether the last event is in its frame when it was handled, by handlers of the root logger or as `prepare` has it. */
async function isInFrame(
  handlers: readonly Handler[],
  prepare: (receiver: Receiver, manager: Manager) => void = () => undefined,
): Promise<boolean> {
  const manager = new Manager();
  let last: LogEvent | undefined;
  const wasInFrame: boolean[] = [];
  const onRecord = (event: LogEvent): void => {
    last = event;
    wasInFrame.push(event.frame !== null);
  };
  const receiver = createReceiver({ port: 0, manager, onRecord });
  onTestFinished(() => receiver.close({ idle: 1 }));
  for (const handler of handlers) manager.root.addHandler(handler);
  prepare(receiver, manager);
  await receiver.listen();
  await send(receiver, ...frames);
  const { records, rejected } = receiver.stats;
  expect([records, rejected]).toEqual([3, 0]);
  expect(wasInFrame).toEqual([false, false, true]);
  return last?.frame !== null;
}

function file(formatter: Formatter | null = null, filter: Filter | null = null): FileHandler {
  const handler = new FileHandler(scratch.path('log'));
  if (formatter !== null) handler.setFormatter(formatter);
  if (filter !== null) handler.addFilter(filter);
  return handler;
}

function writer(): BufferedWriter {
  const stream = new BufferedWriter(openSync(scratch.path('log'), 'w'));
  onTestFinished(() => stream.close());
  return stream;
}

describe('an event of which all is written by code of this package stays in its frame', () => {
  test.each<[string, () => Handler]>([
    ['a StreamHandler of a BufferedWriter', () => new StreamHandler(writer())],
    ['text that is escaped for a terminal', () => file(new EscapingFormatter(new Formatter(), escapeControls))],
    ['JSON that is escaped', () => file(new EscapingFormatter(new JsonFormatter()))],
    ['times in UTC', () => file(new Formatter('%(asctime)s', null, '%', true, { converter: gmtime }))],
    ['a filter by the name of another logger', () => file(null, new Filter('other'))],
    [
      'a subclass of FileHandler with nothing of its own',
      () => new (class extends FileHandler {})(scratch.path('log')),
    ],
  ])('by %s', async (_, make) => {
    expect(await isInFrame([make()])).toBe(true);
  });

  test('by no handler of its own', async () => {
    const other = (_: Receiver, manager: Manager): void => manager.getLogger('other').addHandler(file());
    expect(await isInFrame([file()], other)).toBe(true);
  });

  test('by a handler that looks at the event only', async () => {
    class Looking extends Handler {
      readonly levels: unknown[] = [];
      override handle({ levelno }: LogEvent): void {
        this.levels.push(levelno);
      }
      override emit(): void {}
    }
    const looking = new Looking();
    expect(await isInFrame([looking])).toBe(true);
    expect(looking.levels).toEqual([20, 20, 20]);
  });

  test('by a handler of which methods are replaced: that is not noticed', async () => {
    const handler = file();
    const replaced = [vi.spyOn(handler, 'emit'), vi.spyOn(handler, 'format')];
    expect(await isInFrame([handler])).toBe(true);
    expect(replaced.map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
    await handler.close();
    expect(scratch.files()['log']).toBe(messages);
  });
});

describe('a record is made of an event', () => {
  class Emitting extends StreamHandler {
    override emit(record: LogRecord): void {
      super.emit(record);
    }
  }
  class Shouting extends StreamHandler {
    override format(record: LogRecord): string {
      return super.format(record).toUpperCase();
    }
  }
  class OwnTime extends Formatter {
    override formatTime(): string {
      return 'now';
    }
  }
  class OwnJson extends JsonFormatter {
    override format(record: LogRecord): string {
      return `own ${super.format(record)}`;
    }
  }
  class OwnEscapes extends EscapingFormatter {}

  test.each<[string, (stream: BufferedWriter) => StreamHandler, string]>([
    ['emit', (stream) => new Emitting(stream), messages],
    ['format', (stream) => new Shouting(stream), messages.toUpperCase()],
  ])('for a subclass of StreamHandler that has its own %s', async (_, make, wanted) => {
    const stream = writer();
    const handler = make(stream);
    expect(await isInFrame([handler])).toBe(false);
    await stream.flush();
    expect([scratch.files()['log'], handler.written]).toEqual([wanted, 3]);
  });

  test('for a StreamHandler of a stream that takes text', async () => {
    const texts: string[] = [];
    expect(await isInFrame([new StreamHandler({ write: (text: string) => texts.push(text) })])).toBe(false);
    expect(texts.join('')).toBe(messages);
  });

  test.each<[string, Formatter, string]>([
    ['a subclass of Formatter', new OwnTime('%(asctime)s %(message)s'), 'now message 2\n'],
    ['a subclass of JsonFormatter', new OwnJson(), 'own {'],
    ['a subclass of EscapingFormatter', new OwnEscapes(new Formatter()), 'message 2\n'],
    ['escapes of another kind', new EscapingFormatter(new Formatter(), (text) => `<${text}>`), '<message 2>\n'],
    ['a subclass that is escaped', new EscapingFormatter(new OwnTime('%(asctime)s\r%(message)s')), 'now\\rmessage 2\n'],
  ])('for %s', async (_, formatter, part) => {
    const handler = file(formatter);
    expect(await isInFrame([handler])).toBe(false);
    await handler.close();
    const record = new RecordDecoder().decode(frames[2] as Uint8Array);
    expect(scratch.files()['log']).toContain(`${formatter.format(record)}\n`);
    expect(scratch.files()['log']).toContain(part);
  });

  test('for a filter of another handler, once, though handlers before and after need none', async () => {
    const [before, filtered, after] = ['before', 'filtered', 'after'].map(
      (name) => new FileHandler(scratch.path(name)),
    );
    const seen: LogRecord[] = [];
    filtered?.addFilter((record) => {
      seen.push(record);
      return false;
    });
    expect(await isInFrame([before, filtered, after] as Handler[])).toBe(false);
    expect(new Set(seen).size).toBe(3);
    await Promise.all([before, filtered, after].map((handler) => handler?.close()));
    expect(scratch.files()).toMatchObject({ before: messages, filtered: '', after: messages });
  });

  test('for a listener, which is heard after the handlers', async () => {
    const heard: unknown[] = [];
    const handler = file();
    handler.addFilter((record) => {
      record.msg = 'changed';
      return true;
    });
    expect(await isInFrame([handler], (receiver) => receiver.on('record', ({ msg }) => heard.push(msg)))).toBe(false);
    expect(heard).toEqual(['changed', 'changed', 'changed']);
  });

  test('for a listener alone, and for a loop alone', async () => {
    expect(await isInFrame([file()], (receiver) => receiver.on('record', () => undefined))).toBe(false);
    expect(await isInFrame([file()], (receiver) => void receiver[Symbol.asyncIterator]())).toBe(false);
  });

  test('for no loop any more, once that has ended', async () => {
    const ended = (receiver: Receiver): void => void receiver[Symbol.asyncIterator]().return?.();
    expect(await isInFrame([file()], ended)).toBe(true);
  });

  test.each(['utf-16', 'utf-16-le', 'ascii', 'latin-1'])('for a file in %s', async (encoding) => {
    expect(await isInFrame([new FileHandler(scratch.path('log'), { encoding })])).toBe(false);
  });

  test('for a filter of the logger that is asked', async () => {
    const filtering = (_: Receiver, manager: Manager): void => manager.getLogger('app').addFilter(() => true);
    expect(await isInFrame([file()], filtering)).toBe(false);
  });
});

test('an error of one handler costs neither the record nor the handlers after it', async () => {
  const [broken, after] = [new StreamHandler(writer()), new FileHandler(scratch.path('after'))];
  broken.terminator = undefined as never;
  // An error is told of a record, and so one is made.
  expect(await isInFrame([broken, after])).toBe(false);
  await after.close();
  expect([broken.failed, broken.written, after.failed, after.written]).toEqual([3, 0, 0, 3]);
  expect([...broken.errors.values()]).toEqual([3]);
  expect(scratch.files()['after']).toBe(messages);
});
