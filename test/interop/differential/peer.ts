// The other side of peer.py: one Python process, a request at a time. Knows nothing of what is asked.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FrameReader } from '../../../src/net/index.ts';
import { findPythons, type Python } from '../pythons.ts';
import type { Row } from './judgement.ts';

/** A row with the seed that it was made from. */
export interface SeededRow extends Row {
  readonly seed: number;
}

export interface Request {
  readonly kind: 'values' | 'mutations';
  readonly seed: number;
  readonly count: number;
}

/** What Python runs with, so that the same seed gives the same pickle anywhere. */
export const pythonEnvironment: Readonly<Record<string, string>> = {
  PYTHONHASHSEED: '0',
  PYTHONDONTWRITEBYTECODE: '1',
  TZ: 'UTC',
  LC_ALL: 'C.UTF-8',
};

/** The Python that outcomes are compared with; without it, says on stderr what is skipped. */
export function findReference(skipped: string): Python | undefined {
  const reference = findPythons().find(({ version }) => version.startsWith('3.13.'));
  if (reference === undefined) process.stderr.write(`skipped: ${skipped} need Python 3.13; it was not found\n`);
  return reference;
}

export class Peer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: ((answer: SeededRow[]) => void)[] = [];
  readonly #failures: ((error: Error) => void)[] = [];
  #stderr = '';

  constructor({ command }: Python) {
    const program = fileURLToPath(new URL('peer.py', import.meta.url));
    this.#process = spawn(command, ['-s', program], { env: { ...process.env, ...pythonEnvironment } });
    const reader = new FrameReader({
      maxFrame: 2 ** 24 - 1,
      onFrame: (bytes, start, end) => {
        this.#failures.shift();
        this.#answers.shift()?.(JSON.parse(Buffer.from(bytes.subarray(start, end)).toString('utf8')) as SeededRow[]);
      },
    });
    this.#process.stdout.on('data', (chunk: Buffer) => reader.push(chunk));
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#process.on('close', () => {
      for (const fail of this.#failures) fail(new Error(`Python ended: ${this.#stderr}`));
    });
  }

  /** The rows of so many seeds from `seed` on. */
  ask(request: Request): Promise<SeededRow[]> {
    const body = Buffer.from(JSON.stringify(request));
    const header = Buffer.alloc(4);
    header.writeUInt32BE(body.length);
    return new Promise((resolve, reject) => {
      this.#answers.push(resolve);
      this.#failures.push(reject);
      this.#process.stdin.write(Buffer.concat([header, body]));
    });
  }

  close(): void {
    this.#process.stdin.end();
  }
}
