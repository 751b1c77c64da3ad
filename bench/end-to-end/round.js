// One round of one receiver: everything sent, and what the receiver used until the last byte was on file. Knows no
// program and prints nothing.

import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @import { Receiver } from './receivers.js'
 * @import { Sender } from './sender.js'
 *
 * @typedef {object} Round
 * @property {number} wall milliseconds from the first byte sent to the last one on file
 * @property {number | null} processor milliseconds of all threads of the receiver; null where the system does not say
 * @property {number | null} collecting milliseconds in the garbage collector
 *
 * @typedef {{ file: string, length: number }} Output a file, and the bytes that a pass writes to it
 */

/** A folder for what receivers write, which is gone when this process ends, by a signal too. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'picklewire-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  return folder;
}

/**
 * What a receiver has written of a pass that was sent, for a look at it before anything is timed.
 * @param {Receiver} receiver
 * @param {readonly string[]} files
 * @returns {Promise<Buffer[]>} in the order of the files
 */
export async function writtenTo(receiver, files) {
  await Promise.all(files.map((file) => receiver.settled(file)));
  return files.map((file) => readFileSync(file));
}

/**
 * @param {Sender} sender
 * @param {Receiver} receiver
 * @param {readonly Output[]} outputs
 * @param {number} passes
 * @returns {Promise<Round>}
 */
export async function timeRound(sender, receiver, outputs, passes) {
  for (const { file } of outputs) truncateSync(file); // all append, so that the next line is its first
  const before = await receiver.usage();
  const start = performance.now();
  const written = outputs.map(({ file, length }) => receiver.wrote(file, length * passes));
  await Promise.all([sender.send(receiver.port, passes), ...written]);
  const wall = performance.now() - start;
  const after = await receiver.usage();
  return {
    wall,
    processor: difference(before.processor, after.processor),
    collecting: difference(before.collecting, after.collecting),
  };
}

/**
 * @param {number | null} before
 * @param {number | null} after
 */
function difference(before, after) {
  return before === null || after === null ? null : after - before;
}
