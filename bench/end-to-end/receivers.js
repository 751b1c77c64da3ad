// The programs that are compared: each a process of its own, on a core of its own where the system lets it be chosen.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commandOn, MEASURED_CORE, OTHER_CORE, stayOn } from '../cores.js';
import { processorTime } from './process.js';

/**
 * @import { ChildProcess } from 'node:child_process'
 * @import { Usage } from './usage-probe.js'
 */

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const COOKBOOK = fileURLToPath(new URL('./cookbook_receiver.py', import.meta.url));
const COPY = fileURLToPath(new URL('../peers/copy.js', import.meta.url));
const PROBE = new URL('./usage-probe.js', import.meta.url).href;
const PYTHON = process.env['PYTHON'] || 'python3';

/** Milliseconds without a byte written after which a receiver is taken to have lost some. */
const PATIENCE = 20_000;

// This process, which sends and looks at files.
stayOn(OTHER_CORE);

/** @type {Set<Receiver>} */
const running = new Set();
process.once('exit', () => {
  for (const receiver of running) receiver.close();
});

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {(file: string) => Promise<Receiver | null>} start null where it cannot run here
 * @property {boolean} [copies] it writes what it reads, and no lines
 *
 * @param {string} kind what is to be written: `text` or `json`
 * @returns {Program[]} the first is picklewire
 */
export function receivers(kind) {
  const json = kind === 'json' ? ['--json'] : [];
  return [
    { name: 'picklewire serve', start: (file) => startServe([...json, '--output', file]) },
    { name: 'bare copy', start: startCopy, copies: true },
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
    running.add(this);
    this.port = port;
    this.python = python;
  }

  get pid() {
    return this.#child.pid ?? 0;
  }

  /**
   * What it has used so far: by its own account, or that of the system.
   * @returns {Promise<Usage>}
   */
  async usage() {
    if (!this.#child.connected) return { processor: processorTime(this.pid), collecting: null };
    const answer = once(this.#child, 'message');
    this.#child.send('usage');
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
   * Resolves when the file has something in it, and is growing no longer.
   * @param {string} file
   */
  async settled(file) {
    let before = -1;
    await this.#until(
      file,
      (size) => {
        const done = size > 0 && size === before;
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
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      if (done(size)) return;
      if (size !== last) deadline = performance.now() + PATIENCE;
      if (performance.now() > deadline) throw new Error(`a receiver has stopped: its file has ${size} bytes`);
      last = size;
      await delay(interval);
    }
  }

  close() {
    running.delete(this);
    this.#child.kill('SIGKILL');
  }
}

/**
 * `picklewire serve`, as built.
 * @param {readonly string[]} options
 */
export function startServe(options) {
  return startScript(CLI, ['serve', '--port', '0', ...options]);
}

/**
 * A bare copy of what is sent.
 * @param {string} file
 */
export function startCopy(file) {
  return startScript(COPY, [file]);
}

/**
 * A program in Node, which says where it listens in the first line on standard error.
 * @param {string} script
 * @param {readonly string[]} args
 */
export async function startScript(script, args) {
  const command = [process.execPath, '--import', PROBE, script, ...args];
  const child = spawnPinned(command, ['ignore', 'inherit', 'pipe', 'ipc']);
  const line = await firstLine(child.stderr);
  const port = /:(\d+)$/.exec(line)?.[1];
  if (port === undefined) {
    child.kill('SIGKILL');
    throw new Error(`a receiver did not start: ${line}`);
  }
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
