// MemoryHandler and BufferingHandler: when records are handed on, to whom, and what becomes of the rest.

import { describe, expect, test } from 'vitest';
import { LoggingError } from '../../../src/logging/errors.ts';
import type { LogRecord } from '../../../src/logging/event/log-record.ts';
import { HELD_BYTES_MAX, recordBytes } from '../../../src/logging/event/record-size.ts';
import { BufferingHandler, MemoryHandler } from '../../../src/logging/handlers/memory-handler.ts';
import { ERROR, WARNING } from '../../../src/logging/levels.ts';
import { shutdown } from '../../../src/logging/manager.ts';
import { makeRecord, Recording, stage } from '../recording.ts';

/** Notes when it is flushed, and how often it is closed. */
class Target extends Recording {
  flushed: number[] = [];
  closed = 0;

  override async flush(): Promise<void> {
    this.flushed.push(this.records.length);
  }

  override async close(): Promise<void> {
    this.closed++;
  }
}

const info = (msg: string): LogRecord => makeRecord({ msg });

test('a handler whose capacity is 0 is to be flushed at once, others when they are full', () => {
  expect(new BufferingHandler(0).shouldFlush(makeRecord())).toBe(true);
  expect(new BufferingHandler(1).shouldFlush(makeRecord())).toBe(false);
});

test('a BufferingHandler does without its records when it is full; a subclass puts them somewhere', async () => {
  const emptied: number[] = [];
  class Counting extends BufferingHandler {
    protected override empty(): void {
      emptied.push(this.buffer.length);
      super.empty();
    }
  }
  const handler = new Counting(2);
  for (const msg of ['1', '2', '3']) handler.handle(info(msg));
  await handler.close();
  expect(emptied).toEqual([2, 1]);
});

describe('records are handed on', () => {
  test('by the tenth of them, or by a warning, in their order', () => {
    const { manager, handler, stream } = stage();
    const logger = manager.getLogger('mem');
    logger.propagate = false;
    logger.addHandler(new MemoryHandler(10, { flushLevel: WARNING, target: handler }));
    logger.debug('1');
    logger.info('2');
    expect(stream.lines).toEqual([]);
    logger.warning('3');
    const lines = ['mem DEBUG 1', 'mem INFO 2', 'mem WARNING 3'];
    expect(stream.lines).toEqual(lines);
    for (const first of [4, 14]) {
      for (let number = first; number < first + 9; number++) logger.debug(String(number));
      expect(stream.lines).toEqual(lines);
      logger.debug(String(first + 9));
      for (let number = first; number < first + 10; number++) lines.push(`mem DEBUG ${number}`);
      expect(stream.lines).toEqual(lines);
    }
    logger.debug('24');
    expect(stream.lines).toEqual(lines);
  });

  test.each<[string, unknown, number]>([
    ['below the flush level', ERROR - 1, 0],
    ['at the flush level, by default ERROR', ERROR, 1],
    ['of a huge level', 2n ** 70n, 1],
    ['without a level', null, 1],
  ])('at once where the level says so: a record %s', (_, levelno, count) => {
    const target = new Target();
    new MemoryHandler(10, { target }).handle(makeRecord({ levelno }));
    expect(target.records.length).toBe(count);
  });

  test('whatever the level of the target, whose filters apply', () => {
    const target = new Target(ERROR);
    target.addFilter((record) => record.msg !== 'no');
    const handler = new MemoryHandler(2, { target });
    handler.handle(info('yes'));
    handler.handle(info('no'));
    expect(target.messages).toEqual(['yes']);
  });

  test('all of them, though the target goes away meanwhile', () => {
    const handler = new MemoryHandler(10);
    const target = new Target();
    target.addFilter(() => {
      handler.setTarget(null);
      return true;
    });
    handler.setTarget(target);
    for (const msg of ['1', '2']) handler.handle(info(msg));
    handler.handle(makeRecord({ msg: '3', levelno: ERROR }));
    expect([target.messages, handler.target]).toEqual([['1', '2', '3'], null]);
  });

  test('once, though the target logs to the handler itself', () => {
    const handler = new MemoryHandler(1);
    const target = new Target();
    target.addFilter((record) => {
      if (record.msg === 'first') handler.handle(info('second'));
      return true;
    });
    handler.setTarget(target);
    handler.handle(info('first'));
    expect(target.messages).toEqual(['second', 'first']);
  });

  test('by flush, which is over when the target has flushed them', async () => {
    const target = new Target();
    const handler = new MemoryHandler(10, { target });
    handler.handle(info('1'));
    await handler.flush();
    expect([target.messages, target.flushed]).toEqual([['1'], [1]]);
  });
});

