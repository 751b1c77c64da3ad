// QueueHandler and QueueListener: what is put into a queue, and who gets it out.

import { describe, expect, test, vi } from 'vitest';
import type { LogRecord } from '../../../src/logging/event/log-record.ts';
import { HELD_BYTES_MAX, recordBytes } from '../../../src/logging/event/record-size.ts';
import { Formatter } from '../../../src/logging/formatter.ts';
import { LogQueue } from '../../../src/logging/handlers/log-queue.ts';
import { QueueHandler } from '../../../src/logging/handlers/queue-handler.ts';
import { QueueListener } from '../../../src/logging/handlers/queue-listener.ts';
import { StreamHandler } from '../../../src/logging/handlers/stream-handler.ts';
import { CRITICAL, WARNING } from '../../../src/logging/levels.ts';
import type { Logger } from '../../../src/logging/logger.ts';
import { Manager } from '../../../src/logging/manager.ts';
import { PyTuple } from '../../../src/pickle/index.ts';
import { Lines, makeRecord, Recording } from '../recording.ts';

interface Queued {
  readonly logger: Logger;
  readonly handler: QueueHandler;
  readonly queue: LogQueue;
}

/** A logger at WARNING whose records go into a queue. */
function queued(maxsize?: number): Queued {
  const queue = new LogQueue(maxsize);
  const handler = new QueueHandler(queue);
  const logger = new Manager().getLogger('que');
  logger.setLevel(WARNING);
  logger.addHandler(handler);
  return { logger, handler, queue };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a queue gets', () => {
  test('the records that the logger lets pass, their text for message', () => {
    const { logger, queue } = queued();
    logger.debug('1');
    logger.info('2');
    expect(queue.shift()).toBeUndefined();
    logger.warning('%d', 3);
    const record = queue.shift();
    expect([record?.name, record?.msg, record?.message, record?.args]).toEqual(['que', '3', '3', null]);
  });

  test('the text that the handler makes, nothing that is in it already, and all else', () => {
    const { handler, queue } = queued();
    handler.setFormatter(new Formatter('%(name)s -> %(levelname)s: %(message)s'));
    const original = makeRecord({
      msg: '%s',
      args: PyTuple.of('x'),
      exc_info: 1,
      exc_text: 'Traceback',
      stack_info: 'Stack',
      user: 'me',
      created: 5,
    });
    handler.handle(original);
    const text = 'app -> INFO: x\nTraceback\nStack';
    expect(queue.shift()).toMatchObject({
      msg: text,
      message: text,
      args: null,
      exc_info: null,
      exc_text: null,
      stack_info: null,
      created: 5,
      extras: new Map([['user', 'me']]),
    });
    expect([original.msg, original.exc_text, original.stack_info]).toEqual(['%s', 'Traceback', 'Stack']);
  });

  test('records up to its bound; those beyond are dropped and counted by level', () => {
    const { logger, handler, queue } = queued(2);
    for (const method of ['warning', 'error', 'critical', 'error'] as const) logger[method](method);
    expect([queue.length, ...handler.dropped]).toEqual([2, ['CRITICAL', 1], ['ERROR', 1]]);
    expect([queue.shift()?.msg, queue.shift()?.msg, queue.shift()]).toEqual(['warning', 'error', undefined]);
  });

  test('records up to its bytes, whatever their number; taking one out makes room for another', () => {
    const size = recordBytes(makeRecord({ msg: 'x'.repeat(1024 * 1024) }));
    const queue = new LogQueue(1000, { maxBytes: 3 * size + 100 });
    const push = (units: number): boolean => queue.push(makeRecord({ msg: 'x'.repeat(units) }));
    expect([push(1024 * 1024), push(1024 * 1024), push(1024 * 1024 + 51)]).toEqual([true, true, false]);
    expect([push(1024 * 1024 + 50), push(0), queue.bytes]).toEqual([true, false, 3 * size + 100]);
    queue.shift();
    expect([push(1024 * 1024), push(0), queue.length, queue.bytes]).toEqual([true, false, 3, 3 * size + 100]);
    queue.clear();
    expect([queue.length, queue.bytes, queue.shift()]).toEqual([0, 0, undefined]);
  });

  test('64 MiB at most where it is told nothing else; each record is counted once', () => {
    const { handler, queue } = queued();
    const record = makeRecord({ msg: 'x'.repeat(1024 * 1024) });
    for (let count = 0; count < 100; count++) handler.handle(record);
    expect(queue.bytes).toBeLessThanOrEqual(HELD_BYTES_MAX);
    expect(queue.length).toBeGreaterThan(13);
    expect([handler.written, handler.dropped.get('INFO')]).toEqual([queue.length, 100 - queue.length]);
  });

  test('records that are prepared otherwise, whatever it is that takes them', () => {
    class Plain extends QueueHandler {
      override prepare(record: LogRecord): LogRecord {
        return record;
      }
    }
    const taken: LogRecord[] = [];
    const handler = new Plain(taken);
    const record = makeRecord();
    handler.handle(record);
    expect([taken[0] === record, handler.dropped.size]).toEqual([true, 0]);
  });

  test('nothing of a record whose text cannot be made, which is counted', () => {
    vi.spyOn(process.stderr, 'write').mockReturnValueOnce(true);
    const { handler, queue } = queued();
    handler.handle(makeRecord({ msg: '%d', args: PyTuple.of('x') }));
    expect([queue.length, handler.errors.size]).toEqual([0, 1]);
  });
});

