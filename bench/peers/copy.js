// node copy.js FILE: a bare copy in Node. Appends whatever its connections send to one file, in the way that any Node
// program would, and looks at none of it: what a receiver's reading and writing cost before it does anything for a record.

import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';

const [path = ''] = process.argv.slice(2);
const file = createWriteStream(path, { flags: 'a' });

const server = createServer((socket) => {
  socket.pipe(file, { end: false }); // more connections may come
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') {
    process.stderr.write(`listening on tcp://127.0.0.1:${address.port}\n`);
  }
});
