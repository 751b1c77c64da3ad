// The contract of a handler: what is true of each, wherever its records go. A suite that every handler passes.

import { describe, expect, test } from 'vitest';
import type { LogEvent, LogRecord } from '../../../src/logging/event/index.ts';
import type { Handler } from '../../../src/logging/index.ts';
import { RecordDecoder } from '../../../src/record/index.ts';
import { pickleRecord } from '../../record/pickles.ts';
import { record } from './scratch.ts';

/** A handler, and where its records go. */
export interface Subject {
  readonly handler: Handler;
  /** The messages that have arrived, in their order; asked for when the handler has flushed. */
  received(wanted: number): Promise<readonly string[]>;
}

/** What differs from handler to handler. */
export interface Contract {
  /** With a bound of some kilobytes on what waits, where the handler has one. */
  make(): Promise<Subject>;
  /** Whether what is beyond the bound is dropped: not by handlers that write at once, or hand on what makes them full. */
  readonly drops: boolean;
  /** What a record after `close` becomes: it is written as ever (`opens`), or is lost (`ends`). */
  readonly afterClose: 'opens' | 'ends';
}

const MESSAGES = Array.from({ length: 20 }, (_, i) => `message ${i}`);

/** All that a handler was given and does not hold. */
function accounted({ written, failed, dropped }: Handler): number {
  return [...dropped.values()].reduce((sum, count) => sum + count, written + failed);
}

/** Hands over the events of frames in one memory, which is overwritten after each. */
function handleFrames(handler: Handler, messages: readonly string[]): void {
  const decoder = new RecordDecoder();
  const memory = new Uint8Array(8192);
  for (const message of ['one', 'two', ...messages]) {
    const frame = pickleRecord(message, { lineno: 7 });
    memory.set(frame);
    const event: LogEvent = decoder.event(memory, 0, frame.length);
    if (message !== 'one' && message !== 'two') {
      expect(event.frame).not.toBeNull();
      if (handler.accepts(event)) handler.handle(event);
    }
    memory.fill(0x58);
  }
}

/** The facts, for the handlers that `make` makes. */
export function handlerContract(name: string, { make, drops, afterClose }: Contract): void {
  describe(name, () => {
    test('hands on records in their order, and accounts for all', async () => {
      const { handler, received } = await make();
      for (const message of MESSAGES) handler.handle(record(message));
      await handler.flush();
      expect(await received(MESSAGES.length)).toEqual(MESSAGES);
      await handler.close();
      expect([accounted(handler), handler.failed, handler.dropped.size]).toEqual([MESSAGES.length, 0, 0]);
    });

    test('hands on events that lie in frames, and keeps nothing of the frames', async () => {
      const { handler, received } = await make();
      handleFrames(handler, MESSAGES);
      await handler.flush();
      expect(await received(MESSAGES.length)).toEqual(MESSAGES);
      await handler.close();
      expect(handler.written).toBe(MESSAGES.length);
    });

    test('leaves out what is below its level or refused, and hands on what a filter puts in a record’s place', async () => {
      const { handler, received } = await make();
      handler.setLevel(30);
      handler.addFilter(({ msg }) => msg !== 'refused');
      handler.addFilter((each) => (each.msg === 'replaced' ? record('replacement', { levelno: 30 }) : true));
      const given: readonly [string, number][] = [
        ['low', 20],
        ['refused', 40],
        ['replaced', 40],
        ['high', 50],
      ];
      for (const [msg, levelno] of given) {
        const each = record(msg, { levelno });
        if (handler.accepts(each)) handler.handle(each);
      }
      await handler.flush();
      expect(await received(2)).toEqual(['replacement', 'high']);
      await handler.close();
    });

    test('loses one record for an error in it, says so, and throws nothing', async () => {
      const { handler, received } = await make();
      const lost: (LogRecord | null)[] = [];
      handler.handleError = (_, each) => void lost.push(each);
      handler.addFilter(({ msg }) => {
        if (msg === 'bad') throw new Error('no such filter');
        return true;
      });
      const bad = record('bad');
      for (const each of [record('first'), bad, record('last')]) handler.handle(each);
      await handler.flush();
      expect(await received(2)).toEqual(['first', 'last']);
      expect([lost, handler.failed]).toEqual([[bad], 1]);
      await handler.close();
      expect(accounted(handler)).toBe(3);
    });

    test.runIf(drops)('drops the newest beyond its bound, by level, and accounts for all', async () => {
      const { handler, received } = await make();
      const many = Array.from({ length: 4000 }, (_, i) => `${i} ${'x'.repeat(100)}`);
      for (const [i, message] of many.entries()) {
        handler.handle(record(message, { levelname: i % 2 === 0 ? 'INFO' : 'ERROR' }));
      }
      await handler.flush();
      await handler.close();
      const dropped = [...handler.dropped.values()].reduce((sum, count) => sum + count);
      expect([...handler.dropped.keys()].sort()).toEqual(['ERROR', 'INFO']);
      const arrived = await received(many.length - dropped);
      expect(arrived).toEqual(many.slice(0, arrived.length));
      expect([arrived.length, accounted(handler)]).toEqual([many.length - dropped, many.length]);
    });

    test('may be flushed and closed twice, and after that does what it says', async () => {
      const { handler, received } = await make();
      handler.handle(record('before'));
      await handler.flush();
      await handler.flush();
      await handler.close();
      await handler.close();
      handler.handle(record('after'));
      await handler.flush();
      expect(await received(1)).toContain('before');
      if (afterClose === 'opens') expect(await received(2)).toEqual(['before', 'after']);
      await handler.close();
    });
  });
}