describe('a listener', () => {
  test('gives every record to its handlers, in order, those that waited first', async () => {
    const { logger, queue } = queued();
    const handlers = [new Recording(), new Recording()];
    logger.warning('1');
    const listener = new QueueListener(queue, handlers);
    listener.start();
    logger.error('2');
    expect(handlers[0]?.records).toEqual([]);
    await turn();
    expect(handlers.map(({ messages }) => messages)).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
    logger.critical('3');
    await listener.stop();
    await listener.stop();
    expect(handlers[1]?.messages).toEqual(['1', '2', '3']);
  });

  test.each([
    [undefined, ['1', '2', '3']],
    [false, ['1', '2', '3']],
    [true, ['3']],
  ])('with respectHandlerLevel %s gives a handler at CRITICAL %j', async (respectHandlerLevel, messages) => {
    const { logger, queue } = queued();
    const handler = new Recording(CRITICAL);
    const options = respectHandlerLevel === undefined ? {} : { respectHandlerLevel };
    const listener = new QueueListener(queue, [handler], options);
    listener.start();
    logger.warning('1');
    logger.error('2');
    logger.critical('3');
    await listener.stop();
    expect(handler.messages).toEqual(messages);
  });

  test('has handled everything when it is stopped, however much that is, and handles nothing after', async () => {
    const { logger, queue } = queued();
    let count = 0;
    class Counting extends QueueListener {
      override handle(): void {
        count++;
      }
    }
    for (let round = 1; round <= 20; round++) {
      const listener = new Counting(queue, []);
      listener.start();
      for (let index = 0; index < 250; index++) logger.warning('x');
      await turn();
      expect(count).toBeLessThan(round * 250);
      await listener.stop();
      expect([count, queue.length]).toEqual([round * 250, 0]);
    }
    logger.warning('late');
    await turn();
    expect([count, queue.length]).toEqual([5000, 1]);
  });

  test('goes on by itself where there is more than one turn takes', async () => {
    const { logger, queue } = queued();
    const handler = new Recording();
    new QueueListener(queue, [handler]).start();
    for (let index = 0; index < 1000; index++) logger.warning('%d', index);
    while (queue.length > 0) await turn();
    expect(handler.messages.map(Number)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  });

  test('leaves the queue to the one that was started after it', async () => {
    const { logger, queue } = queued();
    const handlers = [new Recording(), new Recording()] as const;
    const [first, second] = handlers.map((handler) => new QueueListener(queue, [handler]));
    first?.start();
    second?.start();
    await first?.stop();
    logger.warning('x');
    await turn();
    expect(handlers.map(({ messages }) => messages)).toEqual([[], ['x']]);
  });

  test('writes traceback and stack once', async () => {
    const { handler, queue } = queued();
    const stream = new Lines();
    const listener = new QueueListener(queue, [new StreamHandler(stream)]);
    listener.start();
    handler.handle(makeRecord({ msg: 'm', exc_text: 'Traceback', stack_info: 'Stack' }));
    await listener.stop();
    expect(stream.text).toBe('m\nTraceback\nStack\n');
  });

  test('does not change what other handlers of the logger write', async () => {
    const { logger, handler, queue } = queued();
    const stream = new Lines();
    const other = new StreamHandler(stream);
    const formatter = new Formatter('%(name)s -> %(levelname)s: %(message)s');
    for (const each of [handler, other]) each.setFormatter(formatter);
    logger.addHandler(other);
    // The queue's own handler puts the record back, and the listener must not go round in circles.
    const listener = new QueueListener(queue, [handler]);
    listener.start();
    logger.error('error');
    await listener.stop();
    expect([stream.text, queue.length]).toEqual(['que -> ERROR: error\n', 1]);
  });

  test('prepares a record once for all handlers', async () => {
    class Marking extends QueueListener {
      override prepare(record: LogRecord): LogRecord {
        record.msg += '!';
        return record;
      }
    }
    const { logger, queue } = queued();
    const handlers = [new Recording(), new Recording()];
    const listener = new Marking(queue, handlers);
    listener.start();
    logger.error('x');
    await listener.stop();
    expect(handlers.map(({ messages }) => messages)).toEqual([['x!'], ['x!']]);
  });
});

describe('with its listener, a QueueHandler', () => {
  test('is flushed when the handlers of the listener are', async () => {
    const { logger, handler, queue } = queued();
    const flushed: number[] = [];
    class Target extends Recording {
      override async flush(): Promise<void> {
        flushed.push(this.records.length);
      }
    }
    handler.listener = new QueueListener(queue, [new Target(), new Target()]);
    handler.listener.start();
    logger.error('x');
    await handler.flush();
    expect(flushed).toEqual([1, 1]);
  });

  test('is closed when that has handled everything; without one, what is in the queue is left there', async () => {
    const { logger, handler, queue } = queued();
    logger.error('1');
    await handler.close();
    expect(queue.length).toBe(1);
    const target = new Recording();
    handler.listener = new QueueListener(queue, [target]);
    handler.listener.start();
    await handler.close();
    expect([target.messages, [...handler.targets]]).toEqual([['1'], [target]]);
  });
});
