// The Pythons of this machine: those of pyenv, and the one on the PATH.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Python {
  /** As in `3.13.0`. */
  readonly version: string;
  readonly command: string;
}

const TELL_VERSION = 'import logging.handlers, sys; print(".".join(map(str, sys.version_info[:3])))';

/** Each version once, oldest first. None is no error: it says so on stderr, for the tests that are skipped then. */
export function findPythons(): Python[] {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const installed = existsSync(versions) ? readdirSync(versions).map((name) => join(versions, name, 'bin/python')) : [];
  const found = new Map<string, Python>();
  for (const command of [...installed, 'python3']) {
    const { status, stdout } = spawnSync(command, ['-c', TELL_VERSION], { encoding: 'utf8' });
    const version = status === 0 ? stdout.trim() : '';
    if (version !== '' && !found.has(version)) found.set(version, { version, command });
  }
  if (found.size === 0) process.stderr.write('skipped: the tests with real senders need a Python; none was found\n');
  return [...found.values()].sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
}
