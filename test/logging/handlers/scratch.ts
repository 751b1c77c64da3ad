// What the tests of file handlers share: a directory for each test, records, and stderr kept from the screen.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import type { LogRecord } from '../../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../../src/logging/event/make-log-record.ts';

export interface Scratch {
  /** The path of a file in the test's directory; the directory's without a name. */
  path(name?: string): string;
  /** The files of the directory, and what is in each. */
  files(): Record<string, string>;
  /** What was printed on stderr. */
  readonly stderr: readonly string[];
}

/** To be called once by a test file, for all its tests. */
export function useScratch(): Scratch {
  let directory = '';
  const stderr: string[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'picklewire-'));
    stderr.length = 0;
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      stderr.push(String(text));
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    path: (name = '') => join(directory, name),
    files: () => contents(directory),
    stderr,
  };
}

/** The files of a directory, and what is in each. */
export function contents(directory: string): Record<string, string> {
  const names = readdirSync(directory).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

export function record(msg: string, entries: Record<string, unknown> = {}): LogRecord {
  return makeLogRecord(new Map(Object.entries({ name: 'app', levelno: 20, levelname: 'INFO', msg, ...entries })));
}
