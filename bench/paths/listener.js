// node listener.js FILE FORMAT [listening]: a program with picklewire as its library, which writes every record to a file
// as `serve` does, and with the last argument has a listener besides that reads all of each record.

import { createReceiver } from '../../dist/index.js';
import { FileHandler, Formatter, Manager } from '../../dist/logging/index.js';
import { readAll } from '../read-all.js';

const [path = '', format = '', listening] = process.argv.slice(2);
const handler = new FileHandler(path);
handler.setFormatter(new Formatter(format));
const manager = new Manager();
manager.root.addHandler(handler);

let fields = 0;
const receiver = createReceiver({ port: 0, manager });
if (listening !== undefined) {
  receiver.on('record', (record) => {
    fields += readAll(record);
  });
}
// What is counted may be told, so that no compiler finds that it need not be counted.
process.once('exit', () => process.stderr.write(`${fields} fields\n`));
const { url } = await receiver.listen();
process.stderr.write(`listening on ${url}\n`);
