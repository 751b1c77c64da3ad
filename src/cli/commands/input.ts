// The files that a command reads: named on the command line, `-` or none for standard input.

import { createReadStream } from 'node:fs';

/** One input, with the name that its errors are reported under. */
export interface Input {
  readonly name: string;
  /** Its bytes, once. */
  open(): AsyncIterable<Uint8Array>;
}

/** The inputs that a command line names. */
export function inputs(files: readonly string[]): Input[] {
  const names = files.length === 0 ? ['-'] : files;
  return names.map((name) =>
    name === '-'
      ? { name: 'standard input', open: () => process.stdin }
      : { name, open: () => createReadStream(name, { highWaterMark: CHUNK_BYTES }) },
  );
}

/** All bytes of an input. */
export async function readAll(input: Input): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input.open()) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

const CHUNK_BYTES = 256 * 1024;
