// What the tests of loggers and handlers share: a tree of loggers whose lines are kept, and handlers that keep records.

import type { LogRecord } from '../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../src/logging/event/make-log-record.ts';
import { Formatter } from '../../src/logging/formatter.ts';
import { Handler } from '../../src/logging/handler.ts';
import { StreamHandler } from '../../src/logging/handlers/stream-handler.ts';
import { DEBUG } from '../../src/logging/levels.ts';
import { Manager } from '../../src/logging/manager.ts';

/** Keeps the records that it emits. */
export class Recording extends Handler {
  readonly records: LogRecord[] = [];

  override emit(record: LogRecord): void {
    this.records.push(record);
  }

  get messages(): string[] {
    return this.records.map((record) => record.getMessage());
  }
}

/** A stream that keeps what is written to it. */
export class Lines {
  text = '';

  write(text: string): void {
    this.text += text;
  }

  /** The lines so far. */
  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

export interface Stage {
  readonly manager: Manager;
  readonly handler: StreamHandler;
  readonly stream: Lines;
}

/** A tree whose root is at DEBUG and writes `name LEVEL message`. */
export function stage(): Stage {
  const manager = new Manager();
  const stream = new Lines();
  const handler = new StreamHandler(stream);
  handler.setFormatter(new Formatter('%(name)s %(levelname)s %(message)s'));
  manager.root.setLevel(DEBUG);
  manager.root.addHandler(handler);
  return { manager, handler, stream };
}

export function makeRecord(entries: Readonly<Record<string, unknown>> = {}): LogRecord {
  return makeLogRecord(
    new Map(Object.entries({ name: 'app', levelno: 20, levelname: 'INFO', msg: 'hello', ...entries })),
  );
}
