// Records that handlers did not write: their counts by handler and level, whatever becomes of the handler.

import { expect, test } from 'vitest';
import { droppedText, LossCounters } from '../../src/cli/monitoring/loss-counters.ts';
import { type Handler, makeLogRecord, NullHandler, StreamHandler } from '../../src/logging/index.ts';

/** A handler whose stream takes nothing. */
function full(name: string | null, ...levels: readonly string[]): Handler {
  const handler = new StreamHandler({ write: () => 'dropped' });
  handler.name = name;
  for (const levelname of levels) handler.handle(makeLogRecord(new Map([['levelname', levelname]])));
  return handler;
}

test('are counted by handler and level, the names that strangers make up as one', () => {
  const handlers = [full('a', 'INFO', 'INFO', 'ERROR'), full(null, 'X\n', 'Y', 'DEBUG'), new NullHandler()];
  const losses = new LossCounters(() => handlers);
  const counts = losses.counts();
  expect([...(counts.get('a')?.dropped ?? [])]).toEqual([
    ['INFO', 2],
    ['ERROR', 1],
  ]);
  expect([...(counts.get('output')?.dropped ?? [])]).toEqual([
    ['other', 2],
    ['DEBUG', 1],
  ]);
  expect(droppedText(losses.dropped())).toBe('6 records dropped (other 2, ERROR 1, INFO 2, DEBUG 1)');
});

test('of a handler that is gone stay, and those of the next with its name come on top', () => {
  const handlers = [full('a', 'INFO')];
  const losses = new LossCounters(() => handlers);
  const [first] = handlers.splice(0);
  losses.retire(first as Handler);
  expect(losses.counts().get('a')?.dropped).toEqual(new Map([['INFO', 1]]));
  handlers.push(full('a', 'INFO', 'ERROR'));
  expect(losses.counts().get('a')?.dropped).toEqual(
    new Map([
      ['INFO', 2],
      ['ERROR', 1],
    ]),
  );
});

test('count what failed, too', () => {
  const handler = new StreamHandler({
    write: () => {
      throw new Error('no');
    },
  });
  handler.handleError = function handleError(error) {
    this.errors.add(String(error));
  };
  for (let number = 0; number < 3; number++) handler.handle(makeLogRecord(new Map()));
  expect(new LossCounters(() => [handler]).counts().get('output')?.errors).toBe(3);
});

test('are nothing to speak of where there are none', () => {
  expect(droppedText(new LossCounters(() => [full('a')]).dropped())).toBeNull();
  expect(droppedText(new LossCounters(() => [full('a', 'INFO')]).dropped())).toBe('1 record dropped (INFO 1)');
});
