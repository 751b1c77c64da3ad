// Run as `node burst-client.js PORT CLIENTS FRAMES end|reset`: each client connects, sends frames that read
// `client:number`, and leaves without waiting for the receiver, which may be busy all the while.

import { connect } from 'node:net';

const [port, clients, frames] = process.argv.slice(2, 5).map(Number);
const reset = process.argv[5] === 'reset';

for (let client = 0; client < clients; client++) {
  const parts = [];
  for (let number = 0; number < frames; number++) {
    const payload = Buffer.from(`${client}:${number}`);
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32BE(payload.length);
    parts.push(prefix, payload);
  }
  const socket = connect(port, '127.0.0.1');
  if (reset) socket.write(Buffer.concat(parts), () => socket.resetAndDestroy());
  else socket.end(Buffer.concat(parts), () => socket.destroy());
}
