// Forked by flood.test.ts: connects, and says so; when told to go, writes on all connections at once, makes a file when the
// kernel has taken everything, and ends its connections, or stops in the middle of a frame.

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

process.on('message', async ({ to, tls, clients, idle, frames, payload, marker, cut }) => {
  const open = async () => {
    const socket = tls === undefined ? connect(to) : connectTls({ ...to, ca: tls });
    await once(socket, tls === undefined ? 'connect' : 'secureConnect');
    return socket.on('error', () => {});
  };
  for (let n = 0; n < idle; n++) await open();
  const sockets = [];
  for (let n = 0; n < clients; n++) sockets.push(await open());
  const parts = sockets.map((_, client) =>
    Array.from({ length: frames }, (_, number) => {
      const bytes = Buffer.alloc(4 + payload).fill(`${client}:${number};`, 4);
      bytes.writeUInt32BE(payload);
      return bytes;
    }),
  );
  process.send('connected');
  await once(process, 'message');
  await Promise.all(
    sockets.map((socket, client) => {
      const all = Buffer.concat(parts[client]);
      return new Promise((resolve) => socket.write(cut ? all.subarray(0, -1) : all, resolve));
    }),
  );
  writeFileSync(marker, '');
  if (!cut) for (const socket of sockets) socket.end();
});

process.once('disconnect', () => process.exit());
