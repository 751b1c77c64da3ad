// Run as `node activated.js FOLDER NAMES`, with sockets from file descriptor 3 on: takes them as systemd would hand them
// over, tells on standard output what they are, what is bound and each record, and ends when standard input does.

const [folder, names] = process.argv.slice(2);
const { createReceiver } = await import(`${folder}/dist/index.js`);
const { activatedSockets } = await import(`${folder}/dist/net/listen/index.js`);

const env = { LISTEN_PID: `${process.pid}`, LISTEN_FDS: `${names.split(':').length}`, LISTEN_FDNAMES: names };
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

const sockets = activatedSockets(env, process.pid);
tell({ sockets });
const receiver = createReceiver({ listen: sockets.map(({ endpoint }) => endpoint) });
receiver.on('record', ({ msg }, { transport }) => tell({ msg, transport }));
await receiver.listen();
tell({ bound: receiver.bound.map(({ url }) => url) });
process.stdin.resume().once('end', async () => {
  await receiver.close({ idle: 50 });
  tell({ stats: receiver.stats });
});
