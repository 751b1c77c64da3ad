// What becomes of an event on its way through loggers and handlers: it stays in its frame until a record is asked for, and
// what was done to the record is seen by all that come after.

import { openSync, readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  BufferedWriter,
  type Converter,
  EscapingFormatter,
  FileHandler,
  type FileHandlerOptions,
  Filter,
  Formatter,
  gmtime,
  Handler,
  JsonFormatter,
  jsonProfiles,
  type LogEvent,
  LogQueue,
  type LogRecord,
  Manager,
  MemoryHandler,
  QueueHandler,
  RotatingFileHandler,
  StreamHandler,
  TimedRotatingFileHandler,
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

/** Stands behind all other handlers, and counts the events that are still in their frames. */
class Last extends Handler {
  inFrames = 0;

  override handle(event: LogEvent): void {
    if (event.frame !== null) this.inFrames++;
  }

  override emit(): void {}
}

interface Handling {
  /** What is in the handler's file when all records are. */
  readonly text: string;
  /** How many events were in their frames when all handlers had had them; the first two are never. */
  readonly inFrames: number;
  readonly handler: FileHandler;
  readonly records: number;
  readonly rejected: number;
}

/** A handler that keeps records. */
function keeping(kept: LogRecord[]): Handler {
  return new (class extends Handler {
    override emit(record: LogRecord): void {
      kept.push(record);
    }
  })();
}

type Prepare = (handler: FileHandler, manager: Manager) => ReceiverOptions | undefined;

/** Frames that come to a receiver with a handler that writes a file; `prepare` may change all that before. */
async function handling(
  payloads: readonly Uint8Array[],
  prepare: Prepare = () => undefined,
  options: FileHandlerOptions = {},
  Class: new (path: string, options: FileHandlerOptions) => FileHandler = FileHandler,
): Promise<Handling> {
  const manager = new Manager();
  const path = scratch.path(`log ${Math.random()}`);
  const handler = new Class(path, options);
  handler.setFormatter(new Formatter(COOKBOOK));
  manager.root.addHandler(handler);
  const receiver = createReceiver({ ...prepare(handler, manager), port: 0, manager });
  const last = new Last();
  manager.root.addHandler(last);
  onTestFinished(() => receiver.close({ idle: 1 }));
  await receiver.listen();
  await send(receiver, ...payloads);
  const { records, rejected } = receiver.stats;
  await receiver.close({ idle: 1 });
  await Promise.all(manager.handlers().map((each) => each.close()));
  return { text: readFileSync(path, 'utf8'), inFrames: last.inFrames, handler, records, rejected };
}

/** As `handling`, with records made for a filter. */
function decoded(payloads: readonly Uint8Array[], prepare: Prepare = () => undefined): Promise<Handling> {
  return handling(payloads, (handler, manager) => {
    handler.addFilter(() => true);
    return prepare(handler, manager);
  });
}

describe('an event stays in its frame', () => {
  test('where a handler writes it to a file', async () => {
    const { text, inFrames, records, handler } = await handling(frames);
    expect(text).toBe(frames.map((_, i) => `   59 app             INFO     message ${i}\n`).join(''));
    expect([inFrames, records, handler.written, handler.failed]).toEqual([10, 12, 12, 0]);
  });

  test.each<[string, Formatter]>([
    ['a time', new Formatter('%(asctime)s %(message)s')],
    ['the message alone', new Formatter()],
    ['another style', new Formatter('{levelname:<9} {message}', null, '{')],
    ['the third style', new Formatter('$levelname $message', null, '$')],
    ['an extra that is not there', new Formatter('%(user)s %(message)s', null, '%', true, { defaults: { user: '-' } })],
    ['escaped text', new EscapingFormatter(new Formatter())],
    ...jsonProfiles.map((profile) => [`JSON as ${profile}`, new JsonFormatter({ profile })] as [string, Formatter]),
  ])('by a formatter of %s', async (_, formatter) => {
    const prepare: Prepare = (handler) => void handler.setFormatter(formatter);
    const wanted = await decoded(frames, prepare);
    const { text, inFrames } = await handling(frames, prepare);
    expect([inFrames, wanted.inFrames]).toEqual([10, 0]);
    expect(text).toBe(wanted.text);
  });

  test.each<[string, Prepare]>([
    [
      'another logger',
      (_, manager) => void manager.getLogger('other').addHandler(new FileHandler(scratch.path('other'))),
    ],
    ['its own logger', (_, manager) => void manager.getLogger('app')],
    ['another handler', (_, { root }) => void root.addHandler(new FileHandler(scratch.path('more')))],
    ['a filter by name', (handler) => void handler.addFilter(new Filter('app'))],
    ['a filter by name of the root', (_, { root }) => void root.addFilter(new Filter('app'))],
    ['a name for all', () => ({ logname: 'here' })],
    ['onRecord', () => ({ onRecord: ({ levelno, created, name }) => void [levelno, created, name] })],
  ])('with %s', async (_, prepare) => {
    const { text, inFrames } = await handling(frames, prepare);
    expect(inFrames).toBe(10);
    expect(text).toBe(frames.map((_frame, i) => `   59 app             INFO     message ${i}\n`).join(''));
  });

  test('by handlers of all kinds, each with a format and a level of its own', async () => {
    const formatters: Formatter[] = [
      new Formatter('%(asctime)s %(message)s'),
      new Formatter('{levelname:>9} {message:<20}|', null, '{'),
      new EscapingFormatter(new Formatter('%(name)s\t%(message)s')),
      ...jsonProfiles.map((profile) => new JsonFormatter({ profile })),
    ];
    const writer = new BufferedWriter(openSync(scratch.path('stream'), 'w'));
    const { text, inFrames } = await handling(frames, (_, manager) => {
      const handlers = [
        new StreamHandler(writer),
        ...formatters.map((formatter, i) => {
          const handler = new FileHandler(scratch.path(`handler ${i}`));
          handler.setFormatter(formatter);
          return handler;
        }),
      ];
      for (const [i, handler] of handlers.entries()) {
        if (i % 2 === 1) handler.setLevel(30);
        (i % 3 === 1 ? manager.getLogger('app') : manager.root).addHandler(handler);
      }
      return undefined;
    });
    await writer.close();
    expect(inFrames).toBe(10);
    expect(text.split('\n')).toHaveLength(13);
    const files = scratch.files();
    const records = frames.map((frame) => new RecordDecoder().decode(frame));
    expect(files['stream']).toBe(records.map((record) => `${record.getMessage()}\n`).join(''));
    for (const [i, formatter] of formatters.entries()) {
      const some = i % 2 === 0 ? records.filter(({ levelno }) => Number(levelno) >= 30) : records;
      expect(files[`handler ${i}`]).toBe(some.map((record) => `${formatter.format(record)}\n`).join(''));
    }
  });

  test.each<[string, (path: string, now: () => number) => FileHandler, number]>([
    ['their size', (path) => new RotatingFileHandler(path, { maxBytes: 120, backupCount: 9 }), 6],
    ['the time', (path, now) => new TimedRotatingFileHandler(path, { when: 'S', utc: true, now }), 5],
  ])('in files that are rolled over for %s', async (_, make, files) => {
    let count = 0;
    const handler = make(scratch.path('rotating'), () => Date.UTC(2099, 0) / 1000 + Math.floor(count / 3));
    handler.setFormatter(new Formatter(COOKBOOK));
    const { inFrames, text } = await handling(frames, (__, { root }) => {
      root.addHandler(handler);
      return { onRecord: () => count++ };
    });
    expect([inFrames, handler.written]).toEqual([10, 12]);
    const written = Object.entries(scratch.files()).filter(([name]) => name.startsWith('rotating'));
    expect(written).toHaveLength(files);
    const lines = written.flatMap(([, each]) => each.split('\n').slice(0, -1));
    expect(lines.sort()).toEqual(text.split('\n').slice(0, -1).sort());
  });

  test('below its handler’s level, and is not written', async () => {
    const { text, inFrames } = await handling(frames, (handler) => void handler.setLevel(40));
    expect(inFrames).toBe(10);
    expect(text.match(/message \d+/g)).toEqual(['message 3', 'message 4', 'message 8', 'message 9']);
  });

  test('and is dropped by its level where there is no room for its line', async () => {
    const levels = ['DEBUG', 'INFO', 'ERROR'];
    const many = Array.from({ length: 90 }, (_, i) =>
      pickleRecord('x'.repeat(40), { levelname: levels[i % 3] as string }),
    );
    const { text, inFrames, handler, records } = await handling(many, () => undefined, { maxPending: 1000 });
    expect([inFrames, records]).toEqual([88, 90]);
    const lines = text.split('\n').length - 1;
    const dropped = levels.map((level) => handler.dropped.get(level) ?? 0);
    expect([handler.written, lines]).toEqual([lines, 90 - dropped.reduce((sum, each) => sum + each)]);
    expect(lines).toBeGreaterThan(10);
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
    const event = decoder.event(memory, 0, frame.length);
    expect(event.frame).not.toBeNull();
    handler.handle(event);
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
  class Shouting extends FileHandler {
    override format(record: LogRecord): string {
      return super.format(record).toUpperCase();
    }
  }
  class SubFormatter extends Formatter {
    override formatMessage(record: LogRecord): string {
      return `sub ${super.formatMessage(record)}`;
    }
  }
  class SubFilter extends Filter {
    override filter(record: LogRecord): boolean {
      return record.msg !== 'message 1';
    }
  }

  test.each<[string, Prepare, string]>([
    ['for a filter of the handler', (handler) => void handler.addFilter(({ levelno }) => levelno === 50), 'message 9'],
    ['for a filter of the root', (_, { root }) => void root.addFilter(() => true), 'message 9'],
    ['for a subclass of Filter', (handler) => void handler.addFilter(new SubFilter()), 'message 9'],
    ['for a subclass of Formatter', (handler) => void handler.setFormatter(new SubFormatter(COOKBOOK)), 'sub '],
    ['for little room', (handler) => void handler.setFormatter(new JsonFormatter({ maxLength: 10 })), '…'],
  ])('%s', async (_, prepare, part) => {
    // A filter of the root applies to records of the root alone.
    const own = frames.map((__, i) => pickleRecord(`message ${i}`, { name: 'root', levelno: 50 }));
    const { inFrames, text } = await handling(own, prepare);
    expect(inFrames).toBe(0);
    expect(text).toContain(part);
  });

  test.each<[string, typeof FileHandler, string[]]>([
    ['emit', Subclass, ['message 4', 'message 9']],
    ['format', Shouting, frames.map((_, i) => `MESSAGE ${i}`)],
  ])('for a subclass of FileHandler that has its own %s', async (_, Class, wanted) => {
    const { text, inFrames } = await handling(frames, () => undefined, {}, Class);
    expect(inFrames).toBe(0);
    expect(text.match(/message \d+/gi)).toEqual(wanted);
  });

  test.each(['utf-16', 'latin-1', 'ascii'])('to be encoded in %s', async (encoding) => {
    expect((await handling(frames, () => undefined, { encoding })).inFrames).toBe(0);
  });

  test('for a listener, and for a loop, as soon as there is one', async () => {
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

  test.each<[string, (kept: LogRecord[]) => Handler]>([
    ['QueueHandler', (kept) => new QueueHandler(kept)],
    ['MemoryHandler', (kept) => new MemoryHandler(1000, { target: keeping(kept) })],
    ['Handler with an emit of its own', (kept) => keeping(kept)],
  ])('for a %s, which keeps what no other frame takes the place of', async (_, make) => {
    const kept: LogRecord[] = [];
    const { text, inFrames } = await handling(frames, (__, { root }) => void root.addHandler(make(kept)));
    expect(inFrames).toBe(0);
    expect(kept.map((record) => `${new Formatter(COOKBOOK).format(record)}\n`).join('')).toBe(text);
    expect(new Set(kept).size).toBe(frames.length);
  });

  test('for a LogQueue, which has room for some', async () => {
    const queue = new LogQueue(5);
    const handler = new QueueHandler(queue);
    const { inFrames } = await handling(frames, (_, { root }) => void root.addHandler(handler));
    expect([inFrames, queue.length, handler.written]).toEqual([0, 5, 5]);
  });

  test('where onRecord asks for it: before the handlers, which see what it has done', async () => {
    const { text, inFrames } = await handling(frames, (handler) => {
      handler.setFormatter(new JsonFormatter());
      return {
        onRecord: (event) => {
          if (event.levelno === 50) event.record().msg = 'changed';
        },
      };
    });
    const messages = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { message: string }).message);
    expect(messages).toEqual(frames.map((_, i) => (i % 5 === 4 ? 'changed' : `message ${i}`)));
    // Of the ten that are located, two.
    expect(inFrames).toBe(8);
  });

  test('once: what a filter changes in it is seen by the handlers after, and not by those before', async () => {
    const after = new FileHandler(scratch.path('after'));
    const own = await handling(frames, (_, { root }) => {
      const changing = new FileHandler(scratch.path('changing'));
      changing.addFilter((record) => {
        record.msg = `changed ${record.msg}`;
        record.levelno = 50;
        return true;
      });
      root.addHandler(changing);
      after.setLevel(50);
      root.addHandler(after);
      return undefined;
    });
    expect(own.text).not.toContain('changed');
    const changed = frames.map((_, i) => `changed message ${i}\n`).join('');
    expect([scratch.files()['changing'], scratch.files()['after']]).toEqual([changed, changed]);
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

  test('never for a method that is replaced on a handler that was made already: that is not noticed', async () => {
    const emit = vi.fn();
    const { inFrames } = await handling(frames, (handler) => {
      handler.emit = emit;
      return undefined;
    });
    expect([inFrames, emit.mock.calls.length]).toEqual([10, 0]);
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
    const made = await decoded(all);
    const { text, inFrames } = await handling(all);
    expect(text).toBe(made.text);
    expect(inFrames).toBeGreaterThan(50);
  });
});

describe('an error lands in handleError, and costs one handler one record', () => {
  const many = Array.from({ length: 36 }, (_, i) => pickleRecord(`message ${i}`));
  const sayNo = (): never => {
    throw new Error('no');
  };
  class Failing extends FileHandler {
    override emit(): void {
      sayNo();
    }
  }
  class FailingFormatter extends Formatter {
    override format(): string {
      return sayNo();
    }
  }

  test.each<[string, Prepare, typeof FileHandler]>([
    ['a terminator that is none', (handler) => void Object.assign(handler, { terminator: undefined }), FileHandler],
    ['a field that is not there', (handler) => void handler.setFormatter(new Formatter('%(user)s')), FileHandler],
    [
      'such a field in text that is escaped',
      (handler) => {
        handler.setFormatter(new EscapingFormatter(new Formatter('{user}', null, '{')));
        return undefined;
      },
      FileHandler,
    ],
    ['a filter', (handler) => void handler.addFilter(sayNo), FileHandler],
    ['a formatter', (handler) => void handler.setFormatter(new FailingFormatter()), FileHandler],
    ['an emit', () => undefined, Failing],
  ])('of %s, whichever way the event goes', async (_, prepare, Class) => {
    for (const isDecoded of [false, true]) {
      const next = new FileHandler(scratch.path(`next ${isDecoded}`));
      const { records, rejected, handler, text } = await handling(
        many,
        (each, manager) => {
          if (isDecoded) each.addFilter(() => true);
          manager.root.addHandler(next);
          return prepare(each, manager);
        },
        {},
        Class,
      );
      expect([records, rejected, handler.failed, handler.written, text]).toEqual([36, 0, 36, 0, '']);
      expect([...handler.errors.values()]).toEqual([36]);
      expect([...handler.dropped.values(), next.written, next.failed]).toEqual([36, 0]);
      expect(scratch.files()[`next ${isDecoded}`]).toBe(many.map((__, i) => `message ${i}\n`).join(''));
    }
  });
});

test('a method that is put in the place of a Filter’s own is given records', async () => {
  const filter = new Filter();
  filter.filter = (record) => (record as LogRecord).getMessage() === 'message 9';
  const { text, handler } = await handling(frames, (each) => void each.addFilter(filter));
  expect([text.match(/message \d+/g), handler.failed]).toEqual([['message 9'], 0]);
});
