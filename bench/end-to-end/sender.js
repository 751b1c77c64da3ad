// The sending side: recorded frames from memory, in writes as large as a busy sender's socket buffer lets them pile up.
// Started as a process of its own by the class here.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Bytes of a write, at least. */
const WRITE = 256 * 1024;

/** @typedef {{ stream: string } | { port: number, passes: number }} Order */

export class Sender {
  #child = fork(fileURLToPath(import.meta.url), { env: { ...process.env, PICKLEWIRE_BENCH_SENDER: '1' } });

  /** @param {Uint8Array} stream frames */
  constructor(stream) {
    this.#child.send({ stream: Buffer.from(stream).toString('base64') });
  }

  /**
   * All frames, so many times, over one connection; resolves when it is closed.
   * @param {number} port
   * @param {number} passes
   */
  async send(port, passes) {
    const sent = once(this.#child, 'message');
    this.#child.send({ port, passes });
    await sent;
  }

  close() {
    this.#child.disconnect();
  }
}

if (process.env['PICKLEWIRE_BENCH_SENDER'] !== undefined) {
  let stream = Buffer.alloc(0);
  process.on('message', async (/** @type {Order} */ order) => {
    if ('stream' in order) {
      stream = Buffer.from(order.stream, 'base64');
      return;
    }
    await sendPasses(stream, order.port, order.passes);
    process.send?.('sent');
  });
}

/**
 * @param {Buffer} stream
 * @param {number} port
 * @param {number} passes
 */
async function sendPasses(stream, port, passes) {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  const many = Math.min(passes, Math.ceil(WRITE / stream.length));
  const block = Buffer.concat(Array.from({ length: many }, () => stream));
  for (let left = passes; left > 0; left -= many) {
    const part = left < many ? block.subarray(0, left * stream.length) : block;
    if (!socket.write(part)) await once(socket, 'drain');
  }
  socket.end();
  await once(socket, 'close');
}
