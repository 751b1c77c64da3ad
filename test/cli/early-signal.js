// Loaded before the command by `node --import`: sends SIGUSR1 to this process as soon as somebody listens to it.

process.once('newListener', (signal) => {
  if (signal === 'SIGUSR1') process.nextTick(() => process.kill(process.pid, signal));
});
