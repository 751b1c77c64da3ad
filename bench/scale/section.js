// What the sections of scale share: what each is given and gives, and how a cost is taken. Prints nothing.

import { statSync, truncateSync } from 'node:fs';
import { Sender } from './sender.js';

/**
 * @import { Measured } from './measured.js'
 * @import { Order } from './sender-process.js'
 *
 * @typedef {object} Options
 * @property {number} connections the most that are opened
 * @property {number} gigabytes how much flows through for the peak of memory
 * @property {number} records how many are sent for one figure, where no size makes it fewer
 * @property {number} rounds that a figure is the median of
 * @property {string} output the file that `serve --output` gets; it is emptied now and then
 *
 * @typedef {{ what: string, value: number, most: number, unit: string }} BoundAddress what must not be more
 *
 * @typedef {object} Section
 * @property {string} title
 * @property {string[][]} rows the first is the head
 * @property {BoundAddress[]} promises
 */

/** What Node reads from a socket at a time, at most. */
export const READ = 64 * 1024;
/** No frame is larger than a block of one byte, so each is written by itself. */
export const ONE = 1;
export const MIXED = { corpus: /** @type {const} */ ('mixed-layouts') };
export const MEGABYTE = 2 ** 20;
/** The file is emptied when it is larger. */
export const OUTPUT_BYTES = 256 * MEGABYTE;

/**
 * Sends and waits until all is handled and written. Connections are opened before, and closed after, what is counted.
 * @param {Measured} subject
 * @param {Sender} sender
 * @param {Order} order
 * @param {number} count of connections
 * @returns {Promise<{ perRecord: number }>} microseconds of processor time
 */
export async function costOf(subject, sender, order, count) {
  await sender.open(subject.port, count);
  await subject.atRest();
  const before = await subject.usage();
  const { count: counted, line } = await subject.progress();
  const sent = await sender.send(order);
  await subject.until(counted + (line.includes('bytes') ? sent.bytes : sent.records));
  await subject.atRest();
  const after = await subject.usage();
  await sender.close();
  return { perRecord: ((after.processor - before.processor) * 1000) / sent.records };
}

/**
 * @template Result
 * @param {(sender: Sender) => Promise<Result>} run
 * @returns {Promise<Result>}
 */
export async function withSender(run) {
  const sender = new Sender();
  try {
    return await run(sender);
  } finally {
    sender.stop();
  }
}

/** @param {string} file what `serve` appends to; a device, say, stays as it is */
export function emptied(file) {
  const { size } = statSync(file);
  if (size > OUTPUT_BYTES) truncateSync(file);
}
