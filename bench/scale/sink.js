// What reading sockets costs by itself: a server that takes connections, reads them, and drops what it reads. Says where
// it listens, and on SIGUSR1 how many bytes have come, as `picklewire serve` says how many records.

import { createServer } from 'node:net';

let bytes = 0;
let connections = 0;
process.on('SIGUSR1', () => process.stderr.write(`${bytes} bytes from ${connections} connections\n`));
process.on('SIGTERM', () => process.exit(0));

const server = createServer({ keepAlive: true }, (socket) => {
  connections++;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.on('error', () => {});
});
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') {
    process.stderr.write(`listening on tcp://127.0.0.1:${address.port}\n`);
  }
});
