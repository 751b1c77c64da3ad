// Handlers: what reaches stream and file, and errors that cost one record each.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { basicConfig } from '../../../src/logging/basic-config.ts';
import { BoundedCounter, OTHERS } from '../../../src/logging/bounded-counter.ts';
import { LoggingError } from '../../../src/logging/errors.ts';
import type { LogRecord } from '../../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../../src/logging/event/make-log-record.ts';
import { Formatter } from '../../../src/logging/formatter.ts';
import { StreamHandler } from '../../../src/logging/handlers/stream-handler.ts';
import { Manager } from '../../../src/logging/manager.ts';
import { PyTuple } from '../../../src/pickle/index.ts';

let directory: string;
let stderr: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'picklewire-'));
  stderr = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr.push(String(text));
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

function record(entries: Record<string, unknown> = {}): LogRecord {
  return makeLogRecord(
    new Map(Object.entries({ name: 'app', levelno: 20, levelname: 'INFO', msg: 'hello', ...entries })),
  );
}

class Lines {
  readonly texts: string[] = [];

  write(text: string): void {
    this.texts.push(text);
  }
}

describe('StreamHandler', () => {
  test('writes the message and a terminator, or what its formatter makes', () => {
    const stream = new Lines();
    const handler = new StreamHandler(stream);
    handler.handle(record());
    handler.setFormatter(new Formatter('%(name)s:%(message)s'));
    handler.terminator = '\0';
    handler.handle(record());
    expect(stream.texts).toEqual(['hello\n', 'app:hello\0']);
  });

  test('without a stream writes to stderr', () => {
    new StreamHandler().handle(record());
    expect(stderr).toEqual(['hello\n']);
  });

  test('setStream gives the former stream back, flushed, and null where nothing changes', async () => {
    const former = { write: () => {}, flush: vi.fn(() => Promise.reject(new Error('gone'))) };
    const stream = new Lines();
    const handler = new StreamHandler(former);
    expect([handler.setStream(former), former.flush.mock.calls.length]).toEqual([null, 0]);
    expect([handler.setStream(stream), former.flush.mock.calls.length]).toEqual([former, 1]);
    handler.handle(record());
    expect([handler.stream, stream.texts]).toEqual([stream, ['hello\n']]);
    await vi.waitFor(() => expect([...handler.errors]).toEqual([['gone', 1]]));
  });

  test('counts by level name what the stream drops', () => {
    const handler = new StreamHandler({ write: () => 'dropped' });
    handler.handle(record());
    handler.handle(record());
    handler.handle(record({ levelname: 'ERROR' }));
    expect([...handler.dropped]).toEqual([
      ['INFO', 2],
      ['ERROR', 1],
    ]);
  });
});

describe('an error', () => {
  const broken = { msg: '%d', args: PyTuple.of('x') };

  test('costs its record only, is printed once for each text, and counted', () => {
    const stream = new Lines();
    const handler = new StreamHandler(stream);
    for (const entries of [broken, {}, broken, { msg: '%s', args: PyTuple.of(1, 2) }]) handler.handle(record(entries));
    expect(stream.texts).toEqual(['hello\n']);
    expect([...handler.errors.values()]).toEqual([2, 1]);
    expect(stderr.length).toBe(2);
    expect(stderr[0]).toContain('%d takes a real number, not str');
  });

  test('is printed in one line, whatever the record holds', () => {
    new StreamHandler(new Lines()).handle(record({ ...broken, name: `\x1b[2J\n\r${'x'.repeat(10_000)}` }));
    expect(stderr.length).toBe(1);
    expect(stderr[0]?.slice(0, -1)).not.toMatch(/\p{Cc}/u);
    expect(stderr[0]?.length).toBeLessThan(1200);
  });

  test('of a stream is not thrown either', () => {
    const handler = new StreamHandler({
      write: () => {
        throw new Error('gone');
      },
    });
    expect(() => handler.handle(record())).not.toThrow();
    expect([...handler.errors]).toEqual([['gone', 1]]);
  });

  test('with ever new texts fills neither memory nor screen', () => {
    const handler = new StreamHandler(new Lines());
    for (let index = 0; index < 1000; index++) handler.handleError(new Error(`error ${index}`), null);
    expect([handler.errors.size, handler.errors.get(OTHERS), stderr.length]).toEqual([101, 900, 101]);
  });
});

test('a BoundedCounter counts a name it has even when it is full', () => {
  const tally = new BoundedCounter();
  for (let index = 0; index < 200; index++) tally.add(`n${index}`);
  expect([tally.add('n5'), tally.get('n5'), tally.add('n150'), tally.get(OTHERS)]).toEqual([false, 2, false, 101]);
});

describe('basicConfig', () => {
  test('gives the root one handler with the basic format, unless it has one', () => {
    const manager = new Manager();
    const stream = new Lines();
    basicConfig({ manager, stream, level: 'DEBUG' });
    basicConfig({ manager, stream: new Lines(), level: 'ERROR' });
    manager.getLogger('a').debug('x');
    expect([stream.texts, manager.root.handlers.length, manager.root.level]).toEqual([['DEBUG:a:x\n'], 1, 10]);
  });

  test('writes to a file in the mode asked for', async () => {
    const manager = new Manager();
    const filename = join(directory, 'app.log');
    writeFileSync(filename, 'old');
    basicConfig({ manager, filename, filemode: 'w', format: '%(asctime)s %(message)s', datefmt: 'now' });
    manager.root.error('x');
    await manager.root.handlers[0]?.close();
    expect(readFileSync(filename, 'utf8')).toBe('now x\n');
  });

  test('leaves the formatter that a given handler has', () => {
    const manager = new Manager();
    const streams = [new Lines(), new Lines()] as const;
    const handlers = streams.map((stream) => new StreamHandler(stream));
    handlers[0]?.setFormatter(new Formatter('own %(message)s'));
    basicConfig({ manager, handlers });
    manager.root.error('x');
    expect(streams.map(({ texts }) => texts)).toEqual([['own x\n'], ['ERROR:root:x\n']]);
  });

  test('with force closes and replaces what is there', async () => {
    const manager = new Manager();
    const old = new StreamHandler(new Lines());
    const close = vi.spyOn(old, 'close');
    basicConfig({ manager, handlers: [old] });
    basicConfig({ manager, force: true });
    expect([close.mock.calls.length, manager.root.handlers.includes(old)]).toEqual([1, false]);
  });

  test.each([
    [{ stream: new Lines(), filename: 'x' }, 'ERR_CONFIG'],
    [{ handlers: [], stream: new Lines() }, 'ERR_CONFIG'],
    [{ handlers: [], filename: 'x' }, 'ERR_CONFIG'],
    [{ colour: true }, 'ERR_CONFIG'],
    [{ style: '!' }, 'ERR_FORMAT_STYLE'],
    [{ format: 'no field' }, 'ERR_FORMAT_INVALID'],
    [{ level: 'LOUD' }, 'ERR_LEVEL'],
  ])('%o is refused and changes nothing', (options, code) => {
    const manager = new Manager();
    let error: unknown;
    try {
      basicConfig({ manager, ...options });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(LoggingError);
    expect(error).toMatchObject({ code });
    expect([manager.root.handlers, manager.root.level]).toEqual([[], 30]);
    expect(existsSync('x')).toBe(false);
  });
});
