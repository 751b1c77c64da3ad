// The programs that are compared: each a process of its own, on a core of its own where the system lets it be chosen.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commandOn, MEASURED_CORE, OTHER_CORE, stayOn } from '../cores.js';

/** @import { ChildProcess } from 'node:child_process' */

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const COOKBOOK = fileURLToPath(new URL('./cookbook_receiver.py', import.meta.url));
const GC_PROBE = new URL('./gc-probe.js', import.meta.url).href;
const PYTHON = process.env['PYTHON'] || 'python3';

/** Milliseconds without a byte written after which a receiver is taken to have lost some. */
const PATIENCE = 20_000;

// This process, which sends and looks at files.
stayOn(OTHER_CORE);

/**
 * @param {string} kind what is to be written: `text` or `json`
 * @returns {{ name: string, start: (file: string) => Promise<Receiver | null> }[]} the first is picklewire
 */
export function receivers(kind) {
  const json = kind === 'json' ? ['--json'] : [];
  return [
    { name: 'picklewire serve', start: (file) => startPicklewire([...json, '--output', file]) },
    { name: "CPython, the cookbook's", start: (file) => startPython(kind, 'cookbook', file) },
    { name: 'CPython, buffered', start: (file) => startPython(kind, 'buffered', file) },
  ];
}

/** A receiver that listens. */
export class Receiver {
  /** @type {ChildProcess} */
  #child;

  /**
   * @param {ChildProcess} child
   * @param {number} port
   * @param {string | null} python
   */
  constructor(child, port, python) {
    this.#child = child;
    process.once('exit', () => this.close());
    this.port = port;
    this.python = python;
  }

  get pid() {
    return this.#child.pid ?? 0;
  }

  /**
   * Milliseconds spent in the garbage collector so far; null where that is not known.
   * @returns {Promise<number | null>}
   */
  async collecting() {
    if (!this.#child.connected) return null;
    const answer = once(this.#child, 'message');
    this.#child.send('collecting');
    return (await answer)[0];
  }

  /**
   * Resolves when the file has so many bytes.
   * @param {string} file
   * @param {number} length
   */
  wrote(file, length) {
    return this.#until(file, (size) => size >= length);
  }

  /**
   * Resolves when the file has so many lines or more, and is growing no longer.
   * @param {string} file
   * @param {number} lines
   */
  async settled(file, lines) {
    let before = -1;
    await this.#until(
      file,
      (size) => {
        const done = size >= lines && size === before;
        before = size;
        return done;
      },
      300,
    );
  }

  /**
   * @param {string} file
   * @param {(size: number) => boolean} done
   */
  async #until(file, done, interval = 1) {
    let last = -1;
    let deadline = 0;
    for (;;) {
      const { size } = statSync(file);
      if (done(size)) return;
      if (size !== last) deadline = performance.now() + PATIENCE;
      if (performance.now() > deadline) throw new Error(`a receiver has stopped: its file has ${size} bytes`);
      last = size;
      await delay(interval);
    }
  }

  close() {
    this.#child.kill('SIGKILL');
  }
}

/** @param {readonly string[]} options */
async function startPicklewire(options) {
  const child = spawnPinned(
    [process.execPath, '--import', GC_PROBE, CLI, 'serve', '--port', '0', ...options],
    ['ignore', 'inherit', 'pipe', 'ipc'],
  );
  const port = /:(\d+)$/.exec(await firstLine(child.stderr))?.[1];
  return new Receiver(child, Number(port), null);
}

/**
 * @param {string} kind
 * @param {string} variant
 * @param {string} file
 */
async function startPython(kind, variant, file) {
  if (spawnSync(PYTHON, ['--version']).status !== 0) return null;
  const child = spawnPinned([PYTHON, COOKBOOK, kind, variant, file], ['ignore', 'pipe', 'inherit']);
  const [port, version = ''] = (await firstLine(child.stdout)).split(' ');
  return new Receiver(child, Number(port), version);
}

/**
 * @param {readonly string[]} command
 * @param {import('node:child_process').StdioOptions} stdio
 */
function spawnPinned(command, stdio) {
  const [program = '', ...args] = commandOn(MEASURED_CORE, command);
  return spawn(program, args, { stdio });
}

/** @param {import('node:stream').Readable | null} stream */
async function firstLine(stream) {
  if (stream === null) throw new Error('a receiver has no output');
  for await (const line of createInterface({ input: stream })) return line;
  throw new Error('a receiver did not start');
}
