// What the program says of itself: on standard error, or to the loggers of the configuration that are for it.

import { expect, onTestFinished, test, vi } from 'vitest';
import { Messages } from '../../src/cli/monitoring/messages.ts';
import { Handler, INFO, type LogRecord, Manager, WARNING } from '../../src/logging/index.ts';

class Records extends Handler {
  readonly lines: string[] = [];

  override emit(record: LogRecord): void {
    this.lines.push(`${record.name} ${record.levelname} ${record.getMessage()}`);
  }
}

function saying(manager: Manager | null = null): { messages: Messages; lines: string[] } {
  const lines: string[] = [];
  const messages = new Messages((line) => lines.push(line));
  if (manager !== null) messages.manager = () => manager;
  return { messages, lines };
}

/** A Manager whose handlers are at a logger of this name. */
function managerWith(name: string, level: number): { manager: Manager; records: Records } {
  const manager = new Manager();
  const records = new Records();
  manager.getLogger(name).addHandler(records);
  manager.getLogger(name).setLevel(level);
  return { manager, records };
}

test('goes to standard error, one line each, and nothing in it acts on a terminal', () => {
  const { messages, lines } = saying();
  messages.info('cli', 'reopened\n\x1b[2Jfile');
  messages.error('net', 'x'.repeat(10_000));
  expect(lines[0]).toBe('picklewire: reopened\\n\\x1b[2Jfile\n');
  expect(lines[1]).toMatch(/^picklewire: x{600}…\n$/);
});

test('goes to the logger picklewire of a configuration, as records of the loggers below it, by their levels', () => {
  const { manager, records } = managerWith('picklewire', WARNING);
  const { messages, lines } = saying(manager);
  messages.info('cli', 'not wanted');
  messages.error('cli', '100% %s');
  messages.warnOften('net', 'CODE', '', 'a\nwarning');
  expect(lines).toEqual([]);
  expect(records.lines).toEqual(['picklewire.cli ERROR 100% %s', 'picklewire.net WARNING a\\nwarning']);
});

test('goes to standard error as far as the configuration names another part only, and loggers that begin alike', () => {
  const { manager, records } = managerWith('picklewire.net', INFO);
  manager.getLogger('picklewirelike').addHandler(records);
  manager.root.addHandler(records);
  const { messages, lines } = saying(manager);
  messages.info('cli', 'to stderr');
  messages.info('net', 'to the logger');
  expect(lines).toEqual(['picklewire: to stderr\n']);
  expect(records.lines).toEqual(['picklewire.net INFO to the logger', 'picklewire.net INFO to the logger']);
});

test('what scripts wait for is on standard error in any case', () => {
  const { manager, records } = managerWith('picklewire', INFO);
  const { messages, lines } = saying(manager);
  messages.announce('net', 'listening on unix:/a\nb');
  expect(lines).toEqual(['listening on unix:/a\\nb\n']);
  expect(records.lines).toEqual(['picklewire.net INFO listening on unix:/a\\nb']);
});

test('says with their number, when the minute is over, what came often', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { messages, lines } = saying();
  for (let number = 1; number <= 4; number++) messages.warnOften('net', 'CODE', '', `number ${number}`);
  messages.warnOften('receiver', 'CODE', '', 'of another part');
  vi.advanceTimersByTime(120_000);
  expect(lines).toEqual(['picklewire: number 1\n', 'picklewire: of another part\n', 'picklewire: 3 more: number 4\n']);
});
