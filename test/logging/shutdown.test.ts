// shutdown: which handlers are closed, in which order, and what becomes of their errors.

import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Handler } from '../../src/logging/handler.ts';
import { LogQueue } from '../../src/logging/handlers/log-queue.ts';
import { MemoryHandler } from '../../src/logging/handlers/memory-handler.ts';
import { QueueHandler } from '../../src/logging/handlers/queue-handler.ts';
import { QueueListener } from '../../src/logging/handlers/queue-listener.ts';
import { defaultManager, getLogger, Manager, shutdown } from '../../src/logging/manager.ts';
import { makeRecord, Recording } from './recording.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Notes that it was closed, and what it had emitted by then. */
class Closing extends Recording {
  readonly #log: string[];

  constructor(name: string, log: string[]) {
    super();
    this.name = name;
    this.#log = log;
  }

  override async close(): Promise<void> {
    this.#log.push(`${this.name} ${this.records.length}`);
  }
}

test('closes the last handler first', async () => {
  const log: string[] = [];
  await shutdown(['0', '1', '2'].map((name) => new Closing(name, log)));
  expect(log).toEqual(['2 0', '1 0', '0 0']);
});

test('by default closes every handler of the default tree, once', async () => {
  const log: string[] = [];
  const handler = new Closing('both', log);
  const loggers = [getLogger(), getLogger('some.where')];
  for (const logger of loggers) logger.addHandler(handler);
  expect(defaultManager.handlers()).toEqual([handler]);
  await shutdown();
  for (const logger of loggers) logger.removeHandler(handler);
  expect(log).toEqual(['both 0']);
});

test.each([
  [
    'throws',
    (): Promise<void> => {
      throw new Error('no');
    },
  ],
  ['rejects', (): Promise<void> => Promise.reject(new Error('no'))],
])('goes on when a close %s, and counts the error', async (_, close) => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const log: string[] = [];
  const [first, broken] = [new Closing('first', log), new Closing('broken', log)];
  broken.close = close;
  await shutdown([first, broken]);
  expect([log, [...broken.errors]]).toEqual([['first 0'], [['no', 1]]]);
});

describe('a handler that hands its records to another', () => {
  const queue = new LogQueue();
  const kinds: [string, (target: Handler) => Handler][] = [
    ['MemoryHandler', (target) => new MemoryHandler(10, { target })],
    [
      'QueueHandler',
      (target) => {
        const handler = new QueueHandler(queue);
        handler.listener = new QueueListener(queue, [target]);
        handler.listener.start();
        return handler;
      },
    ],
  ];

  test.each(kinds)('as %s does has done so before that closes, wherever the two are', async (_, handing) => {
    for (const places of [['a'], ['a', 'root'], ['root', 'a'], ['a', 'a.b'], ['a.b', 'a']] as const) {
      const log: string[] = [];
      const manager = new Manager();
      const target = new Closing('target', log);
      const handler = handing(target);
      const [place, targetPlace] = places;
      manager.getLogger(place).addHandler(handler);
      if (targetPlace !== undefined) manager.getLogger(targetPlace).addHandler(target);
      handler.handle(makeRecord());
      expect(manager.handlers()).toEqual([target, handler]);
      await shutdown(manager.handlers());
      expect(log).toEqual(['target 1']);
    }
  });

  test('in a circle is listed once', () => {
    const manager = new Manager();
    const memory = new MemoryHandler(10);
    memory.setTarget(memory);
    manager.root.addHandler(memory);
    expect(manager.handlers()).toEqual([memory]);
  });
});
