// What the tests of the command line share: the command as it is installed, run as a process of its own.

import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The folder of a package whose `dist/` is what `src/` says: this one when its build is up to date, else a copy that is
 * compiled for the tests of the calling file and removed after them. Call it once for a file, outside of tests.
 */
export function builtPackage(): string {
  const dist = join(ROOT, 'dist');
  if (builtAt(dist) > newest(join(ROOT, 'src'))) return ROOT;
  const copy = mkdtempSync(join(tmpdir(), 'picklewire-built-'));
  afterAll(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  // JavaScript is all that is needed: types have a check of their own.
  const jsOnly = [
    '--noCheck',
    '--isolatedDeclarations',
    'false',
    '--declaration',
    'false',
    '--declarationMap',
    'false',
  ];
  const args = ['-p', 'tsconfig.build.json', '--outDir', join(copy, 'dist'), ...jsOnly];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...args], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) {
    rmSync(copy, { recursive: true });
    throw new Error(`dist/ is older than src/, and src/ does not compile:\n${stdout}`);
  }
  return copy;
}

/** When the build was made, in milliseconds; 0 where there is none. */
function builtAt(dist: string): number {
  return statSync(join(dist, 'cli/main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** When anything in a folder was last changed, added or removed, in milliseconds. */
function newest(folder: string): number {
  const times = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => statSync(join(folder, path)));
  return Math.max(statSync(folder).mtimeMs, ...times.map(({ mtimeMs }) => mtimeMs));
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartOptions {
  /** Variables on top of a bare environment; times are UTC unless TZ says otherwise. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Descriptors of this process that it gets as its own from 3 on. */
  readonly fds?: readonly number[];
}

/** A process and what it has printed so far. It, and all it started, is killed when the test is over. */
export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  constructor(command: string, args: readonly string[], { env, cwd, fds = [] }: StartOptions = {}) {
    const { PATH = '', HOME = tmpdir() } = process.env;
    const child = spawn(command, args, {
      // A process group of its own, so that it can be signalled and killed as a whole.
      detached: true,
      cwd: cwd ?? ROOT,
      stdio: ['pipe', 'pipe', 'pipe', ...fds],
      env: { PATH, HOME, TZ: 'UTC', npm_config_update_notifier: 'false', ...env },
    }) as ChildProcessWithoutNullStreams;
    this.child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    child.stdin.on('error', () => {});
    this.ended = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Ended);
    onTestFinished(async () => {
      this.kill('SIGKILL');
      await this.ended;
    });
  }

  /** Signals the whole process group, as a terminal does; does nothing when there is none left. */
  kill(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.child.pid as number), signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** The match of `pattern` in all that was printed, as soon as there is one; an error when the process ends without. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    let over = false;
    void this.ended.then(() => {
      over = true;
    });
    for (;;) {
      const last = over;
      const match = pattern.exec(`${this.stderr}\n${this.stdout}`);
      if (match !== null) return match;
      if (last) throw new Error(`it ended without printing ${pattern}:\n${this.stderr}\n${this.stdout}`);
      await delay(5);
    }
  }

  /** The port of its listening line, which it waits for. */
  async port(): Promise<number> {
    const [, port] = await this.printed(/^listening on tcp:\/\/.*:(\d+)\r?$/m);
    return Number(port);
  }
}

/** Runs the command line of a package, with everything that makes code from strings forbidden. */
export function picklewire(folder: string, args: readonly string[], options?: StartOptions): Running {
  const main = join(folder, 'dist/cli/main.js');
  return new Running(process.execPath, ['--disallow-code-generation-from-strings', main, ...args], options);
}

/** A folder for the files of one test, removed after it. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'picklewire-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