describe('closing', () => {
  test.each([
    ['close', (handler: MemoryHandler) => handler.close()],
    ['shutdown', (handler: MemoryHandler) => shutdown([handler])],
  ])('by %s hands on what is left, unless it is not to, and leaves the target open', async (_, close) => {
    for (const [flushOnClose, expected] of [
      [undefined, ['1', '2']],
      [true, ['1', '2']],
      [false, []],
    ] as const) {
      const target = new Target();
      const handler = new MemoryHandler(10, { target, ...(flushOnClose === undefined ? {} : { flushOnClose }) });
      for (const msg of ['1', '2']) handler.handle(info(msg));
      await close(handler);
      await close(handler);
      expect([target.messages, target.closed, handler.target, handler.dropped.size]).toEqual([expected, 0, null, 0]);
      expect(target.flushed).toEqual(expected.length > 0 ? [2] : []);
      handler.setTarget(target);
      await handler.flush();
      expect(target.messages).toEqual(expected);
    }
  });

  test('without a target counts what is lost by it, unless that was wanted', async () => {
    for (const flushOnClose of [true, false]) {
      const handler = new MemoryHandler(10, { flushOnClose });
      handler.handle(info('1'));
      await handler.close();
      expect([...handler.dropped]).toEqual(flushOnClose ? [['INFO', 1]] : []);
    }
  });
});

test('without a target, records wait up to the capacity; later ones are dropped and counted', async () => {
  const handler = new MemoryHandler(2);
  for (const [msg, levelname] of [
    ['1', 'INFO'],
    ['2', 'ERROR'],
    ['3', 'ERROR'],
  ]) {
    handler.handle(makeRecord({ msg, levelname, levelno: ERROR }));
  }
  await handler.flush();
  const target = new Target();
  handler.setTarget(target);
  await handler.flush();
  expect([target.messages, [...handler.dropped]]).toEqual([['1', '2'], [['ERROR', 1]]]);
});

describe('over its bytes', () => {
  const big = info('x'.repeat(1024 * 1024));
  const size = recordBytes(big);

  test('a buffer is full, as it is at its capacity', () => {
    const target = new Target();
    const handler = new MemoryHandler(1000, { target, maxBytes: 3 * size });
    for (let count = 1; count <= 2; count++) {
      handler.handle(big);
      expect([handler.bytes, target.records.length]).toEqual([count * size, 0]);
    }
    handler.handle(big);
    expect([handler.bytes, target.records.length, handler.dropped.size]).toEqual([0, 3, 0]);
    handler.handle(info('small'));
    expect([handler.bytes, target.records.length]).toEqual([recordBytes(info('small')), 3]);
  });

  test('records without a target are dropped, and counted; what is held stays under the bound', () => {
    const handler = new MemoryHandler(1000, { maxBytes: 3 * size });
    for (let count = 1; count <= 10; count++) handler.handle(big);
    expect([handler.bytes, handler.written, [...handler.dropped]]).toEqual([3 * size, 0, [['INFO', 7]]]);
    const target = new Target();
    handler.setTarget(target);
    handler.handle(info('the next finds one'));
    expect([handler.bytes, handler.written, target.records.length]).toEqual([0, 4, 4]);
  });

  test('of 64 MiB where it is told nothing else, in whatever number of records', () => {
    for (const handler of [
      new MemoryHandler(1e6),
      new MemoryHandler(1e6, { target: new Target() }),
      new BufferingHandler(1e6),
    ]) {
      let most = 0;
      for (let count = 0; count < 100; count++) {
        handler.handle(big);
        most = Math.max(most, handler.bytes);
      }
      expect(most).toBeLessThanOrEqual(HELD_BYTES_MAX);
      expect(most).toBeGreaterThan(HELD_BYTES_MAX - 2 * size);
    }
  });

  test('a buffer is emptied though a subclass does not ask for it', () => {
    class Never extends BufferingHandler {
      override shouldFlush(): boolean {
        return false;
      }
    }
    const handler = new Never(1, { maxBytes: 2 * size });
    for (let count = 0; count < 3; count++) handler.handle(big);
    expect([handler.bytes, handler.written]).toEqual([size, 2]);
  });
});

test('each record is counted once: when it is handed on, or dropped', async () => {
  const handler = new MemoryHandler(3);
  for (let count = 0; count < 5; count++) handler.handle(info('x'));
  expect([handler.written, handler.failed, handler.dropped.get('INFO')]).toEqual([0, 0, 2]);
  const target = new Target();
  handler.setTarget(target);
  await handler.flush();
  handler.handle(info('y'));
  expect([handler.written, target.records.length]).toEqual([3, 3]);
  await handler.close();
  expect([handler.written, handler.dropped.get('INFO')]).toEqual([4, 2]);
});

test.each([
  ['ERR_CONFIG', Number.NaN, {}],
  ['ERR_CONFIG', 1.5, {}],
  ['ERR_CONFIG', '10', {}],
  ['ERR_LEVEL', 10, { flushLevel: 'LOUD' }],
])('%s: a capacity of %o with %o is refused', (code, capacity, options) => {
  const attempt = (): unknown => new MemoryHandler(capacity as number, options);
  expect(attempt).toThrow(LoggingError);
  expect(attempt).toThrow(expect.objectContaining({ code }));
});
