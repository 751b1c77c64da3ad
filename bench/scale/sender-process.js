// Sends frames from memory over as many connections as asked, in a process of its own so that its work is not counted.
// Started by sender.js; takes one request at a time and answers it. Reads nothing: a SocketHandler does not either.

import { once } from 'node:events';
import { connect } from 'node:net';
import { blocksOf } from './frames.js';

/**
 * @import { Frames } from './frames.js'
 *
 * @typedef {object} Order
 * @property {Frames} frames
 * @property {number} block bytes to a write, at most: as many whole frames as fit, and one at least
 * @property {number} records how many at least; whole blocks are sent, and each connection sends as many
 *
 * @typedef {{ do: 'open' | 'storm', port: number, connections: number } | ({ do: 'send' } & Order) | { do: 'close' }} Request
 * @typedef {{ connections: number, records: number, bytes: number }} Answer
 */

/** Connections that are opened, or written to, at the same time: fewer than a listener lets wait. */
const AT_ONCE = 256;
/** An address has about 28,000 ports to connect from, and keeps one for a minute when its connection has ended. */
const ADDRESSES =
  process.platform === 'linux' ? Array.from({ length: 10 }, (_, i) => `127.0.0.${i + 2}`) : ['127.0.0.1'];

/** @type {import('node:net').Socket[]} */
let sockets = [];

process.on('message', async (/** @type {Request} */ request) => {
  const sent = { records: 0, bytes: 0 };
  if (request.do === 'open') await open(request.port, request.connections);
  else if (request.do === 'storm') Object.assign(sent, await storm(request.port, request.connections));
  else if (request.do === 'send') Object.assign(sent, await send(request));
  else await close();
  process.send?.({ connections: sockets.length, ...sent });
});

process.once('disconnect', () => process.exit());

/** @param {number} port @param {number} connections */
async function open(port, connections) {
  await eachAtOnce(Array.from({ length: connections }), async (_, i) => {
    const socket = await connected(port, ADDRESSES[i % ADDRESSES.length]);
    socket.setNoDelay();
    sockets.push(socket);
  });
}

/**
 * For each record a connection, which is closed when it is sent: nobody waits for the receiver. One that fails ends all.
 * @param {number} port @param {number} connections
 */
async function storm(port, connections) {
  const blocks = blocksOf({ corpus: 'mixed-layouts' }, 1);
  const sent = { connections: 0, records: 0, bytes: 0 };
  await eachAtOnce(Array.from({ length: connections }), async (_, i) => {
    // No address is asked for: then Linux takes ports again that have been closed for a second, and need not search.
    const socket = await connected(port, undefined);
    const { bytes, records } = /** @type {import('./frames.js').Block} */ (blocks[i % blocks.length]);
    const written = once(socket, 'finish');
    socket.end(bytes);
    await written;
    socket.destroy();
    sent.connections++;
    sent.records += records;
    sent.bytes += bytes.length;
  });
  return sent;
}

/** @param {number} port @param {string | undefined} localAddress */
async function connected(port, localAddress) {
  const socket = connect({ port, host: '127.0.0.1', ...(localAddress === undefined ? {} : { localAddress }) });
  await once(socket, 'connect');
  return socket;
}

/** @param {Order} order */
async function send({ frames, block, records }) {
  const blocks = blocksOf(frames, block);
  const perBlock = blocks.reduce((sum, each) => sum + each.records, 0) / blocks.length;
  const writes = Math.max(1, Math.ceil(records / sockets.length / perBlock));
  const sent = { records: 0, bytes: 0 };
  // Every connection by turns, as it would be with senders that know nothing of each other.
  for (let turn = 0; turn < writes; turn++) {
    await eachAtOnce(sockets, async (socket, i) => {
      const next = blocks[(i * writes + turn) % blocks.length];
      if (next === undefined) throw new RangeError('no frames');
      sent.records += next.records;
      sent.bytes += next.bytes.length;
      if (!socket.write(next.bytes)) await once(socket, 'drain');
    });
  }
  return sent;
}

async function close() {
  await eachAtOnce(sockets, async (socket) => {
    // The other side says when it has read all: by closing, too.
    const closed = once(socket.resume(), 'close');
    socket.end();
    await closed;
  });
  sockets = [];
}

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item, index: number) => Promise<void>} run
 */
async function eachAtOnce(items, run) {
  const entries = items.entries();
  const worker = async () => {
    for (const [i, item] of entries) await run(item, i);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
