// The process that is measured: started, asked what it has used and how far it has come, and ended.

import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** @import { Usage } from './probe.js' */

const SERVE = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SINK = fileURLToPath(new URL('./sink.js', import.meta.url));
const PROBE = new URL('./probe.js', import.meta.url).href;

/** Its last line before records come, and the one that it answers SIGUSR1 with: records of `serve`, bytes of a sink. */
const LISTENING = /listening on tcp:\/\/127\.0\.0\.1:(\d+)$/;
const COUNT = /(\d+) (?:records?|bytes) from (\d+) connections?\b/;

/** Milliseconds: between two looks, without progress until that is a failure, and without work until it is at rest. */
const LOOK = 25;
const PATIENCE = 30_000;
const REST = 60;
/** Milliseconds of processor time that a process at rest may use meanwhile, a look included. */
const AT_REST = 2;

export class Measured {
  #child;
  #counts = new EventEmitter();
  /** @type {string[]} what it said on standard error, but for counts */
  said = [];
  port = 0;

  /** @param {import('node:child_process').ChildProcess} child */
  constructor(child) {
    this.#child = child;
  }

  /**
   * `picklewire serve`, as built.
   * @param {{ output: string, args?: string[], execArgv?: string[] }} options
   */
  static serve({ output, args = [], execArgv = [] }) {
    return Measured.#start(SERVE, ['serve', '--port', '0', '--output', output, ...args], execArgv);
  }

  /** A server that reads, and does nothing with it. */
  static sink() {
    return Measured.#start(SINK, [], []);
  }

  /** @param {string} script @param {string[]} args @param {string[]} execArgv */
  static async #start(script, args, execArgv) {
    const child = fork(script, args, {
      execArgv: ['--expose-gc', '--import', PROBE, ...execArgv],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const measured = new Measured(child);
    await measured.#listening();
    return measured;
  }

  async #listening() {
    const { stderr } = this.#child;
    if (stderr === null) throw new TypeError('standard error must be a pipe');
    const lines = createInterface({ input: stderr });
    const listening = new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        const port = LISTENING.exec(line)?.[1];
        const counts = COUNT.exec(line);
        if (port !== undefined) resolve(Number(port));
        else if (counts !== null) this.#counts.emit('counts', Number(counts[1]), Number(counts[2]), line);
        else this.said.push(line);
      });
      this.#child.once('exit', () => reject(new Error(`it does not listen:\n${this.said.join('\n')}`)));
    });
    this.port = await listening;
  }

  /**
   * @param {{ collect?: boolean }} [options] `collect` its garbage first
   * @returns {Promise<Usage>}
   */
  async usage({ collect = false } = {}) {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(PATIENCE) });
    this.#child.send({ collect });
    const [usage] = await answer;
    return usage;
  }

  /** How many records, or bytes, have come so far, from how many connections, and the line that says so. */
  async progress() {
    const answer = once(this.#counts, 'counts', { signal: AbortSignal.timeout(PATIENCE) });
    this.#child.kill('SIGUSR1');
    const [count, connections, line] = await answer;
    return { count, connections, line };
  }

  /**
   * Resolves when so many records, or bytes, have come; fails when there are more, or no more come.
   * @param {number} wanted
   */
  async until(wanted) {
    let last = -1;
    let deadline = 0;
    for (;;) {
      const { count, line } = await this.progress();
      // What was dropped for want of room to write it is no cost of what was written.
      if (/dropped/.test(line)) throw new Error(line);
      if (count === wanted) return;
      if (count > wanted) throw new Error(`${count} have come, and ${wanted} were sent: ${line}`);
      if (count !== last) deadline = performance.now() + PATIENCE;
      else if (performance.now() > deadline) {
        throw new Error([`of ${wanted} only ${count} have come: ${line}`, ...this.said].join('\n'));
      }
      last = count;
      await delay(LOOK);
    }
  }

  /** Resolves when it does nothing any more: what it had to write is written. */
  async atRest() {
    let { processor } = await this.usage();
    for (;;) {
      await delay(REST);
      const now = (await this.usage()).processor;
      if (now - processor < AT_REST) return;
      processor = now;
    }
  }

  async stop() {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
  }
}
